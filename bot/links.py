"""Naming the pages that people link to: title, site and language, by one polite request each."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from activitypub.addressing import host_of
from activitypub.client import Budget
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from bot.errors import BotError
from bot.ingest import canonical
from bot.polite import Polite
from bot.summary.text import html_within_bounds, one_line
from storage import Storage, tables

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
AGAIN = timedelta(days=7)
ENOUGH = 512 << 10
"""Bytes of a page that are read: what names it stands at its head."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself."""

    title: str | None = None
    site: str | None = None
    language: str | None = None
    canonical: str | None = None


class Links:
    """Looks up what linked pages are called and keeps it."""

    def __init__(self, storage: Storage, polite: Polite, clock: Clock) -> None:
        self._storage = storage
        self._polite = polite
        self._clock = clock

    async def name(self, url: str) -> None:
        """Ask for the page unless it is known. Raises `Recoverable` to be tried again."""
        now = self._clock.now()
        async with self._storage.view() as view:
            known = (await view.links.get_many([url])).get(url)
        if known and (known.title or now - known.fetched_at < AGAIN):
            return
        row = tables.Link(url=url, site=host_of(url), fetched_at=now)
        try:
            response = await self._polite.get(
                url, accept=ACCEPT, max_bytes=ENOUGH, cut=True, budget=Budget(requests=4)
            )
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind in {"text/html", "application/xhtml+xml"}:
                head = await asyncio.to_thread(read_head, response.body, response.url)
                row.title, row.site = head.title, head.site or row.site
                row.language, row.canonical = head.language, head.canonical
        except Recoverable:
            raise
        except (ActivityPubError, BotError) as problem:
            row.error = str(problem)[:300]
        async with self._storage.unit() as unit:
            await unit.links.put(row)


def read_head(page: bytes, url: str) -> Head:
    """Read what an HTML page says of itself; parsing can take a while, so run in a thread.

    The address it prefers counts only on its own site: nobody may speak for another.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  start fast
        from trafilatura import extract_metadata  # noqa: PLC0415

        # As Latin-1, in which each byte is a letter: what it really is, the parsers find out.
        page = html_within_bounds(page.decode("latin-1")).encode("latin-1")
        found = extract_metadata(page)
        tree = LexborHTMLParser(page)
        html = tree.css_first("html")
        stated = html.attributes.get("lang") if html else None
        link = tree.css_first('link[rel="canonical"]')
        preferred = canonical((link.attributes.get("href") if link else None) or "")
    except Exception:
        return Head()
    language = (stated or "").strip().replace("_", "-").partition("-")[0].lower()
    return Head(
        _line(getattr(found, "title", None)),
        _line(getattr(found, "sitename", None)),
        language if language.isalpha() and len(language) in {2, 3} else None,
        preferred if preferred and host_of(preferred) == host_of(url) else None,
    )


def _line(value: object) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None
