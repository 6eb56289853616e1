"""A hashtag's RSS feed on a server the operator named: Mastodon, Hometown, Akkoma, Pleroma."""

from collections.abc import Iterator
from typing import ClassVar, Self
from urllib.parse import quote

from activitypub.client import Client
from bot.sources.port import Found, Polled
from bot.sources.rss import read_feed
from bot.topic import Topic
from storage import tables


class TagRss:
    """`https://HOST/tags/NAME.rss`; an item's link is the post's page, which is dereferenced."""

    kind: ClassVar[str] = "tag-rss"

    def __init__(self, bot: str, host: str, tag: str) -> None:
        self.bot = bot
        self.tag = tag
        self.address = f"{host}/tags/{quote(tag)}.rss"
        self.key = f"{self.kind}:{bot}:{self.address}"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each named host and hashtag."""
        for host in topic.hosts:
            for tag in topic.hashtags:
                yield cls(topic.handle, host, tag)

    async def poll(self, client: Client, state: tables.SourceState) -> Polled:
        """Ask for the feed unless it is unchanged."""
        feed = await read_feed(client, self.address, state)
        if feed is None:
            return Polled(etag=state.etag, modified=state.modified)
        uris = dict.fromkeys(entry.link for entry in feed.entries)
        found = tuple(Found(uri, self.tag) for uri in uris)
        return Polled(found, etag=feed.etag, modified=feed.modified)
