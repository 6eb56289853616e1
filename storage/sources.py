"""How far each source was read."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import col

from storage.repository import Repository
from storage.tables import SourceState


class Sources(Repository):
    """The sources of all bots."""

    async def put(self, source: SourceState) -> None:
        """Store a source's state, or replace it."""
        await self._transaction.put(source)

    async def get(self, key: str) -> SourceState | None:
        """Return the source with this key."""
        return await self._transaction.get(SourceState, key)

    async def all(self, bot: str | None = None) -> list[SourceState]:
        """Return the sources of a bot, or of all bots, by key."""
        statement = select(SourceState).order_by(col(SourceState.key))
        if bot is not None:
            statement = statement.where(col(SourceState.bot) == bot)
        return await self._transaction.all(SourceState, statement)

    async def due(self, now: datetime, limit: int) -> list[SourceState]:
        """Return sources to be read by `now` that are not paused, longest waiting first."""
        statement = (
            select(SourceState)
            .where(col(SourceState.due_at) <= now, col(SourceState.paused).is_(False))
            .order_by(col(SourceState.due_at), col(SourceState.key))
            .limit(limit)
        )
        return await self._transaction.all(SourceState, statement)

    async def of_actor(self, actor_id: str) -> list[SourceState]:
        """Return the sources that follow this actor."""
        statement = (
            select(SourceState)
            .where(col(SourceState.actor_id) == actor_id)
            .order_by(col(SourceState.key))
        )
        return await self._transaction.all(SourceState, statement)

    async def settle_actor(self, bot: str, kind: str, address: str, actor_id: str) -> bool:
        """Note who answers for a source whose address is not its actor (a relay's inbox)."""
        statement = (
            update(SourceState)
            .where(
                col(SourceState.bot) == bot,
                col(SourceState.kind) == kind,
                col(SourceState.address) == address,
            )
            .values(actor_id=actor_id)
        )
        return await self._transaction.run(statement) > 0

    async def heard(self, key: str, at: datetime, found: int = 1) -> None:
        """Count what a source brought that comes by itself."""
        statement = (
            update(SourceState)
            .where(col(SourceState.key) == key)
            .values(found=col(SourceState.found) + found, ok_at=at, error=None, failures=0)
        )
        await self._transaction.run(statement)

    async def troubled(self, key: str, error: str) -> None:
        """Note what is wrong with a source that comes by itself."""
        statement = update(SourceState).where(col(SourceState.key) == key).values(error=error)
        await self._transaction.run(statement)

    async def remove(self, key: str) -> bool:
        """Forget a source. False when it was unknown."""
        statement = delete(SourceState).where(col(SourceState.key) == key)
        return await self._transaction.run(statement) == 1
