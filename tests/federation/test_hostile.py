"""What hostile servers and clients try: each was tried over sockets before it was refused."""

import asyncio
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import orjson
import pytest
import trustme
from aiohttp import web
from yarl import URL

from activitypub.addressing import host_of, same_origin
from activitypub.client import Client
from activitypub.errors import ActivityPubError, Forbidden, TooLarge
from activitypub.guard import AddressGuard
from activitypub.server import inbox
from activitypub.transport import Limits, Transport
from bot.app import Fedigest
from bot.building import SystemClock
from bot.consent.lists import Lists
from bot.demo.show import HANDLE
from storage import tables
from tests.federation.hosts import hosts
from tests.federation.instance import running
from tests.federation.sender import JSON, Sender, handled


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def say(app: Fedigest, request: bytes, *, more: bytes = b"") -> bytes:
    """Send bytes as they are, and return the first line of the answer."""
    where = urlsplit(app.uris.base)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(request)
    await writer.drain()
    line = await asyncio.wait_for(reader.readline(), 20)
    writer.write(more)
    writer.close()
    return line


def head(app: Fedigest, **headers: str | int) -> bytes:
    where = urlsplit(app.uris.inbox(HANDLE))
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    first = f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: {JSON}\r\n"
    return f"{first}{lines}\r\n".encode("utf-8", "surrogateescape")


async def test_a_body_that_never_ends_is_not_waited_for(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", 0.2)
    for request in (
        head(sender.app, Content_Length=1000) + b'{"id"',
        head(sender.app, Transfer_Encoding="chunked") + b"5\r\n{....",
    ):
        assert b" 408 " in await say(sender.app, request)


async def test_large_bodies_under_way_do_not_keep_small_ones_out(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_READING", {True: 3, False: 100})
    where = urlsplit(sender.app.uris.base)
    held = []
    for _ in range(3):
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(head(sender.app, Content_Length=900_000) + b"{")
        await writer.drain()
        held.append(writer)
    big = {**sender.follow(number=5), "summary": "x" * 100_000}
    for _ in range(100):  # until the three have been read as far as they go
        status, _ = await sender.post(*sender.signed(big))
        if status == 503:
            break
    assert status == 503
    assert (await sender.post(*sender.signed(sender.follow())))[0] == 202
    for writer in held:
        writer.close()


async def test_headers_that_are_no_text_are_refused_and_not_an_error_of_ours(
    sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    """Bytes that are no UTF-8 once ended as 503 and a stack trace in the log."""
    body = orjson.dumps(sender.follow())
    me = sender.documents.actor_id("ines")
    headers, _ = sender.signed(sender.follow())
    digest, date = headers["Digest"], headers["Date"]
    for signature in (
        f'keyId="{me}\udcff#main-key",headers="(request-target) host date digest",signature="AAAA"',
        f'keyId="{me}#main-key",headers="(request-target) host date digest x-a",signature="AAAA"',
        "\udcff",
    ):
        request = head(
            sender.app, Digest=digest, Date=date, X_A="\udcff\udcfe", Content_Length=len(body),
            Signature=signature,
        )  # fmt: skip
        assert b" 401 " in await say(sender.app, request + body)
    rfc = f'sig1=("@method" "@target-uri" "content-digest" "x-a");created=1;keyid="{me}"'
    request = head(
        sender.app, X_A="\udcff", Content_Length=len(body), Signature="sig1=:AAAA:",
        Signature_Input=rfc,
    )  # fmt: skip
    assert b" 401 " in await say(sender.app, request + body)
    assert [record for record in caplog.records if record.exc_info] == []


async def test_who_smuggles_a_second_request_is_hung_up_on(sender: Sender) -> None:
    for headers in (
        {"Content_Length": 5, "Transfer_Encoding": "chunked"},
        {"Transfer_Encoding": "chunked, identity"},
        {"Content_Length": "+5"},
        {"Content_Length": "5, 6"},
    ):
        hidden = b"0\r\n\r\nGET /about HTTP/1.1\r\nHost: x\r\n\r\n"
        assert b" 400 " in await say(sender.app, head(sender.app, **headers) + hidden), headers


PATHS = (
    "/ap/objects/%00", "/ap/objects/%ff", "/ap/objects/%ED%A0%80", "/ap/objects/..%2f..%2fetc",
    "/ap/actors/..%2f..%2fnews", "/ap/actors/NEWS'--", "/ap/actors/" + "a" * 4000,
    "/@%00", "/@..%2f",
    "/@news/feed.atom%00", "/@news/archive?before=nan", "/@news/archive?before=1e999",
    "/@news/archive?before=-1e300", "/digests/%00", "/digests/%27%20OR%201=1", "/answers/%ff",
    "/ap/actors/news/outbox?cursor=%ff", "/ap/actors/news/outbox?cursor=" + "9" * 3000,
    "/ap/actors/news/followers?cursor=-1", "/ap/actors/news/featured?cursor=%00",
    "/ap/contexts/%00?cursor=x", "/ap/objects/x/replies?cursor=%ff", "/ap/stamps/%00",
    "/ap/activities/%F0%9F%98%80", "/nodeinfo/%00", "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/app.py", "/static/%00", "/.well-known/webfinger?resource=%ff%00",
    "/.well-known/webfinger?resource=acct:%0d%0aX:y@h",
    "/.well-known/webfinger?resource=" + "@" * 7000,
    "/authorize_interaction?uri=https://evil.example/", "/authorize_interaction?uri=//evil.example",
)  # fmt: skip


async def test_odd_paths_are_answered_and_lead_nowhere(sender: Sender) -> None:
    """No 500, no file of ours, no redirect to a place that the asker chose."""
    base = sender.app.uris.base
    async with aiohttp.ClientSession() as session:
        for path in PATHS:
            for accept in (JSON, "text/html"):
                url = URL(base + path, encoded=True)
                headers = {"Accept": accept}
                async with session.get(url, headers=headers, allow_redirects=False) as answer:
                    text = await answer.text(errors="replace")
                    assert answer.status < 500, (path, accept, answer.status)
                    assert "evil.example" not in answer.headers.get("Location", ""), path
                    assert "X" not in answer.headers, path
                    assert "root:" not in text
                    assert "Traceback" not in text
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
            async with session.request(method, sender.inbox) as answer:
                assert answer.status == 405


async def test_pages_run_nothing_and_are_taken_for_nothing_else(sender: Sender) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/about", "/@news", "/sources", "/nothing"):
            async with session.get(f"{sender.app.uris.base}{path}") as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "script-src" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_nobody_speaks_in_our_name(sender: Sender) -> None:
    """An activity by one of our own actors comes from nowhere but here."""
    app = sender.app
    us = app.uris.actor(HANDLE)
    for kind, about in (("Delete", us), ("Update", us), ("Follow", us), ("Block", us)):
        activity = {"id": f"{us}#1", "type": kind, "actor": us, "object": about}
        headers, body = sender.signed(activity)
        signed_as_us = headers["Signature"].replace(
            sender.documents.key_id("ines"), app.uris.key(us)
        )
        status, _ = await sender.post({**headers, "Signature": signed_as_us}, body)
        assert status in {202, 401}
    async with app.storage.view() as view:
        assert await view.received.get(f"{us}#1") is None
    async with aiohttp.ClientSession() as session, session.get(us, headers={"Accept": JSON}) as got:
        assert got.status == 200


@pytest.mark.parametrize(
    "spelled",
    [
        "https://bad.example./u", "https://BAD.example/u", "https://bad.example:443/u",
        "https://sub.bad.example/u", "https://ｂａｄ.example/u", "https://bad。example/u",
        "https://b%61d.example/u", "https://bad.example\\@good.example/u",
        "https://-bad.example/u",
    ],
)  # fmt: skip
def test_a_blocked_host_is_blocked_however_it_is_spelled(spelled: str) -> None:
    lists = Lists(hosts=["bad.example"])
    try:
        AddressGuard().check_url(spelled)
    except ActivityPubError:
        assert not same_origin(spelled, spelled)
        return
    assert lists.is_listed(spelled)


def test_hosts_that_two_libraries_read_in_two_ways_are_none() -> None:
    """In one reading of IDNA `ß` is `ss`: such a host could pose as another's."""
    assert host_of("https://straße.example/u") == ""
    assert not same_origin("https://straße.example/u", "https://strasse.example/u")
    assert host_of("https://xn--strae-oqa.example/u") == "xn--strae-oqa.example"
    assert host_of("https://[2606:4700::1111]:8443/") == "[2606:4700::1111]:8443"


async def served(answer: Callable[[asyncio.StreamWriter], Any]) -> tuple[asyncio.Server, str]:
    """Run a server that says what it likes, byte by byte."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


BOMB = b"\0" * (40 << 20)


def packed(encoding: str, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n"
        b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s"
        % (encoding.encode(), len(body), body)
    )


ANSWERS: dict[str, bytes] = {
    "gzip bomb": packed("gzip", gzip.compress(BOMB)),
    "deflate bomb": packed("deflate", zlib.compress(BOMB)),
    "raw deflate bomb": packed("deflate", zlib.compress(BOMB)[2:-4]),
    "not gzip": packed("gzip", b"hello"),
    "not brotli": packed("br", b"\xff" * 100),
    "not zstd": packed("zstd", b"\x28\xb5\x2f\xfd" + b"\xff" * 100),
    "no HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 3_000_000,
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\n",
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "shorter than said": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
    "negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "location that is no text": b"HTTP/1.1 302 Found\r\nLocation: /\xff\xfe\r\n\r\n",
    "location with a port": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:x/\r\n\r\n",
    "location elsewhere": b"HTTP/1.1 302 Found\r\nLocation: gopher://127.0.0.1/\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_hostile_answers_are_errors_that_have_a_name(name: str) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(ANSWERS[name])

    server, url = await served(answer)
    guard = AddressGuard(allow_loopback=True)
    async with server, Transport(guard, user_agent="t", limits=Limits(seconds=5)) as transport:
        with pytest.raises(TooLarge if name.endswith("bomb") else ActivityPubError):
            await transport.request("GET", url)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "rot13"])
async def test_what_is_packed_in_other_ways_stays_packed(encoding: str) -> None:
    small = gzip.compress(gzip.compress(BOMB))

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(packed(encoding, small))

    server, url = await served(answer)
    guard = AddressGuard(allow_loopback=True)
    async with server, Transport(guard, user_agent="t", limits=Limits(seconds=5)) as transport:
        assert (await transport.request("GET", url)).body == small


async def test_an_answer_that_is_announced_for_ever_ends() -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)
            await writer.drain()
            await asyncio.sleep(0)

    server, url = await served(answer)
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="t", limits=Limits(seconds=0.5)) as transport:
        with pytest.raises(ActivityPubError):
            await transport.request("GET", url)
    server.close()


async def test_names_that_take_long_to_look_up_keep_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever runs a name server can let us wait; in shared threads ten names were enough."""
    released = threading.Event()

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        if host.startswith("slow"):
            released.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    server, url = await served(answer)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    port = urlsplit(url).port
    guard = AddressGuard(allow_loopback=True)
    limits = Limits(seconds=30)
    async with server, Transport(guard, user_agent="t", limits=limits) as transport:
        slow = [
            asyncio.create_task(transport.request("GET", f"http://slow{n}.example:{port}/"))
            for n in range(100)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            quick = await transport.request("GET", f"http://quick.example:{port}/")
        assert quick.body == b"ok"
        assert not any(task.done() for task in slow)
        released.set()
        await asyncio.gather(*slow)


async def test_strangers_and_dead_hosts_are_forgotten(sender: Sender) -> None:
    """Every signature leaves an actor, every failing inbox a host: they must not pile up."""
    app = sender.app
    now, long_ago = app.clock.now(), app.clock.now() - timedelta(days=400)
    for person in ("ines", "bo"):
        await app.parts.authors.learn([sender.documents.actor_id(person)])
    follow = sender.follow()
    await sender.post(*sender.signed(follow))
    stranger = "https://stranger.example/u"
    async with app.storage.unit() as unit:
        met = await unit.actors.get(sender.documents.actor_id("bo"))
        assert met is not None
        old = {**met.model_dump(), "fetched_at": long_ago}
        for actor_id in (stranger, sender.documents.actor_id("ines")):
            await unit.actors.put(tables.Actor(**{**old, "id": actor_id}))
        for name, until in (("dead.example", long_ago), ("probed.example", now)):
            await unit.hosts.put(
                tables.PeerHost(
                    host=name, failures=9, failing_since=long_ago, closed_until=until, error="x"
                )
            )
    async with asyncio.timeout(60):
        while True:
            async with app.storage.view() as view:
                if await view.follows.count_followers(HANDLE):
                    break
            await asyncio.sleep(0.02)
    app.parts.schedule._retention._next = None  # its own clock may just have had it cleaned
    await app.parts.schedule._retention.clean()
    async with app.storage.view() as view:
        assert await view.actors.get(stranger) is None
        assert await view.actors.get(sender.documents.actor_id("ines")) is not None, "a follower"
        assert [row.host for row in await view.hosts.all()] == ["probed.example"]
    assert datetime.now(UTC) > long_ago


async def test_what_is_embedded_of_another_server_is_asked_of_that_server(sender: Sender) -> None:
    """Nor is a context fetched that a document names: what it means is known here or not at all."""
    app, me = sender.app, sender.documents.actor_id("ines")
    bot = app.uris.actor(HANDLE)
    async with hosts() as (net, _):
        victim = net.url("victim", "/u/alice")
        forged = {
            "@context": net.url("evil", "/context.jsonld"),
            "id": net.url("victim", "/n/1"), "type": "Note", "attributedTo": victim,
            "to": [bot], "content": "<p>leave me out</p>",
            "tag": [{"type": "Mention", "href": bot, "name": "@news"}],
        }  # fmt: skip
        create: dict[str, Any] = {
            "id": f"{me}#forged", "type": "Create", "actor": me, "to": [bot], "object": forged,
            "@context": ["https://www.w3.org/ns/activitystreams", net.url("evil", "/c")],
        }  # fmt: skip
        assert (await sender.post(*sender.signed(create)))[0] == 202
        assert "failed" in await handled(app, create["id"])
        assert net.asked["victim/n/1"] >= 1, "its own server was asked, and knows nothing of it"
        # Lent to oneself: the id on one's own server, the author on another.
        lent = {**create, "id": f"{me}#lent", "object": {**forged, "id": f"{me}/n/2"}}
        assert (await sender.post(*sender.signed(lent)))[0] == 202
        await handled(app, lent["id"])
        assert [path for path in net.asked if path.startswith("evil/")] == []
        async with app.storage.view() as view:
            assert await view.choices.get(victim) is None
            assert await view.choices.get(me) is None


async def test_a_message_to_one_person_looks_like_none_to_others(sender: Sender) -> None:
    app, me = sender.app, sender.documents.actor_id("ines")
    bot = app.uris.actor(HANDLE)
    note = {
        "id": f"{me}/n/1", "type": "Note", "attributedTo": me, "to": [bot],
        "content": "<p>help</p>", "tag": [{"type": "Mention", "href": bot, "name": "@news"}],
    }  # fmt: skip
    create = {"id": f"{me}#c", "type": "Create", "actor": me, "to": [bot], "object": note}
    assert (await sender.post(*sender.signed(create)))[0] == 202
    answer = None
    async with asyncio.timeout(60):
        while answer is None:
            async with app.storage.view() as view:
                row = await view.answers.get(f"{me}/n/1")
                answer = row.publication_id if row else None
            await asyncio.sleep(0.02)
    async with aiohttp.ClientSession() as session:
        found = []
        for uri in (answer, app.uris.object("nothing")):
            for path in ("", "/replies"):
                async with session.get(f"{uri}{path}", headers={"Accept": JSON}) as got:
                    found.append((path, got.status, await got.text()))
    assert found[:2] == found[2:]
    assert {status for _, status, _ in found} == {404}


async def test_no_redirect_leads_from_https_to_http_nor_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = trustme.CA()
    own, theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(own)
    authority.configure_trust(theirs)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", theirs)
    asked = []

    async def away(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.Response(status=302, headers={"Location": request.query["to"]})

    runner = web.AppRunner(web.Application())
    runner.app.router.add_get("/{path:.*}", away)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=own).start()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    secure, plain = (address[1] for address in runner.addresses)
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="t") as transport:
        for target in (f"http://localhost:{plain}/", "http://10.0.0.1/", "https://[fe80::1]/"):
            with pytest.raises(Forbidden):
                await transport.request("GET", f"https://localhost:{secure}/?to={quote(target)}")
        client = Client(transport, None, SystemClock())
        with pytest.raises(Forbidden):
            await client.get(f"http://localhost:{plain}/?to=http://192.168.0.1/", accept="*/*")
    assert len(asked) == 4, "none of the targets"
    await runner.cleanup()
