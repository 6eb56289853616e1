"""The schema's version: bring a database up to date, or say why not."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage import connect
from storage.errors import SchemaTooNew, SchemaTooOld
from storage.translate import translate


async def migrate(url: str) -> None:
    """Bring the database at `url` to this program's schema, creating it if need be.

    All steps are one transaction: it succeeds or leaves the old schema. Two processes that start
    together wait for each other. Raises SchemaTooNew, and StorageError for a database that fails.
    """
    await _run(url, _upgrade)


async def check(url: str) -> None:
    """Raise SchemaTooNew or SchemaTooOld unless the database at `url` fits this program."""
    await _run(url, _check)


async def revision(url: str) -> str | None:
    """Return the schema revision of the database at `url`; None if it has no schema yet."""
    found: list[str | None] = []
    await _run(url, lambda connection: found.append(_current(connection)))
    return found[0]


async def _run(url: str, step: Callable[[Connection], None]) -> None:
    parsed = connect.parse(url)
    connect.prepare_file(parsed)
    engine = connect.connect(parsed, "writer")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(step)
    except SQLAlchemyError as error:
        raise translate(error) from error
    finally:
        await engine.dispose()


def _config(connection: Connection) -> Config:
    # Found by package name, so that it works from a wheel as well; no alembic.ini.
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    _refuse_newer(_current(connection), ScriptDirectory.from_config(_config(connection)))
    _move(connection, "head")


def _move(connection: Connection, target: str) -> None:
    step = command.downgrade if target == "base" else command.upgrade
    step(_config(connection), target)


def _check(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(_config(connection))
    current = _current(connection)
    _refuse_newer(current, scripts)
    if current != scripts.get_current_head():
        raise SchemaTooOld(
            f"The database has schema {current or 'none'}, this version needs "
            f"{scripts.get_current_head()}. Migrate it before starting."
        )


def _refuse_newer(current: str | None, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise SchemaTooNew(
            f"The database has schema {current}, which this version does not know: a newer "
            "version wrote it. Install that version again, or restore an older backup."
        )
