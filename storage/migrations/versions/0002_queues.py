"""The inbox is its own queue; deliveries remember how hosts are doing."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("received_activity") as table:
        table.add_column(sa.Column("signer", sa.String(), nullable=True))
        table.add_column(sa.Column("host", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("error", sa.String(), nullable=True))
        table.drop_index("ix_received_activity_handled_at_received_at")
        table.drop_index("ix_received_activity_actor_id")
        table.create_index("ix_received_activity_due_at", ["due_at"])
        table.create_index("ix_received_activity_handled_at", ["handled_at"])
    op.execute("UPDATE received_activity SET due_at = received_at WHERE handled_at IS NULL")
    # What these jobs stood for is in the table itself now.
    op.execute("DELETE FROM job WHERE kind = 'receive'")
    op.create_index("ix_follower_follow_id", "follower", ["follow_id"])
    op.create_index("ix_delivery_host_state", "delivery", ["host", "state"])
    op.create_table(
        "report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("objects", Json(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )
    op.create_index("ix_report_at", "report", ["at"])
    op.create_table(
        "quote_stamp",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("quote_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quote_stamp"),
    )
    op.create_index("ix_quote_stamp_object_id", "quote_stamp", ["object_id"])
    op.create_table(
        "peer_host",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(), nullable=False),
        sa.Column("closed_until", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("host", name="pk_peer_host"),
    )


def downgrade() -> None:
    op.drop_table("peer_host")
    op.drop_table("quote_stamp")
    op.drop_table("report")
    op.drop_index("ix_delivery_host_state", "delivery")
    op.drop_index("ix_follower_follow_id", "follower")
    with op.batch_alter_table("received_activity") as table:
        table.drop_index("ix_received_activity_due_at")
        table.create_index("ix_received_activity_actor_id", ["actor_id"])
        table.drop_index("ix_received_activity_handled_at")
        table.create_index(
            "ix_received_activity_handled_at_received_at", ["handled_at", "received_at"]
        )
        for column in ("signer", "host", "due_at", "attempts", "error"):
            table.drop_column(column)
