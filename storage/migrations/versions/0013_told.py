"""Blocks keep their ids; what others pass on has keys of its own."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("block", sa.Column("told", Json(), nullable=False, server_default="{}"))
    op.execute(
        "UPDATE received_activity SET id = 'passed on by ' || signer || ': ' || id"
        " WHERE signer IS NOT NULL"
    )


def downgrade() -> None:
    # Several may have passed on one activity, and one id has one row: it was hearsay anyway.
    op.execute("DELETE FROM received_activity WHERE signer IS NOT NULL")
    with op.batch_alter_table("block") as batch:
        batch.drop_column("told")
