"""From a request to the certainty of who sent it: the key, its owner, and the signature."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from cachetools import TTLCache

from activitypub.addressing import host_of, same_origin
from activitypub.client import Client
from activitypub.errors import (
    ActivityPubError,
    BadSignature,
    BudgetSpent,
    KeyGone,
    Missing,
    Recoverable,
    Refused,
)
from activitypub.ports import Clock, RemoteKeys
from activitypub.signatures import Candidate, keys
from activitypub.vocab import Actor, PublicKey, one_id

FORGET_FAILURE = timedelta(minutes=10)
"""How long a key that could not be had is not asked for again."""
REFETCH = timedelta(minutes=1)
"""How long after fetching a key its rotation is not believed again: wrong signatures are cheap."""
MOST_REMEMBERED = 10_000
IN_VAIN, MOST_IN_VAIN = timedelta(minutes=10), 60
"""Fetches from one host in that time that proved nothing, after which there are no more: anyone can
name keys there, and would have us knock for them."""
MOST_WAITING = 200
MOST_WAITING_PER_HOST = 20
"""Requests that may wait for keys at a time; others are told to come later."""


class Verifier:
    """Finds out who signed a request, fetching keys it does not know and those that were rotated.

    Failures are remembered for a while, within a bound, so that a flood signed with keys that do
    not exist costs one fetch for each key and few for each host, and a slow host keeps only its own
    senders waiting.
    """

    def __init__(self, client: Client, known: RemoteKeys, clock: Clock) -> None:
        self._client = client
        self._known = known
        self._clock = clock
        self._failed: TTLCache[str, BadSignature] = TTLCache(
            MOST_REMEMBERED, FORGET_FAILURE.total_seconds()
        )
        self._asked_anew: TTLCache[str, bool] = TTLCache(MOST_REMEMBERED, REFETCH.total_seconds())
        self._in_vain: TTLCache[str, list[str]] = TTLCache(MOST_REMEMBERED, IN_VAIN.total_seconds())
        self._under_way: dict[str, asyncio.Task[PublicKey]] = {}
        self._waiting: Counter[str] = Counter()

    def now(self) -> datetime:
        """Return the clock's time."""
        return self._clock.now()

    async def signer(self, candidate: Candidate) -> str:
        """Return the id of the actor whose key made the signature.

        Raises `BadSignature`; `KeyGone` when the key's server says that there is no such key; and a
        recoverable error when it cannot be asked just now.
        """
        key = await self._known.find(candidate.key_id)
        if key is not None and _fits(candidate, key):
            return key.owner
        # Unknown, or it was rotated since: ask for the key once.
        if key is not None:
            if candidate.key_id in self._asked_anew:
                raise BadSignature("the signature is wrong")
            self._asked_anew[candidate.key_id] = True
        key = await self._fetch_once(candidate.key_id)
        if not _fits(candidate, key):
            self._fetched_in_vain(candidate.key_id, again=False)
            raise BadSignature("the signature is wrong")
        return key.owner

    async def _fetch_once(self, key_id: str) -> PublicKey:
        """Fetch a key; requests that wait for the same key share one fetch."""
        failure = self._failed.get(key_id)
        if failure is not None:
            raise failure.again()
        task = self._under_way.get(key_id)
        if task is None:
            host = host_of(key_id)
            if len(self._in_vain.get(host, ())) >= MOST_IN_VAIN:
                raise BudgetSpent(f"too many keys of {host} were asked for in vain", url=key_id)
            task = asyncio.create_task(self._asked(key_id))
            self._under_way[key_id] = task
            task.add_done_callback(lambda _: self._under_way.pop(key_id, None))
        try:
            return await self._patiently(key_id, task)
        except Recoverable:
            raise
        except BadSignature as problem:
            self._failed[key_id] = problem
            raise
        except (Missing, Refused) as problem:  # since 2026 some say 403 of what is gone
            self._failed[key_id] = gone = KeyGone(f"the key cannot be had: {problem}")
            raise gone from problem
        except ActivityPubError as problem:
            self._failed[key_id] = failed = BadSignature(f"the key cannot be fetched: {problem}")
            raise failed from problem

    async def _asked(self, key_id: str) -> PublicKey:
        try:
            return await self._fetch(key_id)
        except ActivityPubError:
            self._fetched_in_vain(key_id, again=True)
            raise

    def _fetched_in_vain(self, key_id: str, *, again: bool) -> None:
        """Count a fetch that proved nothing; of several who wait for one, only the first counts."""
        known: list[str] = self._in_vain.setdefault(host_of(key_id), [])
        if again or key_id not in known:
            known.append(key_id)

    async def _patiently(self, key_id: str, task: "asyncio.Task[PublicKey]") -> PublicKey:
        host = host_of(key_id)
        if self._waiting.total() >= MOST_WAITING or self._waiting[host] >= MOST_WAITING_PER_HOST:
            raise BudgetSpent(f"too many requests wait for keys of {host}", url=key_id)
        self._waiting[host] += 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[host] -= 1
            if not self._waiting[host]:
                del self._waiting[host]

    async def _fetch(self, key_id: str) -> PublicKey:
        """Fetch the key document: the actor itself, a stub of it, or a key with an owner.

        In each case the actor's own document must list the key, so owner and key name each other.
        """
        document = await self._client.fetch(key_id)
        owner = one_id(document.get("owner")) or one_id(document.get("controller"))
        if owner is None and "inbox" not in document:
            listed = document.get("publicKey")
            owner = one_id(listed.get("owner")) if isinstance(listed, Mapping) else None
        if owner is not None and not same_origin(owner, key_id):
            raise BadSignature("the key names an owner on another server")
        actor = await self._client.actor(owner) if owner else _actor(document)
        key = next((key for key in actor.public_keys if key.id == key_id), None)
        if key is None or key.owner != actor.id:
            raise BadSignature("the actor does not list this key as its own")
        keys.load(key.text)  # an absurd key is refused before it is kept
        await self._known.remember(key_id, actor)
        return key


def _fits(candidate: Candidate, key: PublicKey) -> bool:
    try:
        keys.verify(candidate, key.text)
    except BadSignature:
        return False
    return True


def _actor(document: Mapping[str, object]) -> Actor:
    try:
        return Actor.parse(document)
    except ValueError as problem:
        raise BadSignature("the key document is neither a key nor an actor") from problem
