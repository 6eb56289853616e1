"""Who blocks a bot is kept apart from what they told us."""

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
    blocked = "FROM choice WHERE how = 'blocked us'"
    op.execute(f"INSERT INTO block (actor_id, at) SELECT actor_id, at {blocked}")
    op.execute(f"DELETE {blocked}")


def downgrade() -> None:
    op.execute(
        "INSERT INTO choice (actor_id, choice, how, at) SELECT actor_id, 'exclude', 'blocked us',"
        " at FROM block WHERE actor_id NOT IN (SELECT actor_id FROM choice)"
    )
    op.drop_table("block")
