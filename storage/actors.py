"""Other people's actors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Actor


class Actors(Repository):
    """Actors that we met."""

    async def get(self, actor_id: str) -> Actor | None:
        """Return the actor with this id."""
        return await self._transaction.get(Actor, actor_id)

    async def get_many(self, actor_ids: Sequence[str]) -> dict[str, Actor]:
        """Return actors by id; unknown ones are missing."""
        return await self._transaction.get_many(Actor, actor_ids)

    async def by_key(self, key_id: str) -> Actor | None:
        """Return the actor that published this key."""
        statement = select(Actor).where(col(Actor.key_id) == key_id)
        return await self._transaction.first(Actor, statement)

    async def by_handle(self, handle: str) -> Actor | None:
        """Return the actor called "name@host", the one met last if the name was reused."""
        statement = (
            select(Actor)
            .where(col(Actor.handle) == handle)
            .order_by(col(Actor.fetched_at).desc(), col(Actor.id))
            .limit(1)
        )
        return await self._transaction.first(Actor, statement)

    async def put(self, actor: Actor) -> None:
        """Store an actor, or replace what was known.

        A copy that was asked for (`fetched_at`) before the stored one, or before the actor was
        gone, changes nothing: a slow answer must not undo an Update or a Delete.
        """
        newer = and_(
            col(Actor.fetched_at) <= actor.fetched_at,
            or_(col(Actor.gone_at).is_(None), col(Actor.gone_at) < actor.fetched_at),
        )
        await self._transaction.put(actor, when=newer)

    async def mark_gone(self, actor_id: str, at: datetime) -> bool:
        """Note that the actor is gone since `at`.

        False when it is unknown, gone already, or was there later.
        """
        statement = (
            update(Actor)
            .where(
                col(Actor.id) == actor_id,
                col(Actor.gone_at).is_(None),
                col(Actor.fetched_at) <= at,
            )
            .values(gone_at=at)
        )
        return await self._transaction.run(statement) == 1

    async def forget(self, actor_id: str, at: datetime) -> bool:
        """Empty what is known of an actor who is gone since `at`, but for where they were."""
        statement = (
            update(Actor)
            .where(col(Actor.id) == actor_id)
            .values(
                gone_at=at,
                handle="",
                name="",
                url=actor_id,
                document={},
                key_id=None,
                key_pem=None,
            )
        )
        return await self._transaction.run(statement) == 1

    async def remove(self, actor_id: str) -> bool:
        """Forget an actor. False when it was unknown."""
        return await self._transaction.run(delete(Actor).where(col(Actor.id) == actor_id)) == 1
