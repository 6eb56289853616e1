"""How long each thing is kept, and letting go of it without anyone waiting."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from activitypub.ports import Clock
from bot.summary import remembering
from storage import Storage, UnitOfWork
from storage.pruning import Prunable

BATCH = 500
BATCHES = 4
"""Batches of each kind in one go: what is left over goes at the next tick."""
EVERY = timedelta(minutes=30)
JOBS_DONE = timedelta(days=7)
CODES = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things are kept; see `settings.Memory`.

    `words`: what others wrote, with threads, links, profiles nobody refers to and our deliveries.
    `received`: the ids of activities, which must outlast every second try of a peer. `traces`: what
    it takes to take back what was said to one person alone, from when it was said.
    """

    words: timedelta = timedelta(days=30)
    received: timedelta = timedelta(days=14)
    requests: timedelta = timedelta(days=30)
    reports: timedelta = timedelta(days=180)
    traces: timedelta = timedelta(days=365)

    def in_days(self) -> dict[str, int]:
        """Return the number of days by name, to be told to people."""
        named = {
            "words": self.words,
            "received": self.received,
            "requests": self.requests,
            "reports": self.reports,
            "traces": self.traces,
            "codes": CODES,
        }
        return {name: lifetime.days for name, lifetime in named.items()}


class Retention:
    """Drops what is past its time, in small batches."""

    def __init__(self, storage: Storage, clock: Clock, lifetimes: Lifetimes) -> None:
        self._storage = storage
        self._clock = clock
        self.lifetimes = lifetimes
        self._next: datetime | None = None

    async def clean(self) -> int:
        """Drop some of what is past its time, if it is time to look; return how many rows."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            return 0
        dropped, more = 0, False
        for what, lifetime in self._kinds():
            for _ in range(BATCHES):
                gone, full = await self._batch(what, now - lifetime)
                dropped += gone
                if not full:
                    break
            else:
                more = True
        async with self._storage.unit() as unit:
            await unit.jobs.prune(now - JOBS_DONE)
            await unit.jobs.prune(now - self.lifetimes.words, "failed")
            await remembering.prune(unit, now - self.lifetimes.words)
        self._next = None if more else now + EVERY
        return dropped

    def _kinds(self) -> list[tuple[Prunable, timedelta]]:
        """Return what is dropped after which time, in an order in which one frees the next."""
        own = self.lifetimes
        return [
            ("words", own.words),
            ("posts", own.words),
            ("threads", own.words),
            ("findings", own.words),
            ("links", own.words),
            ("notices", own.requests),
            ("traces", own.traces),
            ("answers", own.requests),
            ("deliveries", own.words),
            ("activities", own.words),
            ("received", own.received),
            ("actors", own.words),
            ("hosts", own.words),
            ("reports", own.reports),
            ("codes", CODES),
        ]

    async def _batch(self, what: Prunable, before: datetime) -> tuple[int, bool]:
        """Drop one batch; return how many rows went, and whether there may be more."""
        async with self._storage.view() as view:
            shown = await _shown(view, what)
            # So many more are found that what stays cannot stand in the way of what goes.
            found = await view.pruning.find(what, before, BATCH + len(shown))
        keys = [key for key in found if key not in shown][:BATCH]
        if not keys:
            return 0, False
        async with self._storage.unit() as unit:
            if what == "words":
                await unit.kept_summaries.erase(keys)
            dropped = await unit.pruning.drop(what, before, keys, self._clock.now())
        return dropped, len(keys) == BATCH


async def _shown(view: UnitOfWork, what: Prunable) -> Collection[str]:
    """Return the keys of what is old and stays, since something published shows it."""
    if what == "links":
        return await view.digests.linked()
    return await view.digests.shown_posts() if what in {"words", "posts"} else ()
