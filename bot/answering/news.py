"""Sending what people asked for: the digest of now, a hashtag's news, a thread that grew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_datetime

from activitypub.ports import Clock
from bot.answering.limits import unwanted
from bot.answering.plan import LENGTHS, without
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.authors import Authors
from bot.consent import Use
from bot.digest import Composed, Digests, compose_thread, store
from bot.notes import Link, personal_note, plain_reply
from bot.pages.build import Views
from bot.publish import Publisher
from bot.standing import Consenting, Standing
from bot.summarizing import Summarizer
from bot.topic import Topic
from bot.words import Words, words
from storage import Storage, UnitOfWork, tables
from storage.answers import SUBSCRIBED

DAYS = {"daily": 1, "weekly": 7}
HOUR = timedelta(hours=1)
"""A thread's news are sent once in this time at most."""
LOOK = timedelta(hours=12)
"""A followed thread of which nothing was heard is looked at this often."""
QUIET = timedelta(days=3)


class News:
    """Composes and sends, to one person alone. A hashtag's news keep to what a digest may say."""

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        clock: Clock,
        replies: Replies,
        *,
        topics: Mapping[str, Topic],
        authors: Authors,
        digests: Digests,
        consenting: Consenting,
        summarizer: Summarizer,
        publisher: Publisher,
        views: Views,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._replies = replies
        self._topics = topics
        self._authors = authors
        self._digests = digests
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._views = views

    async def digest(self, request: Request) -> None:
        """Send the digest of now: what was discussed since the last one was published."""
        bot, said = request.row.bot, request.said
        topic, now = self._topics[bot], self._clock.now()
        async with self._storage.view() as view:
            latest = await view.digests.latest(bot, 1)
            since = max(latest[0].until if latest else now, now - timedelta(days=7))
            if not latest:
                since = now - timedelta(days=1)
            composed = await self._digests.compose(view, topic, since, now)
        composed = [thread for thread in composed if thread.summary.sentences]
        lines: list[str | Link] = []
        if latest and latest[0].publication_id:
            title = f"{said.say('plain.latest')}: {latest[0].title}"
            lines.append(Link(self._publisher.uris.digest(latest[0].id), title))
        if not composed:
            lines.append(said.say("plain.nothing_since" if lines else "plain.no_digest"))
            await self._replies.say(request, lines, "digest")
            return
        facts = opening("following.digest", {"when": time(since, said)}, request.spoken)
        async with self._storage.unit() as unit:
            if not await self._replies.is_open(unit, request):
                return
            await self._store(unit, request.row, composed, facts)
            view_of = await self._views.personal(unit, request.id)
            if view_of is None or not view_of.threads:
                text = said.say("plain.nothing_since")
                await self._replies.reply(unit, request, [text], "digest")
                return
            note = personal_note(view_of, request.requester, self._publisher.uris)
            publication = await self._publisher.reply(
                unit, bot, note, request.note, request.requester, is_quiet=False, kind="personal"
            )
            await self._replies.settle(unit, request, publication.id, reason="digest")

    async def send(self, subscription_id: str) -> None:
        """Send what is due to a subscriber, once for each period, and set the next time."""
        async with self._storage.view() as view:
            row = await view.subscriptions.get(subscription_id)
        now = self._clock.now()
        if row is None or row.next_at > now or row.bot not in self._topics:
            return
        signals = (await self._authors.learn([row.actor_id], speaking=True))[row.actor_id]
        if signals.actor is None or signals.listed:
            await self._pass_over(row, now)
        elif row.kind == "tag":
            await self._send_tag(row, now)
        else:
            await self._send_thread(row, now)

    async def _send_tag(self, row: tables.Subscription, now: datetime) -> None:
        topic, said = self._topics[row.bot], words(row.language)
        async with self._storage.view() as view:
            found = await self._digests.compose(view, topic, row.since, now, tag=row.target)
        composed = [thread for thread in found if thread.summary.sentences]
        values = {"tag": row.target, "when": time(row.since, said)}
        later = topic.digest_after(now, DAYS.get(row.every, 1))
        await self._send(row, now, later, composed, opening("following.news", values, row.language))

    async def _send_thread(self, row: tables.Subscription, now: datetime) -> None:
        if now < row.since + HOUR:
            await self._later(row, row.since + HOUR)
            return
        async with self._storage.view() as view:
            thread = await view.threads.get(row.target)
            closed = thread is None or await view.choices.get(row.target) is not None
            whole = await self._consenting.of_thread(view, row.target, asker=row.actor_id)
        standing = without(whole, row.request_id, row.since)
        new = [p for p in standing.allowing(Use.COUNT) if p.author_id != row.actor_id]
        if thread is None or closed or (not new and now - thread.active_at > QUIET):
            await self._quiet(row, now)
        elif new:
            await self._send_grown(row, now, thread, standing, new)
        else:
            await self._later(row, now + LOOK)

    async def _send_grown(
        self,
        row: tables.Subscription,
        now: datetime,
        thread: tables.Thread,
        standing: Standing,
        new: Sequence[tables.Post],
    ) -> None:
        async with self._storage.view() as view:
            composed = await compose_thread(
                view,
                self._summarizer,
                thread,
                standing,
                Use.DIRECT,
                LENGTHS["shorter"],
                row.language,
            )
        values = {"posts": str(len(new)), "people": str(len({p.author_id for p in new}))}
        facts = opening("following.grown", values, row.language)
        said = [composed] if composed.summary.sentences else []
        text = words(row.language).say("following.grown", **values)
        lines: list[str | Link] = [text, Link(thread.url, thread.url)]
        await self._send(row, now, now + LOOK, said, facts, lines)

    async def _send(
        self,
        row: tables.Subscription,
        now: datetime,
        later: datetime,
        composed: list[Composed],
        facts: Mapping[str, Any],
        lines: Sequence[str | Link] = (),
    ) -> None:
        """Send threads to a subscriber, or some lines where nothing may be quoted, or nothing."""
        cause = f"{row.id}/{row.next_at.isoformat()}"
        async with self._storage.unit() as unit:
            current = await unit.subscriptions.get(row.id)
            if current is None or current.next_at != row.next_at:
                return  # it was ended, or sent, meanwhile
            current.since, current.next_at = now, later
            await unit.subscriptions.put(current)
            if await unwanted(unit, row.actor_id) or not (composed or lines):
                return
            person = await unit.actors.get(row.actor_id)
            asked = asked_by(row, cause, now)
            if person is None or not await unit.answers.claim(asked):
                return
            await self._store(unit, asked, composed, facts)
            view = await self._views.personal(unit, cause)
            if view is not None and view.threads:
                note = personal_note(view, person, self._publisher.uris)
            elif lines:
                actor_id, language = (
                    self._publisher.uris.actor(row.bot),
                    words(row.language).language,
                )
                note = plain_reply(actor_id, person, lines, language)
            else:
                await unit.answers.settle(cause, "refused", at=now, reason=SUBSCRIBED)
                return
            publication = await self._publisher.tell(unit, row.bot, note, row, cause)
            await unit.answers.settle(
                cause,
                "answered",
                at=now,
                reason=SUBSCRIBED,
                publication_id=publication.id if publication else None,
            )

    async def _store(
        self,
        unit: UnitOfWork,
        asked: tables.Answer,
        composed: list[Composed],
        facts: Mapping[str, Any],
    ) -> None:
        for position, thread in enumerate(composed):
            await store(
                unit,
                self._consenting,
                replace(thread, remarked=facts),
                Use.DIRECT,
                self._clock.now(),
                position=position,
                request_id=asked.request_id,
                asker=asked.requester_id,
            )

    async def _quiet(self, row: tables.Subscription, now: datetime) -> None:
        """End following a thread in which nobody writes any more, and say so."""
        text = words(row.language).say("following.quiet")
        await self._send(row, now, now + LOOK, [], {}, [text])
        async with self._storage.unit() as unit:
            await unit.subscriptions.remove(row.id)

    async def _later(self, row: tables.Subscription, at: datetime) -> None:
        async with self._storage.unit() as unit:
            current = await unit.subscriptions.get(row.id)
            if current is not None and current.next_at == row.next_at:
                current.next_at = at
                await unit.subscriptions.put(current)

    async def _pass_over(self, row: tables.Subscription, now: datetime) -> None:
        """Send nothing to an account that cannot be read; end what is of one that is gone."""
        async with self._storage.view() as view:
            actor = await view.actors.get(row.actor_id)
        if actor is None or actor.gone_at is None:
            await self._later(row, now + timedelta(days=1))
            return
        async with self._storage.unit() as unit:
            await unit.subscriptions.forget(row.actor_id)


def asked_by(row: tables.Subscription, cause: str, now: datetime) -> tables.Answer:
    """Return the row of an answer that a subscription asks for; `cause` makes it the only one."""
    thread = row.target if row.kind == "thread" else None
    return tables.Answer(
        request_id=cause,
        bot=row.bot,
        requester_id=row.actor_id,
        thread_id=thread,
        state="asked",
        reason=SUBSCRIBED,
        asked_at=now,
    )


def opening(key: str, values: Mapping[str, str], spoken: str | None) -> dict[str, Any]:
    """Return what a personal note begins with, as it is stored beside its summaries."""
    return {"opening": key, "values": dict(values), "spoken": spoken}


def time(moment: datetime, said: Words) -> str:
    """Write a time for people."""
    return f"{format_datetime(moment, 'short', locale=said.locale)} UTC"
