"""What a followed server says of our followings (FEP-8fcf): heeded, at little cost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from activitypub.client import Client
from bot.demo.show import HANDLE
from bot.reading.following import MOST_PAGES
from storage import tables
from tests.federation.hosts import JSON, Hosts, hosts
from tests.federation.instance import running
from tests.federation.sender import Sender, handled


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[Sender, Hosts, Client]]:
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, client):
        yield Sender(fediverse, app), net, client


async def test_a_digest_that_changes_with_each_delivery_is_looked_at_once(
    scene: tuple[Sender, Hosts, Client],
) -> None:
    sender, _, _ = scene
    app, me = sender.app, sender.documents.actor_id("ines")
    await app.following.follow(me, HANDLE)
    app._inbox._followed.clear()  # whom we follow is remembered for half a minute
    for number in range(20):
        like = {"id": f"{me}#like-{number}", "type": "Like", "actor": me, "object": me}
        headers, body = sender.signed(like)
        told = f'collectionId="{me}/followers", url="{me}/followers", digest="{number:064x}"'
        assert (await sender.post({**headers, "Collection-Synchronization": told}, body))[0] == 202
        await handled(app, like["id"])
    async with app.storage.view() as view:
        jobs = await view.jobs._transaction.all(  # type: ignore[attr-defined]
            tables.Job,
            select(tables.Job).where(tables.Job.kind == "compare"),  # type: ignore[arg-type]
        )
    assert len(jobs) in {1, 2}, "two, when the hour has struck meanwhile"


async def test_a_list_without_end_is_left_and_nothing_follows_from_it(
    scene: tuple[Sender, Hosts, Client],
) -> None:
    sender, net, _ = scene
    app, someone = sender.app, net.url("big", "/u/a")
    row = tables.Following(
        bot=HANDLE, actor_id=someone, follow_id=f"{app.uris.base}/f", inbox=f"{someone}/inbox",
        state="accepted", asked_at=app.clock.now(),
    )  # fmt: skip
    async with app.storage.unit() as unit:
        await unit.follows.ask(row)

    def page(number: int) -> web.Response:
        more = net.put("big", f"/list/{number + 1}", lambda _: page(number + 1))
        uri = net.url("big", f"/list/{number}")
        document = {"id": uri, "type": "CollectionPage", "items": [f"{uri}/x"], "next": more}
        return web.json_response(document, content_type=JSON)

    start = net.put("big", "/list/0", lambda _: page(0))
    await app.following.compare(someone, start, "0" * 64)
    assert net.asked.total() == MOST_PAGES
    async with app.storage.view() as view:
        assert await view.follows.get_following(HANDLE, someone) == row
