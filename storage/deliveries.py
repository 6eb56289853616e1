"""Deliveries: one row per activity and remote inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Integer, Update, bindparam, case, delete, func, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Delivery, Reached
from storage.transaction import ONCE, chunks
from storage.types import UtcDateTime, utc_now


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended. Waiting needs a time `due_at`.

    `untried` takes the attempt back: it was not made, because its host is left alone.
    """

    delivery_id: int
    state: Literal["waiting", "delivered", "failed"]
    status: int | None = None
    error: str | None = None
    due_at: datetime | None = None
    untried: bool = False

    def __post_init__(self) -> None:
        if self.state == "waiting" and self.due_at is None:
            raise ValueError("a delivery that waits needs a time")


class Deliveries(Repository):
    """What is still to be sent, was sent, or could not be."""

    async def add(
        self,
        activity_id: str,
        bot: str,
        inboxes: Sequence[str],
        due_at: datetime,
        *,
        urgent: bool = False,
    ) -> int:
        """Queue an activity for these inboxes, and return how many were not queued before.

        What is `urgent` goes before all that is not, however long that has waited.
        """
        # Plain values: a model for each of ten thousand takes seconds.
        shared = {
            "activity_id": activity_id,
            "bot": bot,
            "state": "waiting",
            "urgent": urgent,
            "attempts": 0,
            "due_at": due_at,
            "created_at": utc_now(),
        }
        rows = [{**shared, "inbox": i, "host": _host(i)} for i in dict.fromkeys(inboxes)]
        return len(await self._transaction.added_values(Delivery, rows))

    async def inboxes_of(self, activity_ids: Sequence[str]) -> dict[str, bool]:
        """Return every inbox that any of these activities was or is to be delivered to.

        With each, whether it may have what one says: it got one, or was tried, or is being tried,
        or waits for what takes back (`urgent`) what it has. Those that did come first.
        """
        found: dict[str, bool] = {}
        for chunk in chunks(list(activity_ids)):
            statement = (
                select(
                    col(Delivery.inbox),
                    (col(Delivery.state) != "waiting") | col(Delivery.urgent),
                    col(Delivery.attempts),
                )
                .where(col(Delivery.activity_id).in_(chunk))
                .order_by(col(Delivery.state) != "delivered", col(Delivery.id))
            )
            for inbox, had, attempts in await self._transaction.tuples(statement):
                found[inbox] = found.get(inbox, False) or bool(had or attempts)
        return found

    async def reached(self, bot: str, since: datetime) -> list[str]:
        """Return the inboxes whose deliveries are forgotten and that got something after `since`.

        Whoever got what the bot published then is among them.
        """
        statement = (
            select(col(Reached.inbox))
            .where(col(Reached.bot) == bot, col(Reached.until) >= since)
            .order_by(col(Reached.inbox))
        )
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def drop_waiting(self, activity_ids: Sequence[str]) -> int:
        """Do not send these activities to whom they still wait for; return the number."""
        dropped = 0
        for chunk in chunks(list(activity_ids)):
            statement = delete(Delivery).where(
                col(Delivery.activity_id).in_(chunk), col(Delivery.state) == "waiting"
            )
            dropped += await self._transaction.run(statement)
        return dropped

    async def claim(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        without: Sequence[str] = (),
        *,
        only_urgent: bool = False,
    ) -> list[Delivery]:
        """Take up to `limit` due deliveries until `now + lease`: urgent, then longest due, first.

        None to the hosts `without`, which have enough in hand. No two callers get the same row, in
        whatever process. Each claim counts as an attempt.
        """
        rows = await self._claim(now, lease, limit, without, urgent=True)
        if not only_urgent and len(rows) < limit:
            rows += await self._claim(now, lease, limit - len(rows), without, urgent=False)
        return rows

    async def _claim(
        self, now: datetime, lease: timedelta, limit: int, without: Sequence[str], *, urgent: bool
    ) -> list[Delivery]:
        conditions = [
            col(Delivery.state) == "waiting",
            col(Delivery.urgent).is_(urgent),
            col(Delivery.due_at) <= now,
        ]
        if without:
            conditions.append(col(Delivery.host).not_in(without))
        chosen = (
            select(col(Delivery.id))
            .where(*conditions)
            .order_by(col(Delivery.due_at), col(Delivery.id))
            .limit(limit)
            # Ignored by SQLite, whose writers queue anyway.
            .with_for_update(skip_locked=True)
            .cte()
            .prefix_with(ONCE, dialect="postgresql")
        )
        statement = (
            update(Delivery)
            .where(col(Delivery.id).in_(select(chosen.c.id)))
            .values(
                state="claimed",
                lease_until=now + lease,
                attempts=col(Delivery.attempts) + 1,
            )
            .returning(Delivery)
        )
        rows = await self._transaction.all(Delivery, statement)
        return sorted(rows, key=lambda row: (row.due_at, row.id or 0))

    async def record_all(self, attempts: Sequence["Attempt"], *, at: datetime) -> None:
        """Note how attempts ended.

        One that is not claimed (its lease ran out, and another process has it) stays as it is.
        """
        if attempts:
            rows = [_values(attempt, at) for attempt in attempts]
            await self._transaction.run_all(_recording(), rows)

    async def defer(self, host: str, until: datetime) -> int:
        """Let everything that waits for a host wait until then; return how much that is."""
        statement = (
            update(Delivery)
            .where(
                col(Delivery.host) == host,
                col(Delivery.state) == "waiting",
                col(Delivery.due_at) < until,
            )
            .values(due_at=until)
        )
        return await self._transaction.run(statement)

    async def by_host(self, limit: int) -> list[tuple[str, int, int, datetime | None]]:
        """Return (host, waiting, failed, next due) of hosts with either, most waiting first."""
        waiting = func.sum(case((col(Delivery.state).in_(("waiting", "claimed")), 1), else_=0))
        failed = func.sum(case((col(Delivery.state) == "failed", 1), else_=0))
        due = func.min(case((col(Delivery.state) == "waiting", col(Delivery.due_at))))
        statement = (
            select(col(Delivery.host), waiting, failed, due)
            .where(col(Delivery.state) != "delivered")
            .group_by(col(Delivery.host))
            .order_by(waiting.desc(), failed.desc(), col(Delivery.host))
            .limit(limit)
        )
        return [
            (r[0], int(r[1]), int(r[2]), r[3]) for r in await self._transaction.tuples(statement)
        ]

    async def lately(self, limit: int) -> list[Delivery]:
        """Return deliveries that have an error, the latest first: those that wait, then failed."""
        statement = (
            select(Delivery)
            .where(col(Delivery.error).is_not(None), col(Delivery.state) != "delivered")
            .order_by(col(Delivery.state).desc(), col(Delivery.id).desc())
            .limit(limit)
        )
        return await self._transaction.all(Delivery, statement)

    async def sweep(self, now: datetime) -> int:
        """Give back what was claimed by someone whose lease ran out; return the number."""
        return await self._release(col(Delivery.lease_until) <= now)

    async def release_all(self) -> int:
        """Give back everything claimed: at the start of a process that is the only one."""
        return await self._release()

    async def next_due(self) -> datetime | None:
        """Return when the next waiting delivery is due."""
        due = [
            await self._transaction.value(
                select(col(Delivery.due_at))
                .where(col(Delivery.state) == "waiting", col(Delivery.urgent).is_(urgent))
                .order_by(col(Delivery.due_at))
                .limit(1)
            )
            for urgent in (True, False)
        ]
        return min((moment for moment in due if moment is not None), default=None)

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

    async def _release(self, *conditions: ColumnElement[bool]) -> int:
        statement = (
            update(Delivery)
            .where(col(Delivery.state) == "claimed", *conditions)
            .values(state="waiting", lease_until=None)
        )
        return await self._transaction.run(statement)


def _recording() -> Update:
    """Return the statement that notes how one attempt ended."""
    return (
        update(Delivery)
        .where(col(Delivery.id) == bindparam("number"), col(Delivery.state) == "claimed")
        .values(
            state=bindparam("now"),
            status=bindparam("answer"),
            error=bindparam("problem"),
            due_at=func.coalesce(bindparam("later", type_=UtcDateTime()), col(Delivery.due_at)),
            finished_at=bindparam("ended", type_=UtcDateTime()),
            attempts=col(Delivery.attempts) - bindparam("untried", type_=Integer()),
            lease_until=None,
        )
    )


def _values(attempt: Attempt, at: datetime) -> dict[str, Any]:
    """Return the parameters of that statement."""
    return {
        "number": attempt.delivery_id,
        "now": attempt.state,
        "answer": attempt.status,
        "problem": attempt.error,
        "later": attempt.due_at,
        "ended": None if attempt.state == "waiting" else at,
        "untried": int(attempt.untried),
    }


def _host(inbox: str) -> str:
    """Return the host and port of an inbox, which take turns and fail together."""
    try:
        return urlsplit(inbox).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
