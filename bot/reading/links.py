"""Naming the pages that people link to: title, site and language, by one polite request each."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import orjson

from activitypub.addressing import host_of
from activitypub.budget import Budget
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from bot.consent.ingest import canonical
from bot.contained.page import Head
from bot.contained.process import contained
from bot.errors import BotError
from bot.sources.polite import Polite
from storage import Storage, tables

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
AGAIN = timedelta(days=7)
ENOUGH = 512 << 10
"""Bytes of a page that are read: what names it stands at its head."""
READERS = 2
"""Pages that are read at a time, each by a process of its own."""


class Links:
    """Looks up what linked pages are called and keeps it."""

    def __init__(self, storage: Storage, polite: Polite, clock: Clock) -> None:
        self._storage = storage
        self._polite = polite
        self._clock = clock
        self._readers = asyncio.Semaphore(READERS)

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
                head = await self._read(response.body, response.url)
                row.title, row.site = head.title, head.site or row.site
                row.language, row.canonical = head.language, head.canonical
        except Recoverable:
            raise
        except (ActivityPubError, BotError) as problem:
            row.error = str(problem)[:300]
        async with self._storage.unit() as unit:
            await unit.links.put(row)

    async def _read(self, page: bytes, url: str) -> Head:
        async with self._readers:
            return own(Head(**orjson.loads(await contained("bot.contained.page", page))), url)


def own(head: Head, url: str) -> Head:
    """Return the head of the page at `url` with its preferred address, if that is on its own site.

    Nobody may speak for another.
    """
    preferred = canonical(head.canonical or "")
    same = preferred is not None and host_of(preferred) == host_of(url)
    return replace(head, canonical=preferred if same else None)
