"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for create in (_people, _posts, _own, _digests, _queues):
        create()


def downgrade() -> None:
    for table in (
        "job",
        "delivery",
        "answer",
        "citation",
        "sentence",
        "summary",
        "digest",
        "received_activity",
        "outgoing_activity",
        "publication",
        "source_state",
        "link",
        "finding",
        "thread",
        "post",
        "following",
        "follower",
        "choice",
        "actor",
    ):
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=null)


def _moment(name: str, *, null: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, UtcDateTime(), nullable=null)


def _number(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=null)


def _flag(name: str, *, null: bool = False) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), nullable=null)


def _json(name: str) -> "sa.Column[Any]":
    return sa.Column(name, Json(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _within(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="CASCADE")


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=unique)


def _people() -> None:
    op.create_table(
        "actor",
        _text("id"),
        _text("handle"),
        _text("host"),
        _text("name"),
        _text("type"),
        _text("url"),
        _text("inbox"),
        _text("shared_inbox", null=True),
        _text("key_id", null=True),
        _text("key_pem", null=True),
        _json("document"),
        _moment("fetched_at"),
        _moment("gone_at", null=True),
        _key("actor", "id"),
    )
    _index("actor", "handle")
    _index("actor", "host")
    _index("actor", "key_id")
    op.create_table(
        "choice",
        _text("actor_id"),
        _text("choice"),
        _text("how"),
        _moment("at"),
        _key("choice", "actor_id"),
    )
    op.create_table(
        "follower",
        _text("bot"),
        _text("actor_id"),
        _text("inbox"),
        _text("shared_inbox", null=True),
        _text("host"),
        _text("follow_id"),
        _moment("since"),
        _key("follower", "bot", "actor_id"),
    )
    op.create_table(
        "following",
        _text("bot"),
        _text("actor_id"),
        _text("follow_id"),
        _text("inbox"),
        _text("state"),
        _moment("asked_at"),
        _key("following", "bot", "actor_id"),
    )


def _posts() -> None:
    op.create_table(
        "post",
        _text("id"),
        _text("url"),
        _text("author_id"),
        _text("host"),
        _text("in_reply_to", null=True),
        _text("thread_id", null=True),
        _text("context", null=True),
        _text("audience"),
        _text("kind"),
        _text("title", null=True),
        _text("content"),
        _text("text"),
        _text("language", null=True),
        _text("cw", null=True),
        _flag("sensitive"),
        _flag("publication"),
        _flag("searchable", null=True),
        _json("hashtags"),
        _json("links"),
        _json("mentions"),
        _number("replies_known"),
        _moment("published"),
        _moment("updated", null=True),
        _moment("fetched_at"),
        _text("via"),
        _moment("erased_at", null=True),
        _key("post", "id"),
    )
    _index("post", "author_id")
    _index("post", "in_reply_to")
    _index("post", "thread_id")
    op.create_table(
        "thread",
        _text("id"),
        _text("url"),
        _text("host"),
        _moment("opened_at"),
        _moment("active_at"),
        _moment("read_at", null=True),
        _moment("next_read_at", null=True),
        _number("posts_read"),
        _number("posts_known"),
        _json("hosts"),
        _json("refused"),
        _flag("complete"),
        _key("thread", "id"),
    )
    _index("thread", "active_at")
    _index("thread", "next_read_at")
    op.create_table(
        "finding",
        _text("bot"),
        _text("post_id"),
        _text("source"),
        _text("tag", null=True),
        _moment("found_at"),
        _text("state"),
        _text("thread_id", null=True),
        _key("finding", "bot", "post_id"),
    )
    _index("finding", "thread_id")
    op.create_table(
        "link",
        _text("url"),
        _text("title", null=True),
        _text("site", null=True),
        _moment("fetched_at"),
        _text("error", null=True),
        _key("link", "url"),
    )
    op.create_table(
        "source_state",
        _text("key"),
        _text("bot"),
        _text("kind"),
        _text("address"),
        _text("etag", null=True),
        _text("modified", null=True),
        _text("cursor", null=True),
        _moment("due_at"),
        _number("interval_s"),
        _moment("ok_at", null=True),
        _text("error", null=True),
        _number("failures"),
        _number("found"),
        _flag("paused"),
        _key("source_state", "key"),
    )
    _index("source_state", "bot")
    _index("source_state", "due_at")


def _own() -> None:
    op.create_table(
        "publication",
        _text("id"),
        _text("bot"),
        _text("kind"),
        _text("slug"),
        _json("document"),
        _text("audience"),
        _text("in_reply_to", null=True),
        _moment("published"),
        _moment("updated", null=True),
        _moment("withdrawn_at", null=True),
        _key("publication", "id"),
    )
    _index("publication", "bot", "published")
    _index("publication", "slug", unique=True)
    op.create_table(
        "outgoing_activity",
        _text("id"),
        _text("bot"),
        _text("type"),
        _json("document"),
        _text("object_id", null=True),
        _flag("public"),
        _moment("published"),
        _key("outgoing_activity", "id"),
    )
    _index("outgoing_activity", "bot", "public", "published")
    _index("outgoing_activity", "object_id")
    op.create_table(
        "received_activity",
        _text("id"),
        _text("actor_id"),
        _text("type"),
        _json("document"),
        _text("bot", null=True),
        _moment("received_at"),
        _moment("handled_at", null=True),
        _text("outcome", null=True),
        _key("received_activity", "id"),
    )
    _index("received_activity", "actor_id")
    _index("received_activity", "handled_at", "received_at")


def _digests() -> None:
    op.create_table(
        "digest",
        _text("id"),
        _text("bot"),
        _text("period"),
        _moment("since"),
        _moment("until"),
        _text("publication_id", null=True),
        _text("title"),
        _text("language"),
        _moment("made_at"),
        _key("digest", "id"),
        _unique("digest", "bot", "period"),
    )
    _index("digest", "bot", "until")
    _index("digest", "publication_id")
    op.create_table(
        "summary",
        _text("id"),
        _text("thread_id"),
        _text("digest_id", null=True),
        _text("request_id", null=True),
        _number("position"),
        _text("engine"),
        _text("language", null=True),
        _text("cw", null=True),
        _json("facts"),
        _moment("made_at"),
        _key("summary", "id"),
        _within("summary", "digest_id", "digest"),
    )
    _index("summary", "digest_id")
    _index("summary", "made_at")
    _index("summary", "request_id")
    _index("summary", "thread_id")
    op.create_table(
        "sentence",
        _number("id"),
        _text("summary_id"),
        _number("position"),
        _text("role"),
        _text("text"),
        _moment("redacted_at", null=True),
        _key("sentence", "id"),
        _within("sentence", "summary_id", "summary"),
        sqlite_autoincrement=True,
    )
    _index("sentence", "summary_id")
    op.create_table(
        "citation",
        _number("sentence_id"),
        _text("post_id"),
        _number("position"),
        _key("citation", "sentence_id", "post_id"),
        _within("citation", "sentence_id", "sentence"),
    )
    _index("citation", "post_id")
    op.create_table(
        "answer",
        _text("request_id"),
        _text("bot"),
        _text("requester_id"),
        _text("thread_id", null=True),
        _text("publication_id", null=True),
        _text("state"),
        _text("reason", null=True),
        _moment("asked_at"),
        _moment("answered_at", null=True),
        _key("answer", "request_id"),
    )
    _index("answer", "asked_at")
    _index("answer", "publication_id")
    _index("answer", "requester_id", "asked_at")
    _index("answer", "thread_id")


def _queues() -> None:
    op.create_table(
        "delivery",
        _number("id"),
        _text("activity_id"),
        _text("bot"),
        _text("inbox"),
        _text("host"),
        _text("state"),
        _number("attempts"),
        _moment("due_at"),
        _moment("lease_until", null=True),
        _number("status", null=True),
        _text("error", null=True),
        _moment("created_at"),
        _moment("finished_at", null=True),
        _key("delivery", "id"),
        _unique("delivery", "activity_id", "inbox"),
        sqlite_autoincrement=True,
    )
    _index("delivery", "state", "due_at")
    op.create_table(
        "job",
        _number("id"),
        _text("kind"),
        _text("key", null=True),
        _json("payload"),
        _text("state"),
        _moment("run_at"),
        _number("attempts"),
        _moment("lease_until", null=True),
        _text("worker", null=True),
        _text("error", null=True),
        _moment("created_at"),
        _moment("finished_at", null=True),
        _key("job", "id"),
        _unique("job", "key"),
        sqlite_autoincrement=True,
    )
    _index("job", "state", "run_at")
