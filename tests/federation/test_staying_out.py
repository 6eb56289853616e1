"""Who is left out stays out: no reading, slow answer or new account brings anything back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost
from bot.summary.remembering import StoredMemory
from storage import tables
from tests.federation.hosts import hosts
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene, meanwhile


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        planted = Scene(net, storage, made)
        planted.plant()
        yield planted


def person(scene: Scene, who: str, **more: Any) -> dict[str, Any]:
    """Let `who` have this profile from now on."""
    me = scene.net.url("home", f"/u/{who}")
    known = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
    document = {**known, "preferredUsername": who, "name": who, **more}
    scene.net.put("home", f"/u/{who}", document)
    return document


async def read_later(scene: Scene) -> None:
    """Read the thread once more, as when it is due again."""
    async with scene.storage.unit() as unit:
        thread = await unit.threads.get(scene.uri("a"))
        assert thread is not None
        assert thread.read_at is not None
        thread.read_at -= timedelta(hours=1)
        await unit.threads.put(thread)
    scene.made.provenance._deleted.clear()  # as after a restart
    await scene.made.conversations.found("news", scene.uri("a"))


async def test_leaving_while_the_thread_is_read_counts(scene: Scene) -> None:
    me = scene.net.url("home", "/u/b")
    async with meanwhile(
        scene.made.conversations._ingest, "sift", lambda: scene.made.people.choose(me, "exclude")
    ):
        await scene.read()
    assert [await scene.text(who) for who in "bc"] == ["", SAYINGS["c"]]


async def test_a_thread_that_its_author_closed_is_not_read_again(scene: Scene) -> None:
    await scene.read()
    now = scene.made.digests._clock.now()
    row = tables.Choice(actor_id=scene.uri("a"), choice="exclude", how="not here", at=now)
    async with scene.storage.unit() as unit:
        await unit.choices.set(row)
        mine = [post.id for post in await unit.posts.in_thread(scene.uri("a"))]
        await scene.made.provenance.erase(unit, mine)
    await read_later(scene)
    assert [await scene.text(who) for who in "abcd"] == [""] * 4
    # Nor by way of a reply that nobody had seen.
    scene.note("e", "Something new about the licence.")
    person(scene, "e")
    await scene.made.conversations.found("news", scene.uri("e"))
    assert [await scene.text(who) for who in "ae"] == ["", ""]
    async with scene.storage.view() as view:
        thread = await view.threads.get(scene.uri("a"))
        finding = await view.findings.get("news", scene.uri("a"))
    assert thread is not None
    assert thread.next_read_at is None
    assert finding is not None
    assert finding.state == "refused"


async def test_nothing_is_read_of_a_person_who_was_erased(scene: Scene) -> None:
    await scene.read()
    me = scene.net.url("home", "/u/b")
    await scene.made.people.erase(me)
    await read_later(scene)
    assert await scene.text("c") == SAYINGS["c"]
    assert await scene.text() == ""
    async with scene.storage.view() as view:
        assert await view.actors.get(me) is None


async def test_a_profile_that_was_asked_for_earlier_changes_nothing(scene: Scene) -> None:
    await scene.read()
    me = scene.net.url("home", "/u/b")
    document = {**person(scene, "b"), "summary": "#nobots"}
    async with meanwhile(
        scene.made.authors._client, "actor", lambda: scene.handle("Update", "b", document)
    ):
        await scene.made.authors.renew([me])
    async with scene.storage.view() as view:
        stored = await view.actors.get(me)
    assert stored is not None
    assert stored.document["summary"] == "#nobots"


async def test_an_account_that_is_deleted_while_it_is_asked_for_is_gone(scene: Scene) -> None:
    await scene.read()
    me = scene.net.url("home", "/u/b")
    async with meanwhile(
        scene.made.authors._client, "actor", lambda: scene.handle("Delete", "b", me)
    ):
        await scene.made.authors.renew([me])
    async with scene.storage.view() as view:
        stored = await view.actors.get(me)
    assert stored is not None
    assert stored.gone_at is not None


async def test_whoever_moves_is_left_out_there_too(scene: Scene) -> None:
    await scene.read()
    old, new = (scene.net.url("home", f"/u/{who}") for who in "bc")
    person(scene, "c", alsoKnownAs=[old])
    await scene.made.people.choose(old, "exclude")
    await scene.made.following.moved(old, new)
    assert await scene.text("c") == ""
    await scene.made.following.moved(new, scene.net.url("home", "/u/d"))  # d does not say so
    assert await scene.text("d") == SAYINGS["d"]


async def kept(scene: Scene) -> StoredMemory:
    """Keep a summary of the thread as if a model had written it."""
    async with scene.storage.view() as view:
        rows = await view.posts.in_thread(scene.uri("a"))
    posts = [SourcePost(row.id, "x", row.text) for row in rows]
    memory = StoredMemory(scene.storage, scene.made.digests._clock)
    await memory.keep("k", ByRules().summarize(posts, Length(4, 120)), posts)
    assert await memory.recall("k") is not None
    return memory


async def test_an_edit_that_is_found_by_reading_takes_kept_summaries_along(scene: Scene) -> None:
    await scene.read()
    memory = await kept(scene)
    await read_later(scene)
    assert await memory.recall("k") is not None
    scene.note("b", "I take all of that back, sorry about it.")
    await read_later(scene)
    assert await memory.recall("k") is None


async def test_who_keeps_models_off_takes_kept_summaries_along(scene: Scene) -> None:
    await scene.read()
    memory = await kept(scene)
    await scene.handle("Update", "b", {**person(scene, "b"), "summary": "hello"})
    assert await memory.recall("k") is not None
    await scene.handle("Update", "b", {**person(scene, "b"), "summary": "#noai"})
    assert await memory.recall("k") is None


async def test_an_account_that_is_deleted_leaves_nothing_of_the_person(scene: Scene) -> None:
    """Its name, bio, what it asked and what waits to be answered; and what was answered."""
    person(scene, "b", summary="<p>Marmalade, mostly.</p>")
    await scene.read()
    made, me = scene.made, scene.net.url("home", "/u/b")
    request = scene.note("b", "@news summarize please", inReplyTo=scene.uri("a"))
    now = made.digests._clock.now()
    for uri in (request.id, f"{request.id}-later"):
        row = tables.Answer(
            request_id=uri, bot="news", requester_id=me, state="asked", asked_at=now
        )
        async with scene.storage.unit() as unit:
            await unit.answers.claim(row)
            payload = {"request": uri, "note": {**request.document, "id": uri}}
            await unit.jobs.enqueue("answer", payload, run_at=now, key=f"answer:{uri}")
    await made.answers.answer(request.id, request.document)
    async with scene.storage.view() as view:
        answered = await view.answers.get(request.id)
    assert answered is not None
    assert answered.publication_id is not None
    create = tables.ReceivedActivity(
        id=f"{me}/1", actor_id=me, type="Create", document={"object": {"content": "waits"}},
        received_at=now,
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.received.add(create)
        await unit.received.again(create.id, now + timedelta(hours=1), "busy")
    await scene.handle("Delete", "b", me)
    async with scene.storage.view() as view:
        actor, said = (
            await view.actors.get(me),
            await view.publications.get(answered.publication_id),
        )
        activities = await view.activities.of_object(answered.publication_id)
        jobs, waiting = await view.jobs.naming(me), await view.received.get(create.id)
    assert actor is not None
    assert said is not None
    assert waiting is not None
    assert actor.gone_at is not None
    assert (actor.name, actor.handle, actor.document) == ("", "", {})
    assert said.document["type"] == "Tombstone"
    assert [row.type for row in activities] == ["Delete"], "what named them is dropped, too"
    assert [job for job in jobs if job.kind == "answer"] == []
    assert (waiting.outcome, waiting.document) == ("deleted", {})


async def test_nobody_else_is_shown_or_erased_whose_id_begins_alike(scene: Scene) -> None:
    al, alice = (scene.net.url("home", f"/u/{name}") for name in ("al", "alice"))
    now = scene.made.digests._clock.now()
    async with scene.storage.unit() as unit:
        for who in (al, alice):
            payload = {"note": {"attributedTo": who, "content": "words"}}
            await unit.jobs.enqueue("answer", payload, run_at=now, key=f"answer:{who}/1")
            for number, thing in enumerate((who, f"{who}/statuses/1")):
                report = tables.Report(
                    id=f"{who}-{number}", actor_id="https://q.example/quin", objects=[thing],
                    content="Quin says so.", at=now,
                )  # fmt: skip
                await unit.reports.add(report)
    shown = await scene.made.people.export(al)
    assert [job["key"] for job in shown["to do"]] == [f"answer:{al}/1"]
    assert [row["objects"] for row in shown["complained of"]] == [[al], [f"{al}/statuses/1"]]
    assert "quin" not in str(shown).casefold(), "who complains is not told"
    await scene.made.people.erase(al)
    rest = await scene.made.people.export(alice)
    assert [job["key"] for job in rest["to do"]] == [f"answer:{alice}/1"]
    assert len(rest["complained of"]) == 2
