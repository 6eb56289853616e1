"""What passes between accounts: Follow, Accept and Reject, Block, Move, and Undo."""

from typing import Any, Literal

from activitypub.addressing import same_origin
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity
from bot.consent.authors import Authors
from bot.inbox.hearing import NOTED, followings
from bot.inbox.prepared import Ready
from bot.inbox.undoing import undo
from bot.publishing.publish import Publisher, identifier
from bot.taking_back.provenance import Provenance
from storage import UnitOfWork, tables


class Relations:
    """Who follows us and whom we follow, and who wants neither."""

    def __init__(
        self,
        clock: Clock,
        uris: Uris,
        authors: Authors,
        publisher: Publisher,
        provenance: Provenance,
    ) -> None:
        self._clock = clock
        self._uris = uris
        self._authors = authors
        self._publisher = publisher
        self._provenance = provenance

    async def follow(self, unit: UnitOfWork, item: Ready) -> str:
        """Accept a follower, unless it is ourselves or one whom the operator lists."""
        activity = item.activity
        bot = self._bot(activity.object_id)
        follower = await unit.actors.get(activity.actor)
        if bot is None or follower is None or self._uris.is_ours(follower.id):
            return "ignored"
        if self._authors.is_listed(follower.id, follower.handle):
            return "ignored"
        before = await unit.follows.get_follower(bot, follower.id)
        if before is not None and before.follow_id == activity.id:
            return "accepted"  # it did not hear our 202; the Accept is on its way
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
            # Who follows anew may do so under the same id, and is told anew.
            id=self._uris.activity(
                identifier("accept", activity.id, item.row.received_at.isoformat())
            ),
            type="Accept",
            actor=self._uris.actor(bot),
            object=echo(activity),
            to=(follower.id,),
        )
        await self._publisher.say(unit, bot, accept, [follower.inbox])
        return "accepted"

    async def undo(self, unit: UnitOfWork, item: Ready) -> str:
        """Take back a Follow or a Block; other things had no effect."""
        return await undo(unit, item.activity, self._publisher, {*NOTED, "Announce"})

    async def settled(self, unit: UnitOfWork, item: Ready) -> str:
        """Accept or Reject of a Follow of ours; only the one we asked can answer."""
        activity = item.activity
        follow = activity.embedded or {}
        await self._recognize_relay(unit, activity)
        for following in await followings(unit, activity.actor):
            if activity.object_id in (following.follow_id, None) or follow.get("type") == "Follow":
                state: Literal["accepted", "rejected"] = (
                    "accepted" if activity.type == "Accept" else "rejected"
                )
                await unit.follows.settle(following.bot, activity.actor, state)
                return state
        return "ignored"

    async def block(self, unit: UnitOfWork, item: Ready) -> str:
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

    async def move(self, unit: UnitOfWork, item: Ready) -> str:
        """An account moves: we follow it there, and its wishes go with it."""
        activity = item.activity
        if activity.object_id != activity.actor or activity.target is None:
            return "ignored"
        now = self._clock.now()
        if await unit.posts.has_author(activity.actor) or await unit.actors.get(activity.actor):
            # Who has moved away is not quoted; their profile says so, and has to be asked.
            key = f"recheck:{activity.actor}:{now:%Y-%m-%dT%H}:moved"
            await unit.jobs.enqueue("recheck", {"uri": activity.actor}, run_at=now, key=key)
        followed = await followings(unit, activity.actor)
        told = await unit.choices.get(activity.actor) is not None
        if not (followed or told or await unit.choices.blocking([activity.actor])):
            return "ignored"
        payload = {"old": activity.actor, "new": activity.target}
        key = f"move:{activity.actor}:{activity.target}"
        await unit.jobs.enqueue("move", payload, run_at=now, key=key)
        return "moving"

    async def _recognize_relay(self, unit: UnitOfWork, activity: Activity) -> None:
        """Learn who a relay is that was asked by its inbox: whoever answers from that host."""
        asked = await unit.follows.by_asked_id(activity.object_id or "")
        if asked and asked.actor_id == asked.inbox and same_origin(asked.inbox, activity.actor):
            await unit.follows.rename(asked.bot, asked.inbox, activity.actor)
            await unit.sources.settle_actor(asked.bot, "relay", asked.inbox, activity.actor)

    def _bot(self, uri: str | None) -> str | None:
        return bot_of(self._publisher, uri)


def bot_of(publisher: Publisher, uri: str | None) -> str | None:
    """Return the bot of ours whose id this is."""
    handle = publisher.uris.handle_of(uri or "")
    return handle if handle in publisher.bots else None


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
