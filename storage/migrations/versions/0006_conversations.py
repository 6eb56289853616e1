"""Subscriptions, switches, and what makes an answer anew when its thread grows."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
    )
    op.create_index("ix_subscription_actor_id", "subscription", ["actor_id"])
    op.create_index("ix_subscription_next_at", "subscription", ["next_at"])
    op.create_index("ix_subscription_kind_target", "subscription", ["kind", "target"])
    op.create_table(
        "switch",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
    )
    op.add_column("answer", sa.Column("again", Json(), nullable=False, server_default="{}"))
    op.add_column(
        "post", sa.Column("answerable", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    with op.batch_alter_table("post") as batch:
        batch.drop_column("answerable")
    with op.batch_alter_table("answer") as batch:
        batch.drop_column("again")
    op.drop_table("switch")
    op.drop_table("subscription")
