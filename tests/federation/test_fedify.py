"""The main job with a peer nobody here wrote: a Fedify server, over HTTP signatures on loopback."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from bot.app import Fedigest
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from tests.federation.fedify_peer import FedifyPeer
from tests.federation.instance import fetch, is_idle, running, until

pytestmark = [pytest.mark.node, pytest.mark.slow]

Json = dict[str, Any]
ACTIVITY_JSON = "application/activity+json"
PUBLIC = {"as:Public", "https://www.w3.org/ns/activitystreams#Public"}
PERMITTING, SILENT = "d3", "i3"  # threads of people who permit quoting, and who say nothing
WORDS = "The licence of this model forbids the very use that its README shows"
THREAD = (
    f"{WORDS}, says the licence text.",
    "The licence text of the model was written for another model entirely, a smaller one.",
    "Then the README of the model should say so, and link the licence text it comes with.",
    "A licence nobody reads protects nobody, so the README should quote its three clauses.",
)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def note_of(activity: Json) -> Json:
    found = activity.get("object")
    return found if isinstance(found, dict) else {}


def is_about(uri: str, *types: str) -> Callable[[Json], bool]:
    return lambda activity: activity["type"] in types and note_of(activity).get("id") == uri


async def nothing_left(app: Fedigest) -> bool:
    async with app.storage.view() as view:
        return await is_idle(view)


async def follow(app: Fedigest, peer: FedifyPeer) -> Json:
    """Let Fedify follow the bot; return the Accept."""
    await peer.follow(app.uris.actor(HANDLE))
    return await peer.wait_for(lambda a: a["type"] == "Accept")


async def followers(app: Fedigest) -> set[str]:
    async with app.storage.view() as view:
        return {follower.actor_id for follower in await view.follows.followers(HANDLE, 10)}


async def ask(
    app: Fedigest, peer: FedifyPeer, under: str, text: str, visibility: str = "public"
) -> Json:
    """Let Fedify mention the bot under a post, and return the only answer it ever gets."""
    address, profile = escape(app.uris.address(HANDLE)), app.uris.profile(HANDLE)
    content = f'<p><a class="u-url mention" href="{profile}">{address}</a> {text}</p>'
    actor = app.uris.actor(HANDLE)
    request = await peer.note(content, under, actor, visibility)

    def answers_it(activity: Json) -> bool:
        return note_of(activity).get("inReplyTo") == request

    await peer.wait_for(answers_it)
    await until(lambda: nothing_left(app))
    answers = [activity for activity in await peer.received() if answers_it(activity)]
    assert [activity["type"] for activity in answers] == ["Create"]
    return note_of(answers[0])


def address_of(note: Json) -> tuple[list[str], list[str], list[str]]:
    """Return `to`, `cc` and whom the note mentions."""
    mentions = [tag["href"] for tag in as_list(note["tag"]) if tag["type"] == "Mention"]
    return as_list(note.get("to")), as_list(note.get("cc")), mentions


def sample(fediverse: SampleFediverse, name: str) -> str:
    return fediverse.documents.post_id(fediverse.world.posts[name])


async def discuss(peer: FedifyPeer) -> list[str]:
    """Post a thread on Fedify, each note under the one before: it lists no replies."""
    notes: list[str] = []
    for text in THREAD:
        notes.append(await peer.note(f"<p>{text}</p>", notes[-1] if notes else None))
    return notes


async def read_by_bot(app: Fedigest, peer: FedifyPeer) -> list[str]:
    """Let the bot follow Fedify, and wait until it has read the thread posted there."""
    await app.follow(peer.actor, HANDLE)
    await peer.wait_for_follower(app.uris.actor(HANDLE))
    notes = await discuss(peer)

    async def has_read() -> bool:
        async with app.storage.view() as view:
            stored = await view.posts.get_many(notes)
        return len(stored) == len(notes) and await nothing_left(app)

    await until(has_read)
    return notes


async def test_fedify_follows_is_accepted_and_leaves(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (_, app, _demo):
        actor = app.uris.actor(HANDLE)
        accept = await follow(app, fedify_peer)
        assert await followers(app) == {fedify_peer.actor}
        collection = await fetch(app.uris.collection(HANDLE, "followers"), ACTIVITY_JSON)

        await fedify_peer.unfollow(actor)

        async def has_left() -> bool:
            return await followers(app) == set()

        await until(has_left)
    accepted = note_of(accept)
    assert accept["actor"] == actor
    assert (accepted["type"], accepted["actor"], accepted["object"]) == (
        "Follow",
        fedify_peer.actor,
        actor,
    )
    assert '"totalItems":1' in collection[1].replace(" ", "")


async def test_fedify_gets_the_digest_and_finds_everything_it_names(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        await follow(app, fedify_peer)
        figures = await demo.cycle(app)
        uri = app.uris.object("news-demo")
        created = await fedify_peer.wait_for(is_about(uri, "Create"))
        actor = await fedify_peer.fetch(app.uris.actor(HANDLE))
        found = await fedify_peer.webfinger(app.uris.actor(HANDLE))
        note = await fedify_peer.fetch(uri)
        creates = [a for a in await fedify_peer.received("Create") if note_of(a)["id"] == uri]
    content = note_of(created)["content"]
    assert note_of(created)["type"] == "Note"
    assert figures["digest_url"] in content
    assert fediverse.documents.page(fediverse.world.posts["d2"]) in content
    # Each sentence ends in the link to its post.
    assert content.count("<li>") == content.count("</a></li>") >= 12
    assert (note["id"], note["content"]) == (uri, content)
    assert (actor["id"], actor["preferredUsername"]) == (app.uris.actor(HANDLE), HANDLE)
    assert found is not None
    assert found["subject"] == f"acct:{app.uris.address(HANDLE).removeprefix('@')}"
    assert app.uris.actor(HANDLE) in {link.get("href") for link in found["links"]}
    assert len(creates) == 1


async def test_a_public_request_under_permitting_authors_is_answered_quietly(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        note = await ask(app, fedify_peer, sample(fediverse, PERMITTING), "what did people say?")
        status, page = await fetch(note["url"])
        fetched = await fedify_peer.fetch(note["id"])
    to, cc, mentions = address_of(note)
    assert note["type"] == "Note"
    assert to == mentions == [fedify_peer.actor]
    assert set(cc) & PUBLIC
    assert fetched["content"] == note["content"]
    assert status == 200
    assert "Lena Hoffmann" in page


@pytest.mark.parametrize(("thread", "visibility"), [(PERMITTING, "direct"), (SILENT, "public")])
async def test_a_direct_request_or_silent_authors_are_answered_directly(
    tmp_path: Path, fedify_peer: FedifyPeer, thread: str, visibility: str
) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        await fediverse.follow(app.uris.actor(HANDLE))
        await fediverse.wait_for(lambda a: a.document["type"] == "Accept")
        under = sample(fediverse, thread)
        note = await ask(app, fedify_peer, under, "summary please", visibility)
        status, _page = await fetch(note["id"], ACTIVITY_JSON)
        others = fediverse.arrived("Create")
    assert address_of(note) == ([fedify_peer.actor], [], [fedify_peer.actor])
    assert "<li>" in note["content"]
    assert note.get("url") is None
    # What was said to one person is nobody else's to read or to get.
    assert status == 404
    assert others == []


async def test_a_thread_on_fedify_is_answered_and_what_it_deletes_leaves_the_answer(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        await fediverse.follow(app.uris.actor(HANDLE))
        await fediverse.wait_for(lambda a: a.document["type"] == "Accept")
        notes = await read_by_bot(app, fedify_peer)
        answer = await ask(app, fedify_peer, notes[-1], "tl;dr")
        to, cc, mentions = address_of(answer)
        assert to == mentions == [fedify_peer.actor]
        assert set(cc) & PUBLIC
        assert WORDS in answer["content"]
        assert notes[0] in answer["content"]
        assert WORDS in (await fetch(answer["url"]))[1]

        await fedify_peer.delete(notes[0])
        is_change = is_about(answer["id"], "Update", "Delete")
        taken_back = await fedify_peer.wait_for(is_change)
        elsewhere = await fediverse.wait_for(lambda a: is_change(dict(a.document)))
        page = (await fetch(answer["url"]))[1]
        fetched = (await fetch(answer["id"], ACTIVITY_JSON))[1]
        async with app.storage.view() as view:
            erased = await view.posts.get(notes[0])
    for text in (str(taken_back), str(elsewhere.document), page, fetched):
        assert WORDS not in text
    assert erased is not None
    assert erased.erased_at is not None
    assert erased.text == ""


async def test_what_fedify_deletes_leaves_the_digest(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (_, app, _demo):
        await follow(app, fedify_peer)
        since = app.clock.now()  # the sample threads are older
        notes = await read_by_bot(app, fedify_peer)
        topic = app.config.bot(HANDLE)
        digest = await app.parts.digests.make(topic, "fay", since, app.clock.now())
        assert digest is not None
        uri, page = app.uris.object(digest), app.uris.digest(digest)
        created = await fedify_peer.wait_for(is_about(uri, "Create"))
        assert WORDS in note_of(created)["content"]
        assert WORDS in (await fetch(page))[1]

        await fedify_peer.delete(notes[0])
        taken_back = await fedify_peer.wait_for(is_about(uri, "Update", "Delete"))
        left = (await fetch(page))[1]
    assert WORDS not in str(taken_back)
    assert WORDS not in left


async def test_fedify_follows_a_hashtag_a_thread_and_ends_both(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        under = sample(fediverse, PERMITTING)
        tag = await ask(app, fedify_peer, under, "follow #openweights weekly", "direct")
        thread = await ask(app, fedify_peer, under, "follow this thread")
        async with app.storage.view() as view:
            kept = await view.subscriptions.of_actor(fedify_peer.actor)
        hilfe = await ask(app, fedify_peer, under, "Hilfe!")
        asked = await ask(app, fedify_peer, under, "what do people say about giraffes?")
        ended = await ask(app, fedify_peer, under, "stop all")
        async with app.storage.view() as view:
            left = await view.subscriptions.of_actor(fedify_peer.actor)
    for note in (tag, thread, hilfe, asked, ended):
        assert address_of(note) == ([fedify_peer.actor], [], [fedify_peer.actor])
    assert {(row.kind, row.target) for row in kept} == {
        ("tag", "openweights"),
        ("thread", sample(fediverse, "d1")),
    }
    assert "each week" in tag["content"]
    assert hilfe["contentMap"].keys() == {"de"}
    assert "Nobody says anything" in asked["content"]
    assert not left
