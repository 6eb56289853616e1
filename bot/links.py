"""Naming the pages that people link to: title and site, by one polite request each."""

import asyncio
from datetime import timedelta

from activitypub.addressing import host_of
from activitypub.client import Client
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from storage import Storage, tables

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
AGAIN = timedelta(days=7)


class Links:
    """Looks up the titles of linked pages and keeps them."""

    def __init__(self, storage: Storage, client: Client, clock: Clock) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock

    async def name(self, url: str) -> None:
        """Fetch the page unless its title is known. Raises `Recoverable` to be tried again."""
        now = self._clock.now()
        async with self._storage.view() as view:
            known = (await view.links.get_many([url])).get(url)
        if known and (known.title or now - known.fetched_at < AGAIN):
            return
        row = tables.Link(url=url, site=host_of(url), fetched_at=now)
        try:
            response = await self._client.get(url, accept=ACCEPT)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind in {"text/html", "application/xhtml+xml"}:
                title, site = await asyncio.to_thread(_title, response.body)
                row.title, row.site = title, site or row.site
        except Recoverable:
            raise
        except ActivityPubError as problem:
            row.error = str(problem)[:300]
        async with self._storage.unit() as unit:
            await unit.links.put(row)


def _title(page: bytes) -> tuple[str | None, str | None]:
    """Return (title, site name) of an HTML page; parsing can take a while, so run in a thread."""
    try:
        from trafilatura import extract_metadata  # noqa: PLC0415  start fast

        found = extract_metadata(page)
    except Exception:
        return None, None
    return _line(getattr(found, "title", None)), _line(getattr(found, "sitename", None))


def _line(value: object) -> str | None:
    return " ".join(value.split())[:300] or None if isinstance(value, str) else None
