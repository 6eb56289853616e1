"""Whom our bots follow: groups, tag actors and accounts, at the operator's word."""

from datetime import timedelta

from activitypub.addressing import same_origin
from activitypub.budget import Budget
from activitypub.client import Client
from activitypub.collection import items
from activitypub.errors import BudgetSpent
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, one_id
from bot.consent.authors import row_of
from bot.errors import NothingFound
from bot.publishing.follower_sync import digest
from bot.publishing.publish import Publisher, identifier
from bot.sources import Followee
from bot.taking_back.provenance import Provenance
from storage import Storage, UnitOfWork, tables
from storage.tables import FollowingState

PATIENCE = timedelta(days=7)
MOST_PAGES = 5
"""Pages that list which of our bots follow somebody; there are few of them."""


class Following:
    """Sends Follow and Undo, and remembers what was asked."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        uris: Uris,
        publisher: Publisher,
        provenance: Provenance,
    ) -> None:
        self._provenance = provenance
        self._storage = storage
        self._client = client
        self._clock = clock
        self._uris = uris
        self._publisher = publisher

    async def follow(self, actor_id: str, bot: str) -> str:
        """Queue a Follow of an actor; return its id. Raises the client's errors."""
        actor = await self._client.actor(actor_id)
        followee = Followee(actor.id, actor.inbox, actor.id)
        async with self._storage.unit() as unit:
            await unit.actors.put(row_of(actor, self._clock))
            await self.ask(unit, bot, followee)
        return actor.id

    async def ask(self, unit: UnitOfWork, bot: str, followee: Followee) -> FollowingState:
        """Queue a Follow unless it was sent; return how things stand.

        Who has not answered for a week is asked once more: the first Follow may have been lost.
        """
        now = self._clock.now()
        known = await unit.follows.get_following(bot, followee.actor_id)
        if known and (known.state != "asked" or now - known.asked_at < PATIENCE):
            return known.state
        activity = Activity(
            id=self._uris.activity(identifier("follow", bot, followee.actor_id, now.isoformat())),
            type="Follow",
            actor=self._uris.actor(bot),
            object=followee.object,
            to=(followee.object,) if followee.object == followee.actor_id else (),
        )
        row = tables.Following(
            bot=bot,
            actor_id=followee.actor_id,
            follow_id=activity.id,
            inbox=followee.inbox,
            state="asked",
            asked_at=now,
        )
        if known:
            await unit.follows.unfollow(bot, followee.actor_id)
        await unit.follows.ask(row)
        await self._publisher.say(unit, bot, activity, [followee.inbox])
        return "asked"

    async def moved(self, old: str, new: str) -> None:
        """Go along with an account that moved, if its new one confirms the old (alsoKnownAs).

        What the person told us of their words goes with them, and whoever is left out is so at
        once. Raises the client's errors.
        """
        actor = await self._client.actor(new)
        if old not in actor.also_known_as:
            return
        async with self._storage.unit() as unit:
            followings = await unit.follows.of_actor(old)
            await self._same_wishes(unit, old, actor.id)
        for following in followings:
            if following.state != "rejected":
                await self.follow(actor.id, following.bot)
                await self.unfollow(old, following.bot)

    async def _same_wishes(self, unit: UnitOfWork, old: str, new: str) -> None:
        """Let hold for the new account what the old one chose, unless the new one chose itself."""
        told, blocks = await unit.choices.get(old), await unit.choices.blocking([old])
        carried = told if await unit.choices.get(new) is None else None
        if carried is not None:
            carried.actor_id = new
            await unit.choices.set(carried)
        if blocks:
            await unit.choices.block(tables.Block(actor_id=new, at=self._clock.now()))
        if blocks or (carried and carried.choice == "exclude"):
            await self._provenance.erase_author(unit, new)

    async def compare(self, actor_id: str, url: str, stated: str) -> None:
        """Hold whom we follow against what an actor's server says (FEP-8fcf).

        A bot that is listed there and does not follow is taken off the list by an Undo; one that
        follows and is not listed asks again. Raises the client's errors.
        """
        async with self._storage.view() as view:
            rows = await view.follows.of_actor(actor_id)
        ours = {self._uris.actor(row.bot): row for row in rows if row.state == "accepted"}
        if digest(ours) == stated or not same_origin(url, actor_id):
            return
        try:
            listed = await self._listed(url)
        except BudgetSpent:
            return  # of a part of it nothing follows
        for uri in listed - ours.keys():
            await self._take_off(actor_id, uri)
        for uri in ours.keys() - listed:
            async with self._storage.unit() as unit:
                await unit.follows.unfollow(ours[uri].bot, actor_id)
            await self.follow(actor_id, ours[uri].bot)

    async def _listed(self, url: str) -> set[str]:
        """Return which of our bots a collection lists."""
        budget = Budget(requests=MOST_PAGES)
        found = [one_id(item) async for item in items(self._client, url, budget=budget)]
        return {uri for uri in found if uri and self._uris.handle_of(uri)}

    async def _take_off(self, actor_id: str, uri: str) -> None:
        bot = self._uris.handle_of(uri)
        if bot is None or bot not in self._publisher.bots:
            return
        actor = await self._client.actor(actor_id)
        now = self._clock.now().isoformat()
        follow = {
            "id": self._uris.activity(identifier("never", bot, actor_id)),
            "type": "Follow",
            "actor": uri,
            "object": actor_id,
        }
        undo = Activity(
            id=self._uris.activity(identifier("undo", bot, actor_id, now)),
            type="Undo",
            actor=uri,
            object=follow,
            to=(actor_id,),
        )
        async with self._storage.unit() as unit:
            await self._publisher.say(unit, bot, undo, [actor.inbox])

    async def unfollow(self, actor_id: str, bot: str) -> None:
        """Queue the Undo of a Follow. Raises `NothingFound` when there is none."""
        async with self._storage.unit() as unit:
            row = await unit.follows.get_following(bot, actor_id)
            if row is None:
                raise NothingFound(f"{bot} does not follow {actor_id}")
            sent = await unit.activities.get(row.follow_id)
            follow = {
                "id": row.follow_id,
                "type": "Follow",
                "actor": self._uris.actor(bot),
                # A relay may have been asked for the public collection, not for itself.
                "object": sent.document.get("object", actor_id) if sent else actor_id,
            }
            undo = Activity(
                id=self._uris.activity(
                    identifier("undo", row.follow_id, self._clock.now().isoformat())
                ),
                type="Undo",
                actor=self._uris.actor(bot),
                object=follow,  # whole: Threads answers 500 to a bare id
                to=(actor_id,),
            )
            await self._publisher.say(unit, bot, undo, [row.inbox])
            await unit.follows.unfollow(bot, actor_id)
