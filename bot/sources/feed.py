"""A blog's or newspaper's feed: its titles name the pages that threads link to."""

from collections.abc import Iterator
from typing import ClassVar, Self

from activitypub.addressing import host_of
from bot.sources.asked import Asked
from bot.sources.polite import Polite
from bot.sources.port import Badly, Polled, Seen, Title
from bot.sources.rss import read_feed
from bot.topic import Topic


class Feed(Asked):
    """An RSS, Atom or JSON feed the operator named."""

    kind: ClassVar[str] = "feed"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each feed."""
        for address in topic.feeds:
            yield cls(topic.handle, address)

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """A feed's address."""
        if not address.startswith(("https://", "http://")) or not host_of(address):
            raise Badly(f"{address[:100]!r} is not a feed's address (https://…)")
        return cls(bot, address)

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Ask for the feed unless it is unchanged."""
        feed = await read_feed(polite, self.address, seen)
        if feed is None:
            return Polled(etag=seen.etag, modified=seen.modified)
        site = feed.title or host_of(self.address)
        titles = tuple(
            Title(entry.link, entry.title, site) for entry in feed.entries if entry.title
        )
        listed = len(feed.entries)
        return Polled(titles=titles, etag=feed.etag, modified=feed.modified, listed=listed)
