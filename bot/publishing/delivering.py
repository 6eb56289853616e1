"""Sending what waits to be delivered, and recording what came of it."""

import asyncio
import logging
import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta

from cachetools import LRUCache, TTLCache

from activitypub import health
from activitypub.delivery import Delivered, Failed, GoneInbox, Outcome, Parcel, Retry, Sender
from activitypub.health import Health, Verdict
from activitypub.ports import Clock
from activitypub.uris import Uris
from bot.publishing.follower_sync import FollowersDigests
from storage import Storage, tables
from storage.deliveries import Attempt
from storage.errors import StorageError

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any claimed delivery waits and takes; a crashed process's claims are free at
restart."""
FOR_THE_DEAD = timedelta(days=8)
"""How long what takes words back waits for a host that was dead by then: as long as for others."""
GATHER = 0.02
"""Seconds for which outcomes are gathered into one commit."""
MOST_OUTCOMES = 500
MOST_ILL = 50_000
"""Hosts whose failures are remembered: whoever has a domain can make as many as he likes."""
FRESH = 1.0
"""Seconds for which an activity's text is kept, since many want the same one at a time. `renew`
drops it earlier; this is for what another process (a command) has rewritten."""


class Deliverer:
    """Claims due deliveries, sends them side by side, records each outcome.

    Hosts take turns and get `per_host` connections each; one that fails again and again is left
    alone (`activitypub.health`). `refuses` tells the inboxes on hosts that the operator blocks.

    What takes words back goes first, and to one inbox one thing at a time: so no slow copy of the
    old words arrives behind the new ones.
    """

    def __init__(  # noqa: PLR0913  collaborators and limits
        self,
        storage: Storage,
        clock: Clock,
        uris: Uris,
        sender: Sender,
        *,
        at_once: int,
        per_host: int,
        refuses: Callable[[str], bool] = lambda inbox: False,
        on_outcome: Callable[[tables.Delivery, Outcome], None] = lambda row, outcome: None,
        patience: float = 1.0,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._uris = uris
        self._sender = sender
        self._at_once = at_once
        self._per_host = per_host
        self._refuses = refuses
        self._on_outcome = on_outcome
        self._patience = patience
        self._digests = FollowersDigests(storage, uris)
        self._queues: dict[str, deque[tables.Delivery]] = {}
        self._sending: dict[asyncio.Task[None], tables.Delivery] = {}
        self._per: Counter[str] = Counter()
        self._busy: set[str] = set()
        self._version = 0
        self._ended: list[Attempt] = []
        self._gone: list[str] = []
        self._recovered: set[str] = set()
        self._ill: LRUCache[str, Health] = LRUCache(MOST_ILL)
        self._texts: TTLCache[str, bytes | None] = TTLCache(1000, FRESH)
        self._reading = asyncio.Lock()
        self._wake = asyncio.Event()
        self._hungry = asyncio.Event()

    def wake(self) -> None:
        """Look for deliveries now instead of after the pause."""
        self._hungry.set()

    def renew(self) -> None:
        """Read activities anew: some have just been rewritten."""
        self._version += 1
        self._texts.clear()
        self.wake()

    def heard_from(self, host: str) -> None:
        """Take note that a host lives: it just sent us something signed."""
        if host in self._ill:
            del self._ill[host]
            self._recovered.add(host)
            self.wake()

    async def run(self, idle: float) -> None:
        """Deliver for ever; `idle` seconds at most pass unobserved."""
        async with self._storage.view() as view:
            for row in await view.hosts.all():
                self._ill[row.host] = Health(row.failures, row.failing_since, row.closed_until)
        others = [
            asyncio.create_task(self._record()),
            asyncio.create_task(self._supply(idle)),
        ]
        try:
            while True:
                self._start()
                await self._wake.wait()
                self._wake.clear()
        finally:
            for task in (*self._sending, *others):
                task.cancel()
            await asyncio.gather(*self._sending, *others, return_exceptions=True)
            await self._flush()

    async def _supply(self, idle: float) -> None:
        """Claim what is due for ever, so that there is always something to start."""
        while True:
            try:
                claimed = await self._claim()
            except StorageError as problem:
                log.warning("could not claim deliveries", extra={"problem": str(problem)})
                claimed = 0
            if claimed:
                self._wake.set()
                continue
            try:
                async with asyncio.timeout(idle):
                    await self._hungry.wait()
            except TimeoutError:
                pass
            self._hungry.clear()

    async def _claim(self) -> int:
        """Fill up what is in hand; return how many deliveries were claimed."""
        full_hands = self._in_hand() >= 2 * self._at_once
        if full_hands and any(row.urgent for queue in self._queues.values() for row in queue):
            return 0
        now = self._clock.now()
        async with self._storage.view() as view:
            due = await view.deliveries.next_due()
        if due is None or due > now:
            return 0
        full = [h for h, queue in self._queues.items() if len(queue) >= 4 * self._per_host]
        async with self._storage.unit() as unit:
            rows = await unit.deliveries.claim(
                now, LEASE, 4 * self._at_once, full, only_urgent=full_hands
            )
        await self._digests.prepare(rows)
        urgent: dict[str, list[tables.Delivery]] = {}
        for row in rows:
            if row.urgent:
                urgent.setdefault(row.host, []).append(row)
            else:
                self._queues.setdefault(row.host, deque()).append(row)
        for host, first in urgent.items():
            self._queues.setdefault(host, deque()).extendleft(reversed(first))
        return len(rows)

    def _start(self) -> int:
        """Start sending: each host's turn in order, up to the limits; return how many."""
        started = 0
        for host in sorted(self._queues, key=lambda host: turn(self._queues[host][0])):
            queue = self._queues[host]
            while (
                queue
                and len(self._sending) < self._places(queue[0])
                and self._per[host] < self._per_host
                and queue[0].inbox not in self._busy
            ):
                row = queue.popleft()
                if self._is_settled(row):
                    continue
                task = asyncio.create_task(self._deliver(row))
                self._sending[task] = row
                self._per[host] += 1
                self._busy.add(row.inbox)
                task.add_done_callback(self._ended_sending)
                started += 1
            if queue:
                self._queues[host] = self._queues.pop(host)  # to the end: others first
            else:
                del self._queues[host]
        if self._in_hand() < 2 * self._at_once:
            self._hungry.set()
        return started

    def _places(self, row: tables.Delivery) -> int:
        """Return how many deliveries may be under way for this one to start.

        There are some more for what is urgent: all others may be held by hosts that hang.
        """
        return self._at_once + (self._at_once + 3) // 4 if row.urgent else self._at_once

    def _in_hand(self) -> int:
        """Count what is claimed, of each host only as much as it can take soon."""
        return sum(min(len(queue), 4 * self._per_host) for queue in self._queues.values())

    def _is_settled(self, row: tables.Delivery) -> bool:
        """Settle a delivery that is not to be sent: a blocked, sleeping or dead host."""
        now = self._clock.now()
        if self._refuses(row.inbox) and not row.urgent:  # a blocked host has to forget, too
            self._end(row, Attempt(row.id or 0, "failed", None, "the operator blocks this host"))
            return True
        ill = self._ill.get(row.host)
        judged = health.verdict(ill, now)
        if judged is Verdict.SEND or ill is None:
            return False
        if judged is Verdict.DROP and not (row.urgent and now - row.created_at < FOR_THE_DEAD):
            error = f"{row.host} has not answered since {ill.failing_since:%Y-%m-%d}"
            self._end(row, Attempt(row.id or 0, "failed", None, error))
        else:
            error = f"{row.host} failed {ill.failures} times; it is left alone for a while"
            until = ill.closed_until or now
            self._end(row, Attempt(row.id or 0, "waiting", None, error, until, untried=True))
        return True

    def _ended_sending(self, task: "asyncio.Task[None]") -> None:
        row = self._sending.pop(task)
        self._busy.discard(row.inbox)
        self._per[row.host] -= 1
        if not self._per[row.host]:
            del self._per[row.host]
        self._wake.set()

    async def _deliver(self, row: tables.Delivery) -> None:
        try:
            body = await self._text(row.activity_id)
        except StorageError as problem:
            log.warning("could not read an activity", extra={"problem": str(problem)})
            return  # its lease runs out
        if body is None:
            missing = "what it says was withdrawn"
            self._end(row, Attempt(row.id or 0, "failed", None, missing))
            return
        # Only what is for the followers tells who they are.
        followers = self._uris.collection(row.bot, "followers").encode()
        headers = self._digests.header(row) if followers in body else {}
        parcel = Parcel(body, row.inbox, self._uris.actor(row.bot), headers, row.attempts)
        outcome = await self._sender.send(parcel)
        number, now = row.id or 0, self._clock.now()
        match outcome:
            case Delivered(status=status):
                if self._ill.pop(row.host, None):
                    self._recovered.add(row.host)
                self._end(row, Attempt(number, "delivered", status))
            case Retry(after=after):
                await self._failed(row.host, str(outcome.error))
                error, later = outcome.error, now + after
                self._end(row, Attempt(number, "waiting", error.status, str(error), later))
            case GoneInbox():
                self._gone.append(row.inbox)
                self._end(row, Attempt(number, "failed", 410, str(outcome.error)))
            case Failed(error=error):
                self._end(row, Attempt(number, "failed", error.status, str(error)))
        self._on_outcome(row, outcome)

    async def _failed(self, host: str, error: str) -> None:
        """Remember a failure; when that closes the host, let all that waits for it wait."""
        now = self._clock.now()
        ill = health.after_failure(self._ill.get(host), now, random=jitter(), scale=self._patience)
        self._ill[host] = ill
        self._recovered.discard(host)
        row = tables.PeerHost(
            host=host,
            failures=ill.failures,
            failing_since=ill.failing_since,
            closed_until=ill.closed_until,
            error=error[:300],
        )
        try:
            async with self._storage.unit() as unit:
                await unit.hosts.put(row)
                if ill.closed_until is not None and not ill.is_dead(now):
                    await unit.deliveries.defer(host, ill.closed_until)
        except StorageError as problem:
            log.warning("could not record a failure", extra={"problem": str(problem)})

    async def _text(self, activity_id: str) -> bytes | None:
        """Return an activity as it is sent, as fresh as a second ago."""
        async with self._reading:  # many want the same one at a time
            if activity_id in self._texts:
                return self._texts[activity_id]
            version = self._version
            async with self._storage.view() as view:
                row = await view.activities.get(activity_id)
            text = Parcel.write(row.document) if row and not holds_tombstone(row) else None
            if version == self._version:  # else it was rewritten meanwhile
                self._texts[activity_id] = text
            return text

    def _end(self, row: tables.Delivery, attempt: Attempt) -> None:
        self._ended.append(attempt)
        log.log(
            logging.DEBUG if attempt.state == "delivered" else logging.INFO,
            "delivery",
            extra={
                "inbox": row.inbox,
                "state": attempt.state,
                "status": attempt.status,
                "error": attempt.error,
            },
        )

    async def _record(self) -> None:
        """Write outcomes for ever, many in one commit."""
        while True:
            await asyncio.sleep(GATHER)
            try:
                await self._flush()
            except StorageError as problem:  # a full disk: they are kept and tried again
                log.warning("could not record deliveries", extra={"problem": str(problem)})
                await asyncio.sleep(1)

    async def _flush(self) -> None:
        if not (self._ended or self._gone or self._recovered):
            return
        batch, gone, recovered = (
            self._ended[:MOST_OUTCOMES],
            list(dict.fromkeys(self._gone)),
            list(self._recovered),
        )
        async with self._storage.unit() as unit:
            await unit.deliveries.record_all(batch, at=self._clock.now())
            for inbox in gone:
                await unit.follows.remove_inbox(inbox)
            if recovered:
                await unit.hosts.recovered(recovered)
        # Only now: what could not be written is still here to be written.
        del self._ended[: len(batch)]
        self._gone = [inbox for inbox in self._gone if inbox not in gone]
        self._recovered.difference_update(recovered)


def turn(row: tables.Delivery) -> tuple[bool, int]:
    """Return what deliveries are ordered by: urgent ones as they were planned, then the others."""
    return (False, row.id or 0) if row.urgent else (True, 0)


def holds_tombstone(row: tables.OutgoingActivity) -> bool:
    """Tell whether an activity would publish what was withdrawn since."""
    content = row.document.get("object")
    gone = isinstance(content, dict) and content.get("type") == "Tombstone"
    return gone and row.type != "Delete"


def jitter() -> float:
    """Return a random number in [0, 1) for the retry policy."""
    return random.random()  # noqa: S311  spreads load, guards nothing
