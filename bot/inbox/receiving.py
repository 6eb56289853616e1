"""The inbox's side of storage: what arrives is on disk before the sender hears."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from cachetools import TTLCache

from activitypub.addressing import host_of
from activitypub.errors import BudgetSpent
from activitypub.ports import Clock, Receipt
from activitypub.vocab import Activity, Actor, PublicKey
from bot.consent.authors import Authors, row_of
from bot.taking_back.looks import HOUR, look_soon
from storage import Storage, tables
from storage.received import Arrival, Arrived, passed_on

FRESH = 30.0
"""Seconds for which keys, and whom we follow, are remembered between requests."""
MOST_KEYS = 10_000
MOST_WAITING = 100_000
MOST_WAITING_PER_HOST = 20_000
"""Activities that may wait to be handled; a sender is told to come later then."""
MOST_AT_ONCE = 500
"""Activities in one commit."""
ROUNDS = 2
"""Rounds of the event loop without a new arrival, after which a commit begins."""

AGAIN = frozenset({"Follow", "Undo", "Block", "Update", "Delete"})
"""Types that count each time they are told, under whatever id; telling one twice changes nothing.

WriteFreely gives Create, Update and Delete of a post the same id, and each edit the same again; on
Misskey and Pixelfed a Follow, and its Undo, have the same id each time."""

LONGEST_DIGEST = 128
"""Twice that of FEP-8fcf, in hexadecimal; it becomes part of a key."""
PARAMETER = re.compile(r'(\w{1,20})="([!#-~]{0,1000})"')
"""A parameter of `Collection-Synchronization`: addresses and figures, so ASCII without spaces."""

Pending = tuple[Arrived, "asyncio.Future[Receipt]"]


class StoredInbox:
    """Implements `activitypub.ports.Inbox`.

    Group commit: what arrives while one commit is under way shares the next one. Each waits for
    its own to be on disk, so 202 means the same as with one commit each, at a fraction of the cost.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        authors: Authors,
        wake: Callable[[], None],
        heard_from: Callable[[str], None] = lambda host: None,
        is_reading: Callable[[str], bool] = lambda host: False,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._authors = authors
        self._wake = wake
        self._heard_from = heard_from
        self._is_reading = is_reading
        self._pending: list[Pending] = []
        self._writing: asyncio.Task[None] | None = None
        self._followed: TTLCache[str, frozenset[str]] = TTLCache(1, FRESH)
        self.waiting: Counter[str] = Counter()

    async def blocks(self, host: str) -> bool:
        """Tell whether the operator lists `host` or a parent of it."""
        return self._authors.is_listed_host(host)

    async def knows(self, actor_id: str) -> bool:
        """Tell whether anything of this actor is stored."""
        async with self._storage.view() as view:
            if await view.actors.get(actor_id) is not None:
                return True
            return await view.posts.has_author(actor_id) or await view.traces.has_author(actor_id)

    async def has(self, uri: str) -> bool:
        """Tell whether a post is stored, asked us something, or may be being fetched just now.

        Or whether it did: what was said by it to one person may have to be taken back still.
        """
        # In this order: a reading that ends in between has stored what it read.
        if self._is_reading(host_of(uri)):
            return True
        async with self._storage.view() as view:
            if await view.posts.get(uri) or await view.answers.get(uri):
                return True
            return await view.traces.has_post(uri) or bool(await view.traces.of_request(uri))

    async def hears(self, uri: str) -> bool:
        """Tell whether we follow the actor `uri`, or, of a key, anyone on its server."""
        followed = self._followed.get("all")
        if followed is None:
            async with self._storage.view() as view:
                rows = await view.follows.all_following()
            ids = {row.actor_id for row in rows if row.state != "rejected"}
            followed = frozenset(ids | {f"host:{host_of(actor_id)}" for actor_id in ids})
            self._followed["all"] = followed
        return uri in followed or ("#" in uri and f"host:{host_of(uri)}" in followed)

    async def accept(self, activity: Activity, handle: str | None, signer: str) -> Receipt:
        """Store a verified activity; return when it is on disk.

        Raises `BudgetSpent` when too much waits already, of this host or in all.
        """
        host = host_of(signer)
        self._heard_from(host)
        if self.waiting.total() >= MOST_WAITING or self.waiting[host] >= MOST_WAITING_PER_HOST:
            raise BudgetSpent("too much waits to be handled", retry_after=timedelta(minutes=5))
        own = signer == activity.actor
        row = Arrived(
            id=activity.id if own else passed_on(activity.id, signer),
            actor_id=activity.actor,
            type=activity.type,
            document=dict(activity.document),
            bot=handle,
            signer=None if own else signer,
            host=host,
            received_at=self._clock.now(),
            again=own and activity.type in AGAIN,
        )
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._pending.append((row, receipt))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await receipt

    async def synchronize(self, actor_id: str, header: str) -> None:
        """Queue a comparison of whom we follow with what the followed one says (FEP-8fcf).

        One an hour at most: each delivery tells it anew, so a difference that lasts is seen.
        """
        told = dict(PARAMETER.findall(header[:2000]))
        if not await self.hears(actor_id) or not {"url", "digest"} <= told.keys():
            return
        if len(told["digest"]) > LONGEST_DIGEST:
            return
        now = self._clock.now()
        payload = {"actor": actor_id, "url": told["url"], "digest": told["digest"]}
        async with self._storage.unit() as unit:
            key = f"compare:{actor_id}:{now:%Y-%m-%dT%H}"
            await unit.jobs.enqueue("compare", payload, run_at=now, key=key)

    async def doubt(self, uri: str) -> None:
        """Queue a look at something of which we are told, without proof, that it is gone."""
        async with self._storage.unit() as unit:
            stored = await unit.posts.get(uri) or await unit.actors.get(uri)
            traced = await unit.traces.has_post(uri) or await unit.traces.has_author(uri)
            if stored or traced:
                await look_soon(unit, uri, self._clock.now(), HOUR)
        self._wake()

    def is_busy(self) -> bool:
        """Tell whether senders wait for an answer right now."""
        return bool(self._pending) or self._writing is not None

    def handled(self, rows: list[tables.ReceivedActivity]) -> None:
        """Take note that these no longer wait."""
        for row in rows:
            self.waiting[row.host] -= 1
            if self.waiting[row.host] <= 0:
                del self.waiting[row.host]

    async def count_waiting(self) -> None:
        """Learn what waits, at the start."""
        async with self._storage.view() as view:
            self.waiting = Counter(await view.received.waiting())

    async def _write(self) -> None:
        """Commit what is pending, again and again until there is nothing."""
        try:
            while self._pending:
                await self._company()
                batch, self._pending = (
                    self._pending[:MOST_AT_ONCE],
                    self._pending[MOST_AT_ONCE:],
                )
                await self._commit(batch)
                self._wake()
        finally:
            self._writing = None
            if self._pending:  # we were cancelled: those who wait are told, not left hanging
                _fail(self._pending, ConnectionError("the server stops"))
                self._pending = []

    async def _company(self) -> None:
        """Let those who are nearly here come along: rounds of the loop, as long as some arrive.

        No clock is waited for, so who comes alone is not held up.
        """
        quiet = 0
        while quiet < ROUNDS and len(self._pending) < MOST_AT_ONCE:
            before = len(self._pending)
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._pending) == before else 0

    async def _commit(self, batch: list[Pending]) -> None:
        try:
            arrivals = await self._stored([row for row, _ in batch])
        except BaseException as problem:
            _fail(batch, problem if isinstance(problem, Exception) else ConnectionError("stopped"))
            if not isinstance(problem, Exception):
                raise
            return
        for (row, receipt), arrival in zip(batch, arrivals, strict=True):
            if arrival == "new":
                self.waiting[row.host] += 1
            if not receipt.done():  # its sender may have hung up
                receipt.set_result(Receipt(arrival))

    async def _stored(self, rows: list[Arrived]) -> list[Arrival]:
        """Store a batch: quickly if all is new, as nearly always, else looking at each."""
        if await self._storage.receive(rows):
            return ["new"] * len(rows)
        async with self._storage.unit() as unit:
            return await unit.received.add_all(rows)


class StoredKeys:
    """Implements `activitypub.ports.RemoteKeys` on the actors table, with a memory before it."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._near: TTLCache[str, PublicKey] = TTLCache(MOST_KEYS, FRESH)

    async def find(self, key_id: str) -> PublicKey | None:
        """Return the stored key of that id; none for an actor that is gone."""
        near = self._near.get(key_id)
        if near is not None:
            return near
        async with self._storage.view() as view:
            row = await view.actors.by_key(key_id)
            row = row or await view.actors.get(key_id.partition("#")[0])
        if row is None or row.gone_at:
            return None
        found = next((key for key in keys_of(row) if key.id == key_id), None)
        if found is not None:
            self._near[key_id] = found
        return found

    async def remember(self, key_id: str, actor: Actor) -> None:
        """Keep the actor with its keys."""
        row = row_of(actor, self._clock)
        if any(key.id == key_id for key in actor.public_keys):
            row.key_id = key_id
        async with self._storage.unit() as unit:
            await unit.actors.put(row)
        for key in actor.public_keys:
            self._near[key.id] = key


def keys_of(row: tables.Actor) -> tuple[PublicKey, ...]:
    """Return the keys that a stored actor lists as its own."""
    try:
        return Actor.parse(row.document).public_keys
    except ValueError:
        return ()


def _fail(batch: list[Pending], problem: Exception) -> None:
    for _, receipt in batch:
        if not receipt.done():
            receipt.set_exception(problem)
