"""Who is delivered to, with what, and who is not: over sockets, with followers on many hosts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from aiohttp import web

from activitypub.signatures import Request, candidates, keys
from bot.app import Fedigest
from bot.consent.lists import entry
from bot.demo.show import HANDLE
from bot.publishing import fanout
from bot.publishing.fanout import SPREAD
from bot.publishing.follower_sync import digest
from storage import tables
from tests.federation.hosts import Hosts, hosts
from tests.federation.instance import running, until
from tests.federation.sender import Sender, handled
from tests.federation.test_deliveries import states

Opened = tuple[Fedigest, Hosts, Sender]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, _):
        yield app, net, Sender(fediverse, app)


async def followed_by(app: Fedigest, net: Hosts, name: str, *, shared: bool) -> str:
    """Make somebody on a host a follower; the first part of the name is the host."""
    host = name.partition("-")[0]
    inbox = net.put(host, f"/{name}/inbox", taking)
    if shared:
        net.put(host, "/inbox", taking)
    row = tables.Follower(
        bot=HANDLE,
        actor_id=net.url(host, f"/{name}"),
        inbox=inbox,
        shared_inbox=net.url(host, "/inbox") if shared else None,
        host=urlsplit(inbox).netloc,
        follow_id=f"f-{name}",
        since=app.clock.now(),
    )
    async with app.storage.unit() as unit:
        await unit.follows.add_follower(row)
    return row.actor_id


def taking(request: web.Request) -> web.Response:
    return web.Response(status=202)


async def publish_one(app: Fedigest, slug: str = "news-1") -> None:
    """Publish a digest of nothing in particular to all followers."""
    uri, actor = app.uris.object(slug), app.uris.actor(HANDLE)
    followers = app.uris.collection(HANDLE, "followers")
    note = {
        "id": uri, "type": "Note", "attributedTo": actor, "content": "x",
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [followers],
    }  # fmt: skip
    row = tables.Publication(
        id=uri, bot=HANDLE, kind="digest", slug=slug, document=note,
        audience="public", published=app.clock.now(),
    )  # fmt: skip
    async with app.storage.unit() as unit:
        await unit.publications.put(row)
        inboxes = await unit.follows.inboxes(HANDLE)
        await app.parts.publisher._send(unit, row, "Create", dict.fromkeys(inboxes, False))
    app.deliverer.wake()


def at(net: Hosts) -> dict[str, int]:
    return {path: n for path, n in net.asked.items() if path.endswith("/inbox")}


async def test_one_delivery_for_each_inbox_shared_ones_first(opened: Opened) -> None:
    app, net, _ = opened
    for name in ("big-1", "big-2", "big-3"):
        await followed_by(app, net, name, shared=True)
    for name in ("small-1", "small-2"):
        await followed_by(app, net, name, shared=False)
    ours = tables.Follower(
        bot=HANDLE, actor_id=app.uris.instance_actor, inbox=app.uris.inbox(HANDLE),
        shared_inbox=app.uris.shared_inbox, host=app.uris.host, follow_id="f",
        since=app.clock.now(),
    )  # fmt: skip
    async with app.storage.unit() as unit:
        await unit.follows.add_follower(ours)
    await publish_one(app)
    async with app.storage.view() as view:
        planned = await view.deliveries.inboxes_of([app.uris.activity("news-1-create")])
    assert len(planned) == 3, "never to ourselves"

    async def all_there() -> bool:
        return sum(at(net).values()) >= 3

    await until(all_there)
    await publish_one(app)  # the same once more: the id decides, so nothing is sent
    await publish_one(app, "news-2")

    async def again() -> bool:
        return sum(at(net).values()) >= 6

    await until(again)
    assert at(net) == {"big/inbox": 2, "small/small-1/inbox": 2, "small/small-2/inbox": 2}


async def test_a_large_fan_out_goes_out_piece_by_piece(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand servers that fetch the linked page in one second would be our own doing."""
    app, net, _ = opened
    monkeypatch.setattr(fanout, "PIECE", 10)
    inboxes = [net.url(f"h{n}", "/inbox") for n in range(21)]
    began = app.clock.now()
    row = tables.OutgoingActivity(
        id=app.uris.activity("far"), bot=HANDLE, type="Create", public=True, published=began
    )
    async with app.storage.unit() as unit:
        await unit.activities.put(row)
        await fanout.plan(unit, row.id, HANDLE, inboxes, began)
    app.workers.wake()
    every: list[tables.Delivery] = []

    async def planned() -> bool:
        every[:] = (await states(app, app.uris.activity("far"))).values()
        return len(every) == len(inboxes)

    await until(planned)
    later = [round((row.due_at - began) / SPREAD) for row in every if row.attempts == 0]
    assert later.count(1) == 10
    assert later.count(2) == 1


async def test_what_takes_words_back_is_not_spread(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, net, _ = opened
    monkeypatch.setattr(fanout, "PIECE", 10)
    inboxes = [net.url(f"h{n}", "/inbox") for n in range(21)]
    began = app.clock.now()
    async with app.storage.unit() as unit:
        await fanout.plan(unit, app.uris.activity("back"), HANDLE, inboxes, began, urgent=True)
        jobs = await unit.jobs.naming(app.uris.activity("back"))
    assert [job.payload["due"] for job in jobs] == [began.isoformat()] * 2


async def test_each_host_is_told_its_own_followers_in_a_signed_header(opened: Opened) -> None:
    """FEP-8fcf as it is sent: collection, address and digest, for the followers of that host."""
    app, net, _ = opened
    mine = [await followed_by(app, net, name, shared=True) for name in ("one-1", "one-2")]
    await followed_by(app, net, "two-1", shared=True)
    await publish_one(app)

    async def both_there() -> bool:
        return sum(at(net).values()) >= 2

    await until(both_there)
    arrived = {path.partition("/")[0]: (request, body) for path, request, body in net.posted}
    request, body = arrived["one"]
    told = request.headers["Collection-Synchronization"]
    followers = app.uris.collection(HANDLE, "followers")
    assert told == (
        f'collectionId="{followers}", url="{app.uris.synchronization(HANDLE)}", '
        f'digest="{digest(mine)}"'
    )
    assert arrived["two"][0].headers["Collection-Synchronization"] != told
    # What arrives verifies with the key in the actor's document, for the host it was sent to.
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = Request("POST", f"http://{request.host}{request.path}", headers, body)
    [candidate] = candidates(signed, datetime.now(UTC))
    key = app._keys.signing(app.uris.actor(HANDLE))
    assert candidate.key_id == key.key_id
    assert keys.fits(key.private.public_key(), candidate.signature, candidate.bases[0])
    assert request.headers["Content-Type"] == "application/activity+json"
    assert "(+http" in request.headers["User-Agent"], "who we are, and where to ask"
    assert not {"bto", "bcc"} & orjson.loads(body).keys()


async def test_blocked_hosts_and_accounts_are_neither_told_nor_heard(opened: Opened) -> None:
    app, net, sender = opened
    for name in ("bad-1", "good-1"):
        await followed_by(app, net, name, shared=True)
    me = sender.documents.actor_id("ines")
    async with app.storage.unit() as unit:
        await unit.listings.put(entry("host", "bad.localhost", datetime.now(UTC)))
        await unit.listings.put(entry("account", me, datetime.now(UTC)))
    await app.parts.lists.refresh(app.storage)
    await publish_one(app)

    async def good() -> bool:
        async with app.storage.view() as view:
            counts = await view.deliveries.counts()
        return (counts["delivered"], counts["failed"]) == (1, 1)

    await until(good)  # it is said of the other one, and not tried again
    assert (net.asked["good/inbox"], net.asked["bad/inbox"]) == (1, 0)
    follow = sender.follow()
    assert (await sender.post(*sender.signed(follow)))[0] == 202
    assert await handled(app, follow["id"]) == "ignored"
    bad = {**follow, "actor": net.url("bad", "/u"), "id": net.url("bad", "/u#1")}
    assert (await sender.post(*sender.signed(bad)))[0] == 403
    assert not [path for path in net.asked if path.startswith("bad/")], "not even for its key"


async def test_one_host_gets_a_few_connections_at_a_time(opened: Opened) -> None:
    app, net, _ = opened
    now = most = 0

    class Slow(web.Response):
        async def prepare(self, request: web.BaseRequest) -> Any:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.02)
            now -= 1
            return await super().prepare(request)

    inboxes = [net.put("busy", f"/{n}/inbox", lambda request: Slow(status=202)) for n in range(20)]
    async with app.storage.unit() as unit:
        await unit.activities.put(
            tables.OutgoingActivity(
                id="a", bot=HANDLE, type="Create", document={"id": "a"}, public=False,
                published=app.clock.now(),
            )
        )  # fmt: skip
        await unit.deliveries.add("a", HANDLE, inboxes, app.clock.now())
    app.deliverer.wake()

    async def all_there() -> bool:
        return sum(at(net).values()) == len(inboxes)

    await until(all_there)
    assert most == app.config.network.deliveries_per_host
