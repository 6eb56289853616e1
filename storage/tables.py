"""The tables. A row is a value: repositories hand out detached copies, only `put` writes.

Moments are aware UTC datetimes, ids are URIs unless they are `int`. Foreign keys exist only
inside an aggregate (a digest, its summaries, their sentences): between aggregates a row may
arrive before the row it speaks of, as it does on the network.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field

from storage.types import Json, Row, UtcDateTime, utc_now

Audience = Literal["public", "quiet", "narrow"]
OwnAudience = Literal["public", "quiet", "direct"]
FindingState = Literal["new", "read", "refused", "gone"]
FollowingState = Literal["asked", "accepted", "rejected"]
PublicationKind = Literal["digest", "answer", "notice"]
DeliveryState = Literal["waiting", "claimed", "delivered", "failed"]
AnswerState = Literal["asked", "answered", "refused"]
ChoiceKind = Literal["include", "exclude"]
JobState = Literal["ready", "claimed", "done", "failed"]
Role = Literal["gist", "sentence"]


class Actor(Row, table=True):
    """Someone else's actor. `document` is undecoded JSON: consent signals are read from it."""

    __tablename__ = "actor"

    id: str = Field(primary_key=True)
    handle: str = Field(index=True)
    host: str = Field(index=True)
    name: str
    type: str
    url: str
    inbox: str
    shared_inbox: str | None = None
    key_id: str | None = Field(default=None, index=True)
    key_pem: str | None = None
    document: dict[str, Any] = Field(default={}, sa_type=Json)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Post(Row, table=True):
    """A stored Note, Article, Page or Question of someone else.

    `content` is HTML as received, `text` what a reader sees. `thread_id` is the id of the
    earliest known post of its thread, `via` the key of the source that brought it.
    """

    __tablename__ = "post"

    id: str = Field(primary_key=True)
    url: str
    author_id: str = Field(index=True)
    host: str
    in_reply_to: str | None = Field(default=None, index=True)
    thread_id: str | None = Field(default=None, index=True)
    context: str | None = None
    audience: Audience = Field(sa_type=String)
    kind: str
    title: str | None = None
    content: str
    text: str
    language: str | None = None
    cw: str | None = None
    sensitive: bool = False
    publication: bool = False
    searchable: bool | None = None
    hashtags: list[str] = Field(default=[], sa_type=Json)
    links: list[str] = Field(default=[], sa_type=Json)
    mentions: list[str] = Field(default=[], sa_type=Json)
    replies_known: int = 0
    published: datetime = Field(sa_type=UtcDateTime)
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    via: str
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Thread(Row, table=True):
    """Posts linked by inReplyTo. `refused` counts the posts left out, by reason."""

    __tablename__ = "thread"

    id: str = Field(primary_key=True)
    url: str
    host: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    active_at: datetime = Field(sa_type=UtcDateTime, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    posts_read: int = 0
    posts_known: int = 0
    hosts: list[str] = Field(default=[], sa_type=Json)
    refused: dict[str, int] = Field(default={}, sa_type=Json)
    complete: bool = False


class Finding(Row, table=True):
    """A post that a source of a bot found."""

    __tablename__ = "finding"

    bot: str = Field(primary_key=True)
    post_id: str = Field(primary_key=True)
    source: str
    tag: str | None = None
    found_at: datetime = Field(sa_type=UtcDateTime)
    state: FindingState = Field(default="new", sa_type=String)
    thread_id: str | None = Field(default=None, index=True)


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


class ReceivedActivity(Row, table=True):
    """An activity that reached an inbox, and the queue of those that are still to be handled.

    `signer` is who passed it on, if not the actor. `due_at` is when it is to be handled, and empty
    once it was; its document is dropped then. `host` is the sender's, so that hosts take turns.
    """

    __tablename__ = "received_activity"

    id: str = Field(primary_key=True)
    actor_id: str
    type: str
    document: dict[str, Any] = Field(default={}, sa_type=Json)
    bot: str | None = None
    signer: str | None = None
    host: str = ""
    received_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    error: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    outcome: str | None = None


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
    """One activity to one remote inbox. `status` is the last HTTP status, `due_at` the next try."""

    __tablename__ = "delivery"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("activity_id", "inbox"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_host_state", "host", "state"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: str
    bot: str
    inbox: str
    host: str
    state: DeliveryState = Field(default="waiting", sa_type=String)
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: int | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Report(Row, table=True):
    """A Flag that reached us: someone complains to the operator. `content` is what they wrote."""

    __tablename__ = "report"

    id: str = Field(primary_key=True)
    actor_id: str
    objects: list[str] = Field(default=[], sa_type=Json)
    content: str = ""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


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
    """What became of a request; `request_id` is the id of the post that asked."""

    __tablename__ = "answer"
    __table_args__: ClassVar[Any] = (
        Index("ix_answer_requester_id_asked_at", "requester_id", "asked_at"),
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


class SourceState(Row, table=True):
    """How far a source was read. `interval_s` is in seconds, `failures` counts those in a row."""

    __tablename__ = "source_state"

    key: str = Field(primary_key=True)
    bot: str = Field(index=True)
    kind: str
    address: str
    etag: str | None = None
    modified: str | None = None
    cursor: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    interval_s: int
    ok_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None
    failures: int = 0
    found: int = 0
    paused: bool = False


class Choice(Row, table=True):
    """What an actor told us about being included; `how` names the way it was told."""

    __tablename__ = "choice"

    actor_id: str = Field(primary_key=True)
    choice: ChoiceKind = Field(sa_type=String)
    how: str
    at: datetime = Field(sa_type=UtcDateTime)


class Link(Row, table=True):
    """A page that posts link to."""

    __tablename__ = "link"

    url: str = Field(primary_key=True)
    title: str | None = None
    site: str | None = None
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    error: str | None = None


class Job(Row, table=True):
    """One queued step. `key`, where given, makes it unique; `worker` holds it until the lease."""

    __tablename__ = "job"
    __table_args__: ClassVar[Any] = (
        Index("ix_job_state_run_at", "state", "run_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    key: str | None = Field(default=None, unique=True)
    payload: dict[str, Any] = Field(default={}, sa_type=Json)
    state: JobState = Field(default="ready", sa_type=String)
    run_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    worker: str | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
