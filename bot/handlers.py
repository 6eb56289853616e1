"""What a verified activity does: one function for each type, each in the caller's unit of work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from activitypub.addressing import same_origin
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Actor, Document, Object, one_id
from activitypub.vocab.values import string
from bot.answering.intake import Intake
from bot.authors import Authors, row_of
from bot.backlog import TOO_MUCH, is_full
from bot.complaints import Complaints
from bot.provenance import Provenance
from bot.publish import Publisher, identifier
from bot.recheck import Fresh
from bot.undoing import undo
from storage import UnitOfWork, tables

NOTED = {
    "Like": "liked",
    "Dislike": "disliked",
    "EmojiReact": "reacted",
    "Add": "ignored",
    "Remove": "ignored",
    "View": "ignored",
}
"""Types that are counted by their outcome and kept of in no other way."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A stored activity with what the network had to say about it.

    `post` is its post as far as the sender vouches for it, `mentioned` the bot it mentions,
    `fresh` the new version of a stored post.
    """

    row: tables.ReceivedActivity
    activity: Activity
    post: Object | None = None
    mentioned: str | None = None
    fresh: Fresh | None = None


Handler = Callable[[UnitOfWork, Ready], Awaitable[str]]


class Handlers:
    """Each type's function returns the outcome in a word or two, which is counted.

    `watched` are the hashtags of each bot.
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
        self._watched = watched
        self._uris = uris
        self._authors = authors
        self._publisher = publisher
        self._provenance = provenance
        self._complaints = Complaints(clock, uris)
        self._handlers: Mapping[str, Handler] = {
            "Follow": self._follow,
            "Undo": self._undo,
            "Accept": self._settled,
            "Reject": self._settled,
            "Create": self._create,
            "Update": self._update,
            "Delete": self._delete,
            "Announce": self._announce,
            "Block": self._block,
            "Flag": self._flag,
            "Move": self._move,
            "QuoteRequest": self._quote,
        }

    async def handle(self, unit: UnitOfWork, item: Ready) -> str:
        """Handle one activity and return what came of it."""
        if item.row.signer is not None:
            return await self._passed_on(unit, item)
        return await self._handlers[item.activity.type](unit, item)

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

    async def _follow(self, unit: UnitOfWork, item: Ready) -> str:
        activity = item.activity
        bot = self._bot(activity.object_id)
        follower = await unit.actors.get(activity.actor)
        if bot is None or follower is None or self._uris.is_ours(follower.id):
            return "ignored"
        if self._authors.is_listed(follower.id, follower.handle):
            return "ignored"
        relays = [row for row in await unit.sources.of_actor(follower.id) if row.kind == "relay"]
        row = tables.Follower(
            bot=bot,
            actor_id=follower.id,
            inbox=follower.inbox,
            shared_inbox=follower.shared_inbox,
            host=follower.host,
            follow_id=activity.id,
            since=self._clock.now(),
        )
        if not relays:  # one that follows back would spread our posts over all its servers
            await unit.follows.add_follower(row)
        accept = Activity(
            id=self._uris.activity(identifier("accept", activity.id)),
            type="Accept",
            actor=self._uris.actor(bot),
            object=echo(activity),
            to=(follower.id,),
        )
        await self._publisher.say(unit, bot, accept, [follower.inbox])
        return "accepted"

    async def _undo(self, unit: UnitOfWork, item: Ready) -> str:
        return await undo(unit, item.activity, self._publisher, {*NOTED, "Announce"})

    async def _settled(self, unit: UnitOfWork, item: Ready) -> str:
        """Accept or Reject of a Follow of ours; only the one we asked can answer."""
        activity = item.activity
        follow = activity.embedded or {}
        await self._recognize_relay(unit, activity)
        for following in await self._followings(unit, activity.actor):
            if activity.object_id in (following.follow_id, None) or follow.get("type") == "Follow":
                state: Literal["accepted", "rejected"] = (
                    "accepted" if activity.type == "Accept" else "rejected"
                )
                await unit.follows.settle(following.bot, activity.actor, state)
                return state
        return "ignored"

    async def _recognize_relay(self, unit: UnitOfWork, activity: Activity) -> None:
        """Learn who a relay is that was asked by its inbox: whoever answers from that host."""
        asked = await unit.follows.by_asked_id(activity.object_id or "")
        if asked and asked.actor_id == asked.inbox and same_origin(asked.inbox, activity.actor):
            await unit.follows.rename(asked.bot, asked.inbox, activity.actor)
            await unit.sources.settle_actor(asked.bot, "relay", asked.inbox, activity.actor)

    async def _create(self, unit: UnitOfWork, item: Ready) -> str:
        activity = item.activity
        uri = activity.object_id
        if uri is None:
            return "ignored"
        if item.mentioned and item.post:
            return await self._asked(unit, item, item.mentioned, item.post)
        return await self._found(unit, activity.actor, uri, activity.embedded)

    async def _asked(self, unit: UnitOfWork, item: Ready, bot: str, post: Object) -> str:
        asker = await unit.actors.get(item.activity.actor)
        if asker is None or self._authors.is_listed(asker.id, asker.handle):
            return "ignored"
        return await self._intake.hear(unit, bot, asker, post)

    async def _update(self, unit: UnitOfWork, item: Ready) -> str:
        """Take the new version of an actor, or of a post that is stored."""
        activity = item.activity
        document = activity.embedded or {}
        if document.get("id") != activity.actor:
            if item.fresh is None:
                return "ignored"
            await self._provenance.replace(unit, item.fresh.id, item.fresh.row)
            return "updated" if item.fresh.row else "erased"
        try:
            actor = Actor.parse(document)
        except ValueError:
            return "ignored"
        if await unit.actors.get(actor.id):
            await unit.actors.put(row_of(actor, self._clock))
            await self._provenance.changed_author(unit, actor.id)
        return "updated"

    async def _delete(self, unit: UnitOfWork, item: Ready) -> str:
        activity, uri = item.activity, item.activity.object_id
        if uri is None or not same_origin(uri, activity.actor):
            return "ignored"
        if uri == activity.actor:
            await self._provenance.forget_person(unit, uri)
            await unit.received.forget_waiting(uri, uri, self._clock.now())
            await unit.actors.forget(uri, self._clock.now())
            await unit.subscriptions.forget(uri)
            for bot in self._publisher.bots:
                await unit.follows.remove_follower(bot, uri)
            return "erased"
        request = await unit.answers.get(uri)
        if request is not None and request.requester_id == activity.actor:
            await self._intake.unask(unit, request)
        await unit.received.forget_waiting(activity.actor, uri, self._clock.now())
        post = await unit.posts.get(uri)
        if post is None:
            self._provenance.deleted(uri)
            return "taken back" if request else "ignored"
        if post.author_id != activity.actor:
            return "ignored"
        await self._provenance.erase(unit, [uri])
        return "erased"

    async def _announce(self, unit: UnitOfWork, item: Ready) -> str:
        """A group or tag actor we follow hands on a post: only its id is used (FEP-1b12)."""
        activity = item.activity
        if self._uris.is_ours(activity.object_id or ""):
            return "boosted"
        return await self._told(unit, activity.object, activity.actor)

    async def _passed_on(self, unit: UnitOfWork, item: Ready) -> str:
        """A relay hands on someone else's activity: nothing in it is believed but its ids.

        What its actor told us as well has been heard.
        """
        signer = item.row.signer or ""
        told = await unit.received.get(item.activity.id)
        if told is not None and told.actor_id == item.activity.actor:
            return "told by its actor"
        return await self._told(unit, item.activity.document, signer)

    async def _told(self, unit: UnitOfWork, what: str | Document | None, teller: str) -> str:
        """Hear, from one we follow, of a post: new, changed, or gone. Its origin is asked."""
        if not await self._followings(unit, teller):
            return "ignored"
        inner: Document = what if isinstance(what, Mapping) else {}
        kind = string(inner.get("type")) or ""
        while isinstance(inner.get("object"), Mapping) and "object" in inner["object"]:
            inner = inner["object"]  # an Announce or Undo around it
        uri = one_id(inner["object"]) if "object" in inner else one_id(what)
        told = inner.get("object", inner)
        inner = told if isinstance(told, Mapping) else {}
        if uri is None or self._uris.is_ours(uri):
            return "ignored"
        if kind in NOTED:
            return NOTED[kind]
        known = await unit.posts.get(uri)
        if known is not None:
            return await self._look(unit, uri)
        if kind in {"Delete", "Remove"}:
            self._provenance.said_gone(uri)
            return "ignored"
        return await self._found(unit, teller, uri, inner)

    async def _look(self, unit: UnitOfWork, uri: str) -> str:
        """Queue a fetch of a stored post of which someone else says that it changed."""
        now = self._clock.now()
        key = f"recheck:{uri}:{now:%Y-%m-%dT%H:%M}"
        await unit.jobs.enqueue("recheck", {"uri": uri}, run_at=now, key=key)
        return "looking again"

    async def _block(self, unit: UnitOfWork, item: Ready) -> str:
        """Whoever blocks the bot is left out while they do, everywhere (CONSENT.md, signal 1)."""
        bot, actor_id = self._bot(item.activity.object_id), item.activity.actor
        if bot is None and item.activity.object_id != self._uris.instance_actor:
            return "ignored"
        for name in self._publisher.bots:
            await unit.follows.remove_follower(name, actor_id)
        await unit.subscriptions.forget(actor_id)
        told = {item.activity.object_id or "": item.activity.id}
        row = tables.Block(actor_id=actor_id, at=self._clock.now(), told=told)
        await unit.choices.block(row)
        await self._provenance.erase_author(unit, actor_id)
        return "left out"

    async def _flag(self, unit: UnitOfWork, item: Ready) -> str:
        return await self._complaints.take(unit, item.activity)

    async def _move(self, unit: UnitOfWork, item: Ready) -> str:
        """An account moves: we follow it there, and its wishes go with it."""
        activity = item.activity
        if activity.object_id != activity.actor or activity.target is None:
            return "ignored"
        followings = await self._followings(unit, activity.actor)
        told = await unit.choices.get(activity.actor) is not None
        if not (followings or told or await unit.choices.blocking([activity.actor])):
            return "ignored"
        payload = {"old": activity.actor, "new": activity.target}
        key = f"move:{activity.actor}:{activity.target}"
        await unit.jobs.enqueue("move", payload, run_at=self._clock.now(), key=key)
        return "moving"

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

    async def _found(self, unit: UnitOfWork, teller: str, uri: str, told: Document | None) -> str:
        """Note a post for each bot that follows who tells of it. `told` is what was said of it."""
        now = self._clock.now()
        sources = {row.bot: row for row in await unit.sources.of_actor(teller)}
        outcome = "ignored"
        for following in await self._followings(unit, teller):
            bot, source = following.bot, sources.get(following.bot)
            if source and (source.paused or not self._is_about(bot, source, told)):
                outcome = "off topic"
                continue
            if source and await is_full(unit, source.key, now):
                await unit.sources.troubled(source.key, TOO_MUCH)
                outcome = "too many"
                continue
            finding = tables.Finding(
                bot=bot,
                post_id=uri,
                source=source.key if source else f"account:{bot}:{teller}",
                tag=source.tag if source else None,
                found_at=now,
                state="new",
            )
            if await unit.findings.add(finding):
                payload = {"bot": bot, "post": uri}
                await unit.jobs.enqueue("read", payload, run_at=now, key=f"read:{bot}:{uri}")
                if source:
                    await unit.sources.heard(source.key, now)
            outcome = "found"
        return outcome

    def _is_about(self, bot: str, source: tables.SourceState, told: Document | None) -> bool:
        """Tell whether what a relay hands on may be of interest: it hands on everything.

        Its word is not believed, but if even that names no watched hashtag there is no need to
        look. A bare id says nothing; then reading it will tell.
        """
        if source.kind != "relay" or not told or "content" not in told:
            return True
        try:
            tags = Object.parse(told).hashtags
        except ValueError:
            return True
        return not self._watched.get(bot, frozenset()).isdisjoint(tags)

    async def _followings(self, unit: UnitOfWork, actor_id: str) -> list[tables.Following]:
        found = await unit.follows.of_actor(actor_id)
        return [following for following in found if following.state != "rejected"]

    def _bot(self, uri: str | None) -> str | None:
        handle = self._uris.handle_of(uri or "")
        return handle if handle in self._publisher.bots else None


def echo(activity: Activity) -> dict[str, Any]:
    """Return what our answer embeds of an activity: all that identifies it, and no more.

    Threads answers 500 to a bare id; the whole could be a megabyte that we would send back.
    """
    return {
        "id": activity.id,
        "type": activity.type,
        "actor": activity.actor,
        "object": activity.object_id,
    }
