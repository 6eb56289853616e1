"""What takes words back goes first; codes by which people prove who they are."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default="0"))
        table.drop_index("ix_delivery_state_due_at")
        table.create_index("ix_delivery_state_urgent_due_at", ["state", "urgent", "due_at"])
    op.create_index(
        "ix_received_activity_troubled",
        "received_activity",
        ["actor_id"],
        sqlite_where=sa.text("error IS NOT NULL"),
        postgresql_where=sa.text("error IS NOT NULL"),
    )
    with op.batch_alter_table("post") as table:
        table.add_column(sa.Column("quotable", sa.Boolean(), nullable=True))
    op.create_table(
        "wish_code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wish_code"),
    )
    op.create_index("ix_wish_code_at", "wish_code", ["at"])


def downgrade() -> None:
    op.drop_index("ix_received_activity_troubled", "received_activity")
    op.drop_table("wish_code")
    with op.batch_alter_table("post") as table:
        table.drop_column("quotable")
    with op.batch_alter_table("delivery") as table:
        table.drop_index("ix_delivery_state_urgent_due_at")
        table.drop_column("urgent")
        table.create_index("ix_delivery_state_due_at", ["state", "due_at"])
