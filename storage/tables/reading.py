"""What is read of others: people, posts, threads, sources, links."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String
from sqlmodel import Field

from storage.types import Json, Row, UtcDateTime

Audience = Literal["public", "quiet", "narrow"]
FindingState = Literal["new", "read", "refused", "gone"]
ChoiceKind = Literal["include", "exclude"]
ListingKind = Literal["host", "account", "word"]
ListingVerdict = Literal["block", "allow"]
SourceOrigin = Literal["settings", "operator"]


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
    earliest known post of its thread, `via` the key of the source that brought it. `answerable`:
    its interaction policy lets us reply in its thread. `quotable`: it lets everyone quote it, None
    where it says nothing; `quote_unknown`: nobody has looked yet, as an earlier version did not.
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
    answerable: bool = True
    quotable: bool | None = None
    quote_unknown: bool = False
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
    """Posts linked by inReplyTo. `refused` counts the posts left out, by reason.

    `rest` is what was known and not yet asked for when the budget of a reading was spent.
    """

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
    rest: list[str] = Field(default=[], sa_type=Json)


class Finding(Row, table=True):
    """A post that a source of a bot found."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_source_state", "source", "state"),)

    bot: str = Field(primary_key=True)
    post_id: str = Field(primary_key=True)
    source: str
    tag: str | None = None
    found_at: datetime = Field(sa_type=UtcDateTime)
    state: FindingState = Field(default="new", sa_type=String)
    thread_id: str | None = Field(default=None, index=True)


class SourceState(Row, table=True):
    """A source, and how far it was read. `interval_s` is in seconds.

    `origin` says who named it, `actor_id` whom it follows (a relay, tag actor, group or account);
    `failures` counts those in a row.
    """

    __tablename__ = "source_state"

    key: str = Field(primary_key=True)
    bot: str = Field(index=True)
    kind: str
    address: str
    tag: str | None = None
    origin: SourceOrigin = Field(default="settings", sa_type=String)
    actor_id: str | None = Field(default=None, index=True)
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


class Link(Row, table=True):
    """A page that posts link to.

    `feed` is the key of the source that announced it, `canonical` the address that the page itself
    prefers.
    """

    __tablename__ = "link"

    url: str = Field(primary_key=True)
    title: str | None = None
    site: str | None = None
    language: str | None = None
    feed: str | None = None
    canonical: str | None = None
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    error: str | None = None


class Choice(Row, table=True):
    """What an actor told us about being included; `how` names the way it was told."""

    __tablename__ = "choice"

    actor_id: str = Field(primary_key=True)
    choice: ChoiceKind = Field(sa_type=String)
    how: str
    at: datetime = Field(sa_type=UtcDateTime)


class Block(Row, table=True):
    """Someone who blocks a bot of ours, besides whatever they chose in words.

    `told` holds the id of their last Block by whom it is of; it is empty where that is not known.
    """

    __tablename__ = "block"

    actor_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    told: dict[str, str] = Field(default={}, sa_type=Json)


class WishCode(Row, table=True):
    """A wish typed into the web form, waiting for the code that was sent to its author.

    `id` is the form's own secret. The code itself is nowhere stored, only its hash, and that once
    it was sent to `actor_id`.
    """

    __tablename__ = "wish_code"

    id: str = Field(primary_key=True)
    handle: str
    host: str
    choice: ChoiceKind = Field(sa_type=String)
    actor_id: str | None = None
    code_hash: str | None = None
    tries: int = 0
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Listing(Row, table=True):
    """What the operator lists: a host, an account (@name@host or id) or a word, block or allow."""

    __tablename__ = "listing"

    kind: ListingKind = Field(primary_key=True, sa_type=String)
    value: str = Field(primary_key=True)
    verdict: ListingVerdict = Field(default="block", sa_type=String)
    reason: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
