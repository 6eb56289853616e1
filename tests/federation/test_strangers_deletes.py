"""Deletes of what nobody here knows cost nothing, unless it is being fetched at that moment."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.demo.show import HANDLE
from tests.federation.hosts import JSON, PUBLIC, Hosts, hosts
from tests.federation.instance import running
from tests.federation.sender import Sender, handled
from tests.federation.test_verifying import Stranger


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[Sender, Hosts]]:
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, _c):
        yield Sender(fediverse, app), net


async def delete(someone: Stranger, uri: str) -> str:
    """Let somebody delete a post; return the id of the Delete."""
    tombstone = {"id": uri, "type": "Tombstone"}
    status = await someone.say(id=f"{uri}#delete", type="Delete", object=tombstone)
    assert status == 202
    return f"{uri}#delete"


async def test_by_the_hundred(scene: tuple[Sender, Hosts]) -> None:
    sender, net = scene
    people = [Stranger(sender, net, "far", str(number)).serve() for number in range(100)]
    told = [await delete(someone, f"{someone.id}/s/1") for someone in people]
    assert net.asked.total() == 0
    assert await sender.stored(*told) == []
    async with sender.app.storage.view() as view:
        assert await view.actors.get_many([someone.id for someone in people]) == {}


@pytest.mark.parametrize("what", ["the post", "its account"])
@pytest.mark.parametrize("where", ["by itself", "within its thread"])
async def test_of_a_post_that_is_being_fetched(
    scene: tuple[Sender, Hosts], where: str, what: str
) -> None:
    sender, net = scene
    app = sender.app
    ada = Stranger(sender, net, "home", "ada").serve(indexable=True)
    bo = Stranger(sender, net, "home", "bo").serve(indexable=True)
    listing, gone = net.url("home", "/n/1/replies"), net.url("home", "/n/2")
    root = net.note("home", "/n/1", attributedTo=ada.id, content="One more model.", replies=listing)
    reply = {
        "id": gone, "type": "Note", "attributedTo": bo.id, "to": PUBLIC, "inReplyTo": root,
        "content": "What was said and is taken back.",
    }  # fmt: skip

    async def answer(document: Any) -> web.Response:
        """Answer with what was there when we were asked, after it was deleted."""
        await delete(bo, thing)
        return web.json_response(document, content_type=JSON)

    alone, thing = where == "by itself", gone if what == "the post" else bo.id
    items = {"id": listing, "type": "Collection", "items": [gone if alone else reply]}
    net.put("home", "/n/1/replies", items if alone else lambda _: answer(items))
    net.put("home", "/n/2", (lambda _: answer(reply)) if alone else reply)
    if thing == bo.id:  # an account that nobody here knows may go unheard
        await app.parts.authors.learn([bo.id])
    await app.parts.conversations.read(root, bot=HANDLE, aliases=set())
    assert await handled(app, f"{thing}#delete") in {"ignored", "erased"}
    async with app.storage.view() as view:
        kept, lost = await view.posts.get(root), await view.posts.get(gone)
    assert kept is not None
    assert kept.text
    assert lost is None or not lost.text
    # Afterwards its server is one of many again.
    asked = net.asked.total()
    later = Stranger(sender, net, "home", "chen").serve()
    assert await sender.stored(await delete(later, f"{later.id}/s/1")) == []
    assert net.asked.total() == asked
