"""Who is left out stays out: no reading, slow answer or new account brings anything back."""

from datetime import timedelta
from typing import Any

from bot.remembering import StoredMemory
from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost
from storage import tables
from tests.federation.test_taking_back_races import SAYINGS, Scene, meanwhile
from tests.federation.test_taking_back_races import scene as scene


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
