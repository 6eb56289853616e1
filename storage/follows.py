"""Who follows our bots, and whom they follow."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Follower, Following, FollowingState
from storage.transaction import chunks


class Follows(Repository):
    """Followers of, and followings by, our bots."""

    async def add_follower(self, follower: Follower) -> bool:
        """Store a follower, or its new Follow and inboxes. True when it is new."""
        if await self._transaction.add(follower):
            return True
        await self._transaction.put(follower)
        return False

    async def get_follower(self, bot: str, actor_id: str) -> Follower | None:
        """Return a bot's follower."""
        return await self._transaction.get(Follower, (bot, actor_id))

    async def remove_follower(self, bot: str, actor_id: str) -> bool:
        """Forget a follower. False when it was none."""
        statement = delete(Follower).where(
            col(Follower.bot) == bot, col(Follower.actor_id) == actor_id
        )
        return await self._transaction.run(statement) == 1

    async def remove_inbox(self, inbox: str) -> int:
        """Drop all followers behind an inbox that is gone; return their number."""
        behind = or_(col(Follower.inbox) == inbox, col(Follower.shared_inbox) == inbox)
        return await self._transaction.run(delete(Follower).where(behind))

    async def followers(self, bot: str, limit: int, offset: int = 0) -> list[Follower]:
        """Return a bot's followers, newest first."""
        statement = (
            select(Follower)
            .where(col(Follower.bot) == bot)
            .order_by(col(Follower.since).desc(), col(Follower.actor_id))
            .limit(limit)
            .offset(offset)
        )
        return await self._transaction.all(Follower, statement)

    async def count_followers(self, bot: str) -> int:
        """Return the number of a bot's followers."""
        statement = select(func.count()).select_from(Follower).where(col(Follower.bot) == bot)
        return int(await self._transaction.value(statement))

    async def inboxes(self, bot: str) -> list[str]:
        """Return the inboxes that reach all followers, each once; shared ones where they exist."""
        inbox = func.coalesce(col(Follower.shared_inbox), col(Follower.inbox))
        statement = select(inbox).where(col(Follower.bot) == bot).distinct().order_by(inbox)
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def following(self, bot: str) -> list[Following]:
        """Return whom a bot follows, asked to follow, or was rejected by; oldest first."""
        statement = (
            select(Following)
            .where(col(Following.bot) == bot)
            .order_by(col(Following.asked_at), col(Following.actor_id))
        )
        return await self._transaction.all(Following, statement)

    async def by_follow_id(self, follow_id: str) -> Follower | None:
        """Return the follower whose Follow has this id."""
        statement = select(Follower).where(col(Follower.follow_id) == follow_id)
        return await self._transaction.first(Follower, statement)

    async def of_actor(self, actor_id: str) -> list[Following]:
        """Return how things stand between an actor and each bot that asked to follow it."""
        statement = (
            select(Following)
            .where(col(Following.actor_id) == actor_id)
            .order_by(col(Following.bot))
        )
        return await self._transaction.all(Following, statement)

    async def all_following(self) -> list[Following]:
        """Return whom any bot follows, asked to follow, or was rejected by."""
        statement = select(Following).order_by(col(Following.bot), col(Following.actor_id))
        return await self._transaction.all(Following, statement)

    async def followers_on(self, bot: str, hosts: Sequence[str]) -> list[tuple[str, str]]:
        """Return (host, actor id) of a bot's followers on these hosts."""
        found: list[tuple[str, str]] = []
        for chunk in chunks(list(hosts)):
            statement = select(col(Follower.host), col(Follower.actor_id)).where(
                col(Follower.bot) == bot, col(Follower.host).in_(chunk)
            )
            found += [(row[0], row[1]) for row in await self._transaction.tuples(statement)]
        return found

    async def get_following(self, bot: str, actor_id: str) -> Following | None:
        """Return how things stand between a bot and an actor it asked to follow."""
        return await self._transaction.get(Following, (bot, actor_id))

    async def by_asked_id(self, follow_id: str) -> Following | None:
        """Return what we asked by the Follow with this id."""
        statement = select(Following).where(col(Following.follow_id) == follow_id)
        return await self._transaction.first(Following, statement)

    async def rename(self, bot: str, old: str, new: str) -> bool:
        """Note that another actor answers for whom we asked (a relay that was known by inbox)."""
        current = await self.get_following(bot, old)
        if current is None or await self.get_following(bot, new) is not None:
            return False
        await self.unfollow(bot, old)
        current.actor_id = new
        return await self._transaction.add(current)

    async def ask(self, following: Following) -> bool:
        """Store that a bot asks to follow. False when it has asked, or follows, already.

        After a rejection it may ask again.
        """
        if await self._transaction.add(following):
            return True
        current = await self.get_following(following.bot, following.actor_id)
        if current is None or current.state != "rejected":
            return False
        await self._transaction.put(following)
        return True

    async def settle(self, bot: str, actor_id: str, state: FollowingState) -> bool:
        """Note the answer to a request to follow. False when there was none.

        Raises TransitionRefused for a change that is not declared.
        """
        statement = (
            update(Following)
            .where(
                col(Following.bot) == bot,
                col(Following.actor_id) == actor_id,
                col(Following.state).in_(transitions.before(transitions.FOLLOWING, state)),
            )
            .values(state=state)
        )
        if await self._transaction.run(statement):
            return True
        current = await self.get_following(bot, actor_id)
        if current is None:
            return False
        raise transitions.refuse("following", current.state, state)

    async def unfollow(self, bot: str, actor_id: str) -> bool:
        """Forget that a bot follows an actor. False when it did not."""
        statement = delete(Following).where(
            col(Following.bot) == bot, col(Following.actor_id) == actor_id
        )
        return await self._transaction.run(statement) == 1
