"""Summaries of a thread, and what it says of a question, for whoever asks under it."""

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from activitypub.errors import Final, Recoverable
from activitypub.ports import Clock
from bot.answering.limits import Limits
from bot.answering.plan import ENOUGH, LENGTHS, Plan, Planning, public_answer
from bot.answering.readings import Readings
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.consent.standing import Consenting
from bot.pages.build import Views, has_words
from bot.pages.notes import answer_note
from bot.publishing.digest import Composed, compose_thread, gather, store
from bot.publishing.publish import Publisher, identifier
from bot.reading.conversation import Reading
from bot.summary.summarizing import Summarizer
from storage import Storage, UnitOfWork, tables

PATIENCE = timedelta(minutes=2)
"""For how long a thread is tried whose server does not answer."""
JUST_READ = timedelta(minutes=1)
"""A thread that was read whole so recently is answered from what is stored."""


@dataclass(frozen=True, slots=True)
class Growing:
    """How answers follow their threads.

    A request waits `seconds` for its thread to be read; what comes later is edited in, for
    `edit_for` after the answer.
    """

    seconds: float = 3.0
    edit_for: timedelta = timedelta(days=3)


class ThreadAnswers:
    """Reads a request's thread, composes, publishes."""

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        clock: Clock,
        replies: Replies,
        *,
        readings: Readings,
        planning: Planning,
        consenting: Consenting,
        summarizer: Summarizer,
        publisher: Publisher,
        views: Views,
        limits: Limits,
        growing: Growing,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._replies = replies
        self._readings = readings
        self._planning = planning
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._views = views
        self._limits = limits
        self._growing = growing

    async def answer(self, request: Request) -> None:
        """Summarize the thread above a request, or say what it says of a question."""
        start = await self._start(request)
        known = await self._known(start)
        if known and await self._is_over(request, known.id):
            return
        reading = await self._read(request, start) if known is None else Reading(known, 0, 0)
        if reading is None:
            return
        thread = reading.thread
        if thread is None and not reading.left_out:
            await self._unreadable(request)
            return
        if thread is None:
            text = request.said.say("plain.short", posts=0)
            await self._replies.say(request, [text], "short")
            return
        if await self._is_closed(thread.id):
            await self._replies.ignore(request, "not here")
            return
        if not await self._compose(request, thread, is_last=not thread.rest):
            # Too little came in time to say anything: then it takes longer.
            with contextlib.suppress(Final):
                whole = await self._readings.read(start, request.row.bot)
                thread = whole.thread or thread
            await self._compose(request, thread, is_last=True)

    async def read_at(self, start: str, bot: str) -> tables.Thread | None:
        """Return the thread around a post, read now unless it just was; None if it cannot be."""
        known = await self._known(start)
        if known is not None:
            return known
        with contextlib.suppress(Final, Recoverable):
            reading = await self._readings.read(start, bot, self._growing.seconds)
            return reading.thread
        return None

    async def _known(self, start: str) -> tables.Thread | None:
        async with self._storage.view() as view:
            post = await view.posts.get(start)
            thread = await view.threads.get(post.thread_id) if post and post.thread_id else None
        if thread is None or thread.rest or thread.read_at is None:
            return None
        return thread if self._clock.now() - thread.read_at < JUST_READ else None

    async def _read(self, request: Request, start: str) -> Reading | None:
        """Read the thread for a while; None when the request is settled instead."""
        bot, read = request.row.bot, self._readings.read
        asked_for = self._clock.now() - request.row.asked_at
        try:
            reading = await read(start, bot, self._growing.seconds)
            if reading.thread is None:  # not one post in time
                reading = await read(start, bot)
        except Final:
            await self._unreadable(request)
            return None
        except Recoverable:  # its server is down; nobody waits for an answer for ever
            if asked_for < PATIENCE:
                raise
            await self._unreadable(request)
            return None
        thread = reading.thread
        return None if thread and await self._is_over(request, thread.id) else reading

    async def _start(self, request: Request) -> str:
        """Return the post whose thread is asked about; under an answer of ours, its thread."""
        start = request.note.in_reply_to or ""
        if not self._publisher.uris.is_ours(start):
            return start
        async with self._storage.view() as view:
            earlier = await view.answers.of_publication(start)
        return (earlier.thread_id if earlier else None) or start

    async def _unreadable(self, request: Request) -> None:
        """Say that the thread cannot be read, and what is read of one that is not public."""
        keys = ("plain.unreadable", "plain.not_public")
        await self._replies.say(request, [request.said.say(key) for key in keys], "unreadable")

    async def _is_over(self, request: Request, thread_id: str) -> bool:
        """Refuse what is beyond a thread's limit."""
        async with self._storage.view() as view:
            limit = await self._limits.reached_in(view, thread_id, self._clock.now())
        if limit is not None:
            await self._replies.refuse(request, limit)
        return limit is not None

    async def _compose(self, request: Request, thread: tables.Thread, *, is_last: bool) -> bool:
        """Answer by what is stored of a thread; False if that is too little and more may come."""
        ask = request.ask
        async with self._storage.view() as view:
            plan = await self._planning.plan(view, request, thread)
            material = await gather(view, thread, plan.standing, plan.use)
        composed = await compose_thread(
            self._summarizer,
            material,
            LENGTHS[ask.length],
            ask.language or request.spoken,
            ask.question,
        )
        usable = len(plan.standing.allowing(plan.use))
        enough = ENOUGH if plan.since is None else 1
        if usable >= enough and composed.summary.sentences:
            # Another answer may have become the thread's public one meanwhile: then plan again.
            done = await self._publish(request, composed, plan)
            return done or await self._compose(request, thread, is_last=is_last)
        if not is_last:
            return False
        lacking, reason = _lacking(request, plan, usable)
        async with self._storage.unit() as unit:
            await self._replies.reply(unit, request, [lacking], reason, thread_id=thread.id)
        return True

    async def _publish(self, request: Request, composed: Composed, plan: Plan) -> bool:
        remarked = {
            "spoken": request.spoken,
            "remarks": [*plan.remarks, *_untranslated(request, composed)],
            "elsewhere": plan.elsewhere,
        }
        async with self._storage.unit() as unit:
            if not await self._replies.is_open(unit, request):
                return True
            if plan.quiet and await public_answer(unit, request, composed.thread.id):
                return False
            await store(
                unit,
                self._consenting,
                replace(composed, remarked=remarked),
                plan.use,
                self._clock.now(),
                request_id=request.id,
                asker=request.requester.id,
            )
            slug = identifier("answer", request.row.bot, request.id)
            view = await self._views.answer(unit, request.id, quiet=plan.quiet, slug=slug)
            if view is None or not has_words(view.thread):
                text, reason = _lacking(request, plan, 0)
                await self._replies.reply(unit, request, [text], reason)
                return True
            publication = await self._publisher.reply(
                unit,
                request.row.bot,
                answer_note(view, request.requester, self._publisher.uris),
                request.note,
                request.requester,
                is_quiet=plan.quiet,
                outside=plan.outside,
            )
            await self._replies.settle(
                unit, request, publication.id, thread_id=composed.thread.id, again=_again(request)
            )
            await self._follow_up(unit, request, composed.thread)
        return True

    async def _follow_up(self, unit: UnitOfWork, request: Request, thread: tables.Thread) -> None:
        """Queue what is still to be read, and a new look at what was read while we composed."""
        now = self._clock.now()
        if thread.rest:
            payload = {"bot": request.row.bot, "post": thread.id}
            key = f"rest:{thread.id}:{thread.read_at}"
            await unit.jobs.enqueue("reread", payload, run_at=now, key=key)
        current = await unit.threads.get(thread.id)
        if current is not None and current.read_at != thread.read_at:
            key = f"grown:{thread.id}:{current.read_at}:{request.id}"
            await unit.jobs.enqueue("grown", {"thread": thread.id}, run_at=now, key=key)

    async def _is_closed(self, thread_id: str) -> bool:
        """Tell whether who opened a thread has said: not here."""
        async with self._storage.view() as view:
            return await view.choices.get(thread_id) is not None


def _again(request: Request) -> dict[str, Any]:
    """Return what it takes to make an answer anew: no word of the request is kept."""
    ask = request.ask
    if ask.question or ask.span != "all":
        return {}
    return {"grows": True, "length": ask.length, "language": ask.language or request.spoken}


def _untranslated(request: Request, composed: Composed) -> tuple[str, ...]:
    wanted, got = request.ask.language, composed.summary.language
    return ("answer.untranslated",) if wanted and got and not got.startswith(wanted) else ()


def _lacking(request: Request, plan: Plan, usable: int) -> tuple[str, str]:
    """Return what to say when there is nothing to tell, and how that is counted."""
    said = request.said
    if request.ask.span == "new" and plan.since is not None:
        return said.say("plain.nothing_new"), "nothing new"
    if request.ask.span == "day":
        return said.say("plain.nothing_recent"), "nothing new"
    if request.ask.question and usable:
        return said.say("plain.nobody"), "nobody says"
    return said.say("plain.short", posts=usable), "short"
