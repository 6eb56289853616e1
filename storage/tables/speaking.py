"""What we say, to whom, and what it rests on."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field

from storage.types import Json, Row, UtcDateTime, utc_now

OwnAudience = Literal["public", "quiet", "direct"]
FollowingState = Literal["asked", "accepted", "rejected"]
PublicationKind = Literal["digest", "answer", "notice", "personal"]
DeliveryState = Literal["waiting", "claimed", "delivered", "failed"]
AnswerState = Literal["asked", "answered", "refused"]
SubscriptionKind = Literal["tag", "thread"]
Role = Literal["gist", "sentence", "asks", "answers", "agrees", "disagrees", "corrects"]
"""What a sentence is in its summary; beyond the gist, what its post does in the discussion."""


class Follower(Row, table=True):
    """An actor that follows a bot; `follow_id` is the id of its Follow activity."""

    __tablename__ = "follower"

    bot: str = Field(primary_key=True)
    actor_id: str = Field(primary_key=True)
    inbox: str
    shared_inbox: str | None = None
    host: str
    follow_id: str = Field(index=True)
    since: datetime = Field(sa_type=UtcDateTime)


class Following(Row, table=True):
    """An actor that a bot follows or asked to follow."""

    __tablename__ = "following"

    bot: str = Field(primary_key=True)
    actor_id: str = Field(primary_key=True)
    follow_id: str
    inbox: str
    state: FollowingState = Field(default="asked", sa_type=String)
    asked_at: datetime = Field(sa_type=UtcDateTime)


class Publication(Row, table=True):
    """An object of our own. A withdrawn one stays as a row, to be answered with a Tombstone."""

    __tablename__ = "publication"
    __table_args__: ClassVar[Any] = (Index("ix_publication_bot_published", "bot", "published"),)

    id: str = Field(primary_key=True)
    bot: str
    kind: PublicationKind = Field(sa_type=String)
    slug: str = Field(index=True, unique=True)
    document: dict[str, Any] = Field(default={}, sa_type=Json)
    audience: OwnAudience = Field(sa_type=String)
    in_reply_to: str | None = None
    published: datetime = Field(sa_type=UtcDateTime)
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutgoingActivity(Row, table=True):
    """An activity of our own. `public`: may be seen in the outbox."""

    __tablename__ = "outgoing_activity"
    __table_args__: ClassVar[Any] = (
        Index("ix_outgoing_activity_bot_public_published", "bot", "public", "published"),
    )

    id: str = Field(primary_key=True)
    bot: str
    type: str
    document: dict[str, Any] = Field(default={}, sa_type=Json)
    object_id: str | None = Field(default=None, index=True)
    public: bool
    published: datetime = Field(sa_type=UtcDateTime)


class Delivery(Row, table=True):
    """One activity to one remote inbox. `status` is the last HTTP status, `due_at` the next try.

    `urgent`: it takes words back that this inbox has, and goes before all that is not.
    """

    __tablename__ = "delivery"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("activity_id", "inbox"),
        Index("ix_delivery_state_urgent_due_at", "state", "urgent", "due_at"),
        Index("ix_delivery_host_state", "host", "state"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: str
    bot: str
    inbox: str
    host: str
    state: DeliveryState = Field(default="waiting", sa_type=String)
    urgent: bool = False
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: int | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Reached(Row, table=True):
    """An inbox that got what a bot published, the last time at `until`.

    Kept when the deliveries themselves are forgotten: what is taken back later has to go there.
    """

    __tablename__ = "reached"

    bot: str = Field(primary_key=True)
    inbox: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)


class Trace(Row, table=True):
    """What is kept of something said to one person alone, when all else of it is dropped.

    No word of it, but what it takes to take it back: its own `id`, the `inbox` it was sent to, the
    post that asked for it, and in `TracePost` whose posts it rested on.
    """

    __tablename__ = "trace"

    id: str = Field(primary_key=True)
    bot: str
    actor_id: str = Field(index=True)
    inbox: str
    request_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class TracePost(Row, table=True):
    """A post on which something rested that was said to one person alone."""

    __tablename__ = "trace_post"

    trace_id: str = Field(foreign_key="trace.id", ondelete="CASCADE", primary_key=True)
    post_id: str = Field(primary_key=True, index=True)
    author_id: str = Field(index=True)


class QuoteStamp(Row, table=True):
    """Our word that `quote_id` may quote `object_id`, one of our posts (FEP-044f)."""

    __tablename__ = "quote_stamp"

    id: str = Field(primary_key=True)
    bot: str
    object_id: str = Field(index=True)
    quote_id: str
    at: datetime = Field(sa_type=UtcDateTime)


class PeerHost(Row, table=True):
    """A host that does not take our deliveries; `failures` counts those in a row.

    Until `closed_until` it is left alone.
    """

    __tablename__ = "peer_host"

    host: str = Field(primary_key=True)
    failures: int = 0
    failing_since: datetime = Field(sa_type=UtcDateTime)
    closed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None


class Digest(Row, table=True):
    """The published selection of a period, for example "2026-11-23"; one per bot and period."""

    __tablename__ = "digest"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("bot", "period"),
        Index("ix_digest_bot_until", "bot", "until"),
    )

    id: str = Field(primary_key=True)
    bot: str
    period: str
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    publication_id: str | None = Field(default=None, index=True)
    title: str
    language: str
    made_at: datetime = Field(sa_type=UtcDateTime)


class Summary(Row, table=True):
    """A few sentences about a thread, in a digest or in answer to a request.

    `facts` holds what is shown beside them: coverage, people, links.
    """

    __tablename__ = "summary"

    id: str = Field(primary_key=True)
    thread_id: str = Field(index=True)
    digest_id: str | None = Field(
        default=None, foreign_key="digest.id", ondelete="CASCADE", index=True
    )
    request_id: str | None = Field(default=None, index=True)
    position: int = 0
    engine: str
    language: str | None = None
    cw: str | None = None
    facts: dict[str, Any] = Field(default={}, sa_type=Json)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Sentence(Row, table=True):
    """One sentence of a summary. Redacted: its text is gone, its place is kept."""

    __tablename__ = "sentence"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    summary_id: str = Field(foreign_key="summary.id", ondelete="CASCADE", index=True)
    position: int
    role: Role = Field(sa_type=String)
    text: str
    redacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Citation(Row, table=True):
    """A sentence rests on a post; `position` keeps the order in which posts were named."""

    __tablename__ = "citation"

    sentence_id: int = Field(foreign_key="sentence.id", ondelete="CASCADE", primary_key=True)
    post_id: str = Field(primary_key=True, index=True)
    position: int = 0


class Answer(Row, table=True):
    """What became of a request; `request_id` is the id of the post that asked.

    `again` is how the answer is made anew when its thread grows; empty if it is not. `domain` is
    that of the requester's server.
    """

    __tablename__ = "answer"
    __table_args__: ClassVar[Any] = (
        Index("ix_answer_requester_id_asked_at", "requester_id", "asked_at"),
        Index("ix_answer_domain_asked_at", "domain", "asked_at"),
    )

    request_id: str = Field(primary_key=True)
    bot: str
    requester_id: str
    thread_id: str | None = Field(default=None, index=True)
    publication_id: str | None = Field(default=None, index=True)
    state: AnswerState = Field(default="asked", sa_type=String)
    reason: str | None = None
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    again: dict[str, Any] = Field(default={}, sa_type=Json)
    domain: str = ""


class Subscription(Row, table=True):
    """What a person asked to be sent: news of a hashtag, or of a thread (`target`).

    `request_id` is the post that asked, `since` the moment up to which everything was sent.
    """

    __tablename__ = "subscription"
    __table_args__: ClassVar[Any] = (Index("ix_subscription_kind_target", "kind", "target"),)

    id: str = Field(primary_key=True)
    bot: str
    actor_id: str = Field(index=True)
    kind: SubscriptionKind = Field(sa_type=String)
    target: str
    every: str = "daily"
    language: str | None = None
    request_id: str
    since: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Switch(Row, table=True):
    """Something that the operator has turned off."""

    __tablename__ = "switch"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
