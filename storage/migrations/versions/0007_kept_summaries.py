"""Written summaries, kept across restarts, with the posts that were read for them."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_summary",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("made", Json(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_kept_summary"),
    )
    op.create_index("ix_kept_summary_at", "kept_summary", ["at"])
    op.create_table(
        "kept_summary_post",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["kept_summary.key"],
            name="fk_kept_summary_post_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "post_id", name="pk_kept_summary_post"),
    )
    op.create_index("ix_kept_summary_post_post_id", "kept_summary_post", ["post_id"])


def downgrade() -> None:
    op.drop_table("kept_summary_post")
    op.drop_table("kept_summary")
