"""Activities that reached our inboxes."""

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlmodel import col

from storage.errors import TransitionRefused
from storage.repository import Repository
from storage.tables import ReceivedActivity

Arrival = Literal["new", "duplicate", "conflict"]


class Received(Repository):
    """What was accepted with 202, so that it is handled once and never lost."""

    async def add(self, activity: ReceivedActivity) -> Arrival:
        """Store an activity.

        "duplicate": it was received before. "conflict": its id was, from another actor.
        """
        if await self._transaction.add(activity):
            return "new"
        statement = select(col(ReceivedActivity.actor_id)).where(
            col(ReceivedActivity.id) == activity.id
        )
        known = await self._transaction.value(statement)
        return "duplicate" if known == activity.actor_id else "conflict"

    async def get(self, activity_id: str) -> ReceivedActivity | None:
        """Return the activity with this id."""
        return await self._transaction.get(ReceivedActivity, activity_id)

    async def settle(self, activity_id: str, outcome: str, at: datetime) -> None:
        """Note how an activity was handled, and drop its document.

        The id stays, to know duplicates; people's words do not, since an activity would keep what
        a later Delete takes back. Raises TransitionRefused when it is unknown or handled already.
        """
        statement = (
            update(ReceivedActivity)
            .where(
                col(ReceivedActivity.id) == activity_id, col(ReceivedActivity.handled_at).is_(None)
            )
            .values(handled_at=at, outcome=outcome, document={})
        )
        if await self._transaction.run(statement) == 0:
            raise TransitionRefused("this activity is unknown or was handled already")

    async def unhandled(self, limit: int) -> list[ReceivedActivity]:
        """Return activities that nobody has handled yet, oldest first."""
        statement = (
            select(ReceivedActivity)
            .where(col(ReceivedActivity.handled_at).is_(None))
            .order_by(col(ReceivedActivity.received_at), col(ReceivedActivity.id))
            .limit(limit)
        )
        return await self._transaction.all(ReceivedActivity, statement)

    async def prune(self, before: datetime) -> int:
        """Forget activities handled before that time, and return their number.

        A peer that repeats one of them later is not recognized: keep them longer than peers retry.
        """
        statement = delete(ReceivedActivity).where(col(ReceivedActivity.handled_at) < before)
        return await self._transaction.run(statement)
