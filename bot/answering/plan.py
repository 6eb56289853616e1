"""For whom an answer is, and which posts it may be made of."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activitypub.ports import Clock
from bot.answering.request import Request
from bot.consent.standing import Consenting, Standing
from bot.consent.table import Use
from bot.summary.model import Length
from storage import UnitOfWork, tables

LENGTHS = {"shorter": Length(3, 60), "normal": Length(5, 110), "longer": Length(8, 220)}
ENOUGH = 2
"""Posts with usable words below which there is nothing to summarize."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """For whom an answer is made, of which posts, and what is remarked below it.

    `outside`: it must not be a reply in the thread; `since`: only later posts were asked for.
    """

    quiet: bool
    standing: Standing
    outside: bool = False
    since: datetime | None = None
    remarks: tuple[str, ...] = ()
    elsewhere: str = ""

    @property
    def use(self) -> Use:
        """What the posts are used for."""
        return Use.QUIET if self.quiet else Use.DIRECT


class Planning:
    """Decides by what was asked, by the authors' wishes, and by what the thread has already."""

    def __init__(self, clock: Clock, consenting: Consenting) -> None:
        self._clock = clock
        self._consenting = consenting

    async def plan(self, view: UnitOfWork, request: Request, thread: tables.Thread) -> Plan:
        """Decide for whom an answer is, and of which posts (those after a moment, if asked so).

        Quiet public when the request was, nobody's interaction policy forbids a reply, no other
        answer in the thread is, and at least half of the posts that a direct answer could use may
        stand in a public one too (or it was asked to be public); otherwise directly.
        """
        whole = await self._consenting.of_thread(view, thread.id, asker=request.requester.id)
        since = await self._since(view, request, thread)
        alone = Plan(
            quiet=False,
            standing=without(whole, await requests_in(view, thread.id) | {request.id}, since),
            outside=not may_reply(request, whole, thread.id),
            since=since,
        )
        if request.ask.private or not request.is_public:
            remarks = ("answer.asked_alone",) if request.ask.public else ()
            return replace(alone, remarks=remarks)
        if alone.outside:
            return replace(alone, remarks=("answer.closed",))
        public, private = (len(alone.standing.allowing(use)) for use in (Use.QUIET, Use.DIRECT))
        if public < ENOUGH or not (request.ask.public or 2 * public >= private):
            return replace(alone, remarks=("answer.alone",))
        elsewhere = await public_answer(view, request, thread.id)
        return replace(alone, quiet=not elsewhere, elsewhere=elsewhere)

    async def _since(
        self, view: UnitOfWork, request: Request, thread: tables.Thread
    ) -> datetime | None:
        """Return from when on posts are wanted: for a day, or since the person's last answer."""
        if request.ask.span == "day":
            return self._clock.now() - DAY
        if request.ask.span == "new":
            earlier = [
                row.answered_at or row.asked_at
                for row in await view.answers.for_thread(thread.id)
                if row.requester_id == request.requester.id and row.reason is None
            ]
            return max(earlier, default=None)
        return None


async def public_answer(view: UnitOfWork, request: Request, thread_id: str) -> str:
    """Return the page of an answer that this thread has already: one is enough for all."""
    for row in await view.answers.for_thread(thread_id):
        if row.bot != request.row.bot or row.publication_id is None:
            continue
        found = await view.publications.get(row.publication_id)
        if found is None or found.withdrawn_at:
            continue
        if found.kind == "answer" and found.audience == "quiet":
            return str(found.document.get("url", ""))
    return ""


def may_reply(request: Request, standing: Standing, root: str) -> bool:
    """Tell whether the interaction policies above a request let us reply in the thread.

    Who mentions us may always be answered, so their own posts do not count (GoToSocial's rule).
    """
    above = (standing.posts.get(uri) for uri in (root, request.note.in_reply_to or ""))
    return all(p.answerable or p.author_id == request.requester.id for p in above if p)


async def requests_in(view: UnitOfWork, thread_id: str) -> frozenset[str]:
    """Return the posts of a thread that ask the bot: they are no part of what is asked about."""
    return frozenset(row.request_id for row in await view.answers.for_thread(thread_id))


def without(
    standing: Standing, requests: Collection[str], since: datetime | None = None
) -> Standing:
    """Leave out what asks the bot, and older posts. Servers state the time in whole seconds."""
    moment = since.replace(microsecond=0) if since else None
    kept = {
        key: post
        for key, post in standing.posts.items()
        if key not in requests and (moment is None or post.published >= moment)
    }
    return Standing(kept, standing.uses)
