"""What takes words back goes first; codes by which people prove who they are."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

POST = sa.table("post", sa.column("id"), sa.column("erased_at"))
JOB = sa.table(
    "job",
    *(sa.column(name) for name in ("kind", "key", "state", "attempts")),
    sa.column("payload", Json),
    sa.column("run_at", UtcDateTime),
    sa.column("created_at", UtcDateTime),
)


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
    _look_again()
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


def _look_again() -> None:
    """Queue a look at each post: whether it may be quoted was not kept so far."""
    connection, now = op.get_bind(), datetime.now(UTC)
    posts = connection.execute(sa.select(POST.c.id).where(POST.c.erased_at.is_(None))).scalars()
    jobs = [
        {
            "kind": "look",
            "key": f"look:{uri}:0005",
            "payload": {"uri": uri},
            "state": "ready",
            "run_at": now,
            "attempts": 0,
            "created_at": now,
        }
        for uri in posts
    ]
    if jobs:
        connection.execute(sa.insert(JOB), jobs)


def downgrade() -> None:
    op.drop_index("ix_received_activity_troubled", "received_activity")
    op.drop_table("wish_code")
    with op.batch_alter_table("post") as table:
        table.drop_column("quotable")
    with op.batch_alter_table("delivery") as table:
        table.drop_index("ix_delivery_state_urgent_due_at")
        table.drop_column("urgent")
        table.create_index("ix_delivery_state_due_at", ["state", "due_at"])
