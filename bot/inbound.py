"""What waits in the inbox is handled: in batches, each activity once, hosts taking turns.

An activity was stored before its sender got 202. Handling it again (after a crash) changes
nothing, because every effect has an id that follows from the activity's.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from activitypub.client import Client
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from activitypub.vocab import Activity, Object
from bot.authors import Authors
from bot.handlers import Handlers, Ready
from bot.ingest import own_object
from bot.recheck import Fresh, Recheck
from storage import Storage, tables
from storage.errors import StorageError

log = logging.getLogger(__name__)

BATCH = 250
LEASE = timedelta(minutes=10)
ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
NEEDS_SENDER = frozenset({"Follow", "QuoteRequest", "Flag", "Block"})
"""Types whose handling needs to know the sender's profile."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An activity that changes nothing here; `outcome` says how it is counted."""

    row: tables.ReceivedActivity
    outcome: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """An activity that could not be prepared, and why."""

    row: tables.ReceivedActivity
    problem: Exception


class Inbound:
    """Claims stored activities, asks the network what they need, and handles them together."""

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
        self._client = client
        self._clock = clock
        self._authors = authors
        self._recheck = recheck
        self._handlers = handlers
        self._wake = asyncio.Event()
        self.is_busy: Callable[[], bool] = lambda: False
        self.on_handled: Callable[[list[tables.ReceivedActivity]], None] = lambda rows: None
        self.patience = 1.0

    def wake(self) -> None:
        """Look for activities now instead of after the pause."""
        self._wake.set()

    async def run(self, idle: float) -> None:
        """Handle activities for ever; `idle` seconds at most pass unobserved."""
        while True:
            began = time.perf_counter()
            try:
                handled = await self.step()
            except StorageError as problem:
                log.warning("could not handle activities", extra={"problem": str(problem)})
                handled = 0
            if handled:
                # The inbox goes first: while senders wait for their 202, most time is theirs.
                share = 20 if self.is_busy() else 0
                await asyncio.sleep(min((time.perf_counter() - began) * share, 1.0))
                continue
            try:
                async with asyncio.timeout(idle):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def step(self) -> int:
        """Handle what is due, at most `BATCH`; return how many that were."""
        now = self._clock.now()
        async with self._storage.view() as view:
            due = await view.received.next_due()
        if due is None or due > now:
            return 0
        async with self._storage.unit() as unit:
            rows = await unit.received.claim(now, LEASE, BATCH)
        async with self._storage.view() as view:
            heard = frozenset(row.actor_id for row in await view.follows.all_following())
        # Deletes ask nobody, and so wait for nobody who has to be asked.
        for some in (
            [r for r in rows if r.type == "Delete"],
            [r for r in rows if r.type != "Delete"],
        ):
            await self._handle(some, heard)
        self.on_handled(rows)
        return len(rows)

    async def _handle(self, rows: Sequence[tables.ReceivedActivity], heard: frozenset[str]) -> None:
        prepared = await asyncio.gather(*(self._prepare(row, heard) for row in rows))
        for item in prepared:
            if isinstance(item, Postponed):
                await self._again(item.row, item.problem)
        # Most of what comes concerns nobody here: that needs no unit of work but to be noted.
        idle = {item.row.id: item.outcome for item in prepared if isinstance(item, Idle)}
        if idle:
            async with self._storage.unit() as unit:
                await unit.received.settle_all(idle, self._clock.now())
        await self._together([item for item in prepared if isinstance(item, Ready)])

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

    async def _prepare(
        self, row: tables.ReceivedActivity, heard: frozenset[str]
    ) -> Ready | Idle | Postponed:
        """Ask the network what handling needs, before the unit of work.

        `heard` are the actors that we follow.
        """
        try:
            activity = Activity.parse(row.document)
            outcome = self._handlers.idle(activity)
            if outcome is not None and row.signer is None:
                return Idle(row, outcome)
            # Most of what comes by shared inboxes neither names us nor is by anyone we follow.
            stranger = heard.isdisjoint({row.actor_id, row.signer}) and activity.type == "Create"
            if stranger and not self._handlers.names_us(row.document):
                return Idle(row, "ignored")
            post = own_object(activity) if row.signer is None else None
            if row.signer is None and activity.type == "Create" and post is None:
                post = await self._addressed(activity)
            mentioned = self._handlers.mentioned(post) if post else None
            if stranger and not mentioned:
                return Idle(row, "ignored")
            if activity.type in NEEDS_SENDER or (mentioned and activity.type == "Create"):
                await self._authors.learn([activity.actor], speaking=True)
            fresh = await self._fresh(activity, post)
            return Ready(row, activity, post, mentioned, fresh)
        except (ActivityPubError, StorageError, ValueError) as problem:
            return Postponed(row, problem)

    async def _addressed(self, activity: Activity) -> Object | None:
        """Fetch the post of a Create that names it by id only, if it is meant for us."""
        if not self._handlers.is_for_us(activity) or activity.object_id is None:
            return None
        found = await self._client.object(activity.object_id)
        return found if found.author == activity.actor else None

    async def _fresh(self, activity: Activity, post: Object | None) -> Fresh | None:
        """Sift the new version of a stored post."""
        if activity.type != "Update" or post is None:
            return None
        async with self._storage.view() as view:
            stored = await view.posts.get(post.id)
        if stored is None or stored.author_id != activity.actor or stored.erased_at:
            return None
        if stored.updated and post.updated and post.updated < stored.updated:
            return None  # an older edit that was held up on its way
        return await self._recheck.renew(stored, post)

    async def _again(self, row: tables.ReceivedActivity, problem: Exception) -> None:
        """Put an activity back, or give it up: what is final, and what failed often enough."""
        error = str(problem) or type(problem).__name__
        now = self._clock.now()
        final = isinstance(problem, ActivityPubError | ValueError) and not isinstance(
            problem, Recoverable
        )
        async with self._storage.unit() as unit:
            if final or row.attempts >= ATTEMPTS:
                await unit.received.settle_all({row.id: f"failed: {error}"[:200]}, now)
                return
            wait = min(timedelta(seconds=5) * 3**row.attempts, LONGEST_WAIT) * self.patience
            await unit.received.again(row.id, now + wait, error[:500])
