"""A blog's or newspaper's feed: its titles name the pages that threads link to."""

from collections.abc import Iterator
from typing import ClassVar, Self

from activitypub.addressing import host_of
from activitypub.client import Client
from bot.sources.port import Polled, Title
from bot.sources.rss import read_feed
from bot.topic import Topic
from storage import tables


class Feed:
    """An RSS or Atom feed the operator named."""

    kind: ClassVar[str] = "feed"

    def __init__(self, bot: str, address: str) -> None:
        self.bot = bot
        self.address = address
        self.key = f"{self.kind}:{bot}:{address}"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each feed."""
        for address in topic.feeds:
            yield cls(topic.handle, address)

    async def poll(self, client: Client, state: tables.SourceState) -> Polled:
        """Ask for the feed unless it is unchanged."""
        feed = await read_feed(client, self.address, state)
        if feed is None:
            return Polled(etag=state.etag, modified=state.modified)
        site = feed.title or host_of(self.address)
        titles = tuple(
            Title(entry.link, entry.title, site) for entry in feed.entries if entry.title
        )
        return Polled(titles=titles, etag=feed.etag, modified=feed.modified)
