"""Sources over real sockets: what they bring, and how they bear what hosts answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from bot.sources import Feed, MastodonTag, NotAFeed, Source, SourceRefused, TagRss
from bot.watching import Watcher
from storage import Storage, tables

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>A blog</title>
<item><title>First</title><link>{base}/@ada/1</link></item>
<item><title>Second</title><link>{base}/@bo/2</link></item></channel></rss>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><title>&c;&f;</title>
<item><title>&f;</title><link>https://a.example/1</link></item></channel></rss>"""


class Host:
    """A host whose answers a test sets, and which keeps what it was asked."""

    def __init__(self) -> None:
        self.base = ""
        self.answers: dict[str, web.Response] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path_qs, {k.lower(): v for k, v in request.headers.items()}))
        found = self.answers.get(request.path)
        if found is None:
            return web.Response(status=404)
        if found.headers.get("ETag") and found.headers["ETag"] == request.headers.get(
            "If-None-Match"
        ):
            return web.Response(status=304)
        return web.Response(status=found.status, body=found.body, headers=dict(found.headers))


@asynccontextmanager
async def host() -> AsyncIterator[tuple[Host, Client]]:
    made = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="test", limits=Limits(seconds=5)) as transport:
        yield made, Client(transport, None, SystemClock())
    await runner.cleanup()


def state(
    source: Source, *, etag: str | None = None, cursor: str | None = None
) -> tables.SourceState:
    return tables.SourceState(
        key=source.key,
        bot=source.bot,
        kind=source.kind,
        address=source.address,
        due_at=NOW,
        interval_s=900,
        etag=etag,
        cursor=cursor,
    )


async def test_a_tag_feed_brings_pages_and_is_asked_conditionally() -> None:
    async with host() as (server, client):
        feed = web.Response(text=RSS.format(base=server.base), headers={"ETag": '"7"'})
        server.answers["/tags/openai.rss"] = feed
        source = TagRss("news", server.base, "openai")
        first = await source.poll(client, state(source))
        second = await source.poll(client, state(source, etag=first.etag or ""))
    assert [f.uri for f in first.found] == [f"{server.base}/@ada/1", f"{server.base}/@bo/2"]
    assert [f.tag for f in first.found] == ["openai", "openai"]
    assert second.found == ()
    assert second.etag == first.etag == '"7"'
    assert server.asked[1][1]["if-none-match"] == '"7"'


@pytest.mark.parametrize("body", [b"", b"<html><body>hello</body></html>", b"\x00\xff\xfe", b"{}"])
async def test_what_is_no_feed_is_named(body: bytes) -> None:
    async with host() as (server, client):
        server.answers["/feed"] = web.Response(body=body)
        source = Feed("news", f"{server.base}/feed")
        with pytest.raises(NotAFeed, match="is not an RSS or Atom feed"):
            await source.poll(client, state(source))


async def test_entities_of_a_hostile_feed_lead_nowhere() -> None:
    hostname = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "x"
    async with host() as (server, client):
        server.answers["/feed"] = web.Response(text=BOMB)
        source = Feed("news", f"{server.base}/feed")
        polled = await source.poll(client, state(source))
    shown = " ".join(title.title + title.site for title in polled.titles)
    assert hostname not in shown or not hostname
    assert len(shown) < 10_000


async def test_the_mastodon_timeline_goes_on_where_it_ended() -> None:
    async with host() as (server, client):
        statuses = b'[{"id": "9", "uri": "https://a.example/9"}, {"id": "10", "uri": "https://a.example/10"}]'
        server.answers["/api/v1/timelines/tag/openai"] = web.Response(body=statuses)
        source = MastodonTag("news", server.base, "openai")
        first = await source.poll(client, state(source))
        await source.poll(client, state(source, cursor=first.cursor or ""))
    assert [f.uri for f in first.found] == ["https://a.example/9", "https://a.example/10"]
    assert first.cursor == "10"
    assert "min_id=10" in server.asked[-1][0]


async def test_a_host_that_says_no_is_left_alone() -> None:
    access = (
        b'{"configuration": {"timelines_access": {"hashtag_feeds": {"local": "authenticated"}}}}'
    )
    async with host() as (server, client):
        server.answers["/api/v2/instance"] = web.Response(body=access)
        source = MastodonTag("news", server.base, "openai")
        with pytest.raises(SourceRefused):
            await source.poll(client, state(source))
    assert [path for path, _ in server.asked] == ["/api/v2/instance"]


async def test_the_watcher_keeps_state_finds_once_and_backs_off(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/w.sqlite3")
    async with host() as (server, client):
        source = TagRss("news", server.base, "openai")
        hour = timedelta(hours=1)
        watcher = Watcher(storage, client, SystemClock(), [source], hour)
        await watcher.register()
        server.answers["/tags/openai.rss"] = web.Response(
            status=429, headers={"Retry-After": "43200"}
        )
        assert await watcher.poll(source.key) == 0
        async with storage.view() as view:
            failed = await view.sources.get(source.key)
        server.answers["/tags/openai.rss"] = web.Response(text=RSS.format(base=server.base))
        counts = [await watcher.poll(source.key) for _ in range(2)]
        async with storage.view() as view:
            known = await view.sources.get(source.key)
            jobs = await view.jobs.counts()
    await storage.close()
    assert failed is not None
    assert failed.failures == 1
    assert "429" in (failed.error or "")
    assert failed.due_at - SystemClock().now() > timedelta(hours=11)
    assert counts == [2, 0]
    assert jobs["ready"] == 2
    assert known is not None
    assert (known.failures, known.error, known.found) == (0, None, 2)
    assert known.interval_s > hour.total_seconds()
