"""Deliveries to hosts in every condition: none keeps another waiting, and nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import update

from activitypub.health import DEAD_AFTER, OPENS_AFTER, Health
from bot.app import Fedigest
from bot.demo.show import HANDLE
from storage import tables
from tests.federation.hosts import Hosts, hosts
from tests.federation.instance import running, until
from tests.federation.sender import Sender

NOBODY = {"type": "Note", "id": "x"}


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[Fedigest, Hosts, Sender]]:
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, _):
        yield app, net, Sender(fediverse, app)


def saying(status: int, **headers: str) -> Callable[[web.Request], web.Response]:
    return lambda request: web.Response(status=status, headers=headers)


async def send(app: Fedigest, number: int, inboxes: list[str]) -> str:
    uri = app.uris.activity(f"t{number}")
    document = {"id": uri, "type": "Create", "actor": app.uris.actor(HANDLE), "object": NOBODY}
    now = app.clock.now()
    row = tables.OutgoingActivity(
        id=uri, bot=HANDLE, type="Create", document=document, public=False, published=now
    )
    async with app.storage.unit() as unit:
        await unit.activities.put(row)
        await unit.deliveries.add(uri, HANDLE, inboxes, now)
    app.deliverer.wake()
    return uri


async def states(app: Fedigest, activity: str) -> dict[str, tables.Delivery]:
    from sqlalchemy import select  # noqa: PLC0415
    from sqlmodel import col  # noqa: PLC0415

    statement = select(tables.Delivery).where(col(tables.Delivery.activity_id) == activity)
    async with app.storage.view() as view:
        rows = await view.deliveries._transaction.all(tables.Delivery, statement)
    return {row.host.partition(".")[0]: row for row in rows}


async def test_each_answer_means_what_it_says(both: tuple[Fedigest, Hosts, Sender]) -> None:
    app, net, _ = both
    follower = tables.Follower(
        bot=HANDLE, actor_id=net.url("left", "/u"), inbox=net.url("left", "/inbox"),
        host="left", follow_id="f", since=app.clock.now(),
    )  # fmt: skip
    async with app.storage.unit() as unit:
        await unit.follows.add_follower(follower)
    inboxes = [
        net.put("good", "/inbox", saying(202)),
        net.put("left", "/inbox", saying(410)),
        net.put("never", "/inbox", saying(422)),
        net.put("broken", "/inbox", saying(500)),
        net.put("busy", "/inbox", saying(429, **{"Retry-After": "7200"})),
    ]
    uri = await send(app, 1, inboxes)

    async def settled() -> bool:
        rows = await states(app, uri)
        return all(row.status is not None for row in rows.values()) and len(rows) == 5

    await until(settled)
    rows = await states(app, uri)
    assert {host: row.state for host, row in rows.items()} | {"broken": "waiting"} == {
        "good": "delivered",
        "left": "failed",
        "never": "failed",
        "broken": "waiting",
        "busy": "waiting",
    }
    assert net.asked["left/inbox"] == 2, "410 might be how it says that it cannot read cavage"
    assert rows["busy"].due_at - app.clock.now() > timedelta(minutes=110)
    async with app.storage.view() as view:
        assert await view.follows.count_followers(HANDLE) == 0


async def test_a_host_that_hangs_keeps_only_its_own_waiting(
    both: tuple[Fedigest, Hosts, Sender],
) -> None:
    app, net, _ = both
    hanging = asyncio.Event()

    class Hanging(web.Response):
        async def prepare(self, request: web.BaseRequest) -> None:
            await hanging.wait()

    net.put("slow", "/inbox", lambda request: Hanging(status=202))
    slow = [net.put("slow", f"/inbox/{n}", lambda request: Hanging(status=202)) for n in range(200)]
    await send(app, 1, slow)
    good = [net.put(f"good{n}", "/inbox", saying(202)) for n in range(100)]
    uri = await send(app, 2, good)

    async def delivered() -> bool:
        return all(row.state == "delivered" for row in (await states(app, uri)).values())

    await until(delivered)
    hanging.set()


async def test_a_host_that_fails_is_left_alone_then_dead_and_one_word_of_it_wakes_it(
    both: tuple[Fedigest, Hosts, Sender],
) -> None:
    app, net, sender = both
    net.put("ill", "/inbox", saying(503))
    name = f"ill.localhost:{net.port}"
    for number in range(OPENS_AFTER):
        uri = await send(app, number, [net.url("ill", "/inbox")])

        async def tried(uri: str = uri) -> bool:
            return (await states(app, uri))["ill"].attempts > 0

        if number < OPENS_AFTER - 1:
            await until(tried)
    await until(lambda: closed(app, name))
    asked = net.asked["ill/inbox"]
    assert asked >= OPENS_AFTER
    # After a week it counts as dead: what is for it is dropped, with the reason.
    week_ago = app.clock.now() - DEAD_AFTER
    until_then = app.clock.now() + timedelta(hours=20)
    app.deliverer._ill[name] = Health(99, week_ago, until_then)
    async with app.storage.view() as view:
        before = net.asked["ill/inbox"]
        assert [row.host for row in await view.hosts.all()] == [name]
    uri = await send(app, 50, [net.url("ill", "/inbox")])

    async def dropped() -> bool:
        return (await states(app, uri))["ill"].state == "failed"

    await until(dropped)
    assert "has not answered since" in str((await states(app, uri))["ill"].error)
    assert net.asked["ill/inbox"] == before
    # It speaks: so it lives.
    app.deliverer.heard_from(name)
    net.put("ill", "/inbox", saying(202))
    uri = await send(app, 51, [net.url("ill", "/inbox")])

    async def delivered() -> bool:
        return (await states(app, uri))["ill"].state == "delivered"

    await until(delivered)
    assert json.dumps(sender.follow())


async def test_what_takes_words_back_waits_for_a_dead_host_to_wake(
    both: tuple[Fedigest, Hosts, Sender],
) -> None:
    """It may have the words; one that was down for a week is told when it is there again."""
    app, net, _ = both
    name, inbox = f"ill.localhost:{net.port}", net.put("ill", "/inbox", saying(202))
    now = app.clock.now()
    app.deliverer._ill[name] = Health(99, now - DEAD_AFTER, now + timedelta(hours=20))
    uri = await send(app, 60, [])
    async with app.storage.unit() as unit:
        await unit.deliveries.add(uri, HANDLE, [inbox], now, urgent=True)
    app.deliverer.wake()

    async def put_off() -> bool:
        return (await states(app, uri))["ill"].error is not None

    await until(put_off)
    row = (await states(app, uri))["ill"]
    assert (row.state, row.attempts) == ("waiting", 0)
    assert row.due_at == now + timedelta(hours=20)
    app.deliverer.heard_from(name)
    async with app.storage.unit() as unit:  # twenty hours pass
        await unit.posts._transaction.run(update(tables.Delivery).values(due_at=now))
    app.deliverer.wake()

    async def delivered() -> bool:
        return (await states(app, uri))["ill"].state == "delivered"

    await until(delivered)


async def closed(app: Fedigest, host: str) -> bool:
    async with app.storage.view() as view:
        return any(row.host == host and row.closed_until for row in await view.hosts.all())
