"""What people asked to be sent, and the switches that operators turn."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Subscription, SubscriptionKind, Switch


class Subscriptions(Repository):
    """One row for each thing that a person asked to be sent: a hashtag's or a thread's news."""

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return the subscription with this id."""
        return await self._transaction.get(Subscription, subscription_id)

    async def put(self, subscription: Subscription) -> None:
        """Store a subscription, or replace what was known of it."""
        await self._transaction.put(subscription)

    async def remove(self, subscription_id: str) -> bool:
        """End a subscription. False when there was none."""
        statement = delete(Subscription).where(col(Subscription.id) == subscription_id)
        return await self._transaction.run(statement) == 1

    async def of_actor(self, actor_id: str) -> list[Subscription]:
        """Return what a person asked to be sent."""
        statement = (
            select(Subscription)
            .where(col(Subscription.actor_id) == actor_id)
            .order_by(col(Subscription.bot), col(Subscription.kind), col(Subscription.target))
        )
        return await self._transaction.all(Subscription, statement)

    async def forget(self, actor_id: str, kinds: Sequence[SubscriptionKind] = ()) -> int:
        """End all that a person asked for, or all of some kinds; return how many that were."""
        conditions = [col(Subscription.actor_id) == actor_id]
        if kinds:
            conditions.append(col(Subscription.kind).in_(kinds))
        return await self._transaction.run(delete(Subscription).where(*conditions))

    async def count(self) -> int:
        """Return how many subscriptions there are."""
        return int(await self._transaction.value(select(func.count()).select_from(Subscription)))

    async def due(self, now: datetime, limit: int, bots: Sequence[str]) -> list[Subscription]:
        """Return what these bots have to send by `now`, longest waiting first."""
        statement = (
            select(Subscription)
            .where(col(Subscription.next_at) <= now, col(Subscription.bot).in_(bots))
            .order_by(col(Subscription.next_at), col(Subscription.id))
            .limit(limit)
        )
        return await self._transaction.all(Subscription, statement)

    async def hasten(self, kind: SubscriptionKind, target: str, to: datetime) -> int:
        """Let those who wait for something hear of it by `to`; return how many they are."""
        statement = (
            update(Subscription)
            .where(
                col(Subscription.kind) == kind,
                col(Subscription.target) == target,
                col(Subscription.next_at) > to,
            )
            .values(next_at=to)
        )
        return await self._transaction.run(statement)


class Switches(Repository):
    """What the operator has turned off; all is on that has no row."""

    async def turn_off(self, name: str, at: datetime) -> bool:
        """Turn something off. False when it was already."""
        return await self._transaction.add(Switch(name=name, at=at))

    async def turn_on(self, name: str) -> bool:
        """Turn it on again. False when it was on."""
        return await self._transaction.run(delete(Switch).where(col(Switch.name) == name)) == 1

    async def is_off(self, name: str) -> bool:
        """Tell whether it is turned off."""
        return await self._transaction.get(Switch, name) is not None
