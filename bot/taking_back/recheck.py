"""Looking again at what was read: whether it is still there, and still says the same."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from activitypub.client import Client
from activitypub.errors import Final, Missing, Recoverable, Refused
from activitypub.ports import Clock
from activitypub.vocab import Object
from bot.consent.authors import Authors, row_of
from bot.consent.ingest import Ingest, Sifted
from bot.taking_back.provenance import Provenance
from storage import Storage, UnitOfWork, tables

REFUSALS = 3
"""So often in a row a post may be refused to us before it counts as taken back."""
AGAIN = timedelta(hours=1)
PIECE = 200
"""Posts that are looked through for listed words at a time."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A stored post as it is now: None when it may no longer be kept."""

    id: str
    row: tables.Post | None


class Recheck:
    """Asks the origin of a post or actor, and lets what it says come through."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        authors: Authors,
        ingest: Ingest,
        provenance: Provenance,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._authors = authors
        self._ingest = ingest
        self._provenance = provenance

    async def look(self, uri: str, refused: int = 0) -> None:
        """Fetch a stored post or actor anew. Raises the client's recoverable errors.

        Gone means erased. Anything else in place of a post (401, 403, 451, a page that asks to log
        in) may be a fault of ours or theirs, so it is asked again a few times before it means the
        same: what we may not read, we may not quote.
        """
        async with self._storage.view() as view:
            stored = await view.posts.get(uri)
            actor = await view.actors.get(uri)
        if actor is not None:
            await self._actor(actor, refused)
        if stored is None or stored.erased_at is not None:
            await self._traced(uri, refused)
            return
        asked = self._clock.now()
        try:
            found = await self._client.object(uri)
        except Final as problem:
            if isinstance(problem, Missing) or refused + 1 >= REFUSALS:
                await self._apply(Fresh(uri, None))
            else:
                await self._refused(uri, refused + 1)
        else:
            fresh = await self.renew(stored, found)
            if fresh.row is not None:  # a Delete that came meanwhile is newer
                fresh.row.fetched_at = asked
            await self._apply(fresh)

    async def reconsider(self, posts: Sequence[str]) -> None:
        """Do a piece of what follows when many posts go or change at once."""
        async with self._storage.unit() as unit:
            await self._provenance.reconsider(unit, posts)

    async def relisted(self) -> None:
        """Take back what rests on authors, or holds words, that the operator has listed since."""
        async with self._storage.view() as view:
            authors = await view.traces.authors() | await view.posts.authors()
        for actor_id, handle in authors.items():
            if self._authors.is_listed(actor_id, handle):
                async with self._storage.unit() as unit:
                    await self._provenance.changed_author(unit, actor_id)
        await self._with_listed_words()

    async def _with_listed_words(self) -> None:
        """Erase what a word is in that came on the list later; reading leaves such posts out."""
        lists, after = self._authors.lists, ""
        while lists.has_words:
            async with self._storage.view() as view:
                rows = await view.posts.after(after, PIECE)
            if not rows:
                return
            after = rows[-1].id
            texts = [" ".join((row.title or "", row.cw or "", row.text)) for row in rows]
            found = await asyncio.to_thread(lists.with_listed_words, texts)
            listed = [rows[place].id for place in found]
            if listed:
                async with self._storage.unit() as unit:
                    await self._provenance.erase(unit, listed)

    async def renew(self, stored: tables.Post, found: Object) -> Fresh:
        """Sift the present version of a stored post: its author may refuse by now."""
        if found.id != stored.id or found.author != stored.author_id:
            return Fresh(stored.id, None)  # authorship does not change
        return _fresh(stored, await self._ingest.sift([found], stored.via))

    async def judge(self, unit: UnitOfWork, stored: tables.Post, found: Object) -> Fresh:
        """Do the same by what is stored of its author, asking nobody."""
        if found.id != stored.id or found.author != stored.author_id:
            return Fresh(stored.id, None)
        return _fresh(stored, await self._ingest.judge(unit, [found], stored.via))

    async def _traced(self, uri: str, refused: int) -> None:
        """Look at a post or author of which only the id is left, with what was said by it."""
        async with self._storage.view() as view:
            is_post, is_author = await view.traces.has_post(uri), await view.traces.has_author(uri)
        try:
            if is_post and await self._says_the_same(uri):
                return
            if is_author and not is_post:
                await self._author_of_traces(uri)
                return
        except Final as problem:
            if not isinstance(problem, Missing) and refused + 1 < REFUSALS:
                await self._refused(uri, refused + 1)
                return
        async with self._storage.unit() as unit:
            await self._provenance.traces.without(unit, [uri])
            await self._provenance.traces.without_author(unit, uri)

    async def _says_the_same(self, uri: str) -> bool:
        """Tell whether a post is public still; what it is to say since, its date decides."""
        post = await self._client.object(uri)
        sifted = await self._ingest.sift([post], "trace")
        if not sifted.posts or not post.author:
            return False
        if post.updated is not None:
            async with self._storage.unit() as unit:
                await self._provenance.traces.edited_by(unit, post, post.author)
        return True

    async def _author_of_traces(self, uri: str) -> None:
        actor = await self._client.actor(uri)
        async with self._storage.unit() as unit:
            await unit.actors.put(row_of(actor, self._clock))
            await self._provenance.changed_author(unit, uri)

    async def _actor(self, actor: tables.Actor, refused: int) -> None:
        """Fetch an author anew; whose profile cannot be read counts as refusing.

        A profile that is merely refused (401, 403) stops the use of the author's words at once,
        and a few times in a row takes back what was published. One that nobody answers for counts
        after a while (`bot.consent.authors.STALE`).
        """
        try:
            await self._client.actor(actor.id)
        except Refused:
            await self._authors.renew([actor.id])
            if refused + 1 < REFUSALS:
                await self._refused(actor.id, refused + 1)
                return
        except Final:
            await self._authors.renew([actor.id])
        except Recoverable:
            if not self._authors.is_stale(actor):
                raise
        else:
            await self._authors.renew([actor.id])
        async with self._storage.unit() as unit:
            await self._provenance.changed_author(unit, actor.id)

    async def _apply(self, fresh: Fresh) -> None:
        async with self._storage.unit() as unit:
            await self._provenance.replace(unit, fresh.id, fresh.row)

    async def _refused(self, uri: str, times: int) -> None:
        """Ask once more later."""
        now = self._clock.now()
        payload = {"uri": uri, "refused": times}
        async with self._storage.unit() as unit:
            key = f"recheck:{uri}:{now:%Y-%m-%dT%H}:{times}"
            await unit.jobs.enqueue("recheck", payload, run_at=now + AGAIN, key=key)


def _fresh(stored: tables.Post, sifted: Sifted) -> Fresh:
    if not sifted.posts:
        return Fresh(stored.id, None)
    row = sifted.posts[0]
    row.thread_id = stored.thread_id
    return Fresh(stored.id, row)
