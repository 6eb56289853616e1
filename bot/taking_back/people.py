"""What is stored of a person, and erasing it: for the operator, and for the law's sake."""

from collections.abc import Iterable
from typing import Any

from activitypub.addressing import Audience
from activitypub.client import Client
from activitypub.discovery import webfinger
from activitypub.errors import ActivityPubError
from activitypub.ports import Clock
from bot.consent.authors import Authors
from bot.consent.table import Mode, PostSignals, permitted
from bot.errors import NothingFound
from bot.profile_page import handle_on
from bot.taking_back.provenance import CONSEQUENCES, PIECE, Provenance
from storage import Storage, tables
from storage.persons import Person
from storage.tables import ChoiceKind

BY_OPERATOR = "operator"
BY_FORM = "web form"
OF_COMPLAINTS = {"objects", "at"}
"""What is told of a complaint to whom it is about: nothing by which they know who made it."""


class People:
    """Looks people up by handle or id, and does with their data what they or the law ask."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        authors: Authors,
        provenance: Provenance,
        mode: Mode,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._authors = authors
        self._provenance = provenance
        self._mode = mode

    async def find(self, who: str, *, force: bool = False) -> str:
        """Return the id of a person whom somebody names by handle, profile page or id.

        People know the address of their page, which is rarely their actor's id. Who is not stored
        is asked for; with `force` an address counts as an id when that fails. Raises the client's
        errors, and `NothingFound` for an address that leads to no actor.
        """
        who = who.strip()
        if "://" not in who:
            return await self._stored(who) or await webfinger(self._client, who)
        async with self._storage.view() as view:
            if await view.actors.get(who) or await view.posts.by_author(who):
                return who
        handle = handle_on(who)
        known = await self._stored(handle) if handle else None
        return known or await self._named_at(who, force=force)

    async def _stored(self, handle: str) -> str | None:
        async with self._storage.view() as view:
            known = await view.actors.by_handle(handle.lstrip("@!"))
        return known.id if known else None

    async def _named_at(self, url: str, *, force: bool) -> str:
        """Return whose document an address leads to; as it stands if it was written down before."""
        try:
            return (await self._client.actor(url)).id
        except ActivityPubError as problem:
            async with self._storage.view() as view:
                told = await view.choices.get(url)
            if told or force:
                return url
            raise NothingFound(f"{url} leads to no actor: {problem}") from None

    async def show(self, actor_id: str) -> dict[str, Any]:
        """Say what may be done with a person's posts now, and by which signals."""
        signals = (await self._authors.learn([actor_id]))[actor_id]
        kinds = {
            "public": PostSignals(Audience.PUBLIC),
            "quiet public": PostSignals(Audience.QUIET),
        }
        async with self._storage.view() as view:
            choice = await view.choices.get(actor_id)
        actor = signals.actor
        return {
            "id": actor_id,
            "readable": actor is not None,
            "listed_by_operator": signals.listed,
            "blocks_us": signals.blocks_us,
            "told": choice.choice if choice else None,
            "how": choice.how if choice else None,
            "indexable": actor.indexable if actor else None,
            "discoverable": actor.discoverable if actor else None,
            "ordinary posts": {
                name: sorted(use.value for use in permitted(signals, post, self._mode))
                for name, post in kinds.items()
            },
        }

    async def choose(
        self, actor_id: str, choice: ChoiceKind | None, how: str = BY_OPERATOR
    ) -> None:
        """Write down what a person wants, and how that was told; None forgets it."""
        now = self._clock.now()
        async with self._storage.unit() as unit:
            if choice is None:
                known = await unit.choices.get(actor_id)
                if known is not None:
                    await unit.choices.remove(actor_id, known.how)
                    # What was published by that permission alone has none now.
                    await self._provenance.changed_author(unit, actor_id)
                return
            row = tables.Choice(actor_id=actor_id, choice=choice, how=how, at=now)
            await unit.choices.set(row)
            if choice == "exclude":
                await self._provenance.erase_author(unit, actor_id)

    async def export(self, actor_id: str) -> dict[str, Any]:
        """Return everything that is stored of a person; of a complaint, not who made it."""
        async with self._storage.view() as view:
            actor, choice = await view.actors.get(actor_id), await view.choices.get(actor_id)
            posts = await view.posts.by_author(actor_id)
            rest = await view.persons.find(known_as(actor_id, actor, posts))
            jobs = await view.jobs.naming(actor_id)
            cited = {
                post.id: [sentence.text for sentence, _ in await view.digests.resting_on(post.id)]
                for post in posts
            }
        complained = rest.pop("complained of")
        return {
            "profile": actor.model_dump(mode="json") if actor else None,
            "told": choice.model_dump(mode="json") if choice else None,
            "posts": [{**post.model_dump(mode="json"), "quoted": cited[post.id]} for post in posts],
            **{name: [row.model_dump(mode="json") for row in rows] for name, rows in rest.items()},
            "complained of": [
                row.model_dump(mode="json", include=OF_COMPLAINTS) for row in complained
            ],
            "to do": [row.model_dump(mode="json") for row in jobs],
        }

    async def erase(self, actor_id: str) -> None:
        """Erase a person's data and everything published that rests on it.

        Answers to them are withdrawn. If it is interrupted, do it again. What stays is that they
        are left out, so that nothing is read of them again, and until they are delivered the
        Deletes and Updates that tell others.
        """
        now = self._clock.now()
        async with self._storage.unit() as unit:
            row = tables.Choice(actor_id=actor_id, choice="exclude", how=BY_OPERATOR, at=now)
            await unit.choices.set(row)
            actor = await unit.actors.get(actor_id)
            person = known_as(actor_id, actor, await unit.posts.by_author(actor_id))
            await self._provenance.forget_person(unit, actor_id)
        # What is cited where is known until all that shows it is rendered anew.
        for start in range(0, len(person.posts), PIECE):
            async with self._storage.unit() as unit:
                await self._provenance.reconsider(unit, person.posts[start : start + PIECE])
        async with self._storage.unit() as unit:
            await unit.persons.remove(person)
            await unit.jobs.forget_naming(actor_id, CONSEQUENCES)
            await unit.actors.remove(actor_id)
        # Erased text stays readable in SQLite's log until that is folded into the file.
        await self._storage.checkpoint()


def known_as(actor_id: str, actor: tables.Actor | None, posts: Iterable[tables.Post]) -> Person:
    """Return by what rows about a person are found."""
    ids = [post.id for post in posts]
    return (
        Person(actor_id, actor.handle, actor.inbox, ids) if actor else Person(actor_id, posts=ids)
    )
