"""From one URL to database engines: the only place that knows how each database is set up."""

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary, WeakSet

import orjson
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from storage.errors import StatementRefused

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
READERS = 4
POSTGRES_WRITERS = 8
BUSY_TIMEOUT_S = 10
CLOSING_WAIT_S = 10

_opened: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()
"""The driver's connections of each SQLite engine."""

PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}",
    # Readers never wait for the writer. https://www.sqlite.org/wal.html
    "PRAGMA journal_mode=WAL",
    # NORMAL survives kill -9 but may lose the last commits with the power. A peer that got our
    # 202 forgets the activity, so a commit has to be on the disk: one fsync each.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # An erased post has to be gone from the file, not only from the table.
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=67108864",
)


def parse(url: str) -> URL:
    """Read `sqlite:///path/file.sqlite3` or `postgresql://...` and add the async driver.

    Raises StatementRefused for any other database, and for SQLite in memory: what must survive a
    restart has no place there.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StatementRefused("the database URL cannot be read") from error
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise StatementRefused(f"no such database: {backend} (sqlite or postgresql)")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StatementRefused("a SQLite URL needs a file: sqlite:///path/file.sqlite3")
    return parsed.set(drivername=DRIVERS[backend])


def prepare_file(url: URL) -> None:
    """Create SQLite's folder and file, readable by the owner only. Existing ones stay as they are.

    SQLite gives the -wal and -shm files the mode of the file itself.
    """
    if url.get_backend_name() != "sqlite" or url.database is None:
        return
    path = Path(url.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


def connect(url: URL, kind: Literal["writer", "reader"]) -> AsyncEngine:
    """Build an engine. Nothing is opened yet.

    SQLite has one writer at a time, so the writing engine holds one connection; the reading one
    refuses to write.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, kind)
    options: dict[str, Any] = {} if kind == "writer" else {"postgresql_readonly": True}
    size = POSTGRES_WRITERS if kind == "writer" else READERS
    engine = create_async_engine(url, pool_size=size, pool_pre_ping=True, **_common())
    return engine.execution_options(**options)


async def close(engine: AsyncEngine) -> None:
    """Close an engine with all of its connections.

    A pool closes those that lie in it. What a cancelled task still holds comes back within
    moments, since units end behind a shield; what never does is closed all the same: left to the
    garbage collector, a connection may outlive the event loop that it needs for its end.
    """
    waiting = time.monotonic() + CLOSING_WAIT_S
    while _lent(engine) and time.monotonic() < waiting:  # noqa: ASYNC110  pools tell nobody
        await asyncio.sleep(0.01)
    await engine.dispose()
    for driver in list(_opened.pop(engine.sync_engine, ())):
        await driver.close()


def _lent(engine: AsyncEngine) -> int:
    pool = engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def _common() -> dict[str, Any]:
    return {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        # People's words do not belong into logs.
        "hide_parameters": True,
    }


def _sqlite(url: URL, kind: Literal["writer", "reader"]) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=1 if kind == "writer" else READERS,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        **_common(),
    )
    pragmas = PRAGMAS if kind == "writer" else (*PRAGMAS, "PRAGMA query_only=ON")
    # IMMEDIATE takes the write lock at once: a transaction that starts as a reader could be
    # refused half-way, with no way to wait. https://www.sqlite.org/lang_transaction.html
    begin = "BEGIN IMMEDIATE" if kind == "writer" else "BEGIN"

    opened = _opened.setdefault(engine.sync_engine, WeakSet())

    def set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        opened.add(connection.driver_connection)
        # The driver must not begin transactions by itself; `start` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def start(connection: Connection) -> None:
        # One trip to the driver's thread; SQLAlchemy's own way takes three.
        adapted: Any = connection.connection.dbapi_connection
        try:
            adapted.run_async(lambda driver: driver.execute(begin))
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error) from error

    event.listen(engine.sync_engine, "connect", set_up)
    event.listen(engine.sync_engine, "begin", start)
    return engine
