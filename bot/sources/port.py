"""What every source is and gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from activitypub.client import Client
from bot.errors import BotError
from bot.topic import Topic
from storage import tables


class SourceRefused(BotError):
    """The host says no: it is left alone, and `fedigest sources` says so."""


class NotAFeed(BotError):
    """What came is not a feed."""


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
class Polled:
    """What one request brought, and what to remember for the next."""

    found: tuple[Found, ...] = ()
    titles: tuple[Title, ...] = ()
    etag: str | None = None
    modified: str | None = None
    cursor: str | None = None


class Source(Protocol):
    """One place that is asked regularly.

    `address` is what is asked; `key` names the source's state. `poll` raises the client's
    errors, `SourceRefused` or `NotAFeed`.
    """

    kind: ClassVar[str]
    key: str
    bot: str
    address: str

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """Yield the sources of this kind that `topic` asks for."""
        ...

    async def poll(self, client: Client, state: tables.SourceState) -> Polled:
        """Ask once, with what `state` remembers from the last time."""
        ...
