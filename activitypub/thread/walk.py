"""The walk itself: up by `inReplyTo`, then down by whatever the servers offer."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from collections.abc import Collection as Ids
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from activitypub.addressing import Audience, audience_of, host_of, same_origin
from activitypub.budget import Budget
from activitypub.client import Client
from activitypub.errors import (
    ActivityPubError,
    BudgetSpent,
    Busy,
    Missing,
    Recoverable,
    Unreachable,
)
from activitypub.thread.belonging import Trunk, strangers
from activitypub.thread.frontier import Frontier, Step
from activitypub.thread.listing import inline, post_id
from activitypub.thread.mastodon import context_url, descendants
from activitypub.thread.model import Thread, ThreadBudget, ThreadReport, passed
from activitypub.vocab import POST_TYPES, Collection, Document, Object

T = TypeVar("T")
NEVER = datetime.max.replace(tzinfo=UTC)
MOST_PAGES = 100
MOST_DRY = 3
"""Pages in a row that list nothing new, after which a collection is said to have no end."""
MOST_REST = 2000
LIMITED = frozenset({429, 503})
LONGEST_PAUSE = 30.0
"""Seconds of a pause that a host asks for and gets within a walk; for a longer one it is left."""
OnPost = Callable[[Object], None]
ComeBy = Callable[[str], None]


class Silent(Unreachable):
    """No answer within the patience of the walk."""


class Walk:
    """The state of one walk: what was seen, what is kept, what is still to ask."""

    def __init__(self, client: Client, budget: ThreadBudget, on_post: OnPost | None) -> None:
        self.client = client
        self.bounds = budget
        self.spending = Budget(
            requests=budget.requests,
            per_host=budget.per_host,
            total_bytes=budget.megabytes << 20,
            on_host=budget.on_host,
        )
        self.deadline = time.monotonic() + budget.seconds
        self.frontier = Frontier(client.per_host)
        self.posts: dict[str, Object] = {}
        self.report = ThreadReport()
        self.left: list[Step] = []
        self.root: Object | None = None
        self.trunk: Trunk | None = None
        self._known: set[str] = set()
        self._aliases: set[str] = set()
        self._elsewhere: set[str] = set()
        self._on_post = on_post

    def skip(self, known: Ids[str]) -> None:
        """Count these posts as seen, and do not fetch them again."""
        self._known.update(known)
        self.report.seen.update(self._known)

    def result(self, root: str | None) -> Thread:
        """Return what was read, oldest first."""
        if self.trunk:
            for uri in strangers(self.posts, self.trunk, self._elsewhere):
                self.turn_away(self.posts.pop(uri))
            self.report.hosts = {host_of(uri) for uri in self.posts}
        posts = sorted(self.posts.values(), key=lambda p: (p.published or NEVER, p.id))
        rest = [str(step) for step in self.left[:MOST_REST]]
        if rest:
            waits = {step.url for step in self.left}
            done = self.report.seen - self.posts.keys() - self._known - waits
            rest += [passed(uri) for uri in sorted(done)]
            rest += [f"passed {mark}" for mark in sorted(self.report.passed)]
        return Thread(root, tuple(posts), self.report, tuple(rest), self.spending)

    async def climb(self, post: Object, come_by: ComeBy | None = None) -> Object:
        """Follow `inReplyTo` to the topmost readable post; a circle or gap ends the climb.

        `come_by` is told of each post above before that is asked for.
        """
        path = {post.id}
        self.keep(post)
        while post.in_reply_to and len(path) <= self.bounds.depth:
            if post.in_reply_to in path:
                self.report.refused["cycle"] += 1
                break
            if come_by is not None:
                come_by(post.in_reply_to)
            self.report.seen.add(post.in_reply_to)
            try:
                above = await self.patiently(
                    self.client.object(post.in_reply_to, self.spending), self.deadline
                )
            except ActivityPubError as problem:
                self.refuse(problem)
                break
            if not self.keep(above):
                break
            path.add(above.id)
            post = above
        return post

    def open(self, root: Object) -> None:
        """Queue what the root's server says belongs to the thread, and the replies of each post."""
        self.root, self.trunk = root, Trunk.of(root)
        for post in tuple(self.posts.values()):
            self.unfold_replies(post, 0.0)
        # A context on another server only groups: its owner may not speak for the thread.
        if root.context and root.context != root.id and same_origin(root.context, root.id):
            self.queue(Step("whole", root.context, root.context, 0.2))

    async def run(self) -> None:
        """Ask until nothing is left to ask or a bound is reached."""
        running: dict[asyncio.Task[None], Step] = {}
        asked_rest = False
        try:
            while time.monotonic() < self.deadline:
                if not self.is_spent():
                    self._start(running)
                if running or (len(self.frontier) and not self.is_spent()):
                    await self._wait(running)  # also for those that go when a bound is reached
                elif not asked_rest and not self.is_spent():
                    asked_rest = True
                    self.ask_mastodon()
                else:
                    break
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        self.give_up([*running.values(), *self.frontier], "budget")

    def _start(self, running: dict[asyncio.Task[None], Step]) -> None:
        while len(running) < self.bounds.at_once:
            step = self.frontier.take(time.monotonic())
            if step is None:
                return
            running[asyncio.create_task(self._step(step))] = step

    async def _wait(self, running: dict[asyncio.Task[None], Step]) -> None:
        """Wait for an answer, the end of a pause, or the deadline, whichever comes first."""
        ends = [self.deadline]
        if (end := self.frontier.pause_ends()) is not None:
            ends.append(end)
        wait = max(0.001, min(ends) - time.monotonic())
        if not running:
            await asyncio.sleep(wait)
            return
        done, _ = await asyncio.wait(running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            self.frontier.done(running.pop(task))
            task.result()

    def is_spent(self) -> bool:
        """Tell whether the bound of posts or of requests is reached."""
        return self.is_full() or self.spending.requests <= 0

    def is_full(self) -> bool:
        """Tell whether the bound of posts is reached."""
        return len(self.posts) + len(self._known) >= self.bounds.posts

    def queue(self, step: Step) -> None:
        """Ask for something when its turn comes, unless its host was left."""
        if why := self.frontier.left(step.url):
            self.give_up([step], why)
        else:
            self.frontier.add(step)

    def leave(self, step: Step, why: str) -> None:
        """Ask the host of a step no more in this walk."""
        self.give_up(self.frontier.leave(step.url, why), why)

    def give_up(self, steps: Iterable[Step], reason: str) -> None:
        """Count what will not be asked, and keep it for another walk."""
        for step in steps:
            self.left.append(step)
            self.report.complete = False
            if step.kind == "post":
                self.report.refused[reason] += 1

    async def _step(self, step: Step) -> None:
        """Ask for one thing; what goes wrong is counted, or put off where that helps."""
        try:
            if step.kind == "post":
                post = self.client.object(step.url, self.spending)
                self.take(await self.patiently(post), step)
            elif step.kind in {"page", "whole"}:
                page = self.client.collection(step.url, self.spending)
                self.unfold(await self.patiently(page), step)
            else:
                await self._mastodon(step)
            self.frontier.answered(step.url)
        except BudgetSpent:
            self.give_up([step], "budget")
        except Silent as problem:
            self.refuse(problem, step)
            if self.frontier.silent(step.url):
                self.leave(step, "silent")
        except Recoverable as problem:
            self.put_off(step, problem)
        except ActivityPubError as problem:
            self.refuse(problem, step)

    async def patiently(self, asking: Coroutine[Any, Any, T], until: float | None = None) -> T:
        """Wait for an answer for a while. Raises `Silent`."""
        patience = self.bounds.patience
        if until is not None:
            patience = max(0.01, min(patience, until - time.monotonic()))
        try:
            async with asyncio.timeout(patience):
                return await asking
        except TimeoutError:
            raise Silent(f"no answer within {patience:g} s") from None

    def put_off(self, step: Step, problem: Recoverable) -> None:
        """Try once more, when the host says so or in a moment; a host that is down is refused."""
        wait = problem.retry_after.total_seconds() if problem.retry_after else 0.3
        in_time = time.monotonic() + wait < self.deadline
        if isinstance(problem, Busy) and step.tries == 0 and in_time and wait <= LONGEST_PAUSE:
            again = replace(step, tries=1)
            if problem.status in LIMITED:
                self.frontier.pause(step.url, time.monotonic() + wait)
                self.queue(again)
            else:  # a fault of this one answer, not of the host
                self.frontier.later(again, time.monotonic() + wait)
            return
        self.refuse(problem, step)
        if isinstance(problem, Unreachable) and self.frontier.silent(step.url):
            self.leave(step, "unreachable")
        elif isinstance(problem, Busy) and wait > LONGEST_PAUSE:  # asking on asks for a ban
            self.leave(step, reason(problem))

    def take(self, post: Object, step: Step) -> None:
        """Keep a post that was fetched, and queue its replies."""
        if post.id != step.url:
            # A post counts once, however many addresses lead to it.
            self.report.seen.discard(step.url)
            self._aliases.add(step.url)
        if self.keep(post):
            self.unfold_replies(post, step.depth)
            self.look_above(post, step.depth)

    def look_above(self, post: Object, depth: float) -> None:
        """Queue what a listed post answers: not every list that names a reply names its parent."""
        if post.in_reply_to:
            self.found(post.in_reply_to, post.in_reply_to, "", max(0, int(depth) - 1))

    def turn_away(self, post: Object) -> None:
        """Leave out a post of another thread that somebody listed as one of this."""
        self.report.forget(post.id)
        self.report.refused["elsewhere"] += 1
        self._elsewhere.add(post.id)

    def keep(self, post: Object) -> bool:
        """Keep a post if everyone may see it; return whether it is new and kept."""
        self.report.seen.add(post.id)
        if post.id in self.posts:
            return False
        if post.type not in POST_TYPES or not post.author or not same_origin(post.id, post.author):
            self.report.refused["not a post"] += 1
            return False
        if audience_of(post.to, post.cc) is Audience.NARROW:
            self.report.refused["narrow"] += 1
            self.report.taken_back.add(post.id)
            return False
        if self.trunk and self.trunk.excludes(post):
            self.turn_away(post)
            return False
        self.posts[post.id] = post
        self.report.hosts.add(host_of(post.id))
        if post.in_reply_to:
            self.report.list(post.in_reply_to, [post.id])
        if self._on_post:
            self._on_post(post)
        return True

    def unfold_replies(self, post: Object, depth: float) -> None:
        """Queue the replies of a post, which only its own server may list."""
        replies = post.document.get("replies") if post.document else post.replies
        if depth >= self.bounds.depth:
            self.report.complete = False
        elif isinstance(replies, str) and same_origin(replies, post.id):
            self.queue(Step("page", replies, post.id, depth + 0.5))
        elif isinstance(replies, dict):
            step = Step("page", str(replies.get("id") or post.id), post.id, depth + 0.5)
            try:
                self.unfold(Collection.parse(replies), step)
            except ValueError:
                self.report.refused["malformed"] += 1

    def unfold(self, page: Collection, step: Step) -> None:
        """Take the posts that a page lists, and queue the page after it."""
        where = step.owner or step.url
        if step.kind == "page":
            self.report.declare(step.owner, page.total_items)
        elif page.total_items is not None and page.total_items <= 100_000:
            self.report.whole = max(self.report.whole, page.total_items)
        most = 4 * self.bounds.posts
        uris = {uri: item for item in page.items[:most] if (uri := post_id(item))}
        new = self.report.list(where, uris)
        for uri, item in uris.items():
            self.found(uri, item, where, int(step.depth) + 1)
        dry = 0 if new else step.dry + 1
        following = page.first if page.first is not None else page.next
        if following is None:
            return
        if step.number >= MOST_PAGES or dry > MOST_DRY:
            self.report.refused["endless"] += 1
            self.report.complete = False
        elif isinstance(following, str):
            if same_origin(following, where) and following != step.url:
                # Later pages come after what the earlier ones listed.
                depth = step.depth + (0.1 if step.number else 0.0)
                self.queue(Step(step.kind, following, step.owner, depth, step.number + 1, dry))
        else:
            inner = Step(step.kind, step.url, step.owner, step.depth, step.number + 1)
            try:
                self.unfold(Collection.parse(following), inner)
            except ValueError:
                self.report.refused["malformed"] += 1

    def found(self, uri: str, item: str | Document, where: str, depth: int) -> None:
        """Take a listed post. An inline document counts only if its own server lists it."""
        if self.report.has(uri) or uri in self._aliases or uri in self._elsewhere:
            return
        if len(self.report.seen) > 4 * self.bounds.posts:
            self.report.complete = False
            return
        self.report.seen.add(uri)
        post = None if self.is_full() else inline(item, where)
        if post is None:
            self.queue(Step("post", uri, depth=depth))
        elif self.keep(post):
            self.unfold_replies(post, depth)
            self.look_above(post, depth)

    def ask_mastodon(self) -> None:
        """Queue Mastodon's API where the collections left something out: below a deleted post."""
        root = self.root
        if root is None or not (
            self.report.refused or self.report.posts_known > len(self.posts) or len(self.posts) == 1
        ):
            return
        if url := context_url(root):
            self.queue(Step("rest", url))

    async def _mastodon(self, step: Step) -> None:
        """Read `GET /api/v1/statuses/:id/context`; a host without that API is no failure."""
        asking = self.client.get(step.url, accept="application/json", budget=self.spending)
        try:
            listed = descendants((await self.patiently(asking)).body)
        except BudgetSpent:
            raise
        except ActivityPubError:
            return
        for uri in listed:
            self.found(uri, uri, step.url, 1)

    def refuse(self, problem: ActivityPubError, step: Step | None = None) -> None:
        """Count what could not be read, by status or kind of error."""
        if step is not None and step.kind != "post":
            # A list that cannot be read: how many posts that hides, nobody can say.
            self.report.complete = False
        if isinstance(problem, Recoverable):
            self.report.complete = False
            if step is not None:
                self.left.append(step)
        if step is not None and step.kind != "post":
            return
        if step is not None and isinstance(problem, Missing):
            self.report.taken_back.add(step.url)
        self.report.refused[reason(problem)] += 1


def reason(problem: ActivityPubError) -> str:
    """Return in a word why something could not be read."""
    return str(problem.status) if problem.status else type(problem).__name__.lower()
