"""Running what waits: jobs, deliveries, and the clock that makes more of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from bot.errors import BotError
from storage import Storage, tables
from storage.errors import StorageError

log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any]], Awaitable[object]]

LEASE = timedelta(minutes=10)
"""Longer than any job takes; a job that a crash interrupted is free after it, or at restart."""
ATTEMPTS = 8
LONGEST = timedelta(hours=6)


ASKED = ("answer",)
"""What somebody waits for."""
TELLING = ("plan",)
"""Pieces of what goes out to many; they ask nobody and are quickly done."""
TAKING_BACK = ("recheck", "code", "hush", "relist", "reconsider")
"""What lets words be taken back: looks that a Delete or Update asked for, codes, new lists, and the
rest of what was too much for one go."""
READING = ("read", "reread", "link", "look")
"""Kinds of jobs of which there may be thousands, and which nobody waits for."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Which kinds of jobs some workers take: all of `kinds`, or all `besides`."""

    kinds: tuple[str, ...] | None = None
    besides: tuple[str, ...] = ()
    width: int = 1
    """How many times the usual number of workers it has."""


_OWN = (TELLING, TAKING_BACK, READING)
LANES = (
    Lane(kinds=ASKED, width=3),  # most of their time they wait for other servers
    *(Lane(kinds=own) for own in _OWN),
    Lane(besides=tuple(chain(ASKED, *_OWN))),
)
"""Each has workers of its own: a source that brings thousands of posts holds up nobody."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How busily the loops run: `at_once` jobs side by side in a lane of usual width.

    `idle` and `tick` are pauses in seconds; `patience` scales the waits before another try, which
    tests and the demo shorten.
    """

    at_once: int = 4
    idle: float = 0.5
    tick: float = 15.0
    patience: float = 1.0


class Workers:
    """Runs jobs by kind until stopped; a job that was interrupted is claimed again."""

    def __init__(
        self, storage: Storage, clock: Clock, handlers: Mapping[str, Handler], pace: Pace
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._handlers = handlers
        self._pace = pace
        self._wakes = {lane: asyncio.Event() for lane in LANES}

    def wake(self) -> None:
        """Look for work now instead of after the pause."""
        for wake in self._wakes.values():
            wake.set()

    async def release(self) -> None:
        """Free what a process that crashed had claimed. Only for a sole process, at its start."""
        async with self._storage.unit() as unit:
            await unit.jobs.release()
            await unit.deliveries.release_all()
            await unit.received.release(self._clock.now())

    async def run_jobs(self) -> None:
        """Claim and run jobs for ever, in lanes: reading never keeps those who ask waiting."""
        async with asyncio.TaskGroup() as group:
            for lane in LANES:
                group.create_task(self._run_lane(lane))

    async def _run_lane(self, lane: Lane) -> None:
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                jobs = await self._claim(lane, self._pace.at_once * lane.width - len(running))
                running |= {asyncio.create_task(self.run(job)) for job in jobs}
                running = await self._pause(lane, running)
        finally:
            for task in running:
                task.cancel()
            # Until they have rolled back, the database must not be closed.
            await asyncio.gather(*running, return_exceptions=True)

    async def repeat(self, step: Callable[[], Awaitable[int]], pause: float) -> None:
        """Call `step` for ever; rest for `pause` seconds when it had nothing to do."""
        while True:
            try:
                busy = await step()
            except (StorageError, ActivityPubError, BotError) as problem:
                log.warning("could not work", extra={"problem": str(problem)})
                busy = 0
            if not busy:
                await asyncio.sleep(pause)

    async def run(self, job: tables.Job) -> None:
        """Run one job and record what came of it; a failure is never marked done."""
        try:
            await self._handlers.get(job.kind, unknown)(job.payload)
        except (Recoverable, StorageError) as problem:
            await self._again(job, problem, getattr(problem, "retry_after", None))
        except (ActivityPubError, BotError) as problem:
            await self._fail(job, str(problem))
        except Exception as problem:  # a bug must not take the worker with it
            # Not the payload: it may hold what somebody wrote to us alone.
            log.exception("job broke", extra={"kind": job.kind, "job": job.id})
            await self._again(job, problem, None)
        else:
            await self._record(job, lambda unit, now: unit.jobs.done(job.id, now))

    async def _again(self, job: tables.Job, problem: Exception, after: timedelta | None) -> None:
        error = str(problem) or type(problem).__name__
        if job.attempts >= ATTEMPTS:
            await self._fail(job, error)
            return
        wait = min(timedelta(seconds=5) * 3**job.attempts, LONGEST) * self._pace.patience
        wait = max(wait, min(after or timedelta(), LONGEST))
        await self._record(job, lambda unit, now: unit.jobs.retry(job.id, now + wait, error))

    async def _fail(self, job: tables.Job, error: str) -> None:
        log.warning("job failed", extra={"kind": job.kind, "problem": error})
        await self._record(job, lambda unit, now: unit.jobs.fail(job.id, error, now))

    async def _record(self, job: tables.Job, write: Callable[..., Awaitable[object]]) -> None:
        try:
            async with self._storage.unit() as unit:
                await write(unit, self._clock.now())
        except StorageError as problem:  # a full disk: the lease runs out and the job comes back
            log.warning("could not record", extra={"kind": job.kind, "problem": str(problem)})

    async def _claim(self, lane: Lane, limit: int) -> list[tables.Job]:
        if limit <= 0:
            return []
        now = self._clock.now()
        try:
            async with self._storage.view() as view:
                due = await view.jobs.next_due(lane.kinds, lane.besides)
            if due is None or due > now:
                return []
            async with self._storage.unit() as unit:
                return await unit.jobs.claim("run", now, LEASE, limit, lane.kinds, lane.besides)
        except StorageError as problem:
            log.warning("could not claim jobs", extra={"problem": str(problem)})
            return []

    async def _pause(self, lane: Lane, running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        """Wait until a job ends, somebody wakes us, or the pause is over."""
        woken = asyncio.ensure_future(self._wakes[lane].wait())
        done, _ = await asyncio.wait(
            {*running, woken}, timeout=self._pace.idle, return_when=asyncio.FIRST_COMPLETED
        )
        woken.cancel()
        self._wakes[lane].clear()
        return running - done


async def unknown(payload: Mapping[str, Any]) -> None:
    """Stand in for the handler of a kind that this version does not know."""
    raise BotError("no worker knows this kind of job")
