"""Reading a thread for the command line, without database or keys."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from activitypub.client import Client
from activitypub.thread import ThreadBudget, read_thread
from activitypub.vocab import Object
from bot import settings
from bot.building import SystemClock, transport_of
from bot.consent.ingest import row_of, signals_of
from bot.consent.table import AuthorSignals, Use, permitted
from bot.errors import NothingFound
from bot.summary.model import SourcePost


async def read_for_summary(
    url: str, path: Path | None, on_posts: Callable[[int], None]
) -> list[SourcePost]:
    """Read the thread around `url` for the command line, without database or keys.

    Consent decides here too: what is printed is what a direct answer may quote. Raises the
    client's errors, and `NothingFound` when nothing may be read.
    """
    file = settings.named(path)
    config = settings.load(file) if file or settings.DEFAULT_FILE.is_file() else None
    clock, count = SystemClock(), 0

    def tell(post: Object) -> None:
        nonlocal count
        count += 1
        on_posts(count)

    async with transport_of(config) as transport:
        client = Client(transport, None, clock)
        thread = await read_thread(client, url, ThreadBudget(), on_post=tell)
        rows = [row_of(post, (), "command", clock.now()) for post in thread.posts]
        authors = await _authors(client, {row.author_id for row in rows})
    usable = [
        row for row in rows if Use.DIRECT in permitted(authors[row.author_id], signals_of(row))
    ]
    if not usable:
        raise NothingFound(f"no post of the thread around {url} may be quoted")
    return [
        SourcePost(
            id=row.id,
            author=_name(authors[row.author_id], row.author_id),
            text=row.text,
            parent=row.in_reply_to,
            url=row.url,
            author_id=row.author_id,
            language=row.language,
            published=row.published,
            cw=row.cw,
        )
        for row in usable
    ]


async def _authors(client: Client, ids: set[str]) -> dict[str, AuthorSignals]:
    async def one(actor_id: str) -> AuthorSignals:
        with contextlib.suppress(Exception):
            return AuthorSignals(await client.actor(actor_id))
        return AuthorSignals(None)

    signals = await asyncio.gather(*(one(actor_id) for actor_id in ids))
    return dict(zip(ids, signals, strict=True))


def _name(signals: AuthorSignals, actor_id: str) -> str:
    actor = signals.actor
    return (actor.name or actor.preferred_username) if actor else actor_id
