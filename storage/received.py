"""Activities that reached our inboxes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Insert, bindparam, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col

from storage.errors import TransitionRefused
from storage.repository import Repository
from storage.tables import ReceivedActivity
from storage.transaction import ONCE, chunks, insert_into, table_of

Arrival = Literal["new", "duplicate", "conflict"]
TURNS = 1000
"""How many of the oldest activities are looked at when hosts take turns."""
ASKING = "another server is being asked"
"""In place of an error: why an activity waits that has not failed."""


@dataclass(slots=True)
class Arrived:
    """What is stored of an arriving activity; as in `ReceivedActivity`, and cheaper to make.

    `again`: should its id be known, then it counts once more all the same, when what came by that
    id is something else, or has been handled.
    """

    id: str
    actor_id: str
    type: str
    document: dict[str, Any]
    received_at: datetime
    host: str = ""
    bot: str | None = None
    signer: str | None = None
    again: bool = False


def passed_on(activity_id: str, signer: str) -> str:
    """Return the key of an activity that somebody else than its actor passed on.

    No id looks like that, so what a relay says, whenever it comes, is never in the way of what the
    actor says: the relay's word may be false, and counts for less if it is true.
    """
    return f"passed on by {signer}: {activity_id}"


def under_the_id(activity_id: str, kind: str) -> str:
    """Return the key of an activity whose id was that of another one before, of another type.

    WriteFreely gives Create, Update and Delete of a post the id of the post.
    """
    return f"{kind} under the id of another activity: {activity_id}"


class Received(Repository):
    """What was accepted with 202, so that it is handled once and never lost."""

    async def add(self, activity: ReceivedActivity) -> Arrival:
        """Store an activity.

        "duplicate": it was received before. "conflict": its id was, from another actor.
        """
        row = Arrived(
            activity.id,
            activity.actor_id,
            activity.type,
            activity.document,
            activity.received_at,
            activity.host,
            activity.bot,
            activity.signer,
        )
        return (await self.add_all([row]))[0]

    async def add_all(self, activities: Sequence[Arrived]) -> list[Arrival]:
        """Store many activities at once, and return what became of each, in the same order."""
        first: dict[str, Arrived] = {}
        for activity in activities:
            first.setdefault(activity.id, activity)
        new = await self._transaction.added_values(ReceivedActivity, rows(first.values()))
        known = {uri: (row.actor_id, row.type) for uri, row in first.items()}
        old = [uri for uri in first if uri not in new]
        for chunk in chunks(old):
            statement = select(
                col(ReceivedActivity.id), col(ReceivedActivity.actor_id), col(ReceivedActivity.type)
            ).where(col(ReceivedActivity.id).in_(chunk))
            known |= {row[0]: (row[1], row[2]) for row in await self._transaction.tuples(statement)}
        found: list[Arrival] = []
        for activity in activities:
            if activity.id in new:
                new.discard(activity.id)
                found.append("new")
            else:
                found.append(await self._once_more(activity, *known[activity.id]))
        return found

    async def _once_more(self, arrived: Arrived, actor_id: str, kind: str) -> Arrival:
        """Take an activity whose id is known, of this actor and type, if it counts again."""
        if arrived.actor_id != actor_id:
            return "conflict"
        if not arrived.again:
            return "duplicate"
        if arrived.type != kind:
            other = replace(arrived, id=under_the_id(arrived.id, arrived.type))
            return (await self.add_all([other]))[0]
        statement = (
            update(ReceivedActivity)
            .where(
                col(ReceivedActivity.id) == arrived.id,
                col(ReceivedActivity.handled_at).is_not(None),
            )
            .values(**rows([arrived])[0], handled_at=None, outcome=None, error=None)
        )
        return "new" if await self._transaction.run(statement) else "duplicate"

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> list[ReceivedActivity]:
        """Take up to `limit` due activities, oldest first. What is not settled is due again later.

        Hosts take turns: one that sent thousands does not keep the others waiting. No two callers
        get the same one. Each claim counts as an attempt.
        """
        oldest = (
            select(
                col(ReceivedActivity.id), col(ReceivedActivity.host), col(ReceivedActivity.due_at)
            )
            .where(col(ReceivedActivity.due_at) <= now)
            .order_by(col(ReceivedActivity.due_at))
            .limit(max(TURNS, limit))
            # Ignored by SQLite, whose writers queue anyway.
            .with_for_update(skip_locked=True)
            .cte()
            .prefix_with(ONCE, dialect="postgresql")
        )
        turn = func.row_number().over(partition_by=oldest.c.host, order_by=oldest.c.due_at)
        ranked = select(oldest.c.id, oldest.c.due_at, turn.label("turn")).subquery()
        chosen = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.due_at).limit(limit)
        statement = (
            update(ReceivedActivity)
            .where(col(ReceivedActivity.id).in_(chosen))
            .values(due_at=now + lease, attempts=col(ReceivedActivity.attempts) + 1)
            .returning(ReceivedActivity)
        )
        rows = await self._transaction.all(ReceivedActivity, statement)
        return sorted(rows, key=lambda row: (row.received_at, row.id))

    async def next_due(self) -> datetime | None:
        """Return when the next activity is due."""
        statement = (
            select(col(ReceivedActivity.due_at))
            .where(col(ReceivedActivity.due_at).is_not(None))
            .order_by(col(ReceivedActivity.due_at))
            .limit(1)
        )
        due: datetime | None = await self._transaction.value(statement)
        return due

    async def again(self, activity_id: str, due_at: datetime, error: str) -> None:
        """Put a claimed activity back, to be handled at `due_at`; `error` says why."""
        statement = (
            update(ReceivedActivity)
            .where(
                col(ReceivedActivity.id) == activity_id, col(ReceivedActivity.handled_at).is_(None)
            )
            .values(due_at=due_at, error=error)
        )
        await self._transaction.run(statement)

    async def set_aside(self, ids: Sequence[str], until: datetime) -> None:
        """Put claimed activities back while another server is asked for what they need.

        They are due at `until`, or when they are resumed; this claim does not count as an attempt.
        """
        for chunk in chunks(ids):
            statement = (
                update(ReceivedActivity)
                .where(
                    col(ReceivedActivity.id).in_(chunk), col(ReceivedActivity.handled_at).is_(None)
                )
                .values(due_at=until, error=ASKING, attempts=col(ReceivedActivity.attempts) - 1)
            )
            await self._transaction.run(statement)

    async def resume(self, ids: Sequence[str]) -> None:
        """Give back their place in the queue to activities that were set aside."""
        for chunk in chunks(ids):
            statement = (
                update(ReceivedActivity)
                .where(
                    col(ReceivedActivity.id).in_(chunk), col(ReceivedActivity.handled_at).is_(None)
                )
                .values(due_at=col(ReceivedActivity.received_at))
            )
            await self._transaction.run(statement)

    async def release(self, now: datetime) -> int:
        """Make due what was claimed or set aside: at the start of a sole process."""
        statement = (
            update(ReceivedActivity)
            .where(
                col(ReceivedActivity.due_at) > now,
                or_(col(ReceivedActivity.error).is_(None), col(ReceivedActivity.error) == ASKING),
            )
            .values(due_at=col(ReceivedActivity.received_at))
        )
        return await self._transaction.run(statement)

    async def held_up(self, actor_id: str) -> list[ReceivedActivity]:
        """Return what an actor sent that failed once or was set aside, and still waits.

        What waits to be handled for the first time is not looked through.
        """
        statement = select(ReceivedActivity).where(
            col(ReceivedActivity.error).is_not(None),
            col(ReceivedActivity.actor_id) == actor_id,
            col(ReceivedActivity.handled_at).is_(None),
        )
        return await self._transaction.all(ReceivedActivity, statement)

    async def revise(self, activity_id: str, document: dict[str, Any]) -> None:
        """Let an activity that waits say something else: its sender has changed it."""
        statement = (
            update(ReceivedActivity)
            .where(
                col(ReceivedActivity.id) == activity_id, col(ReceivedActivity.handled_at).is_(None)
            )
            .values(document=document)
        )
        await self._transaction.run(statement)

    async def waiting(self) -> dict[str, int]:
        """Count what is still to be handled, by host."""
        statement = (
            select(col(ReceivedActivity.host), func.count())
            .where(col(ReceivedActivity.due_at).is_not(None))
            .group_by(col(ReceivedActivity.host))
        )
        return {str(row[0]): int(row[1]) for row in await self._transaction.tuples(statement)}

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
            .values(handled_at=at, outcome=outcome, document={}, due_at=None)
        )
        if await self._transaction.run(statement) == 0:
            raise TransitionRefused("this activity is unknown or was handled already")

    async def settle_all(self, outcomes: Mapping[str, str], at: datetime) -> None:
        """Note how many activities were handled, as `settle` does; `outcomes` is by id."""
        if outcomes:
            statement = (
                update(ReceivedActivity)
                .where(
                    col(ReceivedActivity.id) == bindparam("activity"),
                    col(ReceivedActivity.handled_at).is_(None),
                )
                .values(
                    handled_at=at,
                    outcome=bindparam("came"),
                    document={},
                    due_at=None,
                )
            )
            rows = [{"activity": uri, "came": outcome} for uri, outcome in outcomes.items()]
            await self._transaction.run_all(statement, rows)

    async def outcomes(self, since: datetime) -> dict[str, int]:
        """Count by outcome what was handled since then."""
        statement = (
            select(col(ReceivedActivity.outcome), func.count())
            .where(col(ReceivedActivity.handled_at) >= since)
            .group_by(col(ReceivedActivity.outcome))
        )
        return {str(row[0]): int(row[1]) for row in await self._transaction.tuples(statement)}


@lru_cache
def insertion(dialect: str) -> ReturningInsert[Any] | Insert:
    """Return the statement that stores what is not there yet.

    PostgreSQL's driver does not count what many rows at once came to: it returns their ids.
    """
    table = table_of(ReceivedActivity)
    storing: Insert = insert_into(table, dialect).on_conflict_do_nothing()
    return storing.returning(table.columns["id"]) if dialect == "postgresql" else storing


def rows(arrived: Iterable[Arrived]) -> list[dict[str, Any]]:
    """Return the values to be stored."""
    return [
        {
            "id": row.id,
            "actor_id": row.actor_id,
            "type": row.type,
            "document": row.document,
            "received_at": row.received_at,
            "due_at": row.received_at,
            "host": row.host,
            "bot": row.bot,
            "signer": row.signer,
            "attempts": 0,
        }
        for row in arrived
    ]
