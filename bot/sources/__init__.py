"""Where posts come from. A source is a small class in a file of its own; `KINDS` lists them."""

from bot.sources.feed import Feed
from bot.sources.followed import Account, Group, TagActor
from bot.sources.mastodon import MastodonTag
from bot.sources.port import Badly, Followee, Found, NotAFeed, Polled, SaysNo, Seen, Source, Title
from bot.sources.relay import Relay
from bot.sources.tag_rss import TagRss

__all__ = [
    "KINDS",
    "Account",
    "Badly",
    "Feed",
    "Followee",
    "Found",
    "Group",
    "MastodonTag",
    "NotAFeed",
    "Polled",
    "Relay",
    "SaysNo",
    "Seen",
    "Source",
    "TagActor",
    "TagRss",
    "Title",
]

KINDS: dict[str, type[Source]] = {
    kind.kind: kind for kind in (TagRss, MastodonTag, Relay, TagActor, Group, Account, Feed)
}
