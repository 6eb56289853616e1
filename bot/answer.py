"""Answering a request: read its thread, summarize what may be used, reply once."""

from dataclasses import dataclass
from datetime import timedelta

from activitypub.addressing import Audience, audience_of
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Document, Object
from bot.consent import Use
from bot.conversation import Conversations, Reading
from bot.digest import Composed, compose_thread, store
from bot.mention import Wish, parse
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
ENOUGH = 2
"""Posts with usable words below which there is nothing to summarize."""


@dataclass(frozen=True, slots=True)
class Request:
    """A stored request with what answering needs of it."""

    row: tables.Answer
    note: Object
    requester: tables.Actor
    wish: Wish

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

    async def answer(self, request_id: str, note: Document) -> None:
        """Answer the request `request_id`, whose text is in `note`, its verified document.

        Raises the client's recoverable errors, to be tried again.
        """
        request = await self._load(request_id, note)
        if request is None:
            return
        over = await self._over_limit(request)
        if over > 1:  # the reason was given once
            await self._ignore(request)
            return
        if over == 1:
            text = "That is enough for one day; please ask again tomorrow."
            await self._plainly(request, [text], "limit")
            return
        match request.wish:
            case Wish.EXCLUDE | Wish.INCLUDE:
                await self._choose(request)
            case Wish.HELP:
                await self._plainly(request, self._help(request.row.bot), "help")
            case Wish.SUMMARIZE:
                await self._summarize(request)

    async def _load(self, request_id: str, document: Document) -> Request | None:
        async with self._storage.view() as view:
            row = await view.answers.get(request_id)
            if row is None or row.state != "asked":
                return None
            requester = await view.actors.get(row.requester_id)
        if requester is None:
            return None
        note = Object.parse(document)
        wish = parse(html_to_text(note.content), under_a_post=note.in_reply_to is not None)
        return Request(row, note, requester, wish)

    async def _over_limit(self, request: Request) -> int:
        """Return by how many requests the person is over a day's limit; opting out has none."""
        since = self._clock.now() - timedelta(days=1)
        async with self._storage.view() as view:
            asked = await view.answers.count_since(request.row.requester_id, since)
        return max(0, asked - PER_DAY) if request.wish is not Wish.EXCLUDE else 0

    async def _ignore(self, request: Request) -> None:
        async with self._storage.unit() as unit:
            if await self._is_open(unit, request.row.request_id):
                now = self._clock.now()
                await unit.answers.settle(request.row.request_id, "refused", at=now, reason="limit")

    async def _choose(self, request: Request) -> None:
        """Do what the person says of their own words, at once, and confirm it to them alone."""
        excluded = request.wish is Wish.EXCLUDE
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
            await self._plainly(request, self._help(request.row.bot), "help")
            return
        try:
            reading = await self._conversations.read(start, bot=request.row.bot, aliases=set())
        except Final:
            reading = Reading(None, 0, 0)
        if reading.thread is None:
            await self._plainly(
                request, ["I cannot read the thread above this post."], "unreadable"
            )
            return
        quiet, composed = await self._compose(request, reading.thread)
        if len(composed.standing.allowing(Use.QUIET if quiet else Use.DIRECT)) < ENOUGH or not (
            composed.summary.sentences
        ):
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
            public, private = (len(standing.allowing(use)) for use in (Use.QUIET, Use.DIRECT))
            quiet = request.is_public and public >= ENOUGH and 2 * public >= private
            use = Use.QUIET if quiet else Use.DIRECT
            composed = await compose_thread(
                view, self._summarizer, thread, standing, use, Length(sentences=5, words=110)
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

    async def _is_open(self, unit: UnitOfWork, request_id: str) -> bool:
        row = await unit.answers.get(request_id)
        return row is not None and row.state == "asked"

    def _help(self, bot: str) -> list[str]:
        return [
            "Mention me under a post and I summarize its thread, each sentence with its source.",
            "“include me” lets me quote you in public; “leave me out” removes you everywhere.",
            f"How it works: {self._uris.about}",
        ]


def without(standing: Standing, post_id: str) -> Standing:
    """Leave one post out: the request itself is not part of what it asks about."""
    return Standing(
        {key: post for key, post in standing.posts.items() if key != post_id}, standing.uses
    )
