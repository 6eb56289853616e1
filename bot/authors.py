"""Knowing the authors: their actor documents, fresh enough to tell their wishes."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

from activitypub.addressing import host_of
from activitypub.client import Client
from activitypub.errors import ActivityPubError, Final
from activitypub.ports import Clock
from activitypub.vocab import Actor
from bot.consent import AuthorSignals, Choice
from storage import Storage, UnitOfWork, tables

FRESH = timedelta(days=1)
"""After this long a bio is read again; Mastodon uses the same time."""
STALE = timedelta(days=7)
"""How long a stored bio still counts when its server cannot be reached."""


class Authors:
    """Fetches, keeps and judges authors; `listed_*` are those whom the operator refuses."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        listed_hosts: frozenset[str] = frozenset(),
        listed_accounts: frozenset[str] = frozenset(),
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._hosts = frozenset(host.casefold() for host in listed_hosts)
        self._accounts = frozenset(account.casefold().lstrip("@") for account in listed_accounts)

    async def learn(self, ids: Iterable[str]) -> dict[str, AuthorSignals]:
        """Return the signals of each author, fetching the actors that are unknown or old.

        An author whose document cannot be had counts as refusing (fails closed).
        """
        wanted = list(dict.fromkeys(ids))
        async with self._storage.view() as view:
            stored = await view.actors.get_many(wanted)
        old = [i for i in wanted if i not in stored or self._age(stored[i]) > FRESH]
        await asyncio.gather(*(self._refresh(i) for i in old if not self.is_listed(i)))
        async with self._storage.view() as view:
            return await self.signals(view, wanted)

    async def renew(self, ids: Iterable[str]) -> None:
        """Fetch these actors anew, however fresh they are."""
        await asyncio.gather(*(self._refresh(i) for i in ids if not self.is_listed(i)))

    async def signals(self, unit: UnitOfWork, ids: Iterable[str]) -> dict[str, AuthorSignals]:
        """Return the signals of authors from what is stored, asking nobody."""
        wanted = list(dict.fromkeys(ids))
        rows = await unit.actors.get_many(wanted)
        choices = {choice.actor_id: choice.choice for choice in await unit.choices.all()}
        return {
            author: AuthorSignals(
                actor=self._usable(rows.get(author)),
                choice=_choice(choices.get(author)),
                listed=self._is_listed(author, rows),
            )
            for author in wanted
        }

    def is_listed(self, actor_id: str, handle: str = "") -> bool:
        """Tell whether the operator has listed the actor's host (or a parent of it) or account."""
        listed = self._accounts and not self._accounts.isdisjoint((actor_id, handle.casefold()))
        return bool(listed) or self.is_listed_host(host_of(actor_id))

    def is_listed_host(self, host: str) -> bool:
        """Tell whether the operator has listed a host (with its port, if any) or a parent of it."""
        if not self._hosts:
            return False
        names = host.partition(":")[0].split(".")
        parents = {".".join(names[i:]) for i in range(len(names))} | {host}
        return not parents.isdisjoint(self._hosts)

    def _is_listed(self, actor_id: str, rows: Mapping[str, tables.Actor]) -> bool:
        row = rows.get(actor_id)
        return self.is_listed(actor_id, row.handle if row else "")

    def _usable(self, row: tables.Actor | None) -> Actor | None:
        if row is None or row.gone_at is not None or self._age(row) > STALE:
            return None
        return Actor.parse(row.document)

    def _age(self, row: tables.Actor) -> timedelta:
        return self._clock.now() - row.fetched_at

    async def _refresh(self, actor_id: str) -> None:
        try:
            actor = await self._client.actor(actor_id)
        except Final:
            async with self._storage.unit() as unit:
                await unit.actors.mark_gone(actor_id, self._clock.now())
            return
        except ActivityPubError:
            return
        async with self._storage.unit() as unit:
            await unit.actors.put(row_of(actor, self._clock))


def row_of(actor: Actor, clock: Clock) -> tables.Actor:
    """Turn an actor into the row that is kept of it."""
    host = host_of(actor.id)
    key = actor.public_keys[0] if actor.public_keys else None
    return tables.Actor(
        id=actor.id,
        handle=f"{actor.preferred_username}@{host}",
        host=host,
        name=(actor.name or actor.preferred_username)[:200],
        type=actor.type,
        url=actor.url or actor.id,
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        key_id=key.id if key else None,
        key_pem=key.text if key else None,
        document=dict(actor.document),
        fetched_at=clock.now(),
    )


def _choice(value: str | None) -> Choice | None:
    return value if value in ("include", "exclude") else None  # type: ignore[return-value]
