"""Whom our bots follow: groups, tag actors and accounts, at the operator's word."""

from collections.abc import Iterable

from activitypub.client import Client
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity
from bot.authors import row_of
from bot.errors import NothingFound
from bot.publish import Publisher, identifier
from bot.topic import Topic
from storage import Storage, tables


class Following:
    """Sends Follow and Undo, and remembers what was asked."""

    def __init__(
        self, storage: Storage, client: Client, clock: Clock, uris: Uris, publisher: Publisher
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._uris = uris
        self._publisher = publisher

    async def register(self, topics: Iterable[Topic]) -> None:
        """Queue a Follow for each account the settings name, once."""
        now = self._clock.now()
        async with self._storage.unit() as unit:
            for topic in topics:
                for handle in topic.accounts:
                    payload = {"handle": handle, "bot": topic.handle}
                    key = f"follow:{topic.handle}:{handle}"
                    await unit.jobs.enqueue("follow", payload, run_at=now, key=key)

    async def follow(self, actor_id: str, bot: str) -> str:
        """Queue a Follow of an actor; return its id. Raises the client's errors."""
        actor = await self._client.actor(actor_id)
        now = self._clock.now()
        activity = Activity(
            id=self._uris.activity(identifier("follow", bot, actor.id, now.isoformat())),
            type="Follow",
            actor=self._uris.actor(bot),
            object=actor.id,
            to=(actor.id,),
        )
        row = tables.Following(
            bot=bot,
            actor_id=actor.id,
            follow_id=activity.id,
            inbox=actor.inbox,
            state="asked",
            asked_at=now,
        )
        async with self._storage.unit() as unit:
            await unit.actors.put(row_of(actor, self._clock))
            if await unit.follows.ask(row):
                await self._publisher.say(unit, bot, activity, [actor.inbox])
        return actor.id

    async def unfollow(self, actor_id: str, bot: str) -> None:
        """Queue the Undo of a Follow. Raises `NothingFound` when there is none."""
        async with self._storage.unit() as unit:
            row = await unit.follows.get_following(bot, actor_id)
            if row is None:
                raise NothingFound(f"{bot} does not follow {actor_id}")
            follow = {
                "id": row.follow_id,
                "type": "Follow",
                "actor": self._uris.actor(bot),
                "object": actor_id,
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
