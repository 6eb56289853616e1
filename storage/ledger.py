"""What was used of a language model."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import ModelUse


class ModelUses(Repository):
    """One row for each summary that a model was asked for."""

    async def add(self, use: ModelUse) -> None:
        """Write a use down."""
        await self._transaction.insert([use])

    async def tokens_since(self, since: datetime) -> int:
        """Return how many tokens were used from then on."""
        total = func.sum(col(ModelUse.prompt_tokens) + col(ModelUse.completion_tokens))
        statement = select(total).where(col(ModelUse.at) >= since)
        return int(await self._transaction.value(statement) or 0)

    async def since(self, since: datetime) -> list[ModelUse]:
        """Return every use from then on, oldest first."""
        statement = select(ModelUse).where(col(ModelUse.at) >= since).order_by(col(ModelUse.id))
        return await self._transaction.all(ModelUse, statement)

    async def prune(self, before: datetime) -> int:
        """Forget uses before that time; return their number."""
        return await self._transaction.run(delete(ModelUse).where(col(ModelUse.at) < before))
