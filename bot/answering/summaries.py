"""Summaries of a thread for whoever asks under it, edited as the thread grows."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from activitypub.errors import Final
from activitypub.ports import Clock
from bot.answering.limits import Limits
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.consent import Use
from bot.conversation import Conversations, Reading
from bot.digest import Composed, compose_thread, store
from bot.notes import answer_note
from bot.pages.build import Views, has_words
from bot.publish import Publisher, identifier
from bot.standing import Consenting, Standing
from bot.summarizing import Summarizer
from bot.summary.model import Length
from storage import Storage, UnitOfWork, tables

LENGTHS = {"shorter": Length(3, 60), "normal": Length(5, 110), "longer": Length(8, 220)}
ENOUGH = 2
"""Posts with usable words below which there is nothing to summarize."""
DAY = timedelta(days=1)
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


@dataclass(frozen=True, slots=True)
class Plan:
    """For whom an answer is made, of which posts, and what is remarked below it.

    `outside`: it must not be a reply in the thread.
    """

    quiet: bool
    standing: Standing
    outside: bool = False
    remarks: tuple[str, ...] = ()
    elsewhere: str = ""

    @property
    def use(self) -> Use:
        """What the posts are used for."""
        return Use.QUIET if self.quiet else Use.DIRECT


class ThreadAnswers:
    """Reads a request's thread, composes, publishes; and does so again when the thread grows."""

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        clock: Clock,
        replies: Replies,
        *,
        conversations: Conversations,
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
        self._conversations = conversations
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._views = views
        self._limits = limits
        self._growing = growing

    async def answer(self, request: Request) -> None:
        """Summarize the thread above a request, or say what it says of a question."""
        start = request.note.in_reply_to or ""
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
        await self._compose(request, thread)

    async def grown(self, thread_id: str) -> None:
        """Edit what was answered about a thread, now that more of it is known."""
        if await self._is_closed(thread_id):
            return
        now = self._clock.now()
        async with self._storage.view() as view:
            rows = await view.answers.for_thread(thread_id)
            thread = await view.threads.get(thread_id)
        for row in rows:
            answered = row.answered_at or row.asked_at
            is_live = row.state == "answered" and now - answered < self._growing.edit_for
            if thread and is_live and row.again.get("grows"):
                await self._edit(row, thread)

    async def read_at(self, start: str, bot: str) -> tables.Thread | None:
        """Return the thread around a post, read now unless it just was; None if it cannot be."""
        known = await self._known(start)
        if known is not None:
            return known
        with contextlib.suppress(Final):
            seconds = self._growing.seconds
            reading = await self._conversations.read(start, bot=bot, aliases=set(), seconds=seconds)
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
        bot, read = request.row.bot, self._conversations.read
        try:
            reading = await read(start, bot=bot, aliases=set(), seconds=self._growing.seconds)
            if reading.thread is None and not reading.left_out:  # not one post in time
                reading = await read(start, bot=bot, aliases=set())
        except Final:
            await self._unreadable(request)
            return None
        thread = reading.thread
        if thread and await self._is_over(request, thread.id):
            return None
        if thread and thread.rest:
            now = self._clock.now()
            async with self._storage.unit() as unit:
                payload, key = {"bot": bot, "post": thread.id}, f"rest:{thread.id}:{thread.read_at}"
                await unit.jobs.enqueue("reread", payload, run_at=now, key=key)
        return reading

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

    async def _compose(self, request: Request, thread: tables.Thread) -> None:
        ask = request.ask
        async with self._storage.view() as view:
            plan, before = await self._plan(view, request, thread)
            composed = await compose_thread(
                view,
                self._summarizer,
                thread,
                plan.standing,
                plan.use,
                LENGTHS[ask.length],
                ask.language or request.spoken,
                ask.question,
            )
        usable = len(plan.standing.allowing(plan.use))
        enough = ENOUGH if before is None else 1
        if usable >= enough and composed.summary.sentences:
            await self._publish(request, composed, plan)
            return
        lacking, reason = _lacking(request, usable, has_posts=bool(composed.standing.posts))
        async with self._storage.unit() as unit:
            await self._replies.reply(unit, request, [lacking], reason, thread_id=thread.id)

    async def _plan(
        self, view: UnitOfWork, request: Request, thread: tables.Thread
    ) -> tuple[Plan, datetime | None]:
        """Decide for whom an answer is, and of which posts (those after a moment, if asked so).

        Quiet public when the request was, nobody's interaction policy forbids a reply, no other
        answer in the thread is, and at least half of the posts that a direct answer could use may
        stand in a public one too (or it was asked to be public); otherwise directly.
        """
        whole = await self._consenting.of_thread(view, thread.id, asker=request.requester.id)
        since = await self._since(view, request, thread)
        alone = Plan(
            quiet=False,
            standing=without(whole, request.id, since),
            outside=not may_reply(request, whole, thread.id),
        )
        if request.ask.private or not request.is_public:
            remarks = ("answer.asked_alone",) if request.ask.public else ()
            return replace(alone, remarks=remarks), since
        if alone.outside:
            return replace(alone, remarks=("answer.closed",)), since
        public, private = (len(alone.standing.allowing(use)) for use in (Use.QUIET, Use.DIRECT))
        if public < ENOUGH or not (request.ask.public or 2 * public >= private):
            return replace(alone, remarks=("answer.alone",)), since
        elsewhere = await self._public_answer(view, request, thread.id)
        return replace(alone, quiet=not elsewhere, elsewhere=elsewhere), since

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

    async def _public_answer(self, view: UnitOfWork, request: Request, thread_id: str) -> str:
        """Return the page of an answer that this thread has already: one is enough for all."""
        for row in await view.answers.for_thread(thread_id):
            if row.bot != request.row.bot or row.publication_id is None:
                continue
            found = await view.publications.get(row.publication_id)
            if found is None or found.withdrawn_at or not row.again.get("grows"):
                continue
            if found.kind == "answer" and found.audience == "quiet":
                return str(found.document.get("url", ""))
        return ""

    async def _publish(self, request: Request, composed: Composed, plan: Plan) -> None:
        facts = {
            **composed.facts,
            "spoken": request.spoken,
            "remarks": [*plan.remarks, *_untranslated(request, composed)],
            "elsewhere": plan.elsewhere,
        }
        async with self._storage.unit() as unit:
            if not await self._replies.is_open(unit, request):
                return
            await self._store(unit, request.row, replace(composed, facts=facts), plan.use)
            slug = identifier("answer", request.row.bot, request.id)
            view = await self._views.answer(unit, request.id, quiet=plan.quiet, slug=slug)
            if view is None or not has_words(view.thread):
                text, reason = _lacking(request, 0, has_posts=False)
                await self._replies.reply(unit, request, [text], reason)
                return
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

    async def _store(
        self, unit: UnitOfWork, row: tables.Answer, composed: Composed, use: Use
    ) -> None:
        await store(
            unit,
            self._consenting,
            composed,
            use,
            self._clock.now(),
            request_id=row.request_id,
            asker=row.requester_id,
        )

    async def _edit(self, row: tables.Answer, thread: tables.Thread) -> None:
        """Make an answer anew, for the audience that it has; nothing new to say changes nothing."""
        async with self._storage.view() as view:
            publication = await view.publications.get(row.publication_id or "")
            old = await view.digests.summary_for_request(row.request_id)
            if publication is None or publication.withdrawn_at or old is None:
                return
            said = await view.digests.sentences(old.id)
            use = Use.DIRECT if publication.audience == "direct" else Use.QUIET
            standing = await self._consenting.of_thread(view, thread.id, asker=row.requester_id)
            composed = await compose_thread(
                view,
                self._summarizer,
                thread,
                without(standing, row.request_id),
                use,
                LENGTHS[row.again.get("length", "normal")],
                row.again.get("language"),
            )
        gist = [composed.summary.gist] if composed.summary.gist else []
        if {s.text for s in said} == {s.text for s in (*gist, *composed.summary.sentences)}:
            return
        facts = grown_facts(old, composed.facts)
        async with self._storage.unit() as unit:
            current = await unit.publications.get(publication.id)
            still = await unit.digests.summary_for_request(row.request_id)
            if current is None or current.withdrawn_at or still is None:
                return
            if still.made_at != old.made_at or await unit.choices.get(thread.id):
                return
            await unit.digests.remove_summary(old.id)
            await self._store(unit, row, replace(composed, facts=facts), use)
            await self._publisher.refresh(unit, current)

    async def _is_closed(self, thread_id: str) -> bool:
        """Tell whether who opened a thread has said: not here."""
        async with self._storage.view() as view:
            return await view.choices.get(thread_id) is not None


def grown_facts(old: tables.Summary, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands beside an edited answer: its remarks, and how much is new in it."""
    kept: dict[str, Any] = {
        key: old.facts[key] for key in ("spoken", "remarks", "elsewhere") if key in old.facts
    }
    more = int(facts.get("posts_read", 0)) - int(old.facts.get("posts_read", 0))
    return {**facts, **kept, "before": old.made_at.isoformat(), "more": max(0, more)}


def may_reply(request: Request, standing: Standing, root: str) -> bool:
    """Tell whether the interaction policies above a request let us reply in the thread.

    Who mentions us may always be answered, so their own posts do not count (GoToSocial's rule).
    """
    above = (standing.posts.get(uri) for uri in (root, request.note.in_reply_to or ""))
    return all(p.answerable or p.author_id == request.requester.id for p in above if p)


def without(standing: Standing, request_id: str, since: datetime | None = None) -> Standing:
    """Leave out the request itself, which is not part of what it asks about, and older posts."""
    kept = {
        key: post
        for key, post in standing.posts.items()
        if key != request_id and (since is None or post.published > since)
    }
    return Standing(kept, standing.uses)


def _again(request: Request) -> dict[str, Any]:
    """Return what it takes to make an answer anew: no word of the request is kept."""
    ask = request.ask
    if ask.question or ask.span != "all":
        return {}
    return {"grows": True, "length": ask.length, "language": ask.language or request.spoken}


def _untranslated(request: Request, composed: Composed) -> tuple[str, ...]:
    wanted, got = request.ask.language, composed.summary.language
    return ("answer.untranslated",) if wanted and got and not got.startswith(wanted) else ()


def _lacking(request: Request, usable: int, *, has_posts: bool) -> tuple[str, str]:
    """Return what to say when there is nothing to tell, and how that is counted."""
    said = request.said
    if request.ask.span == "new":
        return said.say("plain.nothing_new"), "nothing new"
    if request.ask.span == "day":
        return said.say("plain.nothing_recent"), "nothing new"
    if request.ask.question and has_posts:
        return said.say("plain.nobody"), "nobody says"
    return said.say("plain.short", posts=usable), "short"
