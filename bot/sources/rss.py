"""Asking for a feed politely (conditional GET) and reading it with feedparser."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from activitypub.client import Client
from bot.sources.port import NotAFeed
from storage import tables

ACCEPT = "application/rss+xml, application/atom+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.7"
MAX_ENTRIES = 200


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


async def read_feed(client: Client, url: str, state: tables.SourceState) -> FeedPage | None:
    """Return the feed at `url`, or None when it has not changed since `state`.

    Raises the client's errors, or `NotAFeed`. Parsing happens in a thread: feedparser takes its
    time on a large feed, and the bot must go on answering.
    """
    headers = {}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.modified:
        headers["If-Modified-Since"] = state.modified
    response = await client.get(url, accept=ACCEPT, headers=headers)
    if response.status == 304:
        return None
    parsed = await asyncio.to_thread(_parse, response.body)
    if not parsed.get("version"):
        raise NotAFeed(f"{url} is not an RSS or Atom feed")
    return FeedPage(
        title=str(parsed.feed.get("title", ""))[:300],
        entries=tuple(_entries(parsed)),
        etag=response.headers.get("ETag"),
        modified=response.headers.get("Last-Modified"),
    )


def _parse(body: bytes) -> Any:
    # A stream, never a string: feedparser would take a string for a URL or a path and open it.
    import feedparser  # noqa: PLC0415  start fast

    return feedparser.parse(body)


def _entries(parsed: Any) -> Iterator[Entry]:
    for entry in parsed.entries[:MAX_ENTRIES]:
        link = entry.get("link") or entry.get("id") or ""
        if isinstance(link, str) and link.startswith(("https://", "http://")):
            yield Entry(link, str(entry.get("title", ""))[:300])
