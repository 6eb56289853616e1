"""Every kind of source outlives its server's restarts, garbage, detours and wrong clocks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.transport import Limits, Transport
from activitypub.vocab import PUBLIC
from bot.building import SystemClock
from bot.consent.ingest import canonical
from bot.demo.fediverse import free_port
from bot.wiring import Parts
from storage import Storage, tables
from storage.received import Arrived
from tests.parts import parts

JSON = "application/activity+json"
RSS = (
    "<rss version='2.0'><channel><title>B</title>"
    "<item><title>A page</title><link>{post}</link></item></channel></rss>"
)
KINDS = {
    "tag-rss": ("{base}", "openweights"),
    "mastodon": ("{base}", "openweights"),
    "feed": ("{base}/feed", None),
    "group": ("{base}/group", None),
    "account": ("{base}/person", None),
    "tag-actor": ("{base}/openweights", None),
    "relay": ("{base}/actor", None),
}
READ = {"tag-rss", "mastodon", "feed"}
"""These are asked; the others are followed, and send."""


class Moody:
    """A server that serves every kind of source, in the mood that a test sets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.mood = "good"
        self.post = f"{self.base}/@a/1"
        self.elsewhere = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == "/robots.txt":
            raise web.HTTPNotFound
        if self.mood == "garbage":
            return web.Response(body=b"\x00\xff{]<" * 50, content_type=JSON)
        if self.mood == "away":
            raise web.HTTPFound(f"{self.elsewhere}{request.path_qs}")
        late = {"Date": format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)}
        headers = late if self.mood == "late" else {}
        if path.endswith((".rss", "/feed")):
            return web.Response(text=RSS.format(post=self.post), headers=headers)
        if path.startswith("/api/"):
            statuses = [{"id": self.post[-1], "uri": self.post}]
            found: Any = statuses if "timelines" in path else {}
            return web.json_response(found, headers=headers)
        me = f"{self.base}{path}"
        if me == self.post:
            tags = [{"type": "Hashtag", "name": name} for name in ("#openai", "#openweights")]
            note = {
                "id": me, "type": "Note", "attributedTo": f"{self.base}/@a", "content": "Weights",
                "to": PUBLIC, "tag": tags,
            }  # fmt: skip
            return web.json_response(note, content_type=JSON, headers=headers)
        actor = {
            "id": me, "type": "Group" if path == "/group" else "Service", "inbox": f"{me}/inbox",
            "preferredUsername": path.strip("/"), "outbox": f"{me}/outbox",
        }  # fmt: skip
        return web.json_response(actor, content_type=JSON, headers=headers)


@asynccontextmanager
async def moody(port: int) -> AsyncIterator[Moody]:
    made = Moody(port)
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    try:
        yield made
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("kind", KINDS)
async def test_it_goes_on_as_soon_as_its_server_does(kind: str, tmp_path: Path) -> None:
    port, storage = free_port(0), await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    guard, limits = AddressGuard(allow_loopback=True), Limits(seconds=3)
    async with Transport(guard, user_agent="test", limits=limits) as transport:
        client = Client(transport, None, SystemClock())
        working = parts(storage, client, SystemClock())
        watcher = working.watcher
        address, tag = KINDS[kind]
        key = await watcher.add(kind, "news", address.format(base=f"http://127.0.0.1:{port}"), tag)

        async def asked() -> tables.SourceState:
            await watcher.poll(key)
            async with storage.view() as view:
                state = await view.sources.get(key)
            assert state is not None
            assert state.due_at > datetime.now(UTC)
            return state

        down = await asked()
        assert "cannot reach" in (down.error or "") or "did not tell" in (down.error or "")
        async with moody(port) as server:
            server.mood = "garbage"
            garbled = await asked()
            assert garbled.error
            assert garbled.failures == 2
            async with moody(free_port(0)) as other:
                server.mood, server.elsewhere = "away", other.base
                led = await asked()
                assert (led.error, led.failures) == (None, 0)
                assert kind in READ or (led.actor_id or "").startswith(other.base)
            server.mood = "late"
            well = await asked()
            assert (well.error, well.failures) == (None, 0)
        again = await asked()
        assert again.failures == 1
        async with moody(port) as server:
            server.post = f"{server.base}/@a/2"
            back = await asked()
            assert (back.error, back.failures) == (None, 0)
            if kind not in READ:
                assert back.actor_id == address.format(base=server.base)
                await hand_on(working, storage, back.actor_id, server.post)
            async with storage.view() as view:
                post = await view.findings.get("news", server.post)
                named = await view.links.get_many([canonical(server.post) or ""])
    await storage.close()
    if kind == "feed":
        assert [link.title for link in named.values()] == ["A page"]
    else:
        assert post is not None
        assert post.source == key


async def hand_on(working: Parts, storage: Storage, actor_id: str, post: str) -> None:
    """Have what we follow accept that, and then announce a post."""
    async with storage.view() as view:
        following = await view.follows.all_following()
    follow = next(row.follow_id for row in following if row.actor_id == actor_id)
    for number, (kind, thing) in enumerate((("Accept", follow), ("Announce", post))):
        said = {"id": f"{actor_id}#{number}", "type": kind, "actor": actor_id, "object": thing}
        host = actor_id.split("/")[2]
        arrived = Arrived(said["id"], actor_id, kind, {**said, "to": PUBLIC}, now(), host)
        await storage.receive([arrived])
        async with asyncio.timeout(60):
            while await handled(storage, arrived.id) is None:
                await working.inbound.step()
                await asyncio.sleep(0.01)


async def handled(storage: Storage, activity: str) -> datetime | None:
    async with storage.view() as view:
        row = await view.received.get(activity)
    assert row is not None
    return row.handled_at


def now() -> datetime:
    return datetime.now(UTC)
