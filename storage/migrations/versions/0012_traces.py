"""What it takes to take back what was said to one person alone; policies nobody has looked at."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trace",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trace"),
    )
    for name in ("actor_id", "at", "request_id"):
        op.create_index(f"ix_trace_{name}", "trace", [name])
    op.create_table(
        "trace_post",
        sa.Column("trace_id", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["trace.id"], name="fk_trace_post_trace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("trace_id", "post_id", name="pk_trace_post"),
    )
    for name in ("author_id", "post_id"):
        op.create_index(f"ix_trace_post_{name}", "trace_post", [name])
    op.add_column(
        "post", sa.Column("quote_unknown", sa.Boolean(), nullable=False, server_default="0")
    )
    # Since 0005 a look at each older post is queued; of those it has not come to, nothing is known.
    op.execute(
        "UPDATE post SET quote_unknown = true WHERE quotable IS NULL AND erased_at IS NULL"
        r" AND EXISTS (SELECT 1 FROM job WHERE job.key = 'look\:' || post.id || '\:0005'"
        " AND job.state != 'done')"
    )


def downgrade() -> None:
    with op.batch_alter_table("post") as batch:
        batch.drop_column("quote_unknown")
    op.drop_table("trace_post")
    op.drop_table("trace")
