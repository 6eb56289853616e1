"""What people told us about being included."""

from sqlalchemy import select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Choice


class Choices(Repository):
    """Consent given or taken back in so many words."""

    async def get(self, actor_id: str) -> Choice | None:
        """Return what an actor chose."""
        return await self._transaction.get(Choice, actor_id)

    async def set(self, choice: Choice) -> None:
        """Store what an actor chose; it replaces an earlier choice."""
        await self._transaction.put(choice)

    async def all(self) -> list[Choice]:
        """Return all choices, oldest first."""
        statement = select(Choice).order_by(col(Choice.at), col(Choice.actor_id))
        return await self._transaction.all(Choice, statement)
