"""Reading a whole discussion: up to its root, then down, within a budget.

Every server answers differently: a `context` collection (FEP-7888, FEP-f228), paged `replies`,
Mastodon's REST API, or nothing at all. So the walk is iterative, trusts no count and no order,
and says what it could not read.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson

from activitypub.addressing import Audience, audience_of, host_of, same_origin
from activitypub.client import Budget, Client
from activitypub.collection import items
from activitypub.errors import ActivityPubError, BudgetSpent
from activitypub.vocab import POST_TYPES, Document, Object, one_id

T = TypeVar("T")
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ThreadBudget:
    """Bounds of one walk. `at_once` posts are fetched side by side, over all hosts."""

    posts: int = 500
    requests: int = 300
    per_host: int = 150
    seconds: float = 60.0
    depth: int = 40
    at_once: int = 16


@dataclass(slots=True)
class ThreadReport:
    """How much of a thread there was. `refused` counts what was not read, by reason."""

    posts_known: int = 0
    hosts: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as far as it could be read; `root` is the topmost post that could."""

    root: str | None
    posts: tuple[Object, ...]
    report: ThreadReport


async def read_thread(
    client: Client,
    start: str | Object,
    budget: ThreadBudget,
    *,
    on_post: Callable[[Object], None] | None = None,
) -> Thread:
    """Read the thread around `start`, a post or its address.

    Only posts with Public in `to` or `cc` are kept, whatever our signature unlocks; below others
    nothing is asked. `on_post` is called for each kept post. Raises the client's error when
    `start` itself cannot be read; whatever fails later is counted in the report.
    """
    walk = _Walk(client, budget, on_post)
    opened = start if isinstance(start, Object) else await client.object(start, walk.spending)
    root = await walk.climb(opened)
    await walk.descend(root)
    posts = sorted(walk.posts.values(), key=lambda p: (p.published or NEVER, p.id))
    walk.report.posts_known = max(walk.report.posts_known, len(walk.seen))
    return Thread(root.id if root.id in walk.posts else None, tuple(posts), walk.report)


class _Walk:
    """The state of one walk: what was seen, what is kept, what is still to ask."""

    def __init__(
        self, client: Client, budget: ThreadBudget, on_post: Callable[[Object], None] | None
    ) -> None:
        self.client = client
        self.bounds = budget
        self.spending = Budget(
            requests=budget.requests,
            per_host=budget.per_host,
            until=client.now() + timedelta(seconds=budget.seconds),
        )
        self.posts: dict[str, Object] = {}
        self.seen: set[str] = set()
        self.report = ThreadReport()
        self._on_post = on_post

    async def climb(self, post: Object) -> Object:
        """Follow `inReplyTo` to the topmost readable post; a circle or gap ends the climb."""
        path = {post.id}
        self.keep(post)
        while post.in_reply_to and len(path) <= self.bounds.depth:
            if post.in_reply_to in path:
                self.report.refused["cycle"] += 1
                break
            above = await self.read(post.in_reply_to)
            if above is None or not self.keep(above):
                self.report.complete = False
                break
            path.add(above.id)
            post = above
        return post

    async def descend(self, root: Object) -> None:
        """Read what the root's server says belongs to the thread, then the replies of each post."""
        level = [root, *(post for post in self.posts.values() if post.id != root.id)]
        level += await self.context(root)
        asked: set[str] = set()
        for _ in range(self.bounds.depth):
            level = [post for post in level if post.id not in asked]
            asked.update(post.id for post in level)
            if not level or self.is_full():
                break
            level = await self.gather(self.replies(post) for post in level)
        # Below a deleted post collections lead nowhere; the root's server may know what is there.
        short = len(self.posts) < self.report.posts_known or len(self.posts) == 1
        if short or self.report.refused:
            await self.gather([self.mastodon(root)])

    async def context(self, root: Object) -> list[Object]:
        """Read the context collection if it lives on the root's server; else it only groups."""
        if not root.context or not same_origin(root.context, root.id):
            return []
        return await self.listed(root.context)

    async def replies(self, post: Object) -> list[Object]:
        """Read the replies collection of a post, which only its own server may tell."""
        replies = post.document.get("replies") if post.document else post.replies
        self.report.posts_known = max(self.report.posts_known, (post.replies_count or 0) + 1)
        if isinstance(replies, str):
            return await self.listed(replies) if same_origin(replies, post.id) else []
        if isinstance(replies, dict):
            return await self.listed({**replies, "id": post.id})
        return []

    async def mastodon(self, root: Object) -> list[Object]:
        """Ask Mastodon's API for the descendants that its own collections leave out."""
        status = urlsplit(root.url or root.id).path.rstrip("/").rpartition("/")[2]
        if not status.isdigit():
            return []
        parts = urlsplit(root.id)
        url = f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{status}/context"
        try:
            self.spending.spend(url, self.client.now())
            response = await self.client.get(url, accept="application/json")
            listed = orjson.loads(response.body).get("descendants") or []
        except (ActivityPubError, ValueError, AttributeError):
            return []
        uris = [item.get("uri") for item in listed if isinstance(item, dict)]
        return await self.gather(self.one(uri) for uri in uris if isinstance(uri, str))

    async def listed(self, start: str | Document) -> list[Object]:
        """Read the posts that a collection lists."""
        where = start if isinstance(start, str) else str(start.get("id"))
        found = []
        try:
            async for item in items(self.client, start, budget=self.spending):
                found.append(item)
                if len(found) + len(self.posts) > 2 * self.bounds.posts:
                    break
        except ActivityPubError as problem:
            self.refuse(problem)
        return await self.gather(self.one(item, where) for item in found)

    async def one(self, item: str | Document, where: str = "") -> list[Object]:
        """Read one listed post. An inline document counts only if its own server lists it."""
        uri = one_id(item)
        if uri is None or uri in self.seen:
            return []
        post = _inline(item, where) or await self.read(uri)
        return [post] if post is not None and self.keep(post) else []

    async def read(self, uri: str) -> Object | None:
        """Fetch a post once; None when it was seen or cannot be read."""
        if uri in self.seen or self.is_full():
            return None
        self.seen.add(uri)
        try:
            return await self.client.object(uri, self.spending)
        except ActivityPubError as problem:
            self.refuse(problem)
            return None

    def keep(self, post: Object) -> bool:
        """Keep a post if everyone may see it; return whether it is new and kept."""
        self.seen.add(post.id)
        if post.id in self.posts:
            return False
        if post.type not in POST_TYPES or not post.author or not same_origin(post.id, post.author):
            self.report.refused["not a post"] += 1
            return False
        if audience_of(post.to, post.cc) is Audience.NARROW:
            self.report.refused["narrow"] += 1
            return False
        self.posts[post.id] = post
        self.report.hosts.add(host_of(post.id))
        if self._on_post:
            self._on_post(post)
        return True

    def refuse(self, problem: ActivityPubError) -> None:
        """Count what could not be read, by status or kind of error."""
        if isinstance(problem, BudgetSpent):
            self.report.complete = False
        reason = str(problem.status) if problem.status else type(problem).__name__.lower()
        self.report.refused[reason] += 1

    def is_full(self) -> bool:
        """Tell whether the bound of posts is reached."""
        if len(self.posts) >= self.bounds.posts:
            self.report.complete = False
            return True
        return False

    async def gather(self, work: Iterable[Coroutine[Any, Any, list[Object]]]) -> list[Object]:
        """Run reads side by side, `at_once` at a time, and join what they found."""
        found: list[Object] = []
        for batch in batched(work, self.bounds.at_once):
            for posts in await asyncio.gather(*batch):
                found += posts
        return found


def batched(work: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the members of `work` in lists of at most `size`."""
    rest = iter(work)
    while batch := list(islice(rest, size)):
        yield batch


def _inline(item: str | Document, where: str) -> Object | None:
    """Parse an inline post whose id is on the server that lists it."""
    if (
        isinstance(item, str)
        or "content" not in item
        or not same_origin(str(item.get("id")), where)
    ):
        return None
    try:
        return Object.parse(item)
    except ValueError:
        return None
