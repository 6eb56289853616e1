"""Requests and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Answer, AnswerState

SUBSCRIBED = "subscribed"
"""The reason of an answer that nobody asked for this time: a subscription's."""


class Answers(Repository):
    """One row per request, so that none is answered twice."""

    async def claim(self, answer: Answer) -> bool:
        """Store a request. False when it was seen before."""
        return await self._transaction.add(answer)

    async def get(self, request_id: str) -> Answer | None:
        """Return what became of a request."""
        return await self._transaction.get(Answer, request_id)

    async def settle(
        self,
        request_id: str,
        state: AnswerState,
        *,
        at: datetime,
        reason: str | None = None,
        thread_id: str | None = None,
        publication_id: str | None = None,
        again: Mapping[str, Any] | None = None,
    ) -> None:
        """Note how a request ended; a thread, publication or `again` of None stays as it was.

        Raises TransitionRefused when the request is unknown, or the change not declared.
        """
        changes: dict[str, object] = {"state": state, "reason": reason, "answered_at": at}
        if thread_id is not None:
            changes["thread_id"] = thread_id
        if publication_id is not None:
            changes["publication_id"] = publication_id
        if again is not None:
            changes["again"] = dict(again)
        statement = (
            update(Answer)
            .where(
                col(Answer.request_id) == request_id,
                col(Answer.state).in_(transitions.before(transitions.ANSWER, state)),
            )
            .values(changes)
        )
        if await self._transaction.run(statement) == 0:
            current = await self.get(request_id)
            raise transitions.refuse("request", current.state if current else None, state)

    async def for_thread(self, thread_id: str) -> list[Answer]:
        """Return what was asked about a thread, oldest first."""
        statement = (
            select(Answer)
            .where(col(Answer.thread_id) == thread_id)
            .order_by(col(Answer.asked_at), col(Answer.request_id))
        )
        return await self._transaction.all(Answer, statement)

    async def of_publication(self, publication_id: str) -> Answer | None:
        """Return the request that a publication answers."""
        statement = select(Answer).where(col(Answer.publication_id) == publication_id)
        return await self._transaction.first(Answer, statement)

    async def asked_since(
        self, since: datetime, requester_id: str | None = None, until: datetime | None = None
    ) -> int:
        """Return how often a person, or anybody, asked from `since` to `until` or now.

        What was sent without being asked for each time (subscriptions) is not counted.
        """
        asked_by = [] if requester_id is None else [col(Answer.requester_id) == requester_id]
        return await self._count(since, until, *asked_by)

    async def asked_from_since(
        self, domain: str, since: datetime, until: datetime | None = None
    ) -> int:
        """Return how often the actors of a domain asked from `since` on."""
        return await self._count(since, until, col(Answer.domain) == domain)

    async def outcomes(self, since: datetime) -> dict[str, int]:
        """Return how many requests since then came to what: state, and reason if there is one."""
        statement = (
            select(col(Answer.state), col(Answer.reason), func.count())
            .where(col(Answer.asked_at) >= since)
            .group_by(col(Answer.state), col(Answer.reason))
            .order_by(func.count().desc(), col(Answer.state), col(Answer.reason))
        )
        rows = await self._transaction.tuples(statement)
        return {": ".join(str(part) for part in row[:2] if part): int(row[2]) for row in rows}

    async def _count(
        self, since: datetime, until: datetime | None, *conditions: ColumnElement[bool]
    ) -> int:
        before = [] if until is None else [col(Answer.asked_at) <= until]
        statement = (
            select(func.count())
            .select_from(Answer)
            .where(
                col(Answer.asked_at) >= since,
                or_(col(Answer.reason).is_(None), col(Answer.reason) != SUBSCRIBED),
                *before,
                *conditions,
            )
        )
        return int(await self._transaction.value(statement))

    async def of_requester(self, actor_id: str) -> list[Answer]:
        """Return what a person asked, oldest first."""
        statement = (
            select(Answer)
            .where(col(Answer.requester_id) == actor_id)
            .order_by(col(Answer.asked_at), col(Answer.request_id))
        )
        return await self._transaction.all(Answer, statement)
