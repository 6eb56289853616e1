"""Completing a thread: read it whole, keep what may be kept, remember how much there was."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activitypub.addressing import host_of
from activitypub.client import Client
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.thread import Thread, ThreadBudget, passed, read_thread, resume_thread
from activitypub.uris import Uris
from activitypub.vocab import Object
from bot.consent.ingest import Ingest, Sifted
from bot.reading.budgets import for_posts, hurried, rest_of
from bot.reading.underway import UnderWay
from bot.taking_back.provenance import Provenance
from storage import Storage, UnitOfWork, tables
from storage.tables import FindingState

JUST_READ = timedelta(minutes=10)
"""A thread read so recently is not read again for another of its posts."""
SOON = timedelta(minutes=2)
"""When a thread is gone on with of which more is known than the budget let us read."""
AUTHORS = 10.0
"""Seconds that the authors of a thread are asked for at least, when somebody waits for it."""
MOST_NAMED = 20
MOST_OF_HOST = 5
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
        uris: Uris,
    ) -> None:
        self._watched = watched
        self._uris = uris
        self._storage = storage
        self._client = client
        self._clock = clock
        self._ingest = ingest
        self._provenance = provenance
        self._budget = budget
        self.under_way = UnderWay()

    async def found(self, bot: str, uri: str) -> None:
        """Read the thread around a post that a source of `bot` found, unless it just was."""
        with self.under_way.reading() as ask:
            ask(host_of(uri))
            await self._found(bot, uri)

    async def _found(self, bot: str, uri: str) -> None:
        if await self._was_just_read(bot, uri, uri):
            return
        async with self._storage.view() as view:
            known, finding = await view.posts.get(uri), await view.findings.get(bot, uri)
        source = finding.source if finding else ""
        try:
            start: str | Object = uri
            if known is None or source.startswith("relay:"):
                start = await self._client.object(uri)
                if source.startswith("relay:") and not self._is_watched(bot, start):
                    await self._settle(bot, {uri}, None, "refused")
                    return
                # A feed names a post's page, a relay its id: one post, and one reading.
                if start.id != uri and await self._was_just_read(bot, uri, start.id):
                    return
            reading = await self.read(start, bot=bot, aliases={uri}, via=source or "thread")
        except Final:
            await self._settle(bot, {uri}, None, "gone")
            raise
        if reading.thread is None:
            await self._settle(bot, {uri}, None, "refused")

    async def _was_just_read(self, bot: str, uri: str, post_id: str) -> bool:
        """Settle a finding whose thread was read a moment ago; return whether it was."""
        async with self._storage.view() as view:
            post = await view.posts.get(post_id)
            thread = await view.threads.get(post.thread_id) if post and post.thread_id else None
        fresh = thread and thread.read_at and self._clock.now() - thread.read_at < JUST_READ
        if not thread or not fresh or thread.rest:
            return False
        await self._settle(bot, {uri}, thread.id)
        return True

    def _is_watched(self, bot: str, post: Object) -> bool:
        return not self._watched.get(bot, frozenset()).isdisjoint(post.hashtags)

    async def read(
        self,
        start: str | Object,
        *,
        bot: str,
        aliases: set[str],
        via: str = "thread",
        seconds: float | None = None,
        come_by: Callable[[str], None] | None = None,
    ) -> Reading:
        """Read the thread around `start` and store it, for `seconds` if somebody waits for it.

        `aliases` are further addresses of `start` under which findings know it (a page's URL,
        say), `via` is the source that found it. `come_by` may end the climb: see `read_thread`.
        Raises the client's errors when `start` itself cannot be read.
        """
        budget = self._budget if seconds is None else hurried(self._budget, seconds)
        least = 1.0 if seconds is None else AUTHORS
        with self.under_way.reading() as ask:
            ask(host_of(start if isinstance(start, str) else start.id))
            bounds = replace(budget, on_host=ask)
            return await self._read(
                start, bounds, least, bot=bot, aliases=aliases, via=via, come_by=come_by
            )

    async def _read(
        self,
        start: str | Object,
        budget: ThreadBudget,
        least: float,
        *,
        bot: str,
        aliases: set[str],
        via: str,
        come_by: Callable[[str], None] | None,
    ) -> Reading:
        named = {start if isinstance(start, str) else start.id, *aliases}
        for uri in named:
            if closed := await self._closed(uri):
                return await self._leave(bot, closed, named)
        began, clock_began = time.monotonic(), self._clock.now()
        earlier = await self._unfinished(start if isinstance(start, str) else start.id)
        walked = await (
            self._resume(*earlier, budget) if earlier else self._walk(start, budget, come_by)
        )
        if walked.root and (closed := await self._closed(walked.root)):
            return await self._leave(bot, closed, named)
        walked = self._without_ours(walked)
        # Their hosts have just answered; who is not known in time would count as refusing.
        left = max(budget.seconds - (time.monotonic() - began), least)
        spending = rest_of(self._budget, walked.spending)
        sifted = await self._ingest.sift(walked.posts, "thread", left, spending)
        root = walked.root
        before = earlier[0] if earlier else None
        await self._forget({*walked.report.taken_back, *sifted.refused})
        if root is None or not (sifted.posts or before):
            return Reading(None, 0, sifted.left_out)
        for post in sifted.posts:
            post.thread_id = root
            # What a server said when we asked is older than what it tells us meanwhile.
            post.fetched_at = clock_began
            post.via = via if post.id in named or post.url in named else "thread"
        thread = self._row(walked, sifted, root)
        if before:
            thread = joined(before, thread)
        thread.next_read_at = self._again(thread, went_on=bool(walked.rest and walked.posts))
        async with self._storage.unit() as unit:
            await self._store(unit, thread, list(sifted.posts))
            await self._mark(unit, bot, {post.id for post in sifted.posts} | aliases, root)
        return Reading(
            thread,
            len(sifted.posts) + (before.posts_read if before else 0),
            int(thread.refused.get("wish", 0)),
        )

    def _without_ours(self, walked: Thread) -> Thread:
        """Leave out what we have said in a thread ourselves: it is no news, and nobody's words."""
        ours = {post.id for post in walked.posts if self._uris.is_ours(post.id)}
        walked.report.seen.difference_update(ours)
        return replace(walked, posts=tuple(p for p in walked.posts if p.id not in ours))

    async def _closed(self, uri: str) -> tables.Thread | None:
        """Return the thread of a post if whoever opened it said: not here."""
        async with self._storage.view() as view:
            post = await view.posts.get(uri)
            root = (post.thread_id if post else None) or uri
            if not await view.choices.excluded([root]):
                return None
            now = self._clock.now()
            known = await view.threads.get(root)
            return known or tables.Thread(
                id=root, url=root, host=host_of(root), opened_at=now, active_at=now
            )

    async def _leave(self, bot: str, closed: tables.Thread, named: set[str]) -> Reading:
        """Leave a closed thread alone, from now on."""
        async with self._storage.unit() as unit:
            if known := await unit.threads.get(closed.id):
                known.next_read_at = None
                await unit.threads.put(known)
        await self._settle(bot, named, None, "refused")
        return Reading(closed, 0, 0)

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
        kept = {post.id for post in posts}
        # What its author keeps back is not to be asked for once more when the reading goes on.
        back = [passed(post.id) for post in walked.posts if post.id not in kept]
        dropped = {"rules": sifted.dropped} if sifted.dropped else {}
        return tables.Thread(
            id=root,
            url=next((post.url for post in posts if post.id == root), root),
            host=next((post.host for post in posts if post.id == root), ""),
            opened_at=min((post.published for post in posts), default=now),
            active_at=active,
            read_at=now,
            posts_read=len(walked.posts),
            posts_known=max(walked.report.posts_known, len(walked.posts)),
            hosts=sorted(walked.report.hosts),
            refused={**refused, **dropped, "wish": sifted.left_out},
            complete=walked.report.complete,
            rest=[*walked.rest, *back] if walked.rest else [],
        )

    def _again(self, thread: tables.Thread, *, went_on: bool) -> datetime | None:
        """Say when a thread is to be read again: in a moment if there is more of it in bounds."""
        now = self._clock.now()
        if thread.rest and went_on and thread.posts_read < self._budget.posts:
            return now + SOON
        return next_reading(thread.active_at, now)

    async def _unfinished(self, uri: str) -> tuple[tables.Thread, list[tables.Post]] | None:
        """Return the thread of a post if its reading was cut short lately, with what was read."""
        async with self._storage.view() as view:
            post = await view.posts.get(uri)
            thread = await view.threads.get(post.thread_id) if post and post.thread_id else None
            if thread is None or not thread.rest or thread.read_at is None:
                return None
            if self._clock.now() - thread.read_at > RESUMABLE:
                return None
            read = await view.posts.in_thread(thread.id)
        return (thread, read) if thread.posts_read < self._budget.posts else None

    async def _resume(
        self, thread: tables.Thread, read: list[tables.Post], budget: ThreadBudget
    ) -> Thread:
        return await resume_thread(
            self._client,
            thread.id,
            thread.rest,
            for_posts(budget),
            known={post.id for post in read},
            contexts={post.context for post in read if post.id == thread.id and post.context},
        )

    async def _walk(
        self,
        start: str | Object,
        budget: ThreadBudget,
        come_by: Callable[[str], None] | None = None,
    ) -> Thread:
        """Walk from the root that is already known for `start`, else from `start` itself.

        A deleted post cuts a thread in two for whoever climbs; its root was seen from above.
        """
        bounds = for_posts(budget)
        uri = start if isinstance(start, str) else start.id
        async with self._storage.view() as view:
            stored = await view.posts.get(uri)
        if stored and stored.thread_id and stored.thread_id != uri:
            with contextlib.suppress(Final):
                walked = await read_thread(self._client, stored.thread_id, bounds)
                if any(post.id == uri for post in walked.posts):
                    return walked
        return await read_thread(self._client, start, bounds, come_by=come_by)

    async def _store(
        self, unit: UnitOfWork, thread: tables.Thread, posts: list[tables.Post]
    ) -> None:
        was_deleted = self._provenance.was_deleted
        posts = [post for post in posts if not was_deleted(post.id, post.fetched_at)]
        present = [p for p in posts if not self._provenance.was_edited(p.id, p.fetched_at)]
        if len(present) < len(posts):  # what these say now is soon asked for
            thread.next_read_at = self._clock.now() + SOON
        posts = present
        posts = await self._ingest.still(unit, posts)
        stored = await unit.posts.get_many([post.id for post in posts])
        changed = [
            post.id
            for post in posts
            if (old := stored.get(post.id))
            and any(getattr(old, name) != getattr(post, name) for name in TELLING)
        ]
        for post in posts:
            # What brought a post first is kept: its author may refuse that way in (#notagspub).
            if post.via == "thread" and (old := stored.get(post.id)):
                post.via = old.via
            await unit.posts.put(post)
        await unit.threads.put(thread)
        if changed:
            await unit.kept_summaries.erase(changed)
            await self._provenance.reconsider(unit, changed)
        now = self._clock.now()
        if any(post.id not in stored for post in posts) and await unit.answers.for_thread(
            thread.id
        ):
            key = f"grown:{thread.id}:{thread.read_at}"
            await unit.jobs.enqueue("grown", {"thread": thread.id}, run_at=now, key=key)
        for url in worth_naming(posts):
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


def worth_naming(posts: Iterable[tables.Post]) -> list[str]:
    """Return the linked pages whose names are looked up: those that most people link to.

    Few of a thread and fewer of one host: each is a request to somebody who did not ask for it.
    """
    people: dict[str, set[str]] = {}
    for post in posts:
        for url in post.links:
            people.setdefault(url, set()).add(post.author_id)
    hosts: Counter[str] = Counter()
    found: list[str] = []
    for url in sorted(people, key=lambda url: -len(people[url])):
        hosts[host_of(url)] += 1
        if hosts[host_of(url)] <= MOST_OF_HOST and len(found) < MOST_NAMED:
            found.append(url)
    return found


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
