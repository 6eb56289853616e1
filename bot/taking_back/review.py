"""When the operator's rules become stricter, what is published is held against them once more.

Pages follow the rules at once, since they ask for consent each time they are shown. What others
hold has to be told: newest first, one after another, so that the servers of all followers are not
asked to change hundreds of posts in the same minute.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from activitypub.ports import Clock
from bot.consent.lists import Lists
from bot.consent.table import Mode
from bot.publishing.publish import Publisher
from bot.taking_back.provenance import Provenance
from bot.taking_back.recheck import Recheck
from storage import Storage, UnitOfWork, tables

WITHOUT_PERMISSION = "words without permission"
"""The switch that remembers, from one start to the next, that the mode is strict."""
EVERY = timedelta(seconds=30)
"""Time between two publications that change."""
PIECE = 50
"""Traces that are held against the rules in one job; each is told to one server."""


class Review:
    """What the jobs "relist" and "review" do, and when they are queued."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        mode: Mode,
        *,
        lists: Lists,
        recheck: Recheck,
        provenance: Provenance,
        publisher: Publisher,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._mode = mode
        self._lists = lists
        self._recheck = recheck
        self._provenance = provenance
        self._publisher = publisher
        self._is_relisting_due = False

    async def start(self) -> None:
        """Queue what a start has to look at: the lists always, all words if the mode is stricter.

        The settings' own lists leave no trace when they change, and a list may have been imported,
        or its effect cut off, while nothing ran.
        """
        now = self._clock.now()
        async with self._storage.unit() as unit:
            if self._mode != "strict":
                await unit.switches.turn_on(WITHOUT_PERMISSION)
            elif await unit.switches.turn_off(WITHOUT_PERMISSION, now):
                key = f"review:{now.isoformat()}"
                await unit.jobs.enqueue("review", {}, run_at=now, key=key)
            await self._queue_relisting(unit)

    async def lists_changed(self) -> bool:
        """Read the operator's lists if they have changed, and queue what follows from that."""
        self._is_relisting_due |= await self._lists.refresh(self._storage)
        if not self._is_relisting_due:
            return False
        async with self._storage.unit() as unit:
            await self._queue_relisting(unit)
        self._is_relisting_due = False
        return True

    async def relist(self) -> None:
        """Take back at once what rests on whom and what the operator lists."""
        await self._lists.refresh(self._storage)
        await self._recheck.relisted()

    async def review(self, payload: Mapping[str, Any]) -> None:
        """Hold a publication or some traces against the rules; without either, find which."""
        if "publication" in payload:
            async with self._storage.unit() as unit:
                found = await unit.publications.get(payload["publication"])
                if found is not None and found.withdrawn_at is None:
                    await self._provenance.review(unit, found)
            return
        if "traces" not in payload:
            await self._spread()
        for trace_id in payload.get("traces", ()):
            async with self._storage.unit() as unit:
                await self._provenance.traces.review(unit, trace_id)

    async def _spread(self) -> None:
        """Queue what does not fit the rules any more, spread over time."""
        unfit = await self._unfit()
        async with self._storage.view() as view:
            traces = await view.traces.ids()
        payloads: list[tuple[str, dict[str, Any]]] = [(uri, {"publication": uri}) for uri in unfit]
        for start in range(0, len(traces), PIECE):
            piece = traces[start : start + PIECE]
            payloads.append((piece[0], {"traces": piece}))
        now = self._clock.now()
        jobs = [
            tables.Job(
                kind="review",
                key=f"review:{now:%Y-%m-%dT%H}:{name}",
                payload=payload,
                run_at=now + EVERY * number,
            )
            for number, (name, payload) in enumerate(payloads)
        ]
        async with self._storage.unit() as unit:
            await unit.jobs.enqueue_all(jobs)

    async def _unfit(self) -> list[str]:
        """Return the publications that would read otherwise by the rules as they are now."""
        async with self._storage.view() as view:
            ids = await view.publications.quoting()
        unfit = []
        for uri in ids:  # a view for each: others write meanwhile, and rendering takes its time
            async with self._storage.view() as view:
                found = await view.publications.get(uri)
                if found is not None and not await self._publisher.is_current(view, found):
                    unfit.append(uri)
        return unfit

    async def _queue_relisting(self, unit: UnitOfWork) -> None:
        now = self._clock.now()
        await unit.jobs.enqueue("relist", {}, run_at=now, key=f"relist:{now.isoformat()}")
