"""Knowing the authors: their actor documents, fresh enough to tell their wishes."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from activitypub.addressing import host_of
from activitypub.budget import Budget
from activitypub.client import Client
from activitypub.errors import ActivityPubError, BudgetSpent, Busy, Final, Unreachable
from activitypub.ports import Clock
from activitypub.vocab import Actor
from bot.consent.lists import Lists
from bot.consent.table import AuthorSignals, Choice
from bot.shared import Shared
from storage import Storage, UnitOfWork, tables

FRESH = timedelta(days=1)
"""After this long a bio is read again; Mastodon uses the same time."""
STALE = timedelta(days=7)
"""How long a stored bio still counts when its server cannot be reached."""
LONGEST_NAME = 200

Answer = tuple[datetime, Actor | None]
"""When an actor was asked for, and what came; None for one that is not to be had."""


class Authors:
    """Fetches, keeps and judges authors; `lists` are those whom the operator refuses."""

    def __init__(self, storage: Storage, client: Client, clock: Clock, lists: Lists) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._meeting: Shared[str] = Shared()
        self.lists = lists

    async def learn(
        self,
        ids: Iterable[str],
        seconds: float = 30.0,
        budget: Budget | None = None,
        *,
        speaking: bool = False,
    ) -> dict[str, AuthorSignals]:
        """Return the signals of each author, fetching the actors that are unknown or old.

        An author whose document cannot be had, or not within `seconds` and `budget`, counts as
        refusing (fails closed); it is asked again the next time. Those named first come first.
        Whoever wants to be left out is not read any more, unless they are `speaking` to us.
        """
        wanted = list(dict.fromkeys(ids))
        async with self._storage.view() as view:
            stored = await view.actors.get_many(wanted)
            old = [i for i in wanted if i not in stored or self.is_old(stored[i])]
            out = () if speaking else await view.choices.excluded(old)
        await self._fetch([i for i in old if i not in out], seconds, budget)
        async with self._storage.view() as view:
            return await self.signals(view, wanted)

    async def renew(self, ids: Iterable[str]) -> None:
        """Fetch these actors anew, however fresh they are."""
        await self._fetch(ids, 30.0)

    async def _fetch(
        self, ids: Iterable[str], seconds: float, budget: Budget | None = None
    ) -> None:
        """Fetch actors, hosts side by side; a host that does not answer is not asked on."""
        hosts: dict[str, list[str]] = {}
        for actor_id in ids:
            if not self.lists.is_listed(actor_id):
                hosts.setdefault(host_of(actor_id), []).append(actor_id)
        found: dict[str, Answer] = {}
        work = [asyncio.create_task(self._of_host(some, found, budget)) for some in hosts.values()]
        if work:
            _, late = await asyncio.wait(work, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if found:
            await self._keep(found)

    async def meet(self, actor_id: str, seconds: float = 30.0) -> None:
        """Fetch the profile of somebody who speaks to us, unless it is known and fresh.

        Raises the client's errors, `Unreachable` after `seconds`, if nothing is known of them.
        """
        async with self._storage.view() as view:
            known = await view.actors.get(actor_id)
        if (known and not self.is_old(known)) or self.lists.is_listed(actor_id):
            return
        try:
            async with asyncio.timeout(seconds):
                await self._meeting.run(actor_id, lambda: self._ask(actor_id))
        except (ActivityPubError, TimeoutError) as problem:
            if known is not None:
                return
            if isinstance(problem, ActivityPubError):
                raise
            raise Unreachable(f"no profile within {seconds:g} s", url=actor_id) from None

    async def _ask(self, actor_id: str) -> None:
        asked = self._clock.now()
        try:
            actor = await self._client.actor(actor_id)
        except Final:
            await self._keep({actor_id: (asked, None)})
            raise
        await self._keep({actor_id: (asked, actor)})

    async def _keep(self, found: Mapping[str, Answer]) -> None:
        async with self._storage.unit() as unit:
            for actor_id, (asked, actor) in found.items():
                if actor is None:
                    await unit.actors.mark_gone(actor_id, asked)
                else:
                    row = row_of(actor, self._clock)
                    row.fetched_at = asked  # what came meanwhile is newer
                    await unit.actors.put(row)

    async def _of_host(
        self, ids: list[str], found: dict[str, Answer], budget: Budget | None
    ) -> None:
        """Fetch the actors of one host into `found`."""
        waiting = list(reversed(ids))

        async def take_turns() -> None:
            while waiting:
                actor_id, asked = waiting.pop(), self._clock.now()
                try:
                    found[actor_id] = asked, await self._client.actor(actor_id, budget)
                except Final:
                    found[actor_id] = asked, None
                except (Unreachable, BudgetSpent):
                    waiting.clear()
                except ActivityPubError as problem:
                    if isinstance(problem, Busy) and problem.retry_after:  # it wants to be left
                        waiting.clear()

        await asyncio.gather(*(take_turns() for _ in range(min(self._client.per_host, len(ids)))))

    async def signals(
        self, unit: UnitOfWork, ids: Iterable[str], *, last_known: bool = False
    ) -> dict[str, AuthorSignals]:
        """Return the signals of authors from what is stored, asking nobody.

        With `last_known` a profile counts however old it is, unless it is known to be gone: for
        what is published, whose authors are asked again and again (`bot.taking_back.recheck`).
        """
        wanted = list(dict.fromkeys(ids))
        blocking = await unit.choices.blocking(wanted)
        rows = await unit.actors.get_many(wanted)
        chosen = await unit.choices.get_many(wanted)
        choices = {choice.actor_id: choice.choice for choice in chosen.values()}
        return {
            author: AuthorSignals(
                actor=self._usable(rows.get(author), last_known=last_known),
                choice=_choice(choices.get(author)),
                listed=self._is_listed(author, rows),
                blocks_us=author in blocking,
            )
            for author in wanted
        }

    def is_old(self, row: tables.Actor) -> bool:
        """Tell whether a stored bio is to be read again."""
        return self._age(row) > FRESH

    def is_stale(self, row: tables.Actor) -> bool:
        """Tell whether a stored bio is too old to count while its server cannot be reached."""
        return self._age(row) > STALE

    def is_listed(self, actor_id: str, handle: str = "") -> bool:
        """Tell whether the operator has listed the actor's host (or a parent of it) or account."""
        return self.lists.is_listed(actor_id, handle)

    def is_listed_host(self, host: str) -> bool:
        """Tell whether the operator has listed a host or a parent of it."""
        return self.lists.is_listed_host(host)

    def _is_listed(self, actor_id: str, rows: Mapping[str, tables.Actor]) -> bool:
        row = rows.get(actor_id)
        return self.is_listed(actor_id, row.handle if row else "")

    def _usable(self, row: tables.Actor | None, *, last_known: bool) -> Actor | None:
        if row is None or row.gone_at is not None or (self.is_stale(row) and not last_known):
            return None
        return Actor.parse(row.document)

    def _age(self, row: tables.Actor) -> timedelta:
        return self._clock.now() - row.fetched_at


def row_of(actor: Actor, clock: Clock) -> tables.Actor:
    """Turn an actor into the row that is kept of it."""
    host = host_of(actor.id)
    key = actor.public_keys[0] if actor.public_keys else None
    return tables.Actor(
        id=actor.id,
        handle=f"{actor.preferred_username[:LONGEST_NAME]}@{host}",
        host=host,
        name=(actor.name or actor.preferred_username)[:LONGEST_NAME],
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
