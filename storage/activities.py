"""Activities of our own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Delivery, OutgoingActivity
from storage.transaction import chunks


class Activities(Repository):
    """What our bots did: the outbox, and what is being delivered."""

    async def put(self, activity: OutgoingActivity) -> None:
        """Store an activity, or replace it."""
        await self._transaction.put(activity)

    async def get(self, activity_id: str) -> OutgoingActivity | None:
        """Return the activity with this id."""
        return await self._transaction.get(OutgoingActivity, activity_id)

    async def of_object(self, object_id: str) -> list[OutgoingActivity]:
        """Return all activities about one of our objects, oldest first.

        A Create holds a copy of its object: who redacts the object has to redact these as well.
        """
        statement = (
            select(OutgoingActivity)
            .where(col(OutgoingActivity.object_id) == object_id)
            .order_by(col(OutgoingActivity.published), col(OutgoingActivity.id))
        )
        return await self._transaction.all(OutgoingActivity, statement)

    async def forget(self, object_id: str, types: Sequence[str]) -> int:
        """Forget activities of these types about an object; return their number."""
        statement = delete(OutgoingActivity).where(
            col(OutgoingActivity.object_id) == object_id, col(OutgoingActivity.type).in_(types)
        )
        return await self._transaction.run(statement)

    async def forget_settled(self, activity_ids: Sequence[str]) -> int:
        """Forget those of these activities of which no delivery is open; return their number."""
        is_open = exists().where(
            col(Delivery.activity_id) == col(OutgoingActivity.id),
            col(Delivery.state).in_(("waiting", "claimed")),
        )
        forgotten = 0
        for chunk in chunks(list(activity_ids)):
            statement = delete(OutgoingActivity).where(
                col(OutgoingActivity.id).in_(chunk), ~is_open
            )
            forgotten += await self._transaction.run(statement)
        return forgotten

    async def outbox(
        self, bot: str, limit: int, before: datetime | None = None
    ) -> list[OutgoingActivity]:
        """Return a bot's public activities, newest first; `before` continues a page."""
        conditions = [col(OutgoingActivity.bot) == bot, col(OutgoingActivity.public).is_(True)]
        if before is not None:
            conditions.append(col(OutgoingActivity.published) < before)
        statement = (
            select(OutgoingActivity)
            .where(*conditions)
            .order_by(col(OutgoingActivity.published).desc(), col(OutgoingActivity.id))
            .limit(limit)
        )
        return await self._transaction.all(OutgoingActivity, statement)

    async def count(self, bot: str) -> int:
        """Return the number of a bot's public activities."""
        statement = (
            select(func.count())
            .select_from(OutgoingActivity)
            .where(col(OutgoingActivity.bot) == bot, col(OutgoingActivity.public).is_(True))
        )
        return int(await self._transaction.value(statement))
