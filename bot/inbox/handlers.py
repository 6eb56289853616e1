"""What a verified activity does: one function for each type, each in the caller's unit of work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import orjson

from activitypub.addressing import same_origin
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Actor, Document, Object, one_id
from activitypub.vocab.values import string
from bot.answering.intake import Intake
from bot.consent.authors import Authors, row_of
from bot.consent.table import allows_more
from bot.inbox.complaints import Complaints
from bot.inbox.hearing import NOTED, Hearing
from bot.inbox.prepared import Ready
from bot.inbox.relations import Relations, bot_of, echo
from bot.inbox.withdrawing import OUTCOME, withdraw
from bot.publishing.publish import Publisher, identifier
from bot.taking_back.provenance import Provenance
from storage import UnitOfWork, tables

Handler = Callable[[UnitOfWork, Ready], Awaitable[str]]
MOST_DELETED = 100
"""Things that one Delete lets go of: nobody else is heard meanwhile."""


class Handlers:
    """Each type's function returns the outcome in a word or two, which is counted.

    `watched` are the hashtags of each bot. `on_withdrawn` is told what need not be handled any
    more.
    """

    def __init__(
        self,
        clock: Clock,
        uris: Uris,
        authors: Authors,
        publisher: Publisher,
        provenance: Provenance,
        watched: Mapping[str, frozenset[str]],
        intake: Intake,
    ) -> None:
        self._intake = intake
        self._clock = clock
        self._uris = uris
        self._authors = authors
        self._publisher = publisher
        self._provenance = provenance
        self._complaints = Complaints(clock, uris)
        self._hearing = Hearing(clock, uris, provenance, watched)
        self.on_withdrawn: Callable[[list[tables.ReceivedActivity]], None] = lambda rows: None
        self._relations = relations = Relations(clock, uris, authors, publisher, provenance)
        self._handlers: Mapping[str, Handler] = {
            "Follow": relations.follow,
            "Undo": self._undo,
            "Accept": relations.settled,
            "Reject": relations.settled,
            "Block": relations.block,
            "Move": relations.move,
            "Announce": self._hearing.announce,
            "Create": self._create,
            "Update": self._update,
            "Delete": self._delete,
            "Flag": self._flag,
            "QuoteRequest": self._quote,
        }

    async def handle(self, unit: UnitOfWork, item: Ready) -> str:
        """Handle one activity and return what came of it."""
        if item.row.signer is not None:
            return await self._hearing.passed_on(unit, item)
        kind = item.activity.type
        withdrawn = await withdraw(unit, item, self._uris)
        if withdrawn:
            gone = {row.id: OUTCOME[kind] for row in withdrawn}
            await unit.received.settle_all(gone, self._clock.now())
            unit.after_commit(lambda: self.on_withdrawn(withdrawn))
        outcome = await self._handlers[kind](unit, item)
        return OUTCOME[kind] if withdrawn and outcome == "ignored" else outcome

    def idle(self, activity: Activity) -> str | None:
        """Return how an activity is counted that has no effect by its type; else None."""
        if activity.type in self._handlers:
            return None
        return NOTED.get(activity.type, "unknown type")

    def mentioned(self, post: Object) -> str | None:
        """Return the bot that `post` mentions: by a Mention tag, and in its audience."""
        tagged = (tag.href for tag in post.tags if tag.type == "Mention" and tag.href)
        addressed = {*post.to, *post.cc}
        return next(
            (bot for href in tagged if href in addressed and (bot := self._bot(href))), None
        )

    def names_us(self, document: Document) -> bool:
        """Tell whether anything of ours is named anywhere in a document, cheaply."""
        return self._uris.base.encode() in orjson.dumps(document)

    def is_for_us(self, activity: Activity) -> bool:
        """Tell whether an activity is addressed to one of our bots."""
        return any(self._bot(uri) for uri in (*activity.to, *activity.cc))

    def takes_back(self, post: Object) -> bool:
        """Tell whether a post that mentions us asks for what needs nobody's leave."""
        return self._intake.takes_back(post)

    async def _create(self, unit: UnitOfWork, item: Ready) -> str:
        activity = item.activity
        uri = activity.object_id
        if uri is None:
            return "ignored"
        if item.mentioned and item.post:
            return await self._asked(unit, item, item.mentioned, item.post)
        return await self._hearing.found(unit, activity.actor, uri, activity.embedded)

    async def _asked(self, unit: UnitOfWork, item: Ready, bot: str, post: Object) -> str:
        asker = await unit.actors.get(item.activity.actor)
        if asker is None or self._authors.is_listed(asker.id, asker.handle):
            return "ignored"
        return await self._intake.hear(unit, bot, asker, post)

    async def _update(self, unit: UnitOfWork, item: Ready) -> str:
        """Take the new version of an actor, or of a post that is stored."""
        activity = item.activity
        document = activity.embedded or {}
        if activity.object_id != activity.actor:
            if item.fresh is None:
                return await self._edited(unit, activity, item.post)
            await self._provenance.replace(unit, item.fresh.id, item.fresh.row)
            author = await unit.actors.get(activity.actor)
            if author is not None and self._authors.is_old(author):
                await self._hearing.look(unit, author.id)  # it was judged by an old profile
            return "updated" if item.fresh.row else "erased"
        try:
            actor = Actor.parse(document)
        except ValueError:
            return await self._ask(unit, activity)
        before = await unit.actors.get(actor.id)
        if before is not None and allows_more(_parsed(before), actor):
            # Profiles bear no date: this may be a former one, which was held up on its way.
            await self._hearing.look(unit, actor.id)
        if before or await unit.traces.has_author(actor.id):
            await unit.actors.put(row_of(actor, self._clock))
            await self._provenance.changed_author(unit, actor.id)
        return "updated"

    async def _edited(self, unit: UnitOfWork, activity: Activity, post: Object | None) -> str:
        """Heed an Update of a post that is not stored, or does not say by itself what is new."""
        if post is None:
            return await self._ask(unit, activity)
        if await unit.posts.get(post.id) is None:
            self._provenance.edited(post.id)  # it may be being read
        edited = await self._provenance.traces.edited_by(unit, post, activity.actor)
        return "taken back" if edited else "ignored"

    async def _delete(self, unit: UnitOfWork, item: Ready) -> str:
        """Let everything go that a Delete names; the AS2 vocabulary allows more than one thing."""
        outcomes = [
            await self._delete_one(unit, replace(item.activity, object=uri))
            for uri in item.activity.object_ids[:MOST_DELETED]
        ]
        return next((outcome for outcome in outcomes if outcome != "ignored"), "ignored")

    async def _delete_one(self, unit: UnitOfWork, activity: Activity) -> str:
        uri = activity.object_id
        if uri is None or not same_origin(uri, activity.actor):
            return "ignored"
        if uri == activity.actor:
            await self._provenance.forget_person(unit, uri)
            await unit.actors.forget(uri, self._clock.now())
            await unit.subscriptions.forget(uri)
            for bot in self._publisher.bots:
                await unit.follows.remove_follower(bot, uri)
            return "erased"
        request = await unit.answers.get(uri)
        if request is not None and request.requester_id == activity.actor:
            await self._intake.unask(unit, request)
        traces = self._provenance.traces
        recalled = await traces.unasked(unit, uri, activity.actor)
        recalled += await traces.deleted_by(unit, uri, activity.actor)
        post = await unit.posts.get(uri)
        if post is None:
            self._provenance.deleted(uri)
            return "taken back" if request or recalled else "ignored"
        if post.author_id != activity.actor:  # a moderator, maybe
            return await self._ask(unit, activity)
        await self._provenance.erase(unit, [uri])
        return "erased"

    async def _ask(self, unit: UnitOfWork, activity: Activity) -> str:
        """Look at what somebody on its server says has changed or gone, without saying how.

        So do moderators, who are not the author, and servers that name what they edited by its id.
        """
        uri, traces = activity.object_id, unit.traces
        if uri is None or not same_origin(uri, activity.actor):
            return "ignored"
        post = await unit.posts.get(uri)
        known = (post and not post.erased_at) or await traces.has_post(uri)
        if uri == activity.actor:
            known = bool(await unit.actors.get(uri)) or await traces.has_author(uri)
        return await self._hearing.look(unit, uri) if known else "ignored"

    async def _undo(self, unit: UnitOfWork, item: Ready) -> str:
        inner = item.activity.embedded or {}
        if string(inner.get("type")) == "Announce":
            return await self._hearing.withdrawn(unit, item.activity.actor, inner)
        return await self._relations.undo(unit, item)

    async def _flag(self, unit: UnitOfWork, item: Ready) -> str:
        return await self._complaints.take(unit, item.activity)

    async def _quote(self, unit: UnitOfWork, item: Ready) -> str:
        """Someone wants to quote a post of ours: anyone may (FEP-044f), unless it was sent alone.

        The stamp says so to whoever asks; it holds ids only.
        """
        activity = item.activity
        quoted = activity.object_id or ""
        quote = one_id(activity.document.get("instrument"))
        publication = await unit.publications.get(quoted)
        sender = await unit.actors.get(activity.actor)
        if publication is None or sender is None or quote is None:
            return "ignored"
        may = (
            publication.audience != "direct"
            and publication.withdrawn_at is None
            and same_origin(quote, activity.actor)
        )
        stamp = identifier("stamp", quoted, quote)
        now = self._clock.now()
        if may:
            row = tables.QuoteStamp(
                id=stamp, bot=publication.bot, object_id=quoted, quote_id=quote, at=now
            )
            await unit.stamps.add(row)
        answer = Activity(
            id=self._uris.activity(identifier("quote", activity.id)),
            type="Accept" if may else "Reject",
            actor=self._uris.actor(publication.bot),
            object={**echo(activity), "instrument": quote},
            result=self._uris.stamp(stamp) if may else None,
            to=(sender.id,),
        )
        await self._publisher.say(unit, publication.bot, answer, [sender.inbox])
        return "quote accepted" if may else "quote refused"

    def _bot(self, uri: str | None) -> str | None:
        return bot_of(self._publisher, uri)


def _parsed(row: tables.Actor) -> Actor | None:
    """Return what is known of an actor, if anything is left of it."""
    return Actor.parse(row.document) if row.gone_at is None else None
