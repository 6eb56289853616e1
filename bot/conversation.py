"""Completing a thread: read it whole, keep what may be kept, remember how much there was."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from activitypub.addressing import Audience
from activitypub.client import Client
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.thread import Thread, ThreadBudget, read_thread
from activitypub.vocab import Object
from bot.ingest import Ingest
from bot.provenance import Provenance
from storage import Storage, UnitOfWork, tables
from storage.tables import FindingState

JUST_READ = timedelta(minutes=10)
"""A thread read so recently is not read again for another of its posts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a thread came to; `thread` is None when nothing of it may be used."""

    thread: tables.Thread | None
    posts: int
    left_out: int


class Conversations:
    """Reads threads into storage, within `budget`."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        ingest: Ingest,
        provenance: Provenance,
        budget: ThreadBudget,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._ingest = ingest
        self._provenance = provenance
        self._budget = budget

    async def found(self, bot: str, uri: str) -> None:
        """Read the thread around a post that a source of `bot` found, unless it just was."""
        async with self._storage.view() as view:
            post = await view.posts.get(uri)
            thread = await view.threads.get(post.thread_id) if post and post.thread_id else None
        if thread and thread.read_at and self._clock.now() - thread.read_at < JUST_READ:
            await self._settle(bot, {uri}, thread.id)
            return
        try:
            reading = await self.read(uri, bot=bot, aliases={uri})
        except Final:
            await self._settle(bot, {uri}, None, "gone")
            raise
        if reading.thread is None:
            await self._settle(bot, {uri}, None, "refused")

    async def read(self, start: str | Object, *, bot: str, aliases: set[str]) -> Reading:
        """Read the thread around `start` and store it.

        `aliases` are further addresses of `start` under which findings know it (a page's URL,
        say). Raises the client's errors when `start` itself cannot be read.
        """
        walked = await self._walk(start)
        sifted = await self._ingest.sift(walked.posts, "thread")
        root = walked.root
        if root is None or not sifted.posts:
            return Reading(None, 0, sifted.left_out)
        for post in sifted.posts:
            post.thread_id = root
        refused = {str(reason): n for reason, n in walked.report.refused.items()}
        thread = tables.Thread(
            id=root,
            url=next((post.url for post in sifted.posts if post.id == root), root),
            host=next((post.host for post in sifted.posts if post.id == root), ""),
            opened_at=min(post.published for post in sifted.posts),
            active_at=max(post.published for post in sifted.posts),
            read_at=self._clock.now(),
            next_read_at=next_reading(max(p.published for p in sifted.posts), self._clock.now()),
            posts_read=len(walked.posts),
            posts_known=max(walked.report.posts_known, len(walked.posts)),
            hosts=sorted(walked.report.hosts),
            refused={**refused, "wish": sifted.left_out},
            complete=walked.report.complete,
        )
        async with self._storage.unit() as unit:
            await self._store(unit, thread, list(sifted.posts))
            await self._mark(unit, bot, {post.id for post in sifted.posts} | aliases, root)
        return Reading(thread, len(sifted.posts), sifted.left_out)

    async def _walk(self, start: str | Object) -> Thread:
        """Walk from the root that is already known for `start`, else from `start` itself.

        A deleted post cuts a thread in two for whoever climbs; its root was seen from above.
        """
        uri = start if isinstance(start, str) else start.id
        async with self._storage.view() as view:
            stored = await view.posts.get(uri)
        if stored and stored.thread_id and stored.thread_id != uri:
            with contextlib.suppress(Final):
                walked = await read_thread(self._client, stored.thread_id, self._budget)
                if any(post.id == uri for post in walked.posts):
                    return walked
        return await read_thread(self._client, start, self._budget)

    async def _store(
        self, unit: UnitOfWork, thread: tables.Thread, posts: list[tables.Post]
    ) -> None:
        posts = [post for post in posts if not self._provenance.was_deleted(post.id)]
        stored = await unit.posts.get_many([post.id for post in posts])
        changed = [
            post.id
            for post in posts
            if (old := stored.get(post.id))
            and (old.text != post.text or Audience(old.audience) != Audience(post.audience))
        ]
        for post in posts:
            await unit.posts.put(post)
        await unit.threads.put(thread)
        if changed:
            await self._provenance.reconsider(unit, changed)
        now = self._clock.now()
        for url in dict.fromkeys(link for post in posts for link in post.links):
            await unit.jobs.enqueue("link", {"url": url}, run_at=now, key=f"link:{url}")

    async def _mark(self, unit: UnitOfWork, bot: str, ids: set[str], root: str) -> None:
        for post_id in ids:
            if await unit.findings.get(bot, post_id):
                await unit.findings.settle(bot, post_id, "read", root)

    async def _settle(
        self, bot: str, ids: set[str], thread: str | None, state: FindingState = "read"
    ) -> None:
        async with self._storage.unit() as unit:
            for post_id in ids:
                if await unit.findings.get(bot, post_id):
                    await unit.findings.settle(bot, post_id, state, thread)


def next_reading(active_at: datetime, now: datetime) -> datetime | None:
    """Say when to read a thread again: soon while it is lively, not at all once it is quiet."""
    quiet_for = now - active_at
    if quiet_for < timedelta(hours=2):
        return now + timedelta(minutes=15)
    if quiet_for < timedelta(days=1):
        return now + timedelta(hours=2)
    return now + timedelta(hours=12) if quiet_for < timedelta(days=3) else None
