"""Replying in our own words, to the one who asked and nobody else, exactly once."""

from collections.abc import Mapping, Sequence
from typing import Any

from activitypub.ports import Clock
from activitypub.uris import Uris
from bot.answering.limits import REFUSED, Limit, unwanted, was_refused
from bot.answering.request import Request
from bot.pages.notes import Link, plain_reply
from bot.publishing.publish import Publisher
from storage import Storage, UnitOfWork

Lines = Sequence[str | Link]


class Replies:
    """Settles requests: with a few lines of ours, or with silence."""

    def __init__(self, storage: Storage, clock: Clock, uris: Uris, publisher: Publisher) -> None:
        self._storage = storage
        self._clock = clock
        self._uris = uris
        self._publisher = publisher

    async def say(self, request: Request, lines: Lines, reason: str) -> None:
        """Reply with some lines; `reason` is kept as what became of the request."""
        async with self._storage.unit() as unit:
            await self.reply(unit, request, lines, reason)

    async def reply(
        self,
        unit: UnitOfWork,
        request: Request,
        lines: Lines,
        reason: str,
        *,
        thread_id: str | None = None,
    ) -> None:
        """Reply and settle in one unit of work, if nobody has settled the request meanwhile."""
        if not await self.is_open(unit, request):
            return
        actor_id = self._uris.actor(request.row.bot)
        note = plain_reply(actor_id, request.requester, lines, request.said)
        publication = await self._publisher.reply(
            unit,
            request.row.bot,
            note,
            request.note,
            request.requester,
            is_quiet=False,
            kind="notice",
        )
        await self.settle(unit, request, publication.id, reason=reason, thread_id=thread_id)

    async def settle(
        self,
        unit: UnitOfWork,
        request: Request,
        publication_id: str,
        *,
        reason: str | None = None,
        thread_id: str | None = None,
        again: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that a request was answered, by which publication, and how to make it anew."""
        await unit.answers.settle(
            request.id,
            "answered",
            at=self._clock.now(),
            reason=reason,
            publication_id=publication_id,
            thread_id=thread_id,
            again=again,
        )

    async def refuse(self, request: Request, limit: Limit) -> None:
        """Refuse what is beyond a limit: in a kind word once a day, then with silence."""
        reason, now = REFUSED + limit, self._clock.now()
        async with self._storage.unit() as unit:
            if not await was_refused(unit, request.requester.id, limit, now):
                await self.reply(unit, request, [request.said.say(f"limit.{limit}")], reason)
                return
        await self.ignore(request, reason)

    async def ignore(self, request: Request, reason: str) -> None:
        """Settle a request with silence."""
        async with self._storage.unit() as unit:
            row = await unit.answers.get(request.id)
            if row is not None and row.state == "asked":
                await unit.answers.settle(
                    request.id, "refused", at=self._clock.now(), reason=reason
                )

    async def is_open(self, unit: UnitOfWork, request: Request) -> bool:
        """Tell whether a request still waits, asked in the unit of work that answers it.

        Whether it may still be answered is asked here too: the operator's switch takes effect at
        once, and so does a block.
        """
        row = await unit.answers.get(request.id)
        if row is None or row.state != "asked":
            return False
        person, taking_back = request.requester.id, request.is_taking_back
        reason = await unwanted(unit, person, taking_back=taking_back)
        if reason:
            await unit.answers.settle(request.id, "refused", at=self._clock.now(), reason=reason)
        return not reason
