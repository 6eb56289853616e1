"""Runs the steps on the connection that `storage.schema` hands over, in its transaction."""

from alembic import context

from storage import tables  # noqa: F401  (fills the metadata)
from storage.types import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    compare_type=True,
    # script.py.mako imports our column types by their bare names.
    user_module_prefix="",
    # SQLite's schema changes are transactional once the driver is kept from committing them.
    transactional_ddl=True,
    # SQLite cannot alter constraints: Alembic copies the table instead.
    render_as_batch=True,
)

with context.begin_transaction():
    context.run_migrations()
