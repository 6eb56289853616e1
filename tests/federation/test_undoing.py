"""Undo takes back what it is of, and nothing that came after that."""

from pathlib import Path
from typing import Any

import pytest

from bot.demo.show import HANDLE
from tests.federation.instance import running
from tests.federation.sender import Sender, handled


async def outcomes(sender: Sender, *activities: dict[str, Any]) -> list[str]:
    """Send activities of ines one by one; return what came of each."""
    found = []
    for activity in activities:
        assert (await sender.post(*sender.signed(activity)))[0] == 202
        found.append(await handled(sender.app, activity["id"]))
    return found


def undo(thing: Any, number: int = 1) -> dict[str, Any]:
    whole = thing if isinstance(thing, dict) else {"id": thing}
    actor = whole["id"].partition("#")[0]
    return {"id": f"{actor}#undo-{number}", "type": "Undo", "actor": actor, "object": thing}


def block(sender: Sender, number: int = 1, of: str = "") -> dict[str, Any]:
    me = sender.documents.actor_id("ines")
    of = of or sender.app.uris.actor(HANDLE)
    return {"id": f"{me}#block-{number}", "type": "Block", "actor": me, "object": of}


async def is_blocking(sender: Sender) -> bool:
    async with sender.app.storage.view() as view:
        return bool(await view.choices.blocking([sender.documents.actor_id("ines")]))


@pytest.mark.parametrize("bare", [False, True])
async def test_of_a_follow(tmp_path: Path, bare: bool) -> None:  # noqa: FBT001
    """An Undo of a former Follow, held up on its way, leaves the present one."""
    async with running(tmp_path) as (fediverse, app, _):
        sender = Sender(fediverse, app)
        one, two = sender.follow(number=1), sender.follow(number=2)
        late = undo(one["id"] if bare else one)
        assert await outcomes(sender, one, two, late) == ["accepted", "accepted", "ignored"]
        async with app.storage.view() as view:
            assert await view.follows.count_followers(HANDLE) == 1
        last = undo(two["id"] if bare else two, 2)
        assert await outcomes(sender, last) == ["undone"]
        async with app.storage.view() as view:
            assert await view.follows.count_followers(HANDLE) == 0


async def test_of_a_follow_under_an_id_that_was_never_told(tmp_path: Path) -> None:
    """Some servers make up a new id for the Follow that they undo."""
    async with running(tmp_path) as (fediverse, app, _):
        sender = Sender(fediverse, app)
        follow, unknown = sender.follow(), sender.follow(number=99)
        assert await outcomes(sender, follow, undo(unknown)) == ["accepted", "undone"]


@pytest.mark.parametrize("form", ["embedded", "bare", "without its object"])
async def test_of_a_block(tmp_path: Path, form: str) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        sender = Sender(fediverse, app)

        def put(thing: dict[str, Any]) -> Any:
            short = {"id": thing["id"], "type": "Block"}
            return {"embedded": thing, "bare": thing["id"], "without its object": short}[form]

        one, two = block(sender, 1), block(sender, 2)
        assert await outcomes(sender, one, two) == ["left out", "left out"]
        assert await outcomes(sender, undo(put(one), 1)) == ["ignored"]
        assert await is_blocking(sender), "the present Block was not undone"
        assert await outcomes(sender, undo(put(two), 2)) == ["undone"]
        assert not await is_blocking(sender)
        assert await outcomes(sender, undo(put(two), 3)) == ["ignored"]


async def test_who_blocks_two_of_us_and_unblocks_one_is_left_out(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        sender = Sender(fediverse, app)
        both = block(sender, 1), block(sender, 2, of=app.uris.instance_actor)
        assert await outcomes(sender, *both, undo(both[0])) == ["left out", "left out", "undone"]
        assert await is_blocking(sender)
        elsewhere = block(sender, 3, of=sender.documents.actor_id("bo"))
        assert await outcomes(sender, undo(elsewhere, 2)) == ["ignored"]
        assert await outcomes(sender, undo(both[1], 3)) == ["undone"]
        assert not await is_blocking(sender)
