"""From a request to the certainty of who sent it: the key, its owner, and the signature."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

from activitypub.addressing import same_origin
from activitypub.client import Client
from activitypub.errors import ActivityPubError, BadSignature, Recoverable
from activitypub.ports import Clock, RemoteKeys
from activitypub.signatures import cavage, digest
from activitypub.vocab import Activity, Actor, PublicKey, one_id

FORGET_FAILURE = timedelta(minutes=10)
MOST_FAILURES = 10_000


class Verifier:
    """Verifies signed POSTs, fetching keys it does not know and those that were rotated.

    Failed fetches are remembered for a while, within a bound, so that a flood signed with keys
    that do not exist costs one fetch for each key.
    """

    def __init__(self, client: Client, keys: RemoteKeys, clock: Clock) -> None:
        self._client = client
        self._keys = keys
        self._clock = clock
        self._failed: OrderedDict[str, datetime] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[PublicKey]] = {}

    async def verify(
        self, target: str, headers: Mapping[str, str], body: bytes, activity: Activity
    ) -> None:
        """Raise `BadSignature` unless the activity's own actor signed this request.

        `target` is path and query; `headers` have lower-case names. Raises a recoverable error
        when the sender's server cannot be asked for its key just now.
        """
        if "signature" not in headers:
            raise BadSignature("the request is not signed")
        if "digest" not in headers:
            raise BadSignature("the request has no Digest header")
        digest.verify_digest(headers["digest"], body)
        signed = cavage.parse(headers["signature"])
        cavage.check_strength(signed, "POST")
        cavage.check_time(signed, headers, self._clock.now())
        if not same_origin(signed.key_id, activity.actor):
            raise BadSignature("the key is on another server than the actor")
        key = await self._keys.find(signed.key_id)
        if key is not None and self._fits(signed, key, target, headers, activity):
            return
        # Unknown, or it was rotated since: ask for the key once.
        key = await self._fetched(signed.key_id)
        if key.owner != activity.actor:
            raise BadSignature("the key belongs to another actor")
        self._check(signed, key, target, headers)

    def _fits(
        self,
        signed: cavage.SignatureHeader,
        key: PublicKey,
        target: str,
        headers: Mapping[str, str],
        activity: Activity,
    ) -> bool:
        if key.owner != activity.actor:
            return False
        try:
            self._check(signed, key, target, headers)
        except BadSignature:
            return False
        return True

    def _check(
        self,
        signed: cavage.SignatureHeader,
        key: PublicKey,
        target: str,
        headers: Mapping[str, str],
    ) -> None:
        now = self._clock.now()
        cavage.verify(signed, key.pem, method="POST", target=target, headers=headers, now=now)

    async def _fetched(self, key_id: str) -> PublicKey:
        """Fetch a key; requests that wait for the same key share one fetch."""
        failed_at = self._failed.get(key_id)
        if failed_at is not None and self._clock.now() - failed_at < FORGET_FAILURE:
            raise BadSignature("the key could not be fetched a moment ago")
        task = self._under_way.get(key_id)
        if task is None:
            task = asyncio.create_task(self._fetch(key_id))
            self._under_way[key_id] = task
            task.add_done_callback(lambda _: self._under_way.pop(key_id, None))
        try:
            return await asyncio.shield(task)
        except Recoverable:
            raise
        except ActivityPubError as problem:
            self._remember_failure(key_id)
            raise BadSignature(f"the key cannot be fetched: {problem}") from problem

    async def _fetch(self, key_id: str) -> PublicKey:
        """Fetch the key document: the actor itself, a stub of it, or a key with an `owner`.

        In each case the actor's own document must list the key, so owner and key name each other.
        """
        document = await self._client.fetch(key_id)
        owner = one_id(document.get("owner"))
        if owner is None and "inbox" not in document:
            listed = document.get("publicKey")
            owner = one_id(listed.get("owner")) if isinstance(listed, Mapping) else None
        if owner is not None and not same_origin(owner, key_id):
            raise BadSignature("the key names an owner on another server")
        actor = await self._client.actor(owner) if owner else self._actor(document)
        key = next((key for key in actor.public_keys if key.id == key_id), None)
        if key is None or key.owner != actor.id:
            raise BadSignature("the actor does not list this key as its own")
        await self._keys.remember(key_id, actor)
        return key

    def _actor(self, document: Mapping[str, object]) -> Actor:
        try:
            return Actor.parse(document)
        except ValueError as problem:
            raise BadSignature("the key document is neither a key nor an actor") from problem

    def _remember_failure(self, key_id: str) -> None:
        self._failed[key_id] = self._clock.now()
        self._failed.move_to_end(key_id)
        while len(self._failed) > MOST_FAILURES:
            self._failed.popitem(last=False)
