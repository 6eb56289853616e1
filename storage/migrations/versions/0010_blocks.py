"""Who blocks a bot, apart from what they told us; whom what was published has reached."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name="pk_block"),
    )
    op.create_table(
        "reached",
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "inbox", name="pk_reached"),
    )
    blocked = "FROM choice WHERE how = 'blocked us'"
    op.execute(f"INSERT INTO block (actor_id, at) SELECT actor_id, at {blocked}")
    op.execute(f"DELETE {blocked}")


def downgrade() -> None:
    op.execute(
        "INSERT INTO choice (actor_id, choice, how, at) SELECT actor_id, 'exclude', 'blocked us',"
        " at FROM block WHERE actor_id NOT IN (SELECT actor_id FROM choice)"
    )
    op.drop_table("block")
    op.drop_table("reached")
