"""Deliveries: one row per activity and remote inbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Delivery


class Deliveries(Repository):
    """What is still to be sent, was sent, or could not be."""

    async def add(
        self, activity_id: str, bot: str, inboxes: Sequence[str], due_at: datetime
    ) -> int:
        """Queue an activity for these inboxes, and return how many were not queued before."""
        rows = [
            Delivery(
                activity_id=activity_id,
                bot=bot,
                inbox=inbox,
                host=urlsplit(inbox).hostname or "",
                due_at=due_at,
            )
            for inbox in dict.fromkeys(inboxes)
        ]
        return await self._transaction.add_all(rows)

    async def inboxes_of(self, activity_id: str) -> list[str]:
        """Return every inbox that an activity was or is to be delivered to."""
        statement = select(col(Delivery.inbox)).where(col(Delivery.activity_id) == activity_id)
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
        """Take up to `limit` due deliveries until `now + lease`, longest due first.

        No two callers get the same row, in whatever process. Each claim counts as an attempt.
        """
        chosen = (
            select(col(Delivery.id))
            .where(col(Delivery.state) == "waiting", col(Delivery.due_at) <= now)
            .order_by(col(Delivery.due_at), col(Delivery.id))
            .limit(limit)
            # Ignored by SQLite, whose writers queue anyway.
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(Delivery)
            .where(col(Delivery.id).in_(chosen))
            .values(
                state="claimed",
                lease_until=now + lease,
                attempts=col(Delivery.attempts) + 1,
            )
            .returning(Delivery)
        )
        rows = await self._transaction.all(Delivery, statement)
        return sorted(rows, key=lambda row: (row.due_at, row.id or 0))

    async def record(
        self,
        delivery_id: int,
        state: Literal["waiting", "delivered", "failed"],
        *,
        at: datetime,
        status: int | None = None,
        error: str | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """Note how an attempt ended: "delivered", "failed", or "waiting" until `due_at`.

        `status` is the HTTP status, if there was an answer. Raises TransitionRefused when the
        delivery is not claimed, and ValueError when waiting without a time.
        """
        if state == "waiting" and due_at is None:
            raise ValueError("a delivery that waits needs a time")
        changes: dict[str, object] = {"state": state, "status": status, "error": error}
        changes["lease_until"] = None
        changes |= {"due_at": due_at} if state == "waiting" else {"finished_at": at}
        statement = (
            update(Delivery)
            .where(col(Delivery.id) == delivery_id, col(Delivery.state) == "claimed")
            .values(changes)
        )
        if await self._transaction.run(statement) == 0:
            current = await self._transaction.get(Delivery, delivery_id)
            raise transitions.refuse("delivery", current.state if current else None, state)

    async def sweep(self, now: datetime) -> int:
        """Give back what was claimed by someone whose lease ran out; return the number."""
        return await self._release(col(Delivery.lease_until) <= now)

    async def release_all(self) -> int:
        """Give back everything claimed: at the start of a process that is the only one."""
        return await self._release()

    async def next_due(self) -> datetime | None:
        """Return when the next waiting delivery is due."""
        statement = (
            select(col(Delivery.due_at))
            .where(col(Delivery.state) == "waiting")
            .order_by(col(Delivery.due_at))
            .limit(1)
        )
        due: datetime | None = await self._transaction.value(statement)
        return due

    async def counts(self) -> dict[str, int]:
        """Return the number of deliveries in each state."""
        statement = select(col(Delivery.state), func.count()).group_by(col(Delivery.state))
        rows = await self._transaction.tuples(statement)
        return dict.fromkeys(transitions.DELIVERY, 0) | {str(row[0]): int(row[1]) for row in rows}

    async def waiting(self, limit: int) -> list[Delivery]:
        """Return deliveries that wait, next due first."""
        statement = (
            select(Delivery)
            .where(col(Delivery.state) == "waiting")
            .order_by(col(Delivery.due_at), col(Delivery.id))
            .limit(limit)
        )
        return await self._transaction.all(Delivery, statement)

    async def prune(self, before: datetime) -> int:
        """Forget deliveries that ended before that time, and return their number."""
        return await self._transaction.run(
            delete(Delivery).where(col(Delivery.finished_at) < before)
        )

    async def _release(self, *conditions: ColumnElement[bool]) -> int:
        statement = (
            update(Delivery)
            .where(col(Delivery.state) == "claimed", *conditions)
            .values(state="waiting", lease_until=None)
        )
        return await self._transaction.run(statement)
