"""Where posts come from. A source is a small class in a file of its own; `KINDS` lists them."""

from bot.sources.feed import Feed
from bot.sources.mastodon import MastodonTag
from bot.sources.port import Found, NotAFeed, Polled, Source, SourceRefused, Title
from bot.sources.tag_rss import TagRss

__all__ = [
    "KINDS",
    "Feed",
    "Found",
    "MastodonTag",
    "NotAFeed",
    "Polled",
    "Source",
    "SourceRefused",
    "TagRss",
    "Title",
]

KINDS: tuple[type[Source], ...] = (TagRss, MastodonTag, Feed)
