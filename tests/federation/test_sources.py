"""Sources over real sockets: what they bring, and how they bear what hosts answer."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from activitypub.addressing import host_of
from activitypub.client import Client
from activitypub.errors import Busy, Forbidden, Refused, TooLarge, Unreachable
from activitypub.guard import AddressGuard
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from bot.sources import Feed, Group, MastodonTag, NotAFeed, SaysNo, Seen, TagRss
from bot.sources.polite import Polite
from storage import Storage
from tests.parts import parts

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
        self.streams: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, {k.lower(): v for k, v in request.headers.items()}))
        if request.path in self.streams:
            return await self.streams[request.path](request)
        found = self.answers.get(request.path)
        if found is None:
            return web.Response(status=404)
        if found.headers.get("ETag") and found.headers["ETag"] == request.headers.get(
            "If-None-Match"
        ):
            return web.Response(status=304)
        return web.Response(status=found.status, body=found.body, headers=dict(found.headers))


@asynccontextmanager
async def host() -> AsyncIterator[tuple[Host, Polite]]:
    made = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="test", limits=Limits(seconds=5)) as transport:
        clock = SystemClock()
        yield made, Polite(Client(transport, None, clock), clock)
    await runner.cleanup()


async def test_a_tag_feed_brings_pages_and_is_asked_conditionally() -> None:
    async with host() as (server, polite):
        feed = web.Response(text=RSS.format(base=server.base), headers={"ETag": '"7"'})
        server.answers["/tags/openai.rss"] = feed
        source = TagRss("news", server.base, "openai")
        first = await source.poll(polite, Seen())
        second = await source.poll(polite, Seen(etag=first.etag))
    assert [f.uri for f in first.found] == [f"{server.base}/@ada/1", f"{server.base}/@bo/2"]
    assert [f.tag for f in first.found] == ["openai", "openai"]
    assert second.found == ()
    assert second.etag == first.etag == '"7"'
    assert server.asked[-1][1]["if-none-match"] == '"7"'


@pytest.mark.parametrize("body", [b"", b"<html><body>hello</body></html>", b"\x00\xff\xfe", b"{}"])
async def test_what_is_no_feed_is_named(body: bytes) -> None:
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(body=body)
        source = Feed("news", f"{server.base}/feed")
        with pytest.raises(NotAFeed, match="is not an RSS, Atom or JSON feed"):
            await source.poll(polite, Seen())


async def test_entities_of_a_hostile_feed_lead_nowhere() -> None:
    hostname = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "x"
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(text=BOMB)
        source = Feed("news", f"{server.base}/feed")
        polled = await source.poll(polite, Seen())
    shown = " ".join(title.title + title.site for title in polled.titles)
    assert hostname not in shown or not hostname
    assert len(shown) < 10_000


async def test_the_mastodon_timeline_goes_on_where_it_ended() -> None:
    async with host() as (server, polite):
        statuses = b'[{"id": "9", "uri": "https://a.example/9"}, {"id": "10", "uri": "https://a.example/10"}]'
        server.answers["/api/v1/timelines/tag/openai"] = web.Response(body=statuses)
        source = MastodonTag("news", server.base, "openai")
        first = await source.poll(polite, Seen())
        await source.poll(polite, Seen(cursor=first.cursor))
    assert [f.uri for f in first.found] == ["https://a.example/9", "https://a.example/10"]
    assert first.cursor == "10"
    assert "min_id=10" in server.asked[-1][0]


async def test_a_host_that_says_no_is_left_alone() -> None:
    access = (
        b'{"configuration": {"timelines_access": {"hashtag_feeds": {"local": "authenticated"}}}}'
    )
    async with host() as (server, polite):
        server.answers["/api/v2/instance"] = web.Response(body=access)
        source = MastodonTag("news", server.base, "openai")
        with pytest.raises(SaysNo):
            await source.poll(polite, Seen())
    assert [path for path, _ in server.asked] == ["/robots.txt", "/api/v2/instance"]


async def test_a_json_feed_names_its_pages() -> None:
    feed = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "A blog", "items": ['
        b'{"id": "1", "url": "https://blog.example/1", "title": "First"}, {"id": 7}, 3]}'
    )
    async with host() as (server, polite):
        server.answers["/feed.json"] = web.Response(body=feed, content_type="application/feed+json")
        polled = await Feed("news", f"{server.base}/feed.json").poll(polite, Seen())
    assert [(t.url, t.title, t.site) for t in polled.titles] == [
        ("https://blog.example/1", "First", "A blog")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
async def test_encodings_are_found_out(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Ö</title>'
        "<item><title>Offene Gewichte für alle</title><link>https://b.example/1</link></item>"
        "</channel></rss>"
    )
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(body=text.encode(encoding))
        polled = await Feed("news", f"{server.base}/feed").poll(polite, Seen())
    assert [title.title for title in polled.titles] == ["Offene Gewichte für alle"]


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0" encoding="utf-8"?><rss><channel><title>\xff\xfe\xe4</title></rss>',
        b"<rss version='2.0'><channel>" + b"<item>" * 20_000,
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>" + b"<b>" * 50_000,
        b"<rss version='2.0'><channel><item><title>" + b"&lt;a " * 200_000,
    ],
    ids=["wrong encoding", "never closed", "deep", "half tags"],
)
async def test_hostile_feeds_are_contained(body: bytes) -> None:
    """Whatever comes of it, it comes, and the process that reads such a feed ends."""
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(body=body)
        source = Feed("news", f"{server.base}/feed")
        try:
            polled = await source.poll(polite, Seen())
        except NotAFeed:
            return
    assert len(polled.titles) <= 200


async def test_fifty_megabytes_and_a_feed_without_end_are_dropped() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while request.path == "/big":
                await response.write(b"<item>" * 100_000)
            while True:
                await response.write(b"<item>")
                await asyncio.sleep(0.05)
        return response

    async with host() as (server, polite):
        server.streams["/big"] = server.streams["/drip"] = endless
        with pytest.raises(TooLarge):
            await Feed("news", f"{server.base}/big").poll(polite, Seen())
        with pytest.raises(Unreachable, match="no answer within"):
            await Feed("news", f"{server.base}/drip").poll(polite, Seen())


async def test_robots_txt_is_obeyed_for_pages_and_not_for_documents() -> None:
    rules = "User-agent: *\nDisallow: /private\n\nUser-agent: Fedigest\nDisallow: /tags/\n"
    async with host() as (server, polite):
        server.answers["/robots.txt"] = web.Response(text=rules)
        server.answers["/tags/openai.rss"] = web.Response(text=RSS.format(base=server.base))
        server.answers["/feed"] = web.Response(text=RSS.format(base=server.base))
        with pytest.raises(SaysNo, match=r"robots\.txt"):
            await TagRss("news", server.base, "openai").poll(polite, Seen())
        assert (await Feed("news", f"{server.base}/feed").poll(polite, Seen())).titles
        assert [path for path, _ in server.asked] == ["/robots.txt", "/feed"]


async def test_robots_txt_that_cannot_be_read_is_a_no_for_now() -> None:
    async with host() as (server, polite):
        server.answers["/robots.txt"] = web.Response(status=503)
        with pytest.raises(Busy, match=r"robots\.txt"):
            await Feed("news", f"{server.base}/feed").poll(polite, Seen())
        server.answers["/robots.txt"] = web.Response(status=404)
        server.answers["/feed"] = web.Response(text=RSS.format(base=server.base))
        assert (await Feed("news", f"{server.base}/feed").poll(polite, Seen())).titles


async def test_a_rate_limit_is_kept_by_the_clock_of_its_host() -> None:
    """The host's clock is an hour ahead: what counts is how far its reset lies before its now."""
    ahead = datetime.now(UTC) + timedelta(hours=1)
    limits = {
        "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "3",
        "X-RateLimit-Reset": (ahead + timedelta(minutes=2)).isoformat(),
        "Date": format_datetime(ahead, usegmt=True),
    }  # fmt: skip
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(text=RSS.format(base="x"), headers=limits)
        await Feed("news", f"{server.base}/feed").poll(polite, Seen())
        with pytest.raises(Busy, match="asked us to wait") as held:
            await Feed("news", f"{server.base}/feed").poll(polite, Seen())
    assert held.value.retry_after is not None
    assert timedelta(seconds=100) < held.value.retry_after < timedelta(seconds=125)
    assert [path for path, _ in server.asked].count("/feed") == 1


async def test_a_token_stays_with_its_host_whatever_it_redirects_to() -> None:
    async with host() as (server, polite), host() as (other, _):
        tokens = {host_of(server.base): "secret"}
        mine = Polite(polite.client, SystemClock(), tokens)
        path = "/api/v1/timelines/tag/openai"
        server.answers[path] = web.Response(status=302, headers={"Location": f"{other.base}{path}"})
        other.answers[path] = web.Response(body=b"[]")
        await MastodonTag("news", server.base, "openai").poll(mine, Seen())
    assert server.asked[-1][1]["authorization"] == "Bearer secret"
    assert "authorization" not in other.asked[-1][1]


async def test_many_new_statuses_are_taken_page_by_page() -> None:
    async with host() as (server, polite):

        async def page(request: web.Request) -> web.StreamResponse:
            after = int(request.query.get("min_id", "0"))
            ids = range(after + 1, min(after + 41, 101))
            return web.json_response([{"id": str(n), "uri": f"https://a.example/{n}"} for n in ids])

        server.streams["/api/v1/timelines/tag/openai"] = page
        polled = await MastodonTag("news", server.base, "openai").poll(polite, Seen(cursor="5"))
    assert len(polled.found) == 95
    assert polled.cursor == "100"


async def test_a_stream_that_is_refused_says_so() -> None:
    async with host() as (server, polite):
        server.answers["/api/v1/streaming/hashtag"] = web.Response(status=401, text="no\n")
        with pytest.raises(Refused, match="answered 401 to streaming"):
            await anext(MastodonTag("news", server.base, "openai").stream(polite))


@pytest.mark.parametrize(
    ("status", "days"), [(401, 1), (403, 1), (410, 1), (404, 0), (429, 0), (500, 0)]
)
async def test_a_no_is_kept_for_a_day_and_a_fault_is_not_a_no(
    tmp_path: Path, status: int, days: int
) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    async with host() as (server, polite):
        server.answers["/tags/openai.rss"] = web.Response(status=status)
        made = parts(storage, polite.client, SystemClock())
        key = await made.watcher.add("tag-rss", "news", server.base, "openai")
        await made.watcher.poll(key)
        async with storage.view() as view:
            state = await view.sources.get(key)
            [line] = (await made.views.sources(view)).sources
    await storage.close()
    assert state is not None
    assert (state.due_at - datetime.now(UTC) > timedelta(hours=23)) is bool(days)
    assert str(status) in (line.error or "")
    assert line.state == ("left alone" if days else "failing")


async def test_titles_of_feeds_are_one_line_of_plain_text() -> None:
    tricky = "&lt;b&gt;Bold&lt;/b&gt; \u202emoc.elpmaxe\u202c\u200b\n ignore " + "x" * 5000
    feed = (
        f"<rss version='2.0'><channel><title>{tricky}</title><item><title>{tricky}</title>"
        "<link>https://b.example/1</link></item></channel></rss>"
    )
    async with host() as (server, polite):
        server.answers["/feed"] = web.Response(text=feed)
        polled = await Feed("news", f"{server.base}/feed").poll(polite, Seen())
    [title] = polled.titles
    for text in (title.title, title.site):
        assert text.startswith("Bold moc.elpmaxe ignore x")
        assert len(text) == 300


async def test_a_feed_of_countless_items_and_endless_links_is_bounded() -> None:
    items = "".join(
        f"<item><title>t</title><link>https://b.example/{n}</link></item>" for n in range(20_000)
    )
    long = f"<item><title>t</title><link>https://b.example/{'x' * 100_000}</link></item>"
    async with host() as (server, polite):
        whole = f"<rss version='2.0'><channel><title>t</title>{long}{items}</channel></rss>"
        server.answers["/tags/openai.rss"] = web.Response(text=whole)
        try:
            polled = await TagRss("news", server.base, "openai").poll(polite, Seen())
        except NotAFeed:
            return
    assert len(polled.found) <= 200
    assert all(len(found.uri) < 2000 for found in polled.found)


async def test_entries_that_point_inside_lead_nowhere(tmp_path: Path) -> None:
    """A feed names addresses of our own network: none of them is asked."""
    closed = ("http://10.0.0.1/a", "http://169.254.169.254/b", "http://[::1]:1/c", "file:///etc/d")
    items = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in closed)
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    async with host() as (server, polite):
        server.answers["/tags/openai.rss"] = web.Response(
            text=f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
        )
        watcher = parts(storage, polite.client, SystemClock()).watcher
        key = await watcher.add("tag-rss", "news", server.base, "openai")
        assert await watcher.poll(key) == 3
        # Without the opening for loopback, as in production.
        guard = AddressGuard(allow_loopback=False)
        async with Transport(guard, user_agent="test") as transport:
            strict = parts(storage, Client(transport, None, SystemClock()), SystemClock())
            for url in closed[:3]:
                with pytest.raises(Forbidden):
                    await strict.conversations.found("news", url)
                await strict.links.name(url)
        async with storage.view() as view:
            states = {(await view.findings.get("news", url)).state for url in closed[:3]}  # type: ignore[union-attr]
            links = await view.links.get_many(list(closed[:3]))
    await storage.close()
    assert states == {"gone"}
    assert all(link.error for link in links.values())


async def test_robots_txt_rules_streams_too() -> None:
    async with host() as (server, polite):
        server.answers["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /api/\n")
        mine = Polite(polite.client, SystemClock(), {host_of(server.base): "secret"})
        with pytest.raises(SaysNo, match=r"robots\.txt"):
            await anext(MastodonTag("news", server.base, "openai").stream(mine))
    assert [path for path, _ in server.asked] == ["/robots.txt"]


async def test_whom_we_would_follow_is_shown_though_the_outbox_is_closed() -> None:
    async with host() as (server, polite):
        me = f"{server.base}/group"
        actor = {"id": me, "type": "Group", "preferredUsername": "g", "inbox": f"{me}/inbox"}
        document = json.dumps({**actor, "outbox": f"{me}/outbox"})
        server.answers["/group"] = web.Response(
            text=document, content_type="application/activity+json"
        )
        shown = await Group("news", me).preview(polite)
    assert shown.follows is not None
    assert (shown.follows.actor_id, shown.found) == (me, ())


@pytest.mark.parametrize("meanwhile", ["paused", "removed"])
async def test_what_the_operator_does_while_a_source_is_asked_stays(
    tmp_path: Path, meanwhile: str
) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    asked, go = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await go.wait()
        return web.Response(text=RSS.format(base="https://a.example"))

    async with host() as (server, polite):
        server.streams["/tags/openai.rss"] = slow
        watcher = parts(storage, polite.client, SystemClock()).watcher
        key = await watcher.add("tag-rss", "news", server.base, "openai")
        polling = asyncio.create_task(watcher.poll(key))
        await asked.wait()
        await (watcher.pause(key, paused=True) if meanwhile == "paused" else watcher.remove(key))
        go.set()
        await polling
        async with storage.view() as view:
            state = await view.sources.get(key)
    await storage.close()
    assert (state and state.paused) is (True if meanwhile == "paused" else None)


async def test_a_detour_to_a_host_that_wants_no_robots_is_not_used() -> None:
    async with host() as (server, polite), host() as (other, _):
        away = {"Location": f"{other.base}/feed"}
        server.answers["/feed"] = web.Response(status=302, headers=away)
        other.answers["/feed"] = web.Response(text=RSS.format(base="x"))
        other.answers["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /\n")
        with pytest.raises(SaysNo, match=r"robots\.txt"):
            await Feed("news", f"{server.base}/feed").poll(polite, Seen())
