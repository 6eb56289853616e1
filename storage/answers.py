"""Requests and what became of them."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Answer, AnswerState


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
    ) -> None:
        """Note how a request ended; a thread or publication that is None stays as it was.

        Raises TransitionRefused when the request is unknown, or the change not declared.
        """
        changes: dict[str, object] = {"state": state, "reason": reason, "answered_at": at}
        if thread_id is not None:
            changes["thread_id"] = thread_id
        if publication_id is not None:
            changes["publication_id"] = publication_id
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

    async def for_thread(self, bot: str, thread_id: str) -> list[Answer]:
        """Return what a bot was asked about a thread, oldest first."""
        statement = (
            select(Answer)
            .where(col(Answer.bot) == bot, col(Answer.thread_id) == thread_id)
            .order_by(col(Answer.asked_at), col(Answer.request_id))
        )
        return await self._transaction.all(Answer, statement)

    async def count_since(self, requester_id: str, since: datetime) -> int:
        """Return how often an actor asked at or after `since`."""
        statement = (
            select(func.count())
            .select_from(Answer)
            .where(col(Answer.requester_id) == requester_id, col(Answer.asked_at) >= since)
        )
        return int(await self._transaction.value(statement))

    async def count_host_since(self, host: str, since: datetime) -> int:
        """Return how often the actors of a host asked at or after `since`."""
        statement = (
            select(func.count())
            .select_from(Answer)
            .where(
                col(Answer.asked_at) >= since,
                col(Answer.requester_id).startswith(f"https://{host}/", autoescape=True),
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
