"""What waits in the inbox is handled: in batches, each activity once, hosts taking turns.

An activity was stored before its sender got 202. Handling it again (after a crash) changes
nothing, because every effect has an id that follows from the activity's.

No batch waits for the network. What is known suffices for most, and above all for what takes
something back: Delete, Undo, Block, the Update of a stored post, a message that says so. That is
handled as soon as it is claimed, in the order in which its host sent it. The few that need somebody
to be asked first (who follows, whom to answer) are set aside in the database, and their servers are
asked beside all else (`lookups`); with the answer they get back their place in the queue. So a slow
server holds up its own activities and nobody's besides.

What takes something back overtakes what was set aside, or failed and is to be tried again. So it
drops what it is about of that (`withdrawing`): a Follow that was undone does not come to pass, nor
does an old version of a post replace a newer one.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from activitypub.client import Client
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from bot.consent.authors import Authors
from bot.inbox.handlers import Handlers
from bot.inbox.lookups import Lookups
from bot.inbox.prepared import Asking, Idle, Postponed, Prepared, Ready
from bot.inbox.preparing import Preparing
from bot.taking_back.recheck import Recheck
from storage import Storage, tables
from storage.errors import StorageError

log = logging.getLogger(__name__)

BATCH = 250
LEASE = timedelta(minutes=10)
ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
ASIDE = timedelta(minutes=1)
"""Longer than one question takes; what could not be asked then has its turn again."""


class Inbound:
    """Claims stored activities, and handles together what nobody has to be asked for."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        authors: Authors,
        recheck: Recheck,
        handlers: Handlers,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._lookups = Lookups(authors, client, self.wake)
        self._preparing = Preparing(storage, authors, recheck, handlers, self._lookups)
        self.is_busy: Callable[[], bool] = lambda: False
        self.on_handled: Callable[[list[tables.ReceivedActivity]], None] = lambda rows: None
        self.patience = 1.0

    def wake(self) -> None:
        """Look for activities now instead of after the pause."""
        self._wake.set()

    async def run(self, idle: float) -> None:
        """Handle activities for ever; `idle` seconds at most pass unobserved."""
        try:
            while True:
                await self._turn(idle)
        finally:
            await self._lookups.close()

    async def _turn(self, idle: float) -> None:
        began = time.perf_counter()
        try:
            claimed = await self.step()
        except StorageError as problem:
            log.warning("could not handle activities", extra={"problem": str(problem)})
            claimed = 0
        if claimed:
            # The inbox goes first: while senders wait for their 202, most time is theirs.
            share = 20 if self.is_busy() else 0
            await asyncio.sleep(min((time.perf_counter() - began) * share, 1.0))
            return
        try:
            async with asyncio.timeout(idle):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def step(self) -> int:
        """Handle what is due, at most `BATCH`; return how many were claimed."""
        now = self._clock.now()
        answered = self._lookups.answered()
        if not answered:
            async with self._storage.view() as view:
                due = await view.received.next_due()
            if due is None or due > now:
                return 0
        async with self._storage.unit() as unit:
            await unit.received.resume(answered)
            rows = await unit.received.claim(now, LEASE, BATCH)
        async with self._storage.view() as view:
            heard = frozenset(row.actor_id for row in await view.follows.all_following())
        prepared = await asyncio.gather(*(self._preparing.prepare(row, heard) for row in rows))
        await self._set_aside(prepared)
        for item in prepared:
            if isinstance(item, Postponed):
                await self._again(item.row, item.problem)
        # Most of what comes concerns nobody here: that needs no unit of work but to be noted.
        await self._pass_over([item for item in prepared if isinstance(item, Idle)])
        await self._together([item for item in prepared if isinstance(item, Ready)])
        return len(rows)

    async def _set_aside(self, prepared: Sequence[Prepared]) -> None:
        """Put back what somebody has to be asked for, before what follows can take it back."""
        asking = [item for item in prepared if isinstance(item, Asking)]
        if not asking:
            return
        async with self._storage.unit() as unit:
            ids = [item.row.id for item in asking]
            await unit.received.set_aside(ids, self._clock.now() + ASIDE)
        for item in asking:
            self._lookups.begin(item.row.id, item.row.host, item.question)

    async def _pass_over(self, idle: Sequence[Idle]) -> None:
        if not idle:
            return
        outcomes = {item.row.id: item.outcome for item in idle}
        async with self._storage.unit() as unit:
            await unit.received.settle_all(outcomes, self._clock.now())
        self.on_handled([item.row for item in idle])

    async def _together(self, ready: Sequence[Ready]) -> None:
        """Handle a batch in one unit of work; should one of it fail, each in a unit of its own."""
        if not ready:
            return
        try:
            await self._apply(ready)
        except StorageError as problem:
            if len(ready) == 1:
                await self._again(ready[0].row, problem)
                return
        except Exception as problem:  # a bug in handling one must not take the others with it
            if len(ready) == 1:
                log.exception("handling broke", extra={"type": ready[0].activity.type})
                await self._again(ready[0].row, problem)
                return
        else:
            self.on_handled([item.row for item in ready])
            return
        for item in ready:
            await self._together([item])

    async def _apply(self, ready: Sequence[Ready]) -> None:
        outcomes: dict[str, str] = {}
        async with self._storage.unit() as unit:
            for item in ready:
                outcomes[item.row.id] = await self._handlers.handle(unit, item)
            await unit.received.settle_all(outcomes, self._clock.now())
        for item in ready:
            log.info(
                "received",
                extra={
                    "type": item.activity.type,
                    "actor": item.activity.actor,
                    "outcome": outcomes[item.row.id],
                },
            )

    async def _again(self, row: tables.ReceivedActivity, problem: Exception) -> None:
        """Put an activity back, or give it up: what is final, and what failed often enough."""
        error = str(problem) or type(problem).__name__
        now = self._clock.now()
        final = isinstance(problem, ActivityPubError | ValueError) and not isinstance(
            problem, Recoverable
        )
        if final or row.attempts >= ATTEMPTS:
            async with self._storage.unit() as unit:
                await unit.received.settle_all({row.id: f"failed: {error}"[:200]}, now)
            self.on_handled([row])
            return
        wait = min(timedelta(seconds=5) * 3**row.attempts, LONGEST_WAIT) * self.patience
        async with self._storage.unit() as unit:
            await unit.received.again(row.id, now + wait, error[:500])
