"""Answering requests: each exactly once, by the way that its wish has."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from activitypub.ports import Clock
from activitypub.vocab import Document, Object
from bot.answering.growth import Growth
from bot.answering.limits import Limits
from bot.answering.news import News
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.answering.subscriptions import Subscriptions
from bot.answering.summaries import ThreadAnswers
from bot.answering.wishes import Wishes
from bot.asking import Wish, parse
from bot.summary.text import html_to_text
from bot.topic import Topic
from storage import Storage

Way = Callable[[Request], Awaitable[None]]


class Answers:
    """What the jobs "answer", "grown" and "personal" do."""

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        clock: Clock,
        limits: Limits,
        replies: Replies,
        *,
        threads: ThreadAnswers,
        growth: Growth,
        subscriptions: Subscriptions,
        news: News,
        wishes: Wishes,
        topics: Mapping[str, Topic],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._limits = limits
        self._replies = replies
        self._threads = threads
        self._growth = growth
        self._news = news
        self._wishes = wishes
        self._topics = topics
        self._ways: Mapping[Wish, Way] = {
            Wish.EXCLUDE: wishes.choose,
            Wish.INCLUDE: wishes.choose,
            Wish.NOT_HERE: wishes.not_here,
            Wish.SUMMARIZE: self._under_a_post,
            Wish.QUESTION: self._under_a_post,
            Wish.DIGEST: news.digest,
            Wish.FOLLOW_TAG: subscriptions.follow_tag,
            Wish.FOLLOW_THREAD: subscriptions.follow_thread,
            Wish.UNFOLLOW_TAG: subscriptions.end,
            Wish.UNFOLLOW_THREAD: subscriptions.end,
            Wish.STOP_ALL: subscriptions.end,
            Wish.STATUS: wishes.status,
            Wish.HELP: wishes.help,
            Wish.UNKNOWN: wishes.help,
            Wish.THANKS: self._pass_over,
        }

    async def answer(self, request_id: str, note: Document) -> None:
        """Answer the request `request_id`, whose text is in `note`, its verified document.

        Raises the client's recoverable errors, to be tried again.
        """
        request = await self._load(request_id, note)
        if request is None or await self._refused(request):
            return
        if not request.is_taking_back and await self._is_closed(request):
            await self._replies.ignore(request, "not here")
            return
        await self._ways[request.ask.wish](request)

    async def grown(self, thread_id: str) -> None:
        """Edit what was answered about a thread of which more is known now."""
        await self._growth.grown(thread_id)
        async with self._storage.unit() as unit:
            await unit.subscriptions.hasten("thread", thread_id, self._clock.now())

    async def send(self, payload: Mapping[str, Any]) -> None:
        """Send a subscriber what is due."""
        await self._news.send(payload["id"], datetime.fromisoformat(payload["lease"]))

    async def hush(self, payload: Mapping[str, Any]) -> None:
        """Do “not here” for somebody who is beyond the limits, without a word."""
        await self._wishes.hush(payload["bot"], payload["person"], payload["post"])

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
        topic = self._topics.get(row.bot)
        return Request(row, note, requester, ask, topic.language if topic else None)

    async def _refused(self, request: Request) -> bool:
        """Settle what is beyond a limit: with a kind word once, then with silence."""
        if request.is_taking_back:
            return False
        async with self._storage.view() as view:
            limit = await self._limits.reached(view, request.row)
        if limit is not None:
            await self._replies.refuse(request, limit)
        return limit is not None

    async def _is_closed(self, request: Request) -> bool:
        """Tell whether who opened the thread of a request has said: not here."""
        above = request.note.in_reply_to
        async with self._storage.view() as view:
            post = await view.posts.get(above) if above else None
            root = (post.thread_id if post else None) or above
            return root is not None and await view.choices.get(root) is not None

    async def _under_a_post(self, request: Request) -> None:
        if request.note.in_reply_to is None:
            await self._wishes.help(request)
        else:
            await self._threads.answer(request)

    async def _pass_over(self, request: Request) -> None:
        """Thanks need no answer."""
        await self._replies.ignore(request, "thanks")
