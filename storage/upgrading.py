"""Running the migrations, with Alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.errors import SchemaTooNew, SchemaTooOld


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the database says it has."""
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    # Found by package name, so that it works from a wheel as well; no alembic.ini.
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database to the latest schema."""
    _refuse_newer(current_revision(connection), ScriptDirectory.from_config(_config(connection)))
    move(connection, "head")


def move(connection: Connection, target: str) -> None:
    """Go to a revision, "head" or "base"."""
    step = command.downgrade if target == "base" else command.upgrade
    step(_config(connection), target)


def check(connection: Connection) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the schema is the latest."""
    scripts = ScriptDirectory.from_config(_config(connection))
    current = current_revision(connection)
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
