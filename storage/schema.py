"""The schema's version: bring a database up to date, or say why not."""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from storage import connect, sqlite
from storage.postgres import TAKE_TURN
from storage.translate import translate

HEAD = "0013"
"""The schema this program needs. Stated here so that a start needs no look at the migrations."""


async def migrate(url: str) -> None:
    """Bring the database at `url` to this program's schema, creating it if need be.

    All steps are one transaction: it succeeds or leaves the old schema. Two processes that start
    together wait for each other. Raises SchemaTooNew, and StorageError for a database that fails.
    """
    if await revision(url) != HEAD:
        from storage import upgrading  # noqa: PLC0415  Alembic takes its time to load

        await _run(url, upgrading.upgrade, writes=True)


async def check(url: str) -> None:
    """Raise SchemaTooNew or SchemaTooOld unless the database at `url` fits this program."""
    if await revision(url) != HEAD:
        from storage import upgrading  # noqa: PLC0415

        await _run(url, upgrading.check)


async def revision(url: str) -> str | None:
    """Return the schema revision of the database at `url`; None if it has no schema yet."""
    found: list[str | None] = []
    await _run(url, lambda connection: found.append(_current(connection)))
    return found[0]


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


async def _run(url: str, step: Callable[[Connection], None], *, writes: bool = False) -> None:
    parsed = connect.parse(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite:
        sqlite.prepare_file(parsed)
    engine = connect.connect(parsed, "writer")
    try:
        async with engine.begin() as connection:
            if writes and not is_sqlite:
                await connection.execute(TAKE_TURN)
            await connection.run_sync(step)
    except SQLAlchemyError as error:
        raise translate(error) from error
    finally:
        await connect.close(engine)
