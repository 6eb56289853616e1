"""What a verified activity does: one function for each type, each in one unit of work.

The activity was stored before its sender got 202. Handling it again (after a crash) changes
nothing, because every effect has an id that follows from the activity's.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from activitypub.addressing import same_origin
from activitypub.client import Client
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Actor, Object, one_id
from bot.authors import Authors, row_of
from bot.ingest import Ingest, own_object
from bot.provenance import Provenance
from bot.publish import Publisher, identifier
from storage import Storage, UnitOfWork, tables

log = logging.getLogger(__name__)

Handler = Callable[[UnitOfWork, Activity, tables.ReceivedActivity], Awaitable[str]]
BOTS = frozenset({"Service", "Application"})


class Inbound:
    """Hands a stored activity to the function for its type."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        uris: Uris,
        authors: Authors,
        ingest: Ingest,
        publisher: Publisher,
        provenance: Provenance,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._uris = uris
        self._authors = authors
        self._ingest = ingest
        self._publisher = publisher
        self._provenance = provenance
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
        }

    async def receive(self, activity_id: str) -> str:
        """Handle a stored activity and return what came of it.

        Raises the client's recoverable errors when the sender's actor cannot be fetched now.
        """
        async with self._storage.view() as view:
            received = await view.received.get(activity_id)
        if received is None or received.handled_at is not None:
            return "handled before"
        activity = Activity.parse(received.document)
        handler = self._handlers.get(activity.type)
        if handler and activity.type not in {"Delete", "Undo"}:
            await self._authors.learn([activity.actor])
        prepared = await self._changed_posts(activity)
        async with self._storage.unit() as unit:
            outcome = await handler(unit, activity, received) if handler else "ignored"
            if prepared:
                await self._replace(unit, prepared)
            await unit.received.settle(activity_id, outcome, self._clock.now())
        log.info(
            "received", extra={"type": activity.type, "actor": activity.actor, "outcome": outcome}
        )
        return outcome

    async def _follow(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        bot = self._uris.handle_of(activity.object_id or "")
        follower = await unit.actors.get(activity.actor)
        if bot is None or follower is None:
            return "ignored"
        row = tables.Follower(
            bot=bot,
            actor_id=follower.id,
            inbox=follower.inbox,
            shared_inbox=follower.shared_inbox,
            host=follower.host,
            follow_id=activity.id,
            since=self._clock.now(),
        )
        await unit.follows.add_follower(row)
        accept = Activity(
            id=self._uris.activity(identifier("accept", activity.id)),
            type="Accept",
            actor=self._uris.actor(bot),
            object=activity.document,  # whole: Threads answers 500 to a bare id
            to=(follower.id,),
        )
        await self._publisher.say(unit, bot, accept, [follower.inbox])
        return "accepted"

    async def _undo(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        inner = activity.embedded
        if inner is None:
            stored = await unit.received.get(activity.object_id or "")
            inner = stored.document if stored and stored.actor_id == activity.actor else None
        if inner is None or inner.get("type") != "Follow":
            return "ignored"
        bot = self._uris.handle_of(one_id(inner.get("object")) or "")
        if bot is None or one_id(inner.get("actor")) not in (None, activity.actor):
            return "ignored"
        return "undone" if await unit.follows.remove_follower(bot, activity.actor) else "ignored"

    async def _settled(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        """Accept or Reject of a Follow of ours; only the one we asked can answer."""
        follow = activity.embedded or {}
        for following in await self._followings(unit, activity.actor):
            if activity.object_id in (following.follow_id, None) or follow.get("type") == "Follow":
                state: Literal["accepted", "rejected"] = (
                    "accepted" if activity.type == "Accept" else "rejected"
                )
                await unit.follows.settle(following.bot, activity.actor, state)
                return state
        return "ignored"

    async def _create(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        post = own_object(activity)
        uri = activity.object_id
        if uri is None:
            return "ignored"
        mentioned = self._mentioned(post) if post else None
        if mentioned:
            return await self._asked(unit, mentioned, activity)
        bots = [following.bot for following in await self._followings(unit, activity.actor)]
        return await self._found(unit, bots, uri, f"account:{activity.actor}")

    async def _asked(self, unit: UnitOfWork, bot: str, activity: Activity) -> str:
        """Note a request, once, and queue its answer. Bots are never answered (no loops)."""
        uri = activity.object_id or ""
        asker = await unit.actors.get(activity.actor)
        if asker is None or asker.type in BOTS or self._authors.is_listed(asker.id, asker.handle):
            return "ignored"
        now = self._clock.now()
        row = tables.Answer(
            request_id=uri, bot=bot, requester_id=asker.id, state="asked", asked_at=now
        )
        if not await unit.answers.claim(row):
            return "asked before"
        payload = {"request": uri, "note": activity.embedded}
        await unit.jobs.enqueue("answer", payload, run_at=now, key=f"answer:{uri}")
        return "asked"

    async def _update(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        """An actor's own Update re-reads the actor (done before); a post's is in `prepared`."""
        document = activity.embedded or {}
        if document.get("id") != activity.actor:
            return "updated" if await unit.posts.get(activity.object_id or "") else "ignored"
        try:
            actor = Actor.parse(document)
        except ValueError:
            return "ignored"
        if await unit.actors.get(actor.id):
            await unit.actors.put(row_of(actor, self._clock))
            await self._provenance.changed_author(unit, actor.id)
        return "updated"

    async def _delete(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        uri = activity.object_id
        if uri is None or not same_origin(uri, activity.actor):
            return "ignored"
        if uri == activity.actor:
            await self._provenance.erase_author(unit, uri)
            await unit.actors.mark_gone(uri, self._clock.now())
            for bot in self._bots():
                await unit.follows.remove_follower(bot, uri)
            return "erased"
        post = await unit.posts.get(uri)
        if post is None or post.author_id != activity.actor:
            return "ignored"
        await self._provenance.erase(unit, [uri])
        return "erased"

    async def _announce(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        """A group or tag actor we follow hands on a post: only its id is used (FEP-1b12)."""
        inner = activity.embedded or {}
        uri = activity.object_id
        if "object" in inner:
            uri = one_id(inner["object"])
        bots = [following.bot for following in await self._followings(unit, activity.actor)]
        return await self._found(unit, bots, uri, f"account:{activity.actor}")

    async def _block(
        self, unit: UnitOfWork, activity: Activity, received: tables.ReceivedActivity
    ) -> str:
        """Whoever blocks the bot is left out from now on, everywhere (CONSENT.md, signal 1)."""
        bot = self._uris.handle_of(activity.object_id or "")
        if bot is None:
            return "ignored"
        now = self._clock.now()
        choice = tables.Choice(actor_id=activity.actor, choice="exclude", how="blocked us", at=now)
        await unit.choices.set(choice)
        await unit.follows.remove_follower(bot, activity.actor)
        await self._provenance.erase_author(unit, activity.actor)
        return "left out"

    async def _found(self, unit: UnitOfWork, bots: list[str], uri: str | None, source: str) -> str:
        now = self._clock.now()
        if uri is None:
            return "ignored"
        for bot in bots:
            finding = tables.Finding(bot=bot, post_id=uri, source=source, found_at=now, state="new")
            if await unit.findings.add(finding):
                payload = {"bot": bot, "post": uri}
                await unit.jobs.enqueue("read", payload, run_at=now, key=f"read:{bot}:{uri}")
        return "found" if bots else "ignored"

    async def _followings(self, unit: UnitOfWork, actor_id: str) -> list[tables.Following]:
        found = [await unit.follows.get_following(bot, actor_id) for bot in self._bots()]
        return [following for following in found if following and following.state != "rejected"]

    def _bots(self) -> tuple[str, ...]:
        return self._publisher.bots

    def _mentioned(self, post: Object) -> str | None:
        """Return the bot that `post` mentions: by a Mention tag, and in its audience."""
        tagged = (tag.href for tag in post.tags if tag.type == "Mention" and tag.href)
        addressed = {*post.to, *post.cc}
        return next(
            (bot for href in tagged if href in addressed and (bot := self._uris.handle_of(href))),
            None,
        )

    async def _changed_posts(self, activity: Activity) -> list[tables.Post]:
        """Sift the new version of a stored post, which may ask the network, before the unit."""
        post = own_object(activity) if activity.type == "Update" else None
        if post is None:
            return []
        async with self._storage.view() as view:
            stored = await view.posts.get(post.id)
        if stored is None or stored.author_id != activity.actor or stored.erased_at:
            return []
        sifted = await self._ingest.sift([post], stored.via)
        for row in sifted.posts:
            row.thread_id = stored.thread_id
        if not sifted.posts:  # narrowed, or its author now refuses
            stored.erased_at = self._clock.now()
            return [stored]
        return list(sifted.posts)

    async def _replace(self, unit: UnitOfWork, posts: list[tables.Post]) -> None:
        for post in posts:
            if post.erased_at:
                await self._provenance.erase(unit, [post.id])
            else:
                await unit.posts.put(post)
                await self._provenance.reconsider(unit, [post.id])
