"""Who blocks a bot, apart from what they told us; whom what was published has reached."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SUMMARY = sa.table("summary", sa.column("id"), sa.column("thread_id"), sa.column("facts", Json))
POST = sa.table("post", sa.column("id"), sa.column("thread_id"), sa.column("links", Json))


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
    _name_posts_of_links()


def _name_posts_of_links() -> None:
    """Say of links in old summaries which posts of the thread bear them; else they would go."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(SUMMARY.c.id, SUMMARY.c.thread_id, SUMMARY.c.facts))
    for summary_id, thread_id, facts in rows.all():
        unnamed = [link for link in facts.get("links", ()) if "posts" not in link]
        if not unnamed:
            continue
        posts = connection.execute(
            sa.select(POST.c.id, POST.c.links).where(POST.c.thread_id == thread_id)
        ).all()
        for link in unnamed:
            link["posts"] = [post_id for post_id, links in posts if link["url"] in links]
        change = sa.update(SUMMARY).where(SUMMARY.c.id == summary_id).values(facts=facts)
        connection.execute(change)


def downgrade() -> None:
    op.execute(
        "INSERT INTO choice (actor_id, choice, how, at) SELECT actor_id, 'exclude', 'blocked us',"
        " at FROM block WHERE actor_id NOT IN (SELECT actor_id FROM choice)"
    )
    op.drop_table("block")
    op.drop_table("reached")
