"""What every source is and gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from bot.errors import BotError, WrongUse
from bot.sources.polite import Polite, SaysNo
from bot.topic import Topic

__all__ = ["Badly", "Followee", "Found", "NotAFeed", "Polled", "SaysNo", "Seen", "Source", "Title"]


class NotAFeed(BotError):
    """What came is not a feed."""


class Badly(WrongUse):
    """A source was named in a way that its kind cannot read; the message says how it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A post that a source saw: its id or page, and the watched tag that led to it."""

    uri: str
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A page that a feed announces, to be named when a thread links to it."""

    url: str
    title: str
    site: str


@dataclass(frozen=True, slots=True)
class Followee:
    """Whom a source follows: what it brings comes to our inbox.

    `actor_id` is who sends it and `inbox` where the Follow goes; `object` is what the Follow
    names: the actor, or the public collection for a relay of Mastodon's style, whose actor is
    known only once it accepts.
    """

    actor_id: str
    inbox: str
    object: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one request brought, and what to remember for the next.

    `listed` is how many entries there were, new or not: how lively a source is shows by the share
    of new ones.
    """

    found: tuple[Found, ...] = ()
    titles: tuple[Title, ...] = ()
    etag: str | None = None
    modified: str | None = None
    cursor: str | None = None
    listed: int = 0
    follows: Followee | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source remembers from the last time it was asked; see `tables.SourceState`."""

    etag: str | None = None
    modified: str | None = None
    cursor: str | None = None
    actor_id: str | None = None


class Source(Protocol):
    """One place that posts come from.

    `address` is what is asked, `tag` the watched hashtag if it has one; `key` names the source's
    state. A source whose `follows` is true brings nothing when it is asked: it says whom to
    follow, and what comes of that reaches our inbox.
    """

    kind: ClassVar[str]
    follows: ClassVar[bool]
    key: str
    bot: str
    address: str
    tag: str | None

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """Yield the sources of this kind that `topic` asks for."""
        ...

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """Return the source that an operator names. Raises `Badly`."""
        ...

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Ask once, with what was `seen` the last time.

        Raises the client's errors, `SaysNo` or `NotAFeed`.
        """
        ...

    async def preview(self, polite: Polite) -> Polled:
        """Show what would come in, remembering nothing. Raises what `poll` does."""
        ...
