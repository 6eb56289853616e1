"""What pages, feeds and Notes show, as plain values: rendering asks nothing and decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BotView:
    """A bot. `address` is its handle as people write it, `digest_hour` its schedule in words."""

    handle: str
    address: str
    name: str
    summary: str
    url: str
    feed_url: str
    actor_id: str
    hashtags: tuple[str, ...]
    feeds: tuple[str, ...]
    accounts: tuple[str, ...]
    followers: int
    digest_hour: str
    language: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with its author and the post that says it.

    `act` is what the post does in the discussion, as in `CitedSentence`. `is_new`: it was said
    after the version of the answer that readers saw before.
    """

    text: str
    author: str
    author_url: str | None
    post_url: str
    published: datetime | None
    language: str | None
    act: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    """An outside page that `people` of a thread link to."""

    url: str
    title: str
    site: str
    people: int
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A summarized thread with its coverage: how much was read, known, and left out."""

    url: str
    host: str
    gist: SentenceView | None
    sentences: tuple[SentenceView, ...]
    people: tuple[str, ...]
    speakers: int
    posts_read: int
    posts_known: int
    left_out: int
    hosts: int
    links: tuple[LinkView, ...]
    opened: datetime
    cw: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class MentionedThread:
    """A thread that is linked without any of its words."""

    url: str
    host: str
    posts: int


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest of [since, until)."""

    id: str
    url: str
    title: str
    bot: BotView
    since: datetime
    until: datetime
    published: datetime
    threads: tuple[ThreadView, ...]
    also: tuple[MentionedThread, ...]
    engine: str
    language: str
    object_id: str
    withdrawn: bool
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer to a request. `url` is empty for one that was sent directly.

    `spoken` is the language of the person who asked; `remarks` are phrases of ours (keys of
    `words`) that stand below; `elsewhere` is the page of an answer that everybody can read. `more`
    says by how many posts the thread had grown when the answer was edited.
    """

    url: str
    bot: BotView
    thread: ThreadView
    asked_by: str | None
    published: datetime
    updated: datetime | None
    engine: str
    object_id: str
    request_url: str
    spoken: str | None = None
    remarks: tuple[str, ...] = ()
    elsewhere: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class PersonalView:
    """What one person asked to be sent: threads with an opening (a key of `words`, its values)."""

    bot: BotView
    threads: tuple[ThreadView, ...]
    opening: str
    values: Mapping[str, str]
    spoken: str | None
    engine: str
    link: tuple[str, str] | None = None
    """A page to link first (address, text)."""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A digest in a list."""

    title: str
    url: str
    published: datetime
    threads: int
    sentences: int
    language: str


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """One page of a bot's digests."""

    bot: BotView
    digests: tuple[DigestLine, ...]
    newer_url: str | None
    older_url: str | None


@dataclass(frozen=True, slots=True)
class SiteView:
    """The instance."""

    name: str
    base_url: str
    bots: tuple[BotView, ...]
    operator: str
    contact: str
    latest: tuple[DigestLine, ...]
    version: str
    source_url: str


@dataclass(frozen=True, slots=True)
class AboutView:
    """What /about says. `model` may write, if any.

    `consent_rows` are the table in keys of `words`, headings first; `kept` is for how many days
    each kind of thing is.
    """

    site: SiteView
    engine: str
    model: str | None
    kept: Mapping[str, int]
    consent_rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The state of one source."""

    key: str
    kind: str
    address: str
    state: str
    last_ok: datetime | None
    next: datetime | None
    found: int
    error: str | None


@dataclass(frozen=True, slots=True)
class SourcesView:
    """All sources."""

    sources: tuple[SourceLine, ...]
