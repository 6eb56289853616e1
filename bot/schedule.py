"""The clock: what is due because time has passed."""

import random
from datetime import datetime, timedelta

from activitypub.ports import Clock
from bot import remembering
from bot.topic import Topic
from bot.watching import Watcher
from storage import Storage

TOO_LATE = timedelta(hours=12)
"""A digest this long after its hour (the server was down) is not made up for."""
KEEP_DONE = timedelta(days=7)
KEEP_RECEIVED = timedelta(days=14)
"""Longer than anyone tries again, and than any signature is good for: no replay gets through."""
AUDIT_EVERY = timedelta(days=1)
AUDIT_FOR = timedelta(days=30)
"""Cited posts are looked at daily for this long: a Delete is not always delivered to us."""


class Schedule:
    """Queues what is due: polls, digests, threads to read again, and cleaning."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        watcher: Watcher,
        topics: tuple[Topic, ...],
        keep: timedelta,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._watcher = watcher
        self._topics = topics
        self._keep = keep

    async def tick(self) -> int:
        """Queue all that is due; return how many jobs that made."""
        queued = await self._watcher.schedule()
        for topic in self._topics:
            queued += await self._digest(topic)
        queued += await self._rereads()
        queued += await self._audit()
        await self._clean()
        return queued

    async def _digest(self, topic: Topic) -> int:
        now = self._clock.now()
        period, moment = topic.digest_due(now)
        if now - moment > TOO_LATE:
            return 0
        async with self._storage.view() as view:
            if await view.digests.by_period(topic.handle, period):
                return 0
            since = await self._since(topic, moment)
        payload = {
            "bot": topic.handle,
            "period": period,
            "since": since.isoformat(),
            "until": moment.isoformat(),
        }
        async with self._storage.unit() as unit:
            key = f"digest:{topic.handle}:{period}"
            return await unit.jobs.enqueue("digest", payload, run_at=now, key=key)

    async def _since(self, topic: Topic, until: datetime) -> datetime:
        """Start where the last digest ended, but never more than a week back."""
        async with self._storage.view() as view:
            latest = await view.digests.latest(topic.handle, 1)
        day_before = until - timedelta(days=1)
        if not latest:
            return day_before
        return max(min(latest[0].until, day_before), until - timedelta(days=7))

    async def _rereads(self) -> int:
        now = self._clock.now()
        async with self._storage.unit() as unit:
            due = await unit.threads.due(now, 20)
            for thread in due:
                findings = await unit.findings.for_thread(thread.id)
                bot = findings[0].bot if findings else self._topics[0].handle
                payload = {"bot": bot, "post": thread.id}
                # Spread out: threads that were found together are not read together for ever.
                soon = now + timedelta(seconds=random.uniform(0, 30))  # noqa: S311
                key = f"reread:{thread.id}:{thread.next_read_at}"
                await unit.jobs.enqueue("reread", payload, run_at=soon, key=key)
                thread.next_read_at = None
                await unit.threads.put(thread)
        return len(due)

    async def _audit(self) -> int:
        """Queue a look at each cited post and its author, spread over the day."""
        now = self._clock.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._storage.unit() as unit:
            whole = f"audit:{day:%Y-%m-%d}"
            if not await unit.jobs.enqueue("audit", {}, run_at=now, key=whole):
                return 0
            posts = await unit.digests.cited_posts(now - AUDIT_FOR)
            rows = await unit.posts.get_many(posts)
            for uri in dict.fromkeys([*rows, *(row.author_id for row in rows.values())]):
                later = now + AUDIT_EVERY * random.random()  # noqa: S311  spreads load
                key = f"recheck:{uri}:{day:%Y-%m-%d}"
                await unit.jobs.enqueue("recheck", {"uri": uri}, run_at=later, key=key)
        return len(rows)

    async def _clean(self) -> None:
        now = self._clock.now()
        async with self._storage.unit() as unit:
            await unit.jobs.sweep(now)
            await unit.deliveries.sweep(now)
            await unit.jobs.prune(now - KEEP_DONE)
            await unit.jobs.prune(now - self._keep, "failed")
            await unit.received.prune(now - KEEP_RECEIVED)
            await unit.deliveries.prune(now - self._keep)
            await unit.activities.prune(now - self._keep)
            await unit.posts.forget(now - self._keep, now)
            await remembering.prune(unit, now, self._keep)
