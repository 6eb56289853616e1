"""What people ask to be sent: a hashtag's news, or word of a thread that grows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from activitypub.ports import Clock
from bot.answering.news import DAYS, LOOK
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.answering.summaries import ThreadAnswers
from bot.answering.taking_back import end
from bot.asking import Wish
from bot.pages.wording import hashtag
from bot.publishing.publish import identifier
from bot.topic import Topic
from bot.words import Words
from storage import Storage, UnitOfWork, tables
from storage.tables import SubscriptionKind

MOST = 10
"""Subscriptions of one person."""


class Subscriptions:
    """Keeps what people ask to be sent, as little of it as possible, until they end it."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        replies: Replies,
        threads: ThreadAnswers,
        topics: Mapping[str, Topic],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._replies = replies
        self._threads = threads
        self._topics = topics

    async def follow_tag(self, request: Request) -> None:
        """Send the requester the news of hashtags from now on, daily or weekly."""
        topic, every = self._topics[request.row.bot], request.ask.every
        first = topic.digest_after(self._clock.now(), DAYS[every])
        wanted = [
            (self._row(request, "tag", tag, first, every), self._told(request, topic, tag))
            for tag in request.ask.tags
        ]
        await self._keep(request, wanted)

    def _told(self, request: Request, topic: Topic, tag: str) -> list[str]:
        """Say what will be sent of a hashtag, and how to end it."""
        lines = [request.said.say(f"following.{request.ask.every}", tag=tag)]
        if tag not in topic.hashtags:
            watched = " ".join(hashtag(name, request.said) for name in topic.hashtags) or "–"
            lines.append(request.said.say("following.unwatched", tag=tag, tags=watched))
        return lines

    async def follow_thread(self, request: Request) -> None:
        """Tell the requester from now on when the thread grows."""
        start = request.note.in_reply_to or ""
        thread = await self._threads.read_at(start, request.row.bot)
        async with self._storage.view() as view:
            closed = thread is not None and await view.choices.get(thread.id) is not None
        if closed:
            await self._replies.ignore(request, "not here")
            return
        if thread is None:
            text = request.said.say("plain.unreadable")
            await self._replies.say(request, [text], "unreadable")
            return
        row = self._row(request, "thread", thread.id, self._clock.now() + LOOK, "daily")
        await self._keep(request, [(row, [request.said.say("following.thread")])], thread.id)

    async def end(self, request: Request) -> None:
        """End what the requester names: a hashtag, the thread, or everything."""
        person, said = request.requester.id, request.said
        async with self._storage.unit() as unit:
            lines = await self._ended(unit, request)
            if not lines:
                listed = await self.listed(unit, person, said)
                lines = [said.say("following.nothing"), listed]
            await self._replies.reply(unit, request, [line for line in lines if line], "ended")

    async def listed(self, unit: UnitOfWork, person: str, said: Words) -> str:
        """Return what somebody follows, in words; empty if nothing."""
        rows = await unit.subscriptions.of_actor(person)
        names = [
            hashtag(row.target, said) if row.kind == "tag" else said.say("following.a_thread")
            for row in rows
        ]
        return said.say("following.follows", what=", ".join(names)) if names else ""

    async def _keep(
        self,
        request: Request,
        wanted: Sequence[tuple[tables.Subscription, list[str]]],
        thread_id: str | None = None,
    ) -> None:
        """Keep what is wanted, as far as there is room for it, and say what is said of each."""
        async with self._storage.unit() as unit:
            if not await self._replies.is_open(unit, request):
                return
            mine = {row.id for row in await unit.subscriptions.of_actor(request.requester.id)}
            lines: list[str] = []
            for row, told in wanted:
                if row.id in mine or len(mine) < MOST:
                    await unit.subscriptions.put(row)
                    mine.add(row.id)
                    lines += told
                else:
                    lines.append(request.said.say("following.too_many", number=MOST))
                    break
            await self._replies.reply(unit, request, lines, "following", thread_id=thread_id)

    def _row(
        self, request: Request, kind: SubscriptionKind, target: str, next_at: datetime, every: str
    ) -> tables.Subscription:
        person, bot = request.requester.id, request.row.bot
        return tables.Subscription(
            id=identifier("subscription", bot, person, kind, target),
            bot=bot,
            actor_id=person,
            kind=kind,
            target=target,
            every=every,
            language=request.spoken,
            request_id=request.id,
            since=self._clock.now(),
            next_at=next_at,
        )

    async def _ended(self, unit: UnitOfWork, request: Request) -> list[str]:
        """End what is meant; return what to say of it, or nothing if there was none."""
        said, ask = request.said, request.ask
        above = request.note.in_reply_to
        gone = await end(unit, request.row.bot, request.requester.id, ask, above)
        if not gone:
            return []
        if ask.wish is Wish.UNFOLLOW_TAG and ask.tags:
            return [said.say("following.ended_tag", tag=row.target) for row in gone]
        thread = ask.wish is Wish.UNFOLLOW_THREAD
        return [said.say("following.ended_thread" if thread else "following.ended_all")]
