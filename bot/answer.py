"""Answering a request: read its thread, summarize what may be used, reply once."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from activitypub.addressing import Audience, audience_of
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Document, Object
from bot.asking import Ask, Wish, parse
from bot.consent import Use
from bot.conversation import Conversations, Reading
from bot.digest import Composed, compose_thread, store
from bot.notes import answer_note, plain_reply
from bot.pages.build import Views, has_words
from bot.provenance import Provenance
from bot.publish import Publisher, identifier
from bot.standing import Consenting, Standing
from bot.summarizing import Summarizer
from bot.summary.model import Length
from bot.summary.text import html_to_text
from storage import Storage, UnitOfWork, tables

PER_DAY = 20
"""Answers one person gets in a day."""
ALWAYS = frozenset({Wish.EXCLUDE, Wish.NOT_HERE})
"""What is done however often somebody has asked."""
LENGTHS = {"shorter": Length(3, 60), "normal": Length(5, 110), "longer": Length(8, 220)}
ENOUGH = 2
"""Posts with usable words below which there is nothing to summarize."""


@dataclass(frozen=True, slots=True)
class Request:
    """A stored request with what answering needs of it."""

    row: tables.Answer
    note: Object
    requester: tables.Actor
    ask: Ask

    @property
    def is_public(self) -> bool:
        """Tell whether the request itself is public or quiet public."""
        return audience_of(self.note.to, self.note.cc) is not Audience.NARROW


class Answers:
    """Answers each request exactly once: the reply and its record are one unit of work."""

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        clock: Clock,
        uris: Uris,
        *,
        conversations: Conversations,
        consenting: Consenting,
        summarizer: Summarizer,
        publisher: Publisher,
        provenance: Provenance,
        views: Views,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._uris = uris
        self._conversations = conversations
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._provenance = provenance
        self._views = views
        self._ways: Mapping[Wish, Callable[[Request], Awaitable[None]]] = {
            Wish.EXCLUDE: self._choose,
            Wish.INCLUDE: self._choose,
            Wish.NOT_HERE: self._not_here,
            Wish.SUMMARIZE: self._summarize,
            Wish.QUESTION: self._summarize,
            Wish.DIGEST: self._digest,
            Wish.STATUS: self._status,
            Wish.HELP: self._help,
            Wish.UNKNOWN: self._help,
            Wish.THANKS: self._pass_over,
        }

    async def answer(self, request_id: str, note: Document) -> None:
        """Answer the request `request_id`, whose text is in `note`, its verified document.

        Raises the client's recoverable errors, to be tried again.
        """
        request = await self._load(request_id, note)
        if request is None:
            return
        over = await self._over_limit(request)
        if over > 1:  # the reason was given once
            await self._ignore(request, "limit")
            return
        if over == 1:
            text = "That is enough for one day; please ask again tomorrow."
            await self._plainly(request, [text], "limit")
            return
        await self._ways.get(request.ask.wish, self._cannot)(request)

    async def _load(self, request_id: str, document: Document) -> Request | None:
        async with self._storage.view() as view:
            row = await view.answers.get(request_id)
            if row is None or row.state != "asked":
                return None
            requester = await view.actors.get(row.requester_id)
        if requester is None:
            return None
        note = Object.parse(document)
        ask = parse(html_to_text(note.content), under_a_post=note.in_reply_to is not None)
        return Request(row, note, requester, ask)

    async def _over_limit(self, request: Request) -> int:
        """Return by how many requests the person is over a day's limit; opting out has none."""
        since = self._clock.now() - timedelta(days=1)
        async with self._storage.view() as view:
            asked = await view.answers.count_since(request.row.requester_id, since)
        return 0 if request.ask.wish in ALWAYS else max(0, asked - PER_DAY)

    async def _ignore(self, request: Request, reason: str) -> None:
        async with self._storage.unit() as unit:
            if await self._is_open(unit, request.row.request_id):
                now = self._clock.now()
                await unit.answers.settle(request.row.request_id, "refused", at=now, reason=reason)

    async def _not_here(self, request: Request) -> None:
        """Be silent in a thread from now on if its author says so; anyone else is left out."""
        start = request.note.in_reply_to
        async with self._storage.view() as view:
            above = await view.posts.get(start) if start else None
            root = await view.posts.get(above.thread_id) if above and above.thread_id else None
        if root is None:
            root_id = author = ""
            with contextlib.suppress(Final):
                root_id, author = await self._root(start) if start else ("", "")
        else:
            root_id, author = root.id, root.author_id
        if not start or author != request.requester.id:
            await self._choose(request)
            return
        now = self._clock.now()
        row = tables.Choice(actor_id=root_id, choice="exclude", how="not here", at=now)
        async with self._storage.unit() as unit:
            await unit.choices.set(row)
            mine = [post.id for post in await unit.posts.in_thread(root_id)]
            await self._provenance.erase(unit, mine)
            done = "Done: I say nothing in this thread and of it; what I had is withdrawn."
            await self._reply(unit, request, [done], "chosen")

    async def _root(self, start: str) -> tuple[str, str]:
        """Return id and author of the post that opens the thread around `start`."""
        reading = await self._conversations.read(start, bot="", aliases=set())
        if reading.thread is None:
            return "", ""
        async with self._storage.view() as view:
            root = await view.posts.get(reading.thread.id)
        return (root.id, root.author_id) if root else ("", "")

    async def _status(self, request: Request) -> None:
        """Say that we are there, and how things stand with the person's words."""
        async with self._storage.view() as view:
            choice = await view.choices.get(request.requester.id)
        stands = {
            "include": "You told me that I may quote your public posts.",
            "exclude": "You are left out: I neither read nor quote you.",
        }
        told = stands.get(choice.choice, "") if choice else ""
        text = f"I am here. {told or 'You have told me nothing about your words.'}"
        await self._plainly(request, [text, *self._ways_to_ask()], "status")

    async def _help(self, request: Request) -> None:
        await self._plainly(request, self._ways_to_ask(), "help")

    async def _cannot(self, request: Request) -> None:
        text = "I do not keep subscriptions yet."
        await self._plainly(request, [text, *self._ways_to_ask()], "help")

    async def _pass_over(self, request: Request) -> None:
        """Thanks need no answer."""
        await self._ignore(request, "thanks")

    async def _digest(self, request: Request) -> None:
        """Say where the latest digest is."""
        async with self._storage.view() as view:
            latest = await view.digests.latest(request.row.bot, 1)
        text = (
            f"{latest[0].title}: {self._uris.digest(latest[0].id)}"
            if latest and latest[0].publication_id
            else "There is no digest yet."
        )
        await self._plainly(request, [text], "digest")

    async def _choose(self, request: Request) -> None:
        """Do what the person says of their own words, at once, and confirm it to them alone."""
        excluded = request.ask.wish is not Wish.INCLUDE
        now = self._clock.now()
        choice = tables.Choice(
            actor_id=request.requester.id,
            choice="exclude" if excluded else "include",
            how="told us",
            at=now,
        )
        done = (
            "Done: your posts are left out from now on; what was published of them is withdrawn."
            if excluded
            else "Thank you: your public posts may now be quoted, with your name and a link."
        )
        async with self._storage.unit() as unit:
            await unit.choices.set(choice)
            if excluded:
                await self._provenance.erase_author(unit, request.requester.id)
            await self._reply(unit, request, [done], "chosen")

    async def _summarize(self, request: Request) -> None:
        start = request.note.in_reply_to
        if start is None:
            await self._help(request)
            return
        try:
            reading = await self._conversations.read(start, bot=request.row.bot, aliases=set())
        except Final:
            reading = Reading(None, 0, 0)
        if reading.thread and await self._is_closed(reading.thread.id):
            await self._ignore(request, "not here")
            return
        if reading.thread is None:
            await self._plainly(
                request, ["I cannot read the thread above this post."], "unreadable"
            )
            return
        quiet, composed = await self._compose(request, reading.thread)
        if len(composed.standing.allowing(Use.QUIET if quiet else Use.DIRECT)) < ENOUGH or not (
            composed.summary.sentences
        ):
            if request.ask.question and composed.standing.posts:
                await self._plainly(request, ["Nobody says anything of that here."], "nobody says")
                return
            posts = reading.posts + reading.left_out
            text = f"Nothing to summarize yet ({posts} post{'' if posts == 1 else 's'})."
            await self._plainly(request, [text], "short")
            return
        await self._publish(request, composed, quiet=quiet)

    async def _compose(self, request: Request, thread: tables.Thread) -> tuple[bool, Composed]:
        """Summarize for the audience that the request and the authors' wishes leave.

        Quiet public when the request was public and at least half of the posts that a direct
        answer could use may stand in a public one too; otherwise directly, with more to say.
        """
        async with self._storage.view() as view:
            standing = await self._consenting.of_thread(
                view, thread.id, asker=request.row.requester_id
            )
            standing = without(standing, request.row.request_id)
            if request.ask.span != "all":
                standing = since(standing, self._clock.now() - timedelta(days=1))
            public, private = (len(standing.allowing(use)) for use in (Use.QUIET, Use.DIRECT))
            quiet = request.is_public and public >= ENOUGH and 2 * public >= private
            use = Use.QUIET if quiet else Use.DIRECT
            composed = await compose_thread(
                view,
                self._summarizer,
                thread,
                standing,
                use,
                LENGTHS[request.ask.length],
                request.ask.language,
                request.ask.question,
            )
        return quiet, composed

    async def _publish(self, request: Request, composed: Composed, *, quiet: bool) -> None:
        use = Use.QUIET if quiet else Use.DIRECT
        bot, request_id = request.row.bot, request.row.request_id
        async with self._storage.unit() as unit:
            if not await self._is_open(unit, request_id):
                return
            await store(
                unit,
                self._consenting,
                composed,
                use,
                self._clock.now(),
                request_id=request_id,
                asker=request.row.requester_id,
            )
            slug = identifier("answer", bot, request_id)
            view = await self._views.answer(unit, request_id, quiet=quiet, slug=slug)
            if view is None or not has_words(view.thread):
                await self._reply(unit, request, ["Nothing to summarize yet."], "short")
                return
            note = answer_note(view, request.requester, self._uris)
            publication = await self._publisher.reply(
                unit, bot, note, request.note, request.requester, is_quiet=quiet
            )
            await unit.answers.settle(
                request_id,
                state="answered",
                publication_id=publication.id,
                thread_id=composed.thread.id,
                at=self._clock.now(),
            )

    async def _plainly(self, request: Request, sentences: list[str], reason: str) -> None:
        async with self._storage.unit() as unit:
            await self._reply(unit, request, sentences, reason)

    async def _reply(
        self, unit: UnitOfWork, request: Request, sentences: list[str], reason: str
    ) -> None:
        """Reply in our own words to the requester alone, and settle the request."""
        row = request.row
        if not await self._is_open(unit, row.request_id):
            return
        note = plain_reply(self._uris.actor(row.bot), request.requester, sentences)
        publication = await self._publisher.reply(
            unit, row.bot, note, request.note, request.requester, is_quiet=False, kind="notice"
        )
        await unit.answers.settle(
            row.request_id,
            state="answered",
            publication_id=publication.id,
            reason=reason,
            at=self._clock.now(),
        )

    async def _is_closed(self, thread_id: str) -> bool:
        """Tell whether who opened a thread has said: not here."""
        async with self._storage.view() as view:
            return await view.choices.get(thread_id) is not None

    async def _is_open(self, unit: UnitOfWork, request_id: str) -> bool:
        row = await unit.answers.get(request_id)
        return row is not None and row.state == "asked"

    def _ways_to_ask(self) -> list[str]:
        return [
            "Mention me under a post and I summarize its thread, each sentence with its source.",
            "Or ask what it says about something; “shorter”, “longer” and “the last day” help.",
            "“include me” lets me quote you in public; “leave me out” removes you everywhere.",
            f"How it works: {self._uris.about}",
        ]


def without(standing: Standing, post_id: str) -> Standing:
    """Leave one post out: the request itself is not part of what it asks about."""
    return Standing(
        {key: post for key, post in standing.posts.items() if key != post_id}, standing.uses
    )


def since(standing: Standing, moment: datetime) -> Standing:
    """Keep the posts from a moment on."""
    recent = {key: post for key, post in standing.posts.items() if post.published >= moment}
    return Standing(recent, standing.uses)
