"""What people told us about being included."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Block, Choice


class Choices(Repository):
    """Consent given or taken back in so many words."""

    async def get(self, actor_id: str) -> Choice | None:
        """Return what an actor chose."""
        return await self._transaction.get(Choice, actor_id)

    async def set(self, choice: Choice) -> None:
        """Store what an actor chose; it replaces an earlier choice."""
        await self._transaction.put(choice)

    async def excluded(self, actor_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these actors want to be left out."""
        found = await self._transaction.get_many(Choice, actor_ids)
        return frozenset(i for i, choice in found.items() if choice.choice == "exclude")

    async def remove(self, actor_id: str, how: str) -> bool:
        """Forget a choice that was made in this way. False when there is none."""
        statement = delete(Choice).where(col(Choice.actor_id) == actor_id, col(Choice.how) == how)
        return await self._transaction.run(statement) == 1

    async def get_many(self, actor_ids: Sequence[str]) -> dict[str, Choice]:
        """Return choices by actor; who made none is missing."""
        return await self._transaction.get_many(Choice, actor_ids)

    async def block(self, block: Block) -> None:
        """Note that an actor blocks us, besides whom of us they block already.

        What they chose stays as it is.
        """
        known = await self.blocked_by(block.actor_id)
        if known is not None:
            block = known.model_copy(update={"told": {**known.told, **block.told}})
        await self._transaction.put(block)

    async def blocked_by(self, actor_id: str) -> Block | None:
        """Return what is known of an actor's blocking us; None if they do not."""
        return await self._transaction.get(Block, actor_id)

    async def unblock(self, actor_id: str, about: str | None = None) -> bool:
        """Note that an actor blocks `about`, or any of us, no longer. False when they did not.

        Who blocks another of us goes on blocking.
        """
        known = await self.blocked_by(actor_id)
        if known is None or (known.told and about is not None and about not in known.told):
            return False
        left = {of: told for of, told in known.told.items() if about is not None and of != about}
        if left:
            await self._transaction.put(known.model_copy(update={"told": left}))
            return True
        statement = delete(Block).where(col(Block.actor_id) == actor_id)
        return await self._transaction.run(statement) == 1

    async def blocking(self, actor_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these actors block us."""
        return frozenset(await self._transaction.get_many(Block, actor_ids))
