"""The clock: what is due because time has passed."""

import random
from datetime import datetime, timedelta

from activitypub.ports import Clock
from bot.answering.limits import OFF
from bot.reading.watching import Watcher
from bot.taking_back.retention import Lifetimes, Retention
from bot.topic import Topic
from storage import Storage, UnitOfWork, tables

TOO_LATE = timedelta(hours=12)
"""A digest this long after its hour (the server was down) is not made up for."""
SUBSCRIBED_AGAIN = timedelta(hours=1)
"""When a subscription is looked at again whose sending failed."""
AUDIT_EVERY = timedelta(days=1)
PIECE = 200
"""Looks that are queued in one transaction."""
AUTHORS_EVERY = timedelta(days=3)
AUDIT_FOR = timedelta(days=30)
"""What is published is looked at daily for this long: a Delete is not always delivered to us."""


class Schedule:
    """Queues what is due: polls, digests, threads to read again, and cleaning."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        watcher: Watcher,
        topics: tuple[Topic, ...],
        retention: Retention,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._watcher = watcher
        self._topics = topics
        self._retention = retention

    @property
    def lifetimes(self) -> Lifetimes:
        """How long things are kept."""
        return self._retention.lifetimes

    async def tick(self) -> int:
        """Queue all that is due; return how many jobs that made."""
        queued = await self._watcher.schedule()
        for topic in self._topics:
            queued += await self._digest(topic)
        queued += await self._rereads()
        queued += await self._subscribed()
        queued += await self._audit()
        now = self._clock.now()
        async with self._storage.unit() as unit:
            await unit.jobs.sweep(now)
            await unit.deliveries.sweep(now)
        await self._retention.clean()
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

    async def _subscribed(self) -> int:
        """Queue what is due to subscribers; nothing while the operator has answers stopped."""
        now, queued = self._clock.now(), 0
        bots = [topic.handle for topic in self._topics]
        async with self._storage.view() as view:
            off = await view.switches.is_off(OFF)
            due = [] if off else await view.subscriptions.due(now, 50, bots)
        if due:
            async with self._storage.unit() as unit:
                for row in due:
                    # Put off until the job has had its time: one that fails must not stand first.
                    row.next_at = now + SUBSCRIBED_AGAIN
                    lease = row.next_at.isoformat()
                    payload, key = {"id": row.id, "lease": lease}, f"personal:{row.id}:{lease}"
                    await unit.subscriptions.put(row)
                    queued += await unit.jobs.enqueue("personal", payload, run_at=now, key=key)
        return queued

    async def _audit(self) -> int:
        """Queue the audit of a day once."""
        now = self._clock.now()
        async with self._storage.unit() as unit:
            key = f"audit:{now:%Y-%m-%d}"
            return await unit.jobs.enqueue("audit", {}, run_at=now, key=key)

    async def audit(self) -> None:
        """Queue a look at each post that is shown or cited and its author, spread over the day.

        Authors are looked at for as long as anything of theirs is published: a profile that nobody
        has read for a week counts as a refusal. Doing it twice in a day changes nothing.
        """
        now = self._clock.now()
        async with self._storage.view() as view:
            shown = await view.digests.shown_posts(now - AUDIT_FOR)
            rows = await view.posts.get_many(sorted(shown))
            authors = [row.author_id for row in rows.values()]
            wanted = list(dict.fromkeys([*rows, *authors, *await self._unread(view, now)]))
        for start in range(0, len(wanted), PIECE):  # others write between the pieces
            looks = [
                tables.Job(
                    kind="look",
                    key=f"look:{uri}:{now:%Y-%m-%d}",
                    payload={"uri": uri},
                    run_at=now + AUDIT_EVERY * random.random(),  # noqa: S311  spreads load
                )
                for uri in wanted[start : start + PIECE]
            ]
            async with self._storage.unit() as unit:
                await unit.jobs.enqueue_all(looks)

    async def _unread(self, unit: UnitOfWork, now: datetime) -> list[str]:
        """Return the authors of whatever is published whose profiles were not read lately."""
        shown = await unit.posts.get_many(sorted(await unit.digests.shown_posts()))
        actors = await unit.actors.get_many(list({row.author_id for row in shown.values()}))
        return [row.id for row in actors.values() if now - row.fetched_at > AUTHORS_EVERY]
