"""A person by the operator's hand: wishes shown and set, data exported and erased."""

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from bot.demo.show import HANDLE
from bot.errors import NothingFound
from storage import tables
from tests.federation.instance import fetch, running
from tests.federation.sender import Sender, handled
from tests.federation.test_public_face import latest


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        yield Sender(fediverse, app)


async def quoted(sender: Sender) -> tuple[str, str]:
    """Return the id of a person who is quoted in the latest digest, and a sentence of theirs."""
    async with sender.app.storage.view() as view:
        digest = await view.digests.latest(HANDLE, 1)
        for summary in await view.digests.summaries(digest[0].id):
            for sentence in await view.digests.sentences(summary.id):
                post = await view.posts.get(sentence.posts[0])
                if post is not None and sentence.role == "sentence":
                    return post.author_id, sentence.text
    raise AssertionError("nobody is quoted")


async def test_what_is_stored_is_exported_and_erased_without_a_trace(sender: Sender) -> None:
    app, people = sender.app, sender.app.parts.people
    person, words = await quoted(sender)
    exported = await people.export(person)
    assert [post for post in exported["posts"] if words in post["quoted"]]
    assert exported["profile"]["id"] == person
    before = (await fetch(await latest(app), "application/activity+json"))[1]
    assert words.split("’")[0][:30] in orjson.loads(before)["content"].replace("&#x27;", "'")
    await people.erase(person)
    after = await people.export(person)
    assert after["profile"] is None
    assert {post["text"] for post in after["posts"]} <= {""}
    assert after["told"]["choice"] == "exclude"
    _, page = await fetch(f"{app.uris.base}/@{HANDLE}/feed.atom")
    _, note = await fetch(await latest(app), "application/activity+json")
    assert words[:30] not in page
    assert words[:30] not in note
    async with app.storage.view() as view:
        waiting = await view.deliveries.counts()
    assert sum(waiting.values()) > 0, "followers are told"


async def test_nothing_of_a_person_is_left_but_that_they_are_left_out(
    sender: Sender, tmp_path: Path
) -> None:
    """Marek follows, asked, complained, used the form, and has a job waiting."""
    app, people = sender.app, sender.app.parts.people
    me = sender.documents.actor_id("marek")
    bot = app.uris.actor(HANDLE)
    flag = {
        "id": f"{me}#flag", "type": "Flag", "actor": me, "object": [bot],
        "content": "Far too curious a machine.",
    }  # fmt: skip
    for activity in (sender.follow("marek"), flag):
        assert (await sender.post(*sender.signed(activity, "marek")))[0] == 202
        await handled(app, str(activity["id"]))
    handle = (await people.export(me))["profile"]["handle"]
    await app.wishes.take(handle, "include")
    async with app.storage.unit() as unit:
        later = app.clock.now().replace(year=2099)
        await unit.jobs.enqueue("recheck", {"uri": me}, run_at=later, key=f"recheck:{me}:late")
    found = await people.export(me)
    kinds = {name for name, value in found.items() if value}
    assert kinds >= {"profile", "follows", "asked", "answered", "complaints", "received"}
    assert kinds >= {"web form", "to do", "posts"}
    text = orjson.dumps(found["answered"]).decode()
    assert "Marek" in text or "marek" in text
    bio, name = "Asks questions.", found["profile"]["name"]
    await people.erase(me)
    left = {name for name, value in (await people.export(me)).items() if value}
    assert left == {"told"}
    withdrawn = (await fetch(found["answered"][0]["id"], "application/activity+json"))[1]
    assert orjson.loads(withdrawn)["type"] == "Tombstone"
    written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
    for trace in (bio, name, "Far too curious", f"{me}#follow", f"{me}#flag"):
        assert trace.encode() not in written, trace


async def test_a_choice_is_shown_set_and_forgotten(sender: Sender) -> None:
    people = sender.app.parts.people
    person, _ = await quoted(sender)
    handle = (await people.export(person))["profile"]["handle"]
    assert await people.find(f"@{handle}") == person
    assert (await people.show(person))["told"] is None
    await people.choose(person, "include")
    shown = await people.show(person)
    assert (shown["told"], shown["how"]) == ("include", "operator")
    assert "words in a digest" in shown["ordinary posts"]["public"]
    await people.choose(person, "exclude")
    shown = await people.show(person)
    assert shown["ordinary posts"] == {"public": [], "quiet public": []}
    await people.choose(person, None)
    assert (await people.show(person))["told"] is None


@pytest.mark.parametrize("where", ["stored", "on their server"])
async def test_a_profile_page_is_read_as_the_person_whose_it_is(sender: Sender, where: str) -> None:
    """Whoever asks to be left out names the page that they know."""
    app, people = sender.app, sender.app.parts.people
    person, _ = await quoted(sender)
    page = (await people.export(person))["profile"]["url"]
    assert page != person
    if where != "stored":
        async with app.storage.unit() as unit:
            await unit.actors.remove(person)
    await people.choose(await people.find(page), "exclude")
    async with app.storage.view() as view:
        choice = await view.choices.get(person)
    assert choice is not None
    assert choice.choice == "exclude"


async def test_a_profile_page_of_a_server_that_is_gone_is_known_by_its_name(
    sender: Sender,
) -> None:
    app, person = sender.app, "https://gone.example/users/ada"
    row = tables.Actor(
        id=person, handle="ada@gone.example", host="gone.example", name="Ada", type="Person",
        url="https://gone.example/@ada", inbox=f"{person}/inbox", fetched_at=app.clock.now(),
    )  # fmt: skip
    async with app.storage.unit() as unit:
        await unit.actors.put(row)
    assert await app.parts.people.find("https://gone.example/@ada") == person


async def test_an_address_that_leads_nowhere_is_taken_by_force_only(sender: Sender) -> None:
    people = sender.app.parts.people
    nowhere = sender.documents.actor_id("marek").replace("marek", "nobody")
    with pytest.raises(NothingFound, match="leads to no actor"):
        await people.find(nowhere)
    assert await people.find(nowhere, force=True) == nowhere
    await people.choose(nowhere, "exclude")
    assert await people.find(nowhere) == nowhere, "what was written down can be taken back"
