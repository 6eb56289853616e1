"""A long thread on many loopback servers, each with its own dialect and its own faults.

`python -m tests.federation.forest --posts 1000` serves it until its standard input ends, and says
on the first line where the root is and what a perfect reader would find.
"""

import argparse
import asyncio
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

JSON = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
DIALECTS = ("mastodon", "paged", "flat", "inline", "context")
"""How a server lists replies; "context" has no replies, only the root's server tells of them."""
PAGE = 5
FAULTS = (401, 404, 410)
HANGS, ENDLESS = -1, -2
"""The last servers by number: one never answers, the other's pages never end."""


@dataclass
class Expected:
    """What a perfect reader finds."""

    root: str
    read: list[str]
    refused: dict[str, int]
    known: int
    hosts: int
    broken: bool


@dataclass
class Forest:
    """The thread: `parents[i]` is the post that post i answers, `homes[i]` its server."""

    parents: list[int]
    homes: list[int]
    origins: list[str]
    latency: float
    faults: dict[int, int]
    stutters: dict[int, int]
    people: int = 7
    asked: Counter[str] = field(default_factory=Counter)
    children: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def grow(
        cls, posts: int, origins: list[str], latency: float, *, whole: bool = True
    ) -> "Forest":
        """Grow a thread like real ones: most answer a recent post, some the first ones."""
        chance = random.Random(1000)  # noqa: S311
        parents, homes = [-1], [0]
        for number in range(1, posts):
            near = chance.random() < 0.6
            low = max(0, number - 30) if near else 0
            parents.append(chance.randint(low, number - 1))
            homes.append(chance.randrange(len(origins)))
        places = range(3, posts)
        healthy = [n for n in places if not whole or homes[n] < len(origins) - 2]
        sick = chance.sample(healthy, posts // 40) if whole else []
        faults = {number: FAULTS[i % len(FAULTS)] for i, number in enumerate(sick)}
        well = [number for number in healthy if number not in faults]
        late = chance.sample(well, posts // 100) if whole else []
        stutters = {number: (429, 500)[i % 2] for i, number in enumerate(late)}
        forest = cls(parents, homes, origins, latency, faults, stutters)
        for number, parent in enumerate(parents):
            forest.children[parent].append(number)
        return forest

    def uri(self, number: int) -> str:
        """Return the id of a post."""
        return f"{self.origins[self.homes[number]]}/p/{number}"

    def dialect(self, number: int) -> str:
        """Return how a post's server lists its replies."""
        return DIALECTS[self.homes[number] % len(DIALECTS)]

    def special(self, server: int) -> int:
        """Return HANGS or ENDLESS for the servers that are, else 0."""
        from_end = server - len(self.origins)
        return from_end if len(self.origins) > 4 and from_end in (HANGS, ENDLESS) else 0

    def listed(self) -> list[int]:
        """Return what the root's server knows of: every second post."""
        return list(range(2, len(self.parents), 2))

    def expected(self) -> Expected:
        """Walk on paper."""
        found, queue = {0}, [0, *self.listed()]
        found.update(queue)
        read: list[int] = []
        refused: Counter[str] = Counter()
        while queue:
            number = queue.pop()
            if self.special(self.homes[number]) == HANGS:
                refused["silent"] += 1
                continue
            if number in self.faults:
                refused[str(self.faults[number])] += 1
                continue
            read.append(number)
            around = {*self.tells_of(number), max(self.parents[number], 0)} - found
            queue += around
            found |= around
        return Expected(
            root=self.uri(0),
            read=sorted(self.uri(number) for number in read),
            refused=dict(refused),
            known=len(found),
            hosts=len({self.homes[number] for number in read}),
            broken=bool(refused["silent"]),
        )

    def tells_of(self, number: int) -> list[int]:
        """Return which posts the pages of a post's replies name."""
        if self.special(self.homes[number]) == ENDLESS:
            return [*self.children[number], max(self.parents[number], 0)]
        return [] if self.dialect(number) == "context" else self.children[number]

    def document(self, number: int) -> dict[str, Any]:
        """Return a post."""
        origin, parent = self.origins[self.homes[number]], self.parents[number]
        note: dict[str, Any] = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.uri(number),
            "type": "Note",
            "attributedTo": f"{origin}/u/{number % self.people}",
            "content": f"<p>Sample post {number} says that weights of size {number} are open.</p>",
            "published": f"2026-11-{1 + number % 20:02}T{number % 24:02}:00:00Z",
            "to": PUBLIC if number % 2 else [PUBLIC],
            "cc": [],
        }
        if parent >= 0:
            note["inReplyTo"] = self.uri(parent)
        if number == 0:
            note["context"] = f"{origin}/context"
        replies = self.replies(number)
        return note | ({"replies": replies} if replies else {})

    def replies(self, number: int) -> Any:
        """Return the `replies` of a post in its server's dialect."""
        uri, below = f"{self.uri(number)}/replies", self.children[number]
        if self.special(self.homes[number]) == ENDLESS or self.dialect(number) == "paged":
            return uri
        if self.dialect(number) == "context":
            return None
        if self.dialect(number) == "flat":
            return {"type": "Collection", "id": uri, "items": [self.uri(n) for n in below]}
        return {"id": uri, "type": "Collection", "first": self.page(number, 0)}

    def page(self, number: int, page: int) -> dict[str, Any]:
        """Return one page of replies."""
        uri, below = f"{self.uri(number)}/replies", self.children[number]
        items: list[Any] = [self.uri(n) for n in below[page * PAGE : (page + 1) * PAGE]]
        if self.dialect(number) == "inline":
            same = self.homes[number]
            members = below[page * PAGE : (page + 1) * PAGE]
            items = [
                self.document(n)
                if self.homes[n] == same and n not in self.faults and not self.children[n]
                else self.uri(n)
                for n in members
            ]
        found = {"type": "CollectionPage", "id": f"{uri}?page={page}", "partOf": uri}
        more = {"next": f"{uri}?page={page + 1}"}
        if self.special(self.homes[number]) == ENDLESS:
            # It repeats itself, and names its own post and the one above: circles.
            round_again = items or [self.uri(number), self.uri(max(self.parents[number], 0))]
            return {**found, "items": round_again, **more}
        return {**found, "items": items, **(more if len(below) > (page + 1) * PAGE else {})}

    def collection(self, number: int) -> dict[str, Any]:
        """Return the collection of replies as a document of its own."""
        uri = f"{self.uri(number)}/replies"
        total = len(self.children[number])
        first = f"{uri}?page=0"
        return {"id": uri, "type": "OrderedCollection", "totalItems": total, "first": first}

    def context(self, page: int | None) -> dict[str, Any]:
        """Return the root's context collection, in pages of 50."""
        uri, listed = f"{self.origins[0]}/context", self.listed()
        if page is None:
            return {"id": uri, "type": "OrderedCollection", "first": f"{uri}?page=0"}
        more = {"next": f"{uri}?page={page + 1}"} if len(listed) > (page + 1) * 50 else {}
        items = [self.uri(n) for n in listed[page * 50 : (page + 1) * 50]]
        return {
            "type": "OrderedCollectionPage",
            "id": f"{uri}?page={page}",
            "orderedItems": items,
        } | more

    def person(self, server: int, name: str) -> dict[str, Any]:
        """Return an author who permits being quoted."""
        uri = f"{self.origins[server]}/u/{name}"
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri, "type": "Person", "preferredUsername": f"u{name}", "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox", "indexable": True, "discoverable": True,
        }  # fmt: skip

    async def answer(self, server: int, request: web.Request) -> web.StreamResponse:
        """Serve one request to one of the servers."""
        self.asked[f"{server}{request.path_qs}"] += 1
        if self.special(server) == HANGS:
            await asyncio.sleep(3600)
        await asyncio.sleep(self.latency)
        parts = request.path.strip("/").split("/")
        page = request.query.get("page")
        if parts[0] == "context" and server == 0:
            return reply(self.context(int(page) if page else None))
        if parts[0] == "u" and len(parts) == 2:
            return reply(self.person(server, parts[1]))
        if parts[0] != "p" or not parts[1].isdigit() or int(parts[1]) >= len(self.parents):
            raise web.HTTPNotFound
        number = int(parts[1])
        if self.homes[number] != server:
            raise web.HTTPNotFound
        if number in self.faults:
            return web.Response(status=self.faults[number])
        if number in self.stutters and self.asked[f"{server}{request.path_qs}"] == 1:
            return web.Response(status=self.stutters[number], headers={"Retry-After": "1"})
        if len(parts) == 3:
            found = self.collection(number) if page is None else self.page(number, int(page))
            return reply(found)
        return reply(self.document(number))


def reply(document: dict[str, Any]) -> web.Response:
    return web.Response(body=orjson.dumps(document), content_type=JSON)


async def serve(posts: int, servers: int, latency: float, *, whole: bool) -> None:
    """Serve until standard input ends."""
    runners, origins = [], []
    forest: Forest | None = None

    def handler(number: int) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            assert forest is not None
            return await forest.answer(number, request)

        return answer

    for number in range(servers):
        app = web.Application()
        app.router.add_get("/{path:.*}", handler(number))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        origins.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
    forest = Forest.grow(posts, origins, latency, whole=whole)
    print(json.dumps(vars(forest.expected())), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(*(runner.cleanup() for runner in runners))


@asynccontextmanager
async def planted(
    posts: int = 1000, servers: int = 20, latency: float = 0.02, *, whole: bool = True
) -> AsyncIterator[Expected]:
    """Serve the thread from a process of its own, and tell what is to be found."""
    arguments = ["--posts", str(posts), "--servers", str(servers), "--latency", str(latency)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.federation.forest", *arguments,
        *([] if whole else ["--sound"]),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield Expected(**json.loads(await process.stdout.readline()))
    finally:
        process.terminate()
        await process.communicate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--servers", type=int, default=20)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--sound", action="store_true", help="without faults")
    given = parser.parse_args()
    asyncio.run(serve(given.posts, given.servers, given.latency, whole=not given.sound))
