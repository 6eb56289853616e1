"""What people say of their own words, and what they want to know of the bot."""

from activitypub.ports import Clock
from bot.answering.replies import Lines, Replies
from bot.answering.request import Request
from bot.answering.subscriptions import Subscriptions
from bot.answering.summaries import ThreadAnswers
from bot.answering.taking_back import close, thread_of
from bot.asking import Wish
from bot.pages.notes import Link
from bot.taking_back.provenance import Provenance
from storage import Storage, UnitOfWork, tables

TOLD = "told us"


class Wishes:
    """Does at once what somebody says of their own words, and confirms it to them alone."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        replies: Replies,
        *,
        provenance: Provenance,
        threads: ThreadAnswers,
        subscriptions: Subscriptions,
        about: str,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._replies = replies
        self._provenance = provenance
        self._threads = threads
        self._subscriptions = subscriptions
        self._about = about

    async def choose(self, request: Request) -> None:
        """Leave the requester out, or take them in, from now on."""
        excluded = request.ask.wish is not Wish.INCLUDE
        choice = tables.Choice(
            actor_id=request.requester.id,
            choice="exclude" if excluded else "include",
            how=TOLD,
            at=self._clock.now(),
        )
        done = request.said.say("chosen.excluded" if excluded else "chosen.included")
        async with self._storage.unit() as unit:
            known = await unit.choices.get(request.requester.id)
            if not excluded and known is not None and known.at > request.row.asked_at:
                return  # a block or a refusal that came after this permission holds
            if excluded:
                await unit.choices.set(choice)
                await self._provenance.erase_author(unit, request.requester.id)
            elif await self._replies.is_open(unit, request):
                await unit.choices.set(choice)
            await self._replies.reply(unit, request, [done], "chosen")

    async def not_here(self, request: Request) -> None:
        """Be silent in a thread from now on if its author says so; anyone else is left out."""
        root = await self._root(request.note.in_reply_to, request.row.bot)
        if root is None or root.author_id != request.requester.id:
            await self.choose(request)
            return
        async with self._storage.unit() as unit:
            await close(unit, self._provenance, root.id, self._clock.now())
            await self._replies.reply(
                unit, request, [request.said.say("chosen.not_here")], "chosen"
            )

    async def hush(self, bot: str, person: str, start: str) -> None:
        """Do the same without a word, for who has asked too much to be told."""
        root = await self._root(start, bot)
        now = self._clock.now()
        async with self._storage.unit() as unit:
            if root is not None and root.author_id == person:
                await close(unit, self._provenance, root.id, now)
                return
            row = tables.Choice(actor_id=person, choice="exclude", how=TOLD, at=now)
            await unit.choices.set(row)
            await self._provenance.erase_author(unit, person)

    async def status(self, request: Request) -> None:
        """Say that we are there, how things stand with the person's words, what they follow."""
        said = request.said
        async with self._storage.view() as view:
            lines = [said.say("plain.here"), await self._told(view, request)]
            lines.append(await self._subscriptions.listed(view, request.requester.id, said))
        shown = [line for line in lines if line]
        await self._replies.say(request, [*shown, *self._ways_to_ask(request)], "status")

    async def help(self, request: Request) -> None:
        """Say what can be asked."""
        await self._replies.say(request, self._ways_to_ask(request), "help")

    async def _root(self, start: str | None, bot: str) -> tables.Post | None:
        """Return the post that opens the thread of another, reading the thread if need be."""
        if start is None:
            return None
        async with self._storage.view() as view:
            known = await thread_of(view, start)
            if known:
                return await view.posts.get(known)
        thread = await self._threads.read_at(start, bot)
        if thread is None:
            return None
        async with self._storage.view() as view:
            return await view.posts.get(thread.id)

    async def _told(self, view: UnitOfWork, request: Request) -> str:
        choice = await view.choices.get(request.requester.id)
        stands = {"include": "chosen.is_included", "exclude": "chosen.is_excluded"}
        return request.said.say(stands[choice.choice] if choice else "chosen.is_open")

    def _ways_to_ask(self, request: Request) -> Lines:
        said = request.said
        keys = ("help.summary", "help.question", "help.follow", "help.consent")
        return [
            *(said.say(key, tag="openai") for key in keys),
            Link(self._about, said.say("help.about")),
        ]
