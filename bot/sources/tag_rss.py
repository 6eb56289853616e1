"""A hashtag's RSS feed on a server the operator named: Mastodon, Hometown, Akkoma, Pleroma."""

from collections.abc import Iterator
from typing import ClassVar, Self
from urllib.parse import quote

from bot.sources.asked import Asked, hashtag, origin
from bot.sources.polite import Polite
from bot.sources.port import Found, Polled, Seen
from bot.sources.rss import read_feed
from bot.topic import Topic


class TagRss(Asked):
    """`https://HOST/tags/NAME.rss`; an item's link is the post's page, which is dereferenced."""

    kind: ClassVar[str] = "tag-rss"

    def __init__(self, bot: str, host: str, tag: str) -> None:
        super().__init__(bot, f"{host}/tags/{quote(tag)}.rss", tag)

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each named host and hashtag."""
        for host in topic.hosts:
            for tag in topic.hashtags:
                yield cls(topic.handle, host, tag)

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """A server and a hashtag."""
        return cls(bot, origin(address), hashtag(tag, address))

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Ask for the feed unless it is unchanged."""
        feed = await read_feed(polite, self.address, seen)
        if feed is None:
            return Polled(etag=seen.etag, modified=seen.modified)
        uris = dict.fromkeys(entry.link for entry in feed.entries)
        found = tuple(Found(uri, self.tag) for uri in uris)
        return Polled(found, etag=feed.etag, modified=feed.modified, listed=len(uris))
