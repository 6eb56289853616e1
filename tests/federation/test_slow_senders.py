"""A server that does not answer holds up its own people, and never what is taken back."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

from activitypub.ports import Clock
from activitypub.uris import Uris
from bot.app import Fedigest
from bot.building import SystemClock
from bot.demo.show import HANDLE
from storage import Storage
from tests.federation.bot_process import BotProcess
from tests.federation.hosts import hosts
from tests.federation.instance import running, sample_fediverse
from tests.federation.persons import Person, Scene
from tests.federation.sender import handled


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), running(tmp_path) as (_, app, _):
        yield Scene(net, app)


async def test_a_slow_server_holds_up_nobody_else(scene: Scene) -> None:
    slow, quick = await scene.person("slow"), await scene.person("quick")
    author = await scene.person("home", since=timedelta())
    note = author.note()
    await scene.read(author, note)
    freed = slow.hold()
    follow = await slow.follow()
    await slow.asked()
    assert await quick.outcome("Follow", quick.bot) == "accepted"
    assert quick.net.asked[quick.path] == 1, "the profile was too old, and was asked for"
    assert await author.outcome("Delete", note["id"]) == "erased"
    assert await scene.text(note) == ""
    assert await scene.waits(follow)
    freed.set()
    assert await handled(scene.app, follow) == "accepted"
    assert await slow.follows()


@pytest.mark.parametrize("how", ["undo", "undo by id", "block", "leave"])
async def test_a_follow_that_waits_is_taken_back_at_once(scene: Scene, how: str) -> None:
    slow = await scene.person("slow")
    freed = slow.hold()
    follow = await slow.follow()
    await slow.asked()
    whole = {"id": follow, "type": "Follow", "actor": slow.id, "object": slow.bot}
    kind, thing, outcome = {
        "undo": ("Undo", whole, "undone"),
        "undo by id": ("Undo", follow, "undone"),
        "block": ("Block", slow.bot, "left out"),
        "leave": ("Delete", slow.id, "erased"),
    }[how]
    assert await slow.outcome(kind, thing) == outcome
    assert not await scene.waits(follow)
    freed.set()
    other = await scene.person("quick")
    assert await other.outcome("Follow", other.bot) == "accepted"
    assert not await slow.follows()
    assert scene.app._inbox.waiting["slow.localhost:" + str(scene.net.port)] == 0


async def test_who_follows_again_after_an_undo_is_a_follower(scene: Scene) -> None:
    slow = await scene.person("slow")
    freed = slow.hold()
    first = await slow.follow()
    await slow.asked()
    assert await slow.outcome("Undo", first) == "undone"
    second = await slow.follow()
    freed.set()
    assert await handled(scene.app, second) == "accepted"
    assert await handled(scene.app, first) == "undone"
    assert await slow.follows()


async def test_a_request_that_waits_is_dropped_when_it_is_deleted(scene: Scene) -> None:
    slow = await scene.person("slow")
    freed = slow.hold()
    note = slow.request("digest")
    create = await slow.send("Create", note)
    await slow.asked()
    assert await slow.outcome("Delete", note["id"]) == "deleted"
    freed.set()
    assert await handled(scene.app, create) == "deleted"
    async with scene.app.storage.view() as view:
        assert await view.answers.get(note["id"]) is None


async def test_a_request_that_waits_is_heard_as_it_was_edited(scene: Scene) -> None:
    slow = await scene.person("slow")
    freed = slow.hold()
    note = slow.request("digest")
    create = await slow.send("Create", note)
    await slow.asked()
    edited = {**note, "content": f"<p>@{HANDLE} leave me out</p>"}
    await slow.outcome("Update", edited)
    freed.set()
    assert await handled(scene.app, create) == "asked"
    async with scene.app.storage.view() as view:
        choice = await view.choices.get(slow.id)
    assert choice is not None
    assert choice.choice == "exclude"


async def test_an_edit_does_not_wait_for_the_profile_of_its_author(scene: Scene) -> None:
    author = await scene.person("home")
    note = author.note()
    await scene.read(author, note)
    before = author.net.asked[author.path]
    await forget(scene, author)
    await author.known(timedelta(days=3))
    freed = author.hold()
    edited = {**note, "content": "<p>Something else altogether.</p>"}
    assert await author.outcome("Update", edited) == "updated"
    assert await scene.text(note) == "Something else altogether."
    narrowed = {**edited, "to": [f"{author.id}/followers"]}
    assert await author.outcome("Update", narrowed) == "erased"
    assert await scene.text(note) == ""
    await author.asked(before)  # beside it, the profile is looked at again
    freed.set()


async def test_who_wants_to_be_left_out_does_not_wait_for_their_own_server(scene: Scene) -> None:
    slow = await scene.person("slow")
    note = slow.note()
    await scene.read(slow, note)
    await forget(scene, slow)
    await slow.known(timedelta(days=3))
    freed = slow.hold()
    assert await slow.outcome("Create", slow.request("leave me out")) == "asked"
    assert await scene.text(note) == ""
    freed.set()


async def forget(scene: Scene, person: Person) -> None:
    """Let the bot not know somebody's profile; their key it remembers for a moment."""
    async with scene.app.storage.unit() as unit:
        await unit.actors.remove(person.id)


async def unknown(scene: Scene, host: str) -> Person:
    """Return somebody whose key is known and whose profile is not."""
    person = await scene.person(host)
    await person.outcome("Like", person.bot)
    await forget(scene, person)
    return person


async def test_a_follow_of_somebody_who_cannot_be_fetched_just_now_is_not_lost(
    scene: Scene,
) -> None:
    person = await unknown(scene, "ill")
    scene.net.put("ill", "/u/a", lambda request: web.Response(status=503))
    follow = await person.follow()
    async with asyncio.timeout(60):
        while True:
            async with scene.app.storage.view() as view:
                row = await view.received.get(follow)
            if row and row.attempts and row.error and "503" in row.error:
                break
            await asyncio.sleep(0.01)
    assert await scene.waits(follow)
    scene.net.put("ill", "/u/a", person.profile())
    assert await handled(scene.app, follow) == "accepted"
    assert await person.follows()


@pytest.mark.parametrize("status", [404, 410])
async def test_a_follow_of_somebody_who_is_gone_is_ignored(scene: Scene, status: int) -> None:
    person = await unknown(scene, "gone")
    scene.net.put("gone", "/u/a", lambda request: web.Response(status=status))
    assert await person.outcome("Follow", person.bot) == "ignored"


async def test_more_of_a_slow_server_than_is_asked_for_waits_for_its_turn(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.lookups.MOST_OF_HOST", 2)
    monkeypatch.setattr("bot.inbox.inbound.ASIDE", timedelta(seconds=0.3))
    people = [await scene.person("slow", f"p{number}") for number in range(5)]
    freed = [person.hold() for person in people]
    follows = [await person.follow() for person in people]
    await people[0].asked()
    quick = await scene.person("quick")
    assert await quick.outcome("Follow", quick.bot) == "accepted"
    assert all([await scene.waits(follow) for follow in follows])
    for event in freed:
        event.set()
    assert {await handled(scene.app, follow) for follow in follows} == {"accepted"}
    assert all([await person.follows() for person in people])


@dataclass
class Outside:
    """What `Person` needs of an instance that runs as a process of its own."""

    uris: Uris
    storage: Storage
    clock: Clock


@pytest.mark.slow
async def test_what_was_set_aside_is_gone_on_with_after_a_crash(tmp_path: Path) -> None:
    async with (
        sample_fediverse() as fediverse,
        hosts() as (net, _),
    ):
        bot = BotProcess.prepare(tmp_path, fediverse, "03:00")
        await bot.start()
        storage = await Storage.open(bot.database, migrate=False)
        try:
            app = cast("Fedigest", Outside(bot.uris, storage, SystemClock()))
            slow = await Person(net, app, "slow").known()
            freed = slow.hold()
            follow = await slow.follow()
            await slow.asked()
            await bot.kill_and_start()
            freed.set()
            assert await handled(app, follow) == "accepted"
            assert await slow.follows()
        finally:
            await storage.close()
            await bot.end(signal.SIGKILL)
