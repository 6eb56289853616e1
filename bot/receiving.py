"""The inbox's side of storage: what arrives is on disk, with its job, before the sender hears."""

from collections.abc import Callable

from activitypub.ports import Clock, Receipt
from activitypub.vocab import Activity, Actor, PublicKey
from bot.authors import Authors, row_of
from storage import Storage, tables


class StoredInbox:
    """Implements `activitypub.ports.Inbox`."""

    def __init__(
        self, storage: Storage, clock: Clock, authors: Authors, wake: Callable[[], None]
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._authors = authors
        self._wake = wake

    async def blocks(self, host: str) -> bool:
        """Tell whether the operator lists `host` or a parent of it."""
        return self._authors.is_listed(f"https://{host}/")

    async def knows(self, actor_id: str) -> bool:
        """Tell whether anything of this actor is stored."""
        async with self._storage.view() as view:
            if await view.actors.get(actor_id) is not None:
                return True
            return bool(await view.posts.by_author(actor_id))

    async def accept(self, activity: Activity, handle: str | None) -> Receipt:
        """Store a verified activity and queue its handling, in one unit of work."""
        now = self._clock.now()
        row = tables.ReceivedActivity(
            id=activity.id,
            actor_id=activity.actor,
            type=activity.type,
            document=dict(activity.document),
            bot=handle,
            received_at=now,
        )
        async with self._storage.unit() as unit:
            receipt = await unit.received.add(row)
            if receipt == "new":
                await unit.jobs.enqueue(
                    "receive", {"activity": activity.id}, run_at=now, key=f"receive:{activity.id}"
                )
        self._wake()
        return Receipt(receipt)


class StoredKeys:
    """Implements `activitypub.ports.RemoteKeys` on the actors table."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def find(self, key_id: str) -> PublicKey | None:
        """Return the stored key of that id; none for an actor that is gone."""
        async with self._storage.view() as view:
            row = await view.actors.by_key(key_id)
        if row is None or not row.key_pem or row.gone_at:
            return None
        return PublicKey(key_id, row.id, row.key_pem)

    async def remember(self, key_id: str, actor: Actor) -> None:
        """Keep the actor with its key; the actor's own key id counts, whatever it was asked by."""
        row = row_of(actor, self._clock)
        key = next((key for key in actor.public_keys if key.id == key_id), None)
        if key is not None:
            row.key_id, row.key_pem = key.id, key.pem
        else:
            row.key_id = key_id
        async with self._storage.unit() as unit:
            await unit.actors.put(row)
