"""What takes words back goes before everything else, and nothing old arrives behind it."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from bot.demo.show import HANDLE
from storage import tables
from tests.federation.crowd import ANSWERING, FOLLOWERS, crowd, delete, published
from tests.federation.instance import running
from tests.federation.sender import Sender


@pytest.mark.slow
async def test_ten_thousand_followers_in_the_queue_do_not_keep_it_waiting(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        async with crowd(app) as made:
            uri, post = await published(app, made)
            async with app.storage.view() as view:
                stored = await view.posts.get(post)
                [words] = [
                    s.text
                    for summary in await view.digests.summaries(uri.rpartition("/")[2])
                    for s in await view.digests.sentences(summary.id)
                    if post in s.posts
                ][:1]
            assert stored is not None
            await delete(Sender(fediverse, app), post)
            await made.wait_for("Update", uri)
            async with app.storage.view() as view:
                waiting = (await view.deliveries.counts())["waiting"]
                failed = [row for row in await view.deliveries.lately(1000) if row.urgent]
            assert failed == [], "who took the words is told before who never answers is tried"
            assert waiting > (FOLLOWERS - ANSWERING) / 2, "most of the Creates have not gone out"
            text = words.split("’")[0].split("'")[0][:30]
            assert all(text in str(created["object"]) for created in made.got("Create", uri))
            assert not any(text in str(updated["object"]) for updated in made.got("Update", uri))


async def test_no_old_words_arrive_behind_the_new_ones(tmp_path: Path) -> None:
    """A Create hangs at a follower's server while its words are taken back."""
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        order: list[tuple[str, Any]] = []
        freed = asyncio.Event()

        async def slowly(request: web.Request) -> web.StreamResponse:
            activity: dict[str, Any] = orjson.loads(await request.read())
            if activity["type"] == "Create":
                await freed.wait()
            order.append((activity["type"], activity["object"]))
            return web.Response(status=202)

        runner = web.AppRunner(slow := web.Application())
        slow.router.add_post("/inbox", slowly)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        me = f"http://slow.localhost:{runner.addresses[0][1]}"
        async with app.storage.unit() as unit:
            await unit.follows.add_follower(
                tables.Follower(
                    bot=HANDLE,
                    actor_id=f"{me}/u",
                    inbox=f"{me}/inbox",
                    host=me.partition("//")[2],
                    follow_id=f"{me}/f",
                    since=app.clock.now(),
                )
            )
        topic, now = app.config.bot(HANDLE), app.clock.now()
        name = await app.parts.digests.make(topic, "slow", now - timedelta(days=1), now)
        assert name is not None
        app.deliverer.wake()
        while not app.deliverer._busy:  # noqa: ASYNC110  it happens elsewhere
            await asyncio.sleep(0.01)
        async with app.storage.view() as view:
            summaries = await view.digests.summaries(name)
            [post] = (await view.digests.sentences(summaries[0].id))[-1].posts
        sender = Sender(fediverse, app)
        await delete(sender, post)
        async with asyncio.timeout(60):
            while not (await counted(app, app.uris.object(name))).get("Update"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        freed.set()
        async with asyncio.timeout(60):
            while len(told := kinds(order, app.uris.object(name))) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await runner.cleanup()
    assert told == ["Create", "Update"]


def kinds(order: list[tuple[str, Any]], uri: str) -> list[str]:
    """Return the types of the activities that hold one of our objects, as they arrived."""
    return [kind for kind, thing in order if isinstance(thing, dict) and thing["id"] == uri]


async def counted(app: Any, uri: str) -> dict[str, int]:
    """Count our activities about one of our objects, by type."""
    async with app.storage.view() as view:
        rows = await view.activities.of_object(uri)
    found = [row.type for row in rows]
    return {kind: found.count(kind) for kind in found}
