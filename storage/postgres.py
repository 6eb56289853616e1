"""How PostgreSQL is set up: as many readers as may be, one unit of work that writes at a time."""

from typing import Any, Literal

from sqlalchemy import URL, Dialect, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StatementRefused
from storage.types import Row

READERS = 4
WRITERS = 4
"""A unit of work, the inbox, whoever vacuums, and the holder of the service's lock."""
CONNECT_S = 10
SETTINGS = {
    "application_name": "fedigest",
    # As long as SQLite waits for another process that writes; it is told then, and may come again.
    "lock_timeout": "10s",
    # No transaction is open across the network: one that rests so long has lost its process, and
    # nobody else can write until it is gone.
    "idle_in_transaction_session_timeout": "60s",
    # So has a session that does not even answer the server.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
ENDED = frozenset({"57P01", "57P02", "57P05", "25P03"})
"""The server stops, crashed, or would not wait any longer for us.
https://www.postgresql.org/docs/current/errcodes-appendix.html"""
# Advisory locks are numbers, valid within one database.
# https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
WRITING = int.from_bytes(b"fedi.wri")
RUNNING = int.from_bytes(b"fedi.run")
TAKE_TURN = text(f"SELECT pg_advisory_xact_lock({WRITING})")
"""Wait until no other unit of work is open, in whatever process; until the transaction's end.

What a unit reads and then writes rests on nobody else writing meanwhile: so it is on SQLite, and
so a redaction is never overwritten by what was read before it.
"""


def normal(url: URL) -> URL:
    """Translate what libpq's URLs say and the driver does not know."""
    if "sslmode" in url.query:
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(
            ["sslmode"]
        )
    return url


def build(url: URL, kind: Literal["writer", "reader"], **common: Any) -> AsyncEngine:
    """Build an engine; nothing is opened yet. Raises StatementRefused without the driver.

    The reading one sees one snapshot in each transaction, and refuses to write.
    """
    if kind == "reader":
        common["isolation_level"] = "REPEATABLE READ"
        common["execution_options"] = {"postgresql_readonly": True}
    try:
        engine = create_async_engine(
            url,
            pool_size=WRITERS if kind == "writer" else READERS,
            max_overflow=0,
            # The server may have been started anew since a connection was used.
            pool_pre_ping=True,
            connect_args={"timeout": CONNECT_S, "server_settings": SETTINGS},
            **common,
        )
    except ModuleNotFoundError as error:
        advice = "install it: pip install 'fedigest[postgres]'"
        raise StatementRefused(f"PostgreSQL needs the driver {error.name}; {advice}") from None
    event.listen(engine.sync_engine, "do_connect", _open)
    event.listen(engine.sync_engine, "connect", _look)
    event.listen(engine.sync_engine, "before_cursor_execute", _without_null, retval=True)
    event.listen(engine.sync_engine, "handle_error", _give_up)
    return engine


def _open(dialect: Dialect, _entry: ConnectionPoolEntry, given: Any, named: Any) -> Any:
    """Connect; whatever goes wrong becomes an error of SQLAlchemy, with its cause."""
    try:
        return dialect.connect(*given, **named)
    except (DBAPIError, ArgumentError):
        raise
    except Exception as error:
        raise DBAPIError("CONNECT", None, error) from error


def _look(connection: Any, _entry: ConnectionPoolEntry) -> None:
    encoding = connection.driver_connection.get_settings().server_encoding
    if encoding != "UTF8":
        raise StatementRefused(
            f"the database keeps text as {encoding}; create one with the encoding UTF8"
        )


def _give_up(context: ExceptionContext) -> None:
    """Use a session no more that the server has ended, also before its connection is closed."""
    if getattr(context.original_exception, "sqlstate", None) in ENDED:
        context.is_disconnect = True


def _without_null(_1: Any, _2: Any, statement: str, given: Any, *_more: Any) -> tuple[str, Any]:
    """Replace the character U+0000, which may stand in JSON and SQLite but in no text here."""
    if isinstance(given, list):
        return statement, [tuple(map(_replaced, row)) for row in given]
    return statement, tuple(map(_replaced, given))


def _replaced(value: Any) -> Any:
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value


async def vacuum(engine: AsyncEngine) -> None:
    """Remove what was deleted, or overwritten, and no open transaction sees any more.

    PostgreSQL writes a changed row beside the old one, whose words stay in the table until then.
    Raises SQLAlchemyError.
    """
    names = ", ".join(table.name for table in Row.metadata.sorted_tables)
    async with engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        # Whatever somebody locks comes the next time.
        await alone.execute(text(f"VACUUM (SKIP_LOCKED) {names}"))
