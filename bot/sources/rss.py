"""Asking for a feed politely (conditional GET) and reading it: RSS and Atom, or JSON Feed."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from activitypub.vocab.values import values
from bot.contained.process import TooMuch, contained
from bot.sources.polite import Polite
from bot.sources.port import NotAFeed, Seen
from bot.summary.text import html_to_text, one_line

ACCEPT = (
    "application/rss+xml, application/atom+xml;q=0.9, application/feed+json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.7"
)
MAX_ENTRIES = 200
MAX_BYTES = 5 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed."""

    link: str
    title: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A feed as it came, with the validators for the next conditional GET (RFC 9110 §13)."""

    title: str
    entries: tuple[Entry, ...]
    etag: str | None
    modified: str | None


async def read_feed(polite: Polite, url: str, seen: Seen) -> FeedPage | None:
    """Return the feed at `url`, or None when it has not changed since it was `seen`.

    Raises the client's errors, `SaysNo` or `NotAFeed`.
    """
    headers = {}
    if seen.etag:
        headers["If-None-Match"] = seen.etag
    if seen.modified:
        headers["If-Modified-Since"] = seen.modified
    response = await polite.get(url, accept=ACCEPT, headers=headers, max_bytes=MAX_BYTES)
    if response.status == 304:
        return None
    if response.body.lstrip()[:1] == b"{":
        title, entries = json_feed(response.body, url)
    else:
        title, entries = await xml_feed(response.body, url)
    return FeedPage(
        title=title,
        entries=tuple(usable(entries)),
        etag=response.headers.get("ETag"),
        modified=response.headers.get("Last-Modified"),
    )


def json_feed(body: bytes, url: str) -> tuple[str, list[Entry]]:
    """Read a JSON Feed (jsonfeed.org, version 1.1). Raises `NotAFeed`."""
    with contextlib.suppress(orjson.JSONDecodeError):
        feed = orjson.loads(body)
        version = str(feed.get("version", "")) if isinstance(feed, dict) else ""
        if "jsonfeed.org/version/" in version:
            items = feed.get("items")
            listed = [item for item in values(items) if isinstance(item, dict)]
            return one_line(html_to_text(str(feed.get("title", "")))), [
                Entry(str(item.get("url") or item.get("id") or ""), str(item.get("title") or ""))
                for item in listed[:MAX_ENTRIES]
            ]
    raise NotAFeed(f"{url} is not an RSS, Atom or JSON feed")


async def xml_feed(body: bytes, url: str) -> tuple[str, list[Entry]]:
    """Read RSS or Atom in a process of its own (`bot.contained.feed`). Raises `NotAFeed`."""
    try:
        found: dict[str, Any] = orjson.loads(await contained("bot.contained.feed", body))
    except TooMuch as problem:
        raise NotAFeed(f"{url}: {problem}") from None
    if not found["version"]:
        raise NotAFeed(f"{url} is not an RSS, Atom or JSON feed")
    return one_line(html_to_text(found["title"])), [
        Entry(link, title) for link, title in found["entries"]
    ]


def usable(entries: list[Entry]) -> Iterator[Entry]:
    """Yield the entries that lead somewhere."""
    for entry in entries:
        if entry.link.startswith(("https://", "http://")) and len(entry.link) < 2000:
            yield Entry(entry.link, one_line(html_to_text(entry.title)))
