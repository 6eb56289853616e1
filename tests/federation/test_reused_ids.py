"""Servers that give several activities one id: of a post, or each time somebody follows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.demo.show import HANDLE
from storage import tables
from storage.received import passed_on, under_the_id
from tests.federation.hosts import JSON, hosts
from tests.federation.instance import post_to, running, until
from tests.federation.persons import PRIVATE, Person, Scene
from tests.federation.sender import handled


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), running(tmp_path) as (_, app, _):
        yield Scene(net, app)


async def accepts(person: Person) -> list[dict[str, Any]]:
    """Return what the person's server has got of Accepts, each once."""
    net = person.net
    came = [orjson.loads(body) for key, _, body in net.posted if key == f"{person.path}/inbox"]
    return list({it["id"]: it for it in came if it["type"] == "Accept"}.values())


async def test_create_edits_and_delete_of_a_post_under_its_own_id(scene: Scene) -> None:
    """As WriteFreely sends them."""
    person = await scene.person("home", since=timedelta())
    note = person.note()
    uri = note["id"]
    await scene.read(person, note)
    await person.send("Create", note, id=uri)
    await handled(scene.app, uri)
    for words in ("Something else altogether.", "The third version is the last one."):

        async def is_edited(words: str = words) -> bool:
            return await scene.text(note) == words

        await person.send("Update", {**note, "content": f"<p>{words}</p>"}, id=uri)
        await until(is_edited)
    await person.send("Delete", note, id=uri)
    assert await handled(scene.app, under_the_id(uri, "Delete")) == "erased"
    assert await scene.text(note) == ""


async def test_who_follows_leaves_and_follows_again_under_the_same_ids(scene: Scene) -> None:
    """As Misskey and Pixelfed send it."""
    person = await scene.person("home", since=timedelta())
    follow = {"id": f"{person.id}/follows/us", "type": "Follow", "actor": person.id}
    undo = f"{follow['id']}/undo"

    async def left() -> bool:
        return not await person.follows()

    for times in (1, 2, 3):
        await person.send("Follow", person.bot, id=follow["id"])
        await until(person.follows)

        async def answered(times: int = times) -> bool:
            return len(await accepts(person)) == times

        await until(answered)
        await person.send("Undo", {**follow, "object": person.bot}, id=undo)
        await until(left)
    assert {it["object"]["id"] for it in await accepts(person)} == {follow["id"]}


async def test_what_was_caught_and_is_sent_again_does_not_count(scene: Scene) -> None:
    person = await scene.person("home", since=timedelta())
    inbox = scene.app.uris.shared_inbox
    follow = {"id": f"{person.id}#f", "type": "Follow", "actor": person.id, "object": person.bot}
    body = orjson.dumps(follow)
    signed = cavage.sign(
        SigningKey(f"{person.id}#key", PRIVATE), "POST", inbox, now=datetime.now(UTC), body=body
    )
    headers = {**signed, "Content-Type": JSON}
    assert await post_to(inbox, headers, body) == 202
    assert await handled(scene.app, follow["id"]) == "accepted"
    assert await person.outcome("Undo", follow) == "undone"
    assert await post_to(inbox, headers, body) == 202
    async with scene.app.storage.view() as view:
        row = await view.received.get(follow["id"])
        assert row is not None
        assert row.handled_at is not None, "it does not wait to be handled once more"
        assert await view.follows.get_follower(HANDLE, person.id) is None


async def test_two_accounts_that_share_a_key_say_the_same_at_the_same_time(scene: Scene) -> None:
    """A signature does not say whose key made it."""
    author = await scene.person("home", since=timedelta())
    relay = await scene.person("home", "relay", since=timedelta())
    following = tables.Following(
        bot=HANDLE, actor_id=relay.id, follow_id="x", inbox=f"{relay.id}/inbox",
        state="accepted", asked_at=scene.app.clock.now(),
    )  # fmt: skip
    async with scene.app.storage.unit() as unit:
        await unit.follows.ask(following)
    inbox, now = scene.app.uris.shared_inbox, datetime.now(UTC)
    uri, about = f"{author.id}#c", {"actor": author.id, "object": author.note()}
    body = orjson.dumps({"id": uri, "type": "Create", **about})
    for person in (author, relay):
        key = SigningKey(f"{person.id}#key", PRIVATE)
        headers = cavage.sign(key, "POST", inbox, now=now, body=body)
        assert await post_to(inbox, {**headers, "Content-Type": JSON}, body) == 202
    async with scene.app.storage.view() as view:
        for known_as in (uri, passed_on(uri, relay.id)):
            assert await view.received.get(known_as) is not None
