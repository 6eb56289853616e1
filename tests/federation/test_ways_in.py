"""What we follow brings posts to our inbox: groups, tag actors, relays of both styles, accounts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from activitypub.vocab import PUBLIC
from bot.app import Fedigest
from bot.demo.show import HANDLE
from storage import tables
from tests.federation.conftest import start_fedify
from tests.federation.fedify_peer import FedifyPeer
from tests.federation.instance import fetch, running
from tests.federation.sender import Sender, handled


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def finding(app: Fedigest, uri: str, state: str = "read") -> tables.Finding:
    """Wait until a post was found and has come to this state."""
    seen = None
    for _ in range(1200):
        async with app.storage.view() as view:
            seen = await view.findings.get(HANDLE, uri)
        if seen is not None and seen.state == state:
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(f"{uri} is {seen and seen.state}, not {state}")


async def added(app: Fedigest, kind: str, address: str, tag: str | None = None) -> str:
    """Add a source and ask it once."""
    watcher = app.parts.watcher
    key = await watcher.add(kind, HANDLE, address, tag)
    await watcher.poll(key)
    app.deliverer.wake()
    async with app.storage.view() as view:
        state = await view.sources.get(key)
    assert state is not None
    assert state.error is None, state.error
    return key


@pytest.mark.node
@pytest.mark.parametrize("whole", [False, True], ids=["its id", "the whole Create"])
async def test_a_group_that_others_wrote(
    sender: Sender,
    fedify_peer: FedifyPeer,
    tmp_path: Path,
    whole: bool,  # noqa: FBT001
) -> None:
    app, person = sender.app, fedify_peer
    group = await start_fedify("openweights", tmp_path / "group.log", "Group")
    try:
        key = await added(app, "group", group.actor)
        await group.wait_for_follower(app.uris.actor(HANDLE))
        note = await person.note("<p>Are weights without data open?</p>")
        await group.announce(note, whole=whole)
        found = await finding(app, note)
        assert found.source == key
        async with app.storage.view() as view:
            post, state = await view.posts.get(note), await view.sources.get(key)
        assert post is not None
        assert post.via == key
        assert state is not None
        assert (state.found, state.actor_id) == (1, group.actor)
        status, page = await fetch(f"{app.uris.base}/sources")
        assert (status, group.actor in page, "following" in page) == (200, True, True)
        await app.parts.watcher.remove(key)
        app.deliverer.wake()
        await group.wait_for(lambda activity: activity["type"] == "Undo")
        assert await group.followers() == []
    finally:
        await group.stop()


@pytest.mark.node
async def test_a_tag_actor_that_others_wrote(
    sender: Sender, fedify_peer: FedifyPeer, tmp_path: Path
) -> None:
    app = sender.app
    actor = await start_fedify("openweights", tmp_path / "tag.log", "Service")
    try:
        key = await added(app, "tag-actor", actor.actor)
        await actor.wait_for_follower(app.uris.actor(HANDLE))
        note = await fedify_peer.note("<p>New weights</p>", hashtags=("openweights",))
        await actor.announce(note)
        found = await finding(app, note)
        assert (found.source, found.tag) == (key, "openweights")
    finally:
        await actor.stop()


@pytest.mark.node
async def test_a_litepub_relay_may_follow_back_and_only_our_tags_are_kept(
    sender: Sender, fedify_peer: FedifyPeer, tmp_path: Path
) -> None:
    app, bot = sender.app, sender.app.uris.actor(HANDLE)
    relay = await start_fedify("relay", tmp_path / "relay.log", "Service")
    try:
        key = await added(app, "relay", relay.actor)
        await relay.wait_for_follower(bot)
        await relay.follow(bot)
        await relay.wait_for(lambda activity: activity["type"] == "Accept")
        async with app.storage.view() as view:
            followers = await view.follows.followers(HANDLE, 100)
        assert relay.actor not in {follower.actor_id for follower in followers}
        ours = await fedify_peer.note("<p>Weights</p>", hashtags=("OpenWeights",))
        other = await fedify_peer.note("<p>Cats</p>", hashtags=("cats",))
        for note in (ours, other):
            await relay.announce(note)
        assert (await finding(app, ours)).source == key
        await finding(app, other, "refused")
        async with app.storage.view() as view:
            assert await view.posts.get(other) is None
    finally:
        await relay.stop()


async def test_a_relay_of_mastodons_style_from_handshake_to_farewell(sender: Sender) -> None:
    app = sender.app
    relay, inbox = sender.documents.actor_id("ines"), f"{sender.documents.actor_id('ines')}/inbox"
    key = await added(app, "relay", inbox)
    async with app.storage.view() as view:
        asked = await view.follows.get_following(HANDLE, inbox)
        assert asked is not None
        sent = await view.activities.get(asked.follow_id)
    assert sent is not None
    assert sent.document["object"] == PUBLIC
    await accept(sender, "ines", asked.follow_id)
    async with app.storage.view() as view:
        state, following = await view.sources.get(key), await view.follows.all_following()
    assert state is not None
    assert state.actor_id == relay
    assert (relay, "accepted") in {(row.actor_id, row.state) for row in following}
    ada = sender.documents.actor_id("ada")
    outcomes = []
    for number, tag in enumerate(("#openweights", "#cats", "#OpenAI")):
        note = {
            "id": f"{ada}/relayed/{number}", "type": "Note", "attributedTo": ada, "to": [PUBLIC],
            "content": "<p>x</p>", "tag": [{"type": "Hashtag", "name": tag}],
        }  # fmt: skip
        create: dict[str, Any] = {
            "id": f"{note['id']}#c",
            "type": "Create",
            "actor": ada,
            "object": note,
        }
        assert (await sender.post(*sender.signed(create)))[0] == 202
        outcomes.append(await handled(app, create["id"], relay))
    assert outcomes == ["found", "off topic", "found"]
    async with app.storage.view() as view:
        found = await view.findings.get(HANDLE, f"{ada}/relayed/0")
    assert found is not None
    assert found.source == key
    await app.parts.watcher.remove(key)
    async with app.storage.view() as view:
        assert relay not in {row.actor_id for row in await view.follows.all_following()}
    [undo] = await arrived(sender, "Undo")
    assert undo["object"]["object"] == PUBLIC


async def arrived(sender: Sender, kind: str) -> list[Any]:
    """Wait for activities of a type at the servers of the sample fediverse."""
    sender.app.deliverer.wake()
    for _ in range(1200):
        everything = [a.document for s in sender.servers.values() for a in s.received]
        found = [activity for activity in everything if activity["type"] == kind]
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {kind} arrived")


async def test_nobody_else_can_accept_for_a_relay(sender: Sender) -> None:
    app = sender.app
    inbox = f"{sender.documents.actor_id('ines')}/inbox"
    key = await added(app, "relay", inbox)
    async with app.storage.view() as view:
        asked = await view.follows.get_following(HANDLE, inbox)
    assert asked is not None
    await accept(sender, "marek", asked.follow_id)
    async with app.storage.view() as view:
        state = await view.sources.get(key)
        still = await view.follows.get_following(HANDLE, inbox)
    assert state is not None
    assert state.actor_id is None
    assert still is not None
    assert still.state == "asked"


async def accept(sender: Sender, person: str, follow_id: str) -> None:
    me = sender.documents.actor_id(person)
    activity: dict[str, Any] = {
        "id": f"{me}#accept", "type": "Accept", "actor": me, "object": follow_id,
    }  # fmt: skip
    assert (await sender.post(*sender.signed(activity, person)))[0] == 202
    await handled(sender.app, activity["id"])


async def test_a_paused_source_is_neither_asked_nor_heard(sender: Sender) -> None:
    app = sender.app
    key = await added(app, "account", sender.documents.actor_id("ines"))
    await app.parts.watcher.pause(key, paused=True)
    outcomes = []
    for number in range(2):
        me = sender.documents.actor_id("ines")
        note = {"id": f"{me}/n/{number}", "type": "Note", "attributedTo": me, "content": "x"}
        create: dict[str, Any] = {
            "id": f"{me}/c/{number}",
            "type": "Create",
            "actor": me,
            "object": note,
        }
        await sender.post(*sender.signed(create))
        outcomes.append(await handled(app, create["id"]))
        await app.parts.watcher.pause(key, paused=False)
    assert outcomes == ["off topic", "found"]


async def test_who_rejects_us_is_left_alone_and_that_is_said(sender: Sender) -> None:
    app = sender.app
    me = sender.documents.actor_id("ines")
    key = await added(app, "account", me)
    async with app.storage.view() as view:
        asked = await view.follows.get_following(HANDLE, me)
    assert asked is not None
    follow = {"id": asked.follow_id, "type": "Follow", "actor": app.uris.actor(HANDLE)}
    await handled(app, f"{me}#accept")
    reject: dict[str, Any] = {
        "id": f"{me}#no",
        "type": "Reject",
        "actor": me,
        "object": {**follow, "object": me},
    }
    await sender.post(*sender.signed(reject))
    assert await handled(app, reject["id"]) == "rejected"
    await app.parts.watcher.poll(key)
    async with app.storage.view() as view:
        state = await view.sources.get(key)
        counts = [row for row in await view.follows.all_following() if row.actor_id == me]
    assert state is not None
    assert "does not want to be followed" in (state.error or "")
    assert [row.follow_id for row in counts] == [asked.follow_id]
