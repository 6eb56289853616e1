"""Updates and Deletes that do not say all themselves: whoever they are of is asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.demo.show import HANDLE
from storage import tables
from tests.federation.hosts import hosts
from tests.federation.instance import running, until
from tests.federation.persons import Person, Scene

EDITED = "Something else altogether."


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), running(tmp_path) as (_, app, _):
        yield Scene(net, app)


def path(person: Person, note: dict[str, Any]) -> str:
    return str(note["id"]).partition(f":{person.net.port}")[2]


def gone(person: Person, note: dict[str, Any]) -> None:
    person.net.put(person.host, path(person, note), lambda request: web.Response(status=410))


async def is_followed(scene: Scene, person: Person) -> None:
    row = tables.Following(
        bot=HANDLE, actor_id=person.id, follow_id="x", inbox=f"{person.id}/inbox",
        state="accepted", asked_at=scene.app.clock.now(),
    )  # fmt: skip
    async with scene.app.storage.unit() as unit:
        await unit.follows.ask(row)


@pytest.mark.parametrize("form", ["its id", "without an author", "a Tombstone", "of a moderator"])
async def test_at_a_post_of_which_an_update_says_that_it_changed(scene: Scene, form: str) -> None:
    person = await scene.person("home", since=timedelta())
    moderator = await scene.person("home", "mod", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    new = {**note, "content": f"<p>{EDITED}</p>"}
    person.net.put("home", path(person, note), new)
    said: Any = {
        "its id": note["id"],
        "without an author": {k: v for k, v in new.items() if k != "attributedTo"},
        "a Tombstone": {"id": note["id"], "type": "Tombstone"},
        "of a moderator": new,
    }[form]
    sender = moderator if form == "of a moderator" else person
    assert await sender.outcome("Update", said) == "looking again"

    async def is_edited() -> bool:
        return await scene.text(note) == EDITED

    await until(is_edited)


@pytest.mark.parametrize("kind", ["Update", "Delete"])
async def test_not_at_the_word_of_another_server(scene: Scene, kind: str) -> None:
    person = await scene.person("home", since=timedelta())
    other = await scene.person("elsewhere", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    assert await other.outcome(kind, note["id"]) == "ignored"
    assert await other.outcome(kind, {"id": note["id"], "type": "Tombstone"}) == "ignored"


async def test_at_a_post_that_a_moderator_of_its_server_deletes(scene: Scene) -> None:
    person = await scene.person("home", since=timedelta())
    moderator = await scene.person("home", "mod", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    tombstone = {"id": note["id"], "type": "Tombstone"}
    gone(person, note)
    assert await moderator.outcome("Delete", tombstone) == "looking again"
    await scene.erased(note)


async def test_at_a_post_that_is_still_there(scene: Scene) -> None:
    person = await scene.person("home", since=timedelta())
    other = await scene.person("home", "other", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    asked = f"home{path(person, note)}"
    before = person.net.asked[asked]
    assert await other.outcome("Delete", note["id"]) == "looking again"

    async def is_asked() -> bool:
        return person.net.asked[asked] > before

    await until(is_asked)
    async with scene.app.storage.view() as view:
        stored = await view.posts.get(note["id"])
    assert stored is not None
    assert stored.erased_at is None, "its server says that it is there"


@pytest.mark.parametrize("how", ["Undo", "Remove"])
async def test_at_what_a_group_does_not_hand_on_any_more(scene: Scene, how: str) -> None:
    person = await scene.person("home", since=timedelta())
    group = await scene.person("group", since=timedelta())
    await is_followed(scene, group)
    note = person.note()
    await scene.read(person, note)
    gone(person, note)
    if how == "Undo":
        announce = {"id": f"{group.id}/1", "type": "Announce", "actor": group.id}
        outcome = await group.outcome("Undo", {**announce, "object": note["id"]})
    else:
        remove = {"id": f"{person.id}/r", "type": "Remove", "actor": person.id}
        outcome = await group.outcome("Announce", {**remove, "object": note["id"]})
    assert outcome == "looking again"
    await scene.erased(note)


async def test_at_a_profile_of_which_only_the_id_is_said(scene: Scene) -> None:
    person = await scene.person("home", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    person.net.put("home", "/u/a", {**person.profile(), "summary": "<p>#nobots</p>"})
    assert await person.outcome("Update", person.id) == "looking again"
    await scene.erased(note)


async def test_a_former_profile_that_comes_late_does_not_permit_anything(scene: Scene) -> None:
    person = await scene.person("home", since=timedelta())
    former = person.profile()
    present = {**former, "summary": "<p>#nobots</p>"}
    person.net.put("home", "/u/a", present)
    assert await person.outcome("Update", present) == "updated"
    before = person.net.asked[person.path]
    assert await person.outcome("Update", former) == "updated"
    await person.asked(before)

    async def refuses() -> bool:
        async with scene.app.storage.view() as view:
            known = await view.actors.get(person.id)
        return known is not None and "nobots" in str(known.document)

    await until(refuses)


async def test_once_more_when_something_is_said_after_the_look(scene: Scene) -> None:
    """What the look saw may be older than what is said now."""
    person = await scene.person("home", since=timedelta())
    other = await scene.person("home", "other", since=timedelta())
    note = person.note()
    await scene.read(person, note)
    for _ in range(3):
        said = scene.app.clock.now()
        assert await other.outcome("Delete", note["id"]) == "looking again"
        async with scene.app.storage.view() as view:
            looks = [job for job in await view.jobs.naming(note["id"]) if job.kind == "recheck"]
        assert max(job.run_at for job in looks) >= said
    assert len(looks) <= 3
