"""Small servers with names of their own on loopback, that serve what they are told."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.transport import Transport
from bot.building import SystemClock
from tests.kept_from_models import KEPT

JSON = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
Served = web.StreamResponse | Awaitable[web.StreamResponse]
Answer = Mapping[str, Any] | Callable[[web.Request], Served]


class Hosts:
    """Many hosts on one port; `pages` maps "host/path" to a document or a function."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.posted: list[tuple[str, web.Request, bytes]] = []

    def url(self, host: str, path: str = "/") -> str:
        """Return the address of a path on a host."""
        return f"http://{host}.localhost:{self.port}{path}"

    def put(self, host: str, path: str, answer: Answer) -> str:
        """Serve something, and return its address."""
        self.pages[f"{host}{path}"] = answer
        return self.url(host, path)

    def note(self, host: str, path: str, **more: Any) -> str:
        """Serve a public note with these members, and return its id."""
        uri = self.url(host, path)
        author = self.url(host, "/u/a")
        note = {"id": uri, "type": "Note", "attributedTo": author, "to": PUBLIC, "content": "x"}
        return self.put(host, path, {**note, **more})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve a request."""
        host = (request.host or "").partition(".")[0]
        key = f"{host}{request.path_qs}"
        self.asked[key] += 1
        if request.method == "POST":
            self.posted.append((key, request, await request.read()))
        found = self.pages.get(key)
        if found is None:
            raise web.HTTPNotFound
        if callable(found):
            served = found(request)
            return served if isinstance(served, web.StreamResponse) else await served
        return web.json_response(dict(found), content_type=JSON)


@asynccontextmanager
async def hosts() -> AsyncIterator[tuple[Hosts, Client]]:
    """Run the hosts, with an unsigned client that may ask them."""
    runner = web.AppRunner(web.Application())
    made = Hosts(0)
    runner.app.router.add_route("*", "/{path:.*}", made.answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    KEPT.play(lambda: [page for page in list(made.pages.values()) if isinstance(page, Mapping)])
    try:
        async with Transport(AddressGuard(allow_loopback=True), user_agent="test") as transport:
            yield made, Client(transport, None, SystemClock())
    finally:
        await runner.cleanup()
