"""Sending what people asked for: the digest of now, a hashtag's news, a thread that grew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cachetools import TTLCache

from activitypub.ports import Clock
from bot.answering.limits import unwanted
from bot.answering.plan import LENGTHS, requests_in, without
from bot.answering.replies import Replies
from bot.answering.request import Request
from bot.consent.authors import Authors
from bot.consent.standing import Consenting, Standing
from bot.consent.table import Use
from bot.pages.build import Views
from bot.pages.notes import Link, personal_note, plain_reply
from bot.publishing.digest import Composed, Digests, compose_thread, gather, store
from bot.publishing.publish import Publisher
from bot.summary.summarizing import Summarizer
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
WEEK = timedelta(days=7)
UNREADABLE = timedelta(days=30)
"""After so long without a sign of somebody's server they are sent nothing any more."""
SAME = 64
"""Hashtags whose news of the day are kept in memory while their subscribers get them."""


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
        self._made: TTLCache[tuple[str, str, datetime, datetime], list[Composed]] = TTLCache(
            SAME, HOUR.total_seconds()
        )

    async def digest(self, request: Request) -> None:
        """Send the digest of now: what was discussed since the last one was published."""
        bot, said, now = request.row.bot, request.said, self._clock.now()
        async with self._storage.view() as view:
            latest = next(iter(await view.digests.latest(bot, 1)), None)
            uri = latest.publication_id if latest is not None else None
            shown = await view.publications.get(uri) if uri else None
        since = now - timedelta(days=1) if latest is None else max(latest.until, now - WEEK)
        found = await self._digests.compose(self._topics[bot], since, now)
        composed = [thread for thread in found if thread.summary.sentences]
        values = {"when": said.moment(since)}
        facts = opening("following.digest", values, request.spoken)
        link = None
        if latest is not None and shown is not None and shown.withdrawn_at is None:
            text = f"{said.say('plain.latest')}: {latest.title}"
            link = Link(self._publisher.uris.digest(latest.id), text)
            facts["link"] = list(link)
        nothing: list[str | Link] = [*([link] if link else []), said.say(_nothing(link))]
        async with self._storage.unit() as unit:
            if not await self._replies.is_open(unit, request):
                return
            await self._store(unit, request.row, composed, facts, Use.DIGEST)
            view_of = await self._views.personal(unit, request.id)
            if view_of is None or not view_of.threads:
                await self._replies.reply(unit, request, nothing, "digest")
                return
            note = personal_note(view_of, request.requester, self._publisher.uris)
            publication = await self._publisher.reply(
                unit, bot, note, request.note, request.requester, is_quiet=False, kind="personal"
            )
            await self._replies.settle(unit, request, publication.id, reason="digest")

    async def send(self, subscription_id: str, lease: datetime) -> None:
        """Send what is due to a subscriber, once for each period, and set the next time.

        `lease` is the time until which the schedule has put it off for this; if that has changed,
        it was sent, ended or hastened meanwhile.
        """
        async with self._storage.view() as view:
            row = await view.subscriptions.get(subscription_id)
        if row is None or row.next_at != lease or row.bot not in self._topics:
            return
        now = self._clock.now()
        signals = (await self._authors.learn([row.actor_id], speaking=True))[row.actor_id]
        if signals.actor is None or signals.listed:
            await self._pass_over(row, now)
        elif row.kind == "tag":
            await self._send_tag(row, now)
        else:
            await self._send_thread(row, now)

    async def _send_tag(self, row: tables.Subscription, now: datetime) -> None:
        topic, said = self._topics[row.bot], self._said(row)
        days = DAYS.get(row.every, 1)
        until = topic.digest_due(now)[1]
        since = until - timedelta(days=days)
        composed = await self._tagged(topic, row.target, since, until)
        facts = opening(
            "following.news", {"tag": row.target, "when": said.moment(since)}, row.language
        )
        later = topic.digest_after(now, days)
        await self._send(row, now, later, composed, facts, use=Use.DIGEST)

    async def _tagged(
        self, topic: Topic, tag: str, since: datetime, until: datetime
    ) -> list[Composed]:
        """Return what there is to tell of a hashtag; its subscribers all get the same."""
        key = (topic.handle, tag, since, until)
        if key not in self._made:
            found = await self._digests.compose(topic, since, until, tag)
            self._made[key] = [thread for thread in found if thread.summary.sentences]
        return self._made[key]

    async def _send_thread(self, row: tables.Subscription, now: datetime) -> None:
        if now < row.since + HOUR:
            await self._later(row, row.since + HOUR)
            return
        async with self._storage.view() as view:
            thread = await view.threads.get(row.target)
            closed = await view.choices.get(row.target) is not None
            whole = await self._consenting.of_thread(view, row.target, asker=row.actor_id)
            asked = await requests_in(view, row.target)
        standing = without(whole, asked, row.since)
        new = [p for p in standing.allowing(Use.COUNT) if p.author_id != row.actor_id]
        if thread is None or closed:
            await self._send(row, now, None, [], {})
        elif new:
            await self._send_grown(row, now, thread, standing, new)
        elif now - thread.active_at > QUIET:
            text = self._said(row).say("following.quiet")
            await self._send(row, now, None, [], {}, [text])
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
            material = await gather(view, thread, standing, Use.DIRECT)
        length = LENGTHS["shorter"]
        composed = await compose_thread(self._summarizer, material, length, row.language)
        values = {"posts": str(len(new)), "people": str(len({p.author_id for p in new}))}
        facts = opening("following.grown", values, row.language)
        said = [composed] if composed.summary.sentences else []
        text = self._said(row).say("following.grown", **values)
        lines: list[str | Link] = [text, Link(thread.url, thread.url)]
        # What is read later may have been written earlier: told is only what was read by then.
        await self._send(row, thread.read_at or now, now + LOOK, said, facts, lines)

    async def _send(
        self,
        row: tables.Subscription,
        since: datetime,
        later: datetime | None,
        composed: list[Composed],
        facts: Mapping[str, Any],
        lines: Sequence[str | Link] = (),
        *,
        use: Use = Use.DIRECT,
    ) -> None:
        """Send threads to a subscriber, or some lines where nothing may be quoted, or nothing.

        `since` is up to when they know then, `later` when to look again; None ends it.
        """
        cause = f"{row.id}/{row.next_at.isoformat()}"
        now = self._clock.now()
        async with self._storage.unit() as unit:
            current = await unit.subscriptions.get(row.id)
            if current is None or current.next_at != row.next_at:
                return  # it was ended, or hastened, meanwhile
            if later is None:
                await unit.subscriptions.remove(row.id)
            else:
                current.since, current.next_at = since, later
                await unit.subscriptions.put(current)
            person = await unit.actors.get(row.actor_id)
            if person is None or await unwanted(unit, row.actor_id) or not (composed or lines):
                return
            asked = asked_by(row, cause, now)
            if not await unit.answers.claim(asked):
                return
            await self._store(unit, asked, composed, facts, use)
            view = await self._views.personal(unit, cause)
            if view is not None and view.threads:
                note = personal_note(view, person, self._publisher.uris)
            elif lines:
                actor_id, said = self._publisher.uris.actor(row.bot), self._said(row)
                note = plain_reply(actor_id, person, lines, said)
            else:
                await unit.answers.settle(cause, "refused", at=now, reason=SUBSCRIBED)
                return
            publication = await self._publisher.tell(unit, row.bot, note, row, cause)
            uri = publication.id if publication else None
            await unit.answers.settle(
                cause, "answered", at=now, reason=SUBSCRIBED, publication_id=uri
            )

    async def _store(
        self,
        unit: UnitOfWork,
        asked: tables.Answer,
        composed: list[Composed],
        facts: Mapping[str, Any],
        use: Use,
    ) -> None:
        for position, thread in enumerate(composed):
            await store(
                unit,
                self._consenting,
                replace(thread, remarked=facts),
                use,
                self._clock.now(),
                position=position,
                request_id=asked.request_id,
                asker=asked.requester_id,
            )

    def _said(self, row: tables.Subscription) -> Words:
        """Return our words in a subscriber's language, or the bot's where we do not speak it."""
        return words(row.language, self._topics[row.bot].language)

    async def _later(self, row: tables.Subscription, at: datetime) -> None:
        async with self._storage.unit() as unit:
            current = await unit.subscriptions.get(row.id)
            if current is not None and current.next_at == row.next_at:
                current.next_at = at
                await unit.subscriptions.put(current)

    async def _pass_over(self, row: tables.Subscription, now: datetime) -> None:
        """Send nothing to an account that cannot be read; end what is of one that is long gone."""
        async with self._storage.view() as view:
            actor = await view.actors.get(row.actor_id)
        gone = actor is not None and actor.gone_at is not None and now - actor.gone_at > WEEK
        if not gone and now - row.since < UNREADABLE:
            await self._later(row, now + timedelta(days=1))
            return
        async with self._storage.unit() as unit:
            await unit.subscriptions.forget(row.actor_id)


def _nothing(link: Link | None) -> str:
    return "plain.nothing_since" if link else "plain.no_digest"


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
