"""Summaries that a model wrote, kept in the database: a restart must not pay for them again.

What rules choose is not kept: it costs milliseconds, and its words need not stand anywhere twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from activitypub.ports import Clock
from bot.summary.model import CitedSentence, SourcePost, Summary
from storage import Storage, UnitOfWork, tables

MOST = 1000
"""Summaries kept at most; a thread that changes gets a new one anyway."""


class StoredMemory:
    """Implements `bot.summary.summarizing.Memory`."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def recall(self, key: str) -> Summary | None:
        """Return what was kept under a key."""
        async with self._storage.view() as view:
            kept = await view.kept_summaries.get(key)
        return read(kept.made) if kept else None

    async def keep(self, key: str, summary: Summary, posts: Sequence[SourcePost]) -> None:
        """Keep a summary, unless a post it was made of has gone or changed meanwhile."""
        ids = [post.id for post in posts]
        async with self._storage.unit() as unit:
            stored = await unit.posts.get_many(ids)
            if any(not _says(stored.get(post.id), post) for post in posts):
                return
            row = tables.KeptSummary(key=key, at=self._clock.now(), made=asdict(summary))
            await unit.kept_summaries.keep(row, ids)


async def prune(unit: UnitOfWork, before: datetime) -> int:
    """Erase what was kept before that time, or is too much; return the number of summaries."""
    return await unit.kept_summaries.prune(before, MOST)


def _says(stored: tables.Post | None, post: SourcePost) -> bool:
    """Tell whether a post is still stored as it was summarized."""
    return stored is not None and (stored.title, stored.text) == (post.title, post.text)


def read(made: Mapping[str, Any]) -> Summary:
    """Return the summary that `dataclasses.asdict` made this of."""
    gist = made["gist"]
    return Summary(
        **{
            **made,
            "gist": _sentence(gist) if gist else None,
            "sentences": tuple(_sentence(sentence) for sentence in made["sentences"]),
        }
    )


def _sentence(made: Mapping[str, Any]) -> CitedSentence:
    return CitedSentence(**{**made, "also": tuple(made["also"])})
