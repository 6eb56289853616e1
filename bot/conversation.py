"""Completing a thread: read it whole, keep what may be kept, remember how much there was."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from activitypub.client import Client
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.thread import Thread, ThreadBudget, read_thread, resume_thread
from activitypub.vocab import Object
from bot.ingest import Ingest, Sifted
from bot.provenance import Provenance
from storage import Storage, UnitOfWork, tables
from storage.tables import FindingState

JUST_READ = timedelta(minutes=10)
"""A thread read so recently is not read again for another of its posts."""
SOON = timedelta(minutes=2)
"""When a thread is gone on with of which more is known than the budget let us read."""
TELLING = ("text", "title", "cw", "links", "audience", "searchable", "quotable")
"""What of a post published words, links and warnings rest on, besides its author."""
RESUMABLE = timedelta(hours=1)
"""How long what a reading left is gone on with; later the whole thread is read anew."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a thread came to; `thread` is None when nothing of it may be used."""

    thread: tables.Thread | None
    posts: int
    left_out: int


class Conversations:
    """Reads threads into storage, within `budget`. `watched` are the hashtags of each bot."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        ingest: Ingest,
        provenance: Provenance,
        budget: ThreadBudget,
        watched: Mapping[str, frozenset[str]],
    ) -> None:
        self._watched = watched
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
            finding = await view.findings.get(bot, uri)
        fresh = thread and thread.read_at and self._clock.now() - thread.read_at < JUST_READ
        if thread and fresh and not thread.rest:
            await self._settle(bot, {uri}, thread.id)
            return
        source = finding.source if finding else ""
        try:
            start: str | Object = uri
            if source.startswith("relay:"):
                start = await self._client.object(uri)
                if self._watched.get(bot, frozenset()).isdisjoint(start.hashtags):
                    await self._settle(bot, {uri}, None, "refused")
                    return
            reading = await self.read(start, bot=bot, aliases={uri}, via=source or "thread")
        except Final:
            await self._settle(bot, {uri}, None, "gone")
            raise
        if reading.thread is None:
            await self._settle(bot, {uri}, None, "refused")

    async def read(
        self, start: str | Object, *, bot: str, aliases: set[str], via: str = "thread"
    ) -> Reading:
        """Read the thread around `start` and store it.

        `aliases` are further addresses of `start` under which findings know it (a page's URL,
        say), `via` is the source that found it. Raises the client's errors when `start` itself
        cannot be read.
        """
        began = self._clock.now()
        earlier = await self._unfinished(start if isinstance(start, str) else start.id)
        walked = await (self._resume(*earlier) if earlier else self._walk(start))
        sifted = await self._ingest.sift(walked.posts, "thread", self._budget.seconds)
        root = walked.root
        before = earlier[0] if earlier else None
        await self._forget({*walked.report.taken_back, *sifted.refused})
        if root is None or not (sifted.posts or before):
            return Reading(None, 0, sifted.left_out)
        found = {start if isinstance(start, str) else start.id, *aliases}
        for post in sifted.posts:
            post.thread_id = root
            # What a server said when we asked is older than what it tells us meanwhile.
            post.fetched_at = began
            post.via = via if post.id in found or post.url in found else "thread"
        thread = self._row(walked, sifted, root)
        if before:
            thread = joined(before, thread)
        async with self._storage.unit() as unit:
            await self._store(unit, thread, list(sifted.posts))
            await self._mark(unit, bot, {post.id for post in sifted.posts} | aliases, root)
        return Reading(
            thread,
            len(sifted.posts) + (before.posts_read if before else 0),
            int(thread.refused.get("wish", 0)),
        )

    async def _forget(self, ids: set[str]) -> None:
        """Erase what is stored of posts that are gone by now, or that their authors keep back."""
        async with self._storage.view() as view:
            stored = await view.posts.get_many(sorted(ids))
        living = [post.id for post in stored.values() if post.erased_at is None]
        if living:
            async with self._storage.unit() as unit:
                await self._provenance.erase(unit, living)

    def _row(self, walked: Thread, sifted: Sifted, root: str) -> tables.Thread:
        """Return the row of a thread: what was read, known and refused."""
        now = self._clock.now()
        posts = sifted.posts
        active = max((post.published for post in posts), default=now)
        refused = {str(reason): n for reason, n in walked.report.refused.items() if n}
        dropped = {"rules": sifted.dropped} if sifted.dropped else {}
        again = next_reading(active, now)
        return tables.Thread(
            id=root,
            url=next((post.url for post in posts if post.id == root), root),
            host=next((post.host for post in posts if post.id == root), ""),
            opened_at=min((post.published for post in posts), default=now),
            active_at=active,
            read_at=now,
            next_read_at=now + SOON if walked.rest and walked.posts else again,
            posts_read=len(walked.posts),
            posts_known=max(walked.report.posts_known, len(walked.posts)),
            hosts=sorted(walked.report.hosts),
            refused={**refused, **dropped, "wish": sifted.left_out},
            complete=walked.report.complete,
            rest=list(walked.rest),
        )

    async def _unfinished(self, uri: str) -> tuple[tables.Thread, set[str]] | None:
        """Return the thread of a post if its reading was cut short lately, with what was read."""
        async with self._storage.view() as view:
            post = await view.posts.get(uri)
            thread = await view.threads.get(post.thread_id) if post and post.thread_id else None
            if thread is None or not thread.rest or thread.read_at is None:
                return None
            if self._clock.now() - thread.read_at > RESUMABLE:
                return None
            read = {post.id for post in await view.posts.in_thread(thread.id)}
        return (thread, read) if len(read) < self._budget.posts else None

    async def _resume(self, thread: tables.Thread, read: set[str]) -> Thread:
        return await resume_thread(self._client, thread.id, thread.rest, self._budget, known=read)

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
            and any(getattr(old, name) != getattr(post, name) for name in TELLING)
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


def joined(before: tables.Thread, more: tables.Thread) -> tables.Thread:
    """Return a thread as two readings know it, of which the second went on with the first.

    What the first left unasked (for the budget, or for a host that was silent) the second counts.
    """
    put_off = {"budget", "silent", "unreachable"}
    settled = {reason: n for reason, n in before.refused.items() if reason not in put_off}
    more.url, more.host = before.url, before.host
    more.opened_at = min(before.opened_at, more.opened_at)
    more.active_at = max(before.active_at, more.active_at) if more.posts_read else before.active_at
    more.posts_read += before.posts_read
    more.posts_known = max(before.posts_known, more.posts_known, more.posts_read)
    more.hosts = sorted({*before.hosts, *more.hosts})
    more.refused = {
        reason: settled.get(reason, 0) + more.refused.get(reason, 0)
        for reason in {*settled, *more.refused}
    }
    return more


def next_reading(active_at: datetime, now: datetime) -> datetime | None:
    """Say when to read a thread again: soon while it is lively, not at all once it is quiet."""
    quiet_for = now - active_at
    if quiet_for < timedelta(hours=2):
        return now + timedelta(minutes=15)
    if quiet_for < timedelta(days=1):
        return now + timedelta(hours=2)
    return now + timedelta(hours=12) if quiet_for < timedelta(days=3) else None
