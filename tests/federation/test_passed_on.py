"""What a relay passes on, true or false, is never in the way of what the author says."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.show import HANDLE
from storage import tables
from storage.received import passed_on
from tests.federation.instance import running
from tests.federation.sender import Sender, handled

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AUTHOR, RELAY = "ada", "ines"
ORDERS = pytest.mark.parametrize("order", [(RELAY, AUTHOR), (AUTHOR, RELAY)], ids=["last", "first"])
"""The author comes last, or first."""


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    """Somebody to speak, with a relay that we follow."""
    async with running(tmp_path) as (fediverse, app, _):
        made = Sender(fediverse, app)
        key = await app.parts.watcher.add("account", HANDLE, made.documents.actor_id(RELAY), None)
        await app.parts.watcher.poll(key)
        yield made


def said(sender: Sender, kind: str, thing: Any, **more: Any) -> dict[str, Any]:
    me = sender.documents.actor_id(AUTHOR)
    return {"id": f"{me}#{kind.lower()}-1", "type": kind, "actor": me, "object": thing, **more}


async def tell(
    sender: Sender, activity: dict[str, Any], order: tuple[str, ...], relayed: Any = None
) -> dict[str, str]:
    """Send an activity from author and relay, in this order; return what came of each.

    The relay says `relayed` under the same id, if it says something else.
    """
    relay, outcomes = sender.documents.actor_id(RELAY), {}
    for who in order:
        document = relayed if relayed and who == RELAY else activity
        status, text = await sender.post(*sender.signed(document, who))
        assert status == 202, text
        by = relay if who == RELAY else ""
        outcomes[who] = await handled(sender.app, activity["id"], by)
    return outcomes


async def stored(sender: Sender, words: str = "Words of ada.") -> str:
    """Store a post of the author, and return its id."""
    me, now = sender.documents.actor_id(AUTHOR), sender.app.clock.now()
    post = tables.Post(
        id=f"{me}/kept/1", url=f"{me}/kept/1", author_id=me, host="x", audience="public",
        kind="Note", text=words, content="", published=now, fetched_at=now, via="thread",
    )  # fmt: skip
    async with sender.app.storage.unit() as unit:
        await unit.posts.put(post)
    return post.id


async def text(sender: Sender, uri: str) -> str | None:
    async with sender.app.storage.view() as view:
        post = await view.posts.get(uri)
    return post.text if post else None


def question(sender: Sender) -> dict[str, Any]:
    me, bot = sender.documents.actor_id(AUTHOR), sender.app.uris.actor(HANDLE)
    return {
        "id": f"{me}/ask/1", "type": "Note", "attributedTo": me, "to": [PUBLIC], "cc": [bot],
        "content": "<p>@news help</p>", "published": sender.app.clock.now().isoformat(),
        "tag": [{"type": "Mention", "href": bot, "name": "@news"}],
    }  # fmt: skip


@ORDERS
@pytest.mark.parametrize("true", [True, False])
async def test_a_delete(sender: Sender, order: tuple[str, str], true: bool) -> None:  # noqa: FBT001
    uri = await stored(sender)
    delete = said(sender, "Delete", {"id": uri, "type": "Tombstone"})
    other = None if true else {**delete, "object": f"{delete['actor']}/other"}
    outcomes = await tell(sender, delete, order, other)
    assert outcomes[AUTHOR] == "erased"
    assert await text(sender, uri) == ""


@ORDERS
async def test_a_question_is_heard_once(sender: Sender, order: tuple[str, str]) -> None:
    note = question(sender)
    create = said(sender, "Create", note, to=note["to"], cc=note["cc"])
    outcomes = await tell(sender, create, order)
    assert outcomes[AUTHOR] == "asked"
    assert outcomes[RELAY] == ("found" if order[0] == RELAY else "told by its actor")
    async with sender.app.storage.view() as view:
        assert await view.answers.get(note["id"]) is not None


async def test_a_question_that_a_relay_calls_deleted_is_heard(sender: Sender) -> None:
    note = question(sender)
    gone = said(sender, "Delete", note["id"])
    await sender.app.parts.authors.learn([gone["actor"]])
    assert await tell(sender, gone, (RELAY,)) == {RELAY: "ignored"}
    create = said(sender, "Create", note, to=note["to"], cc=note["cc"])
    assert await tell(sender, create, (AUTHOR,)) == {AUTHOR: "asked"}


async def test_what_a_relay_calls_deleted_is_read_if_it_is_there_afterwards(
    sender: Sender,
) -> None:
    app, world = sender.app, sender.documents.world
    uri = sender.documents.post_id(world.posts["d1"])
    author = sender.documents.actor_id(world.posts["d1"].by)
    relay = sender.documents.actor_id(RELAY)
    gone = {"id": f"{author}#d", "type": "Delete", "actor": author, "object": uri}
    await app.parts.authors.learn([author])  # of a stranger's post it would not even be kept
    assert (await sender.post(*sender.signed(gone, RELAY)))[0] == 202
    await handled(app, gone["id"], relay)
    provenance, now = app.parts.provenance, app.clock.now()
    async with app.storage.view() as view:
        row = await view.received.get(passed_on(gone["id"], relay))
    assert row is not None
    assert provenance.was_deleted(uri, row.received_at), "what was read before it said so"
    assert not provenance.was_deleted(uri, now)
    await app.parts.conversations.read(uri, bot=HANDLE, aliases=set())
    assert await text(sender, uri)


@ORDERS
async def test_a_block(sender: Sender, order: tuple[str, str]) -> None:
    block = said(sender, "Block", sender.app.uris.actor(HANDLE))
    assert (await tell(sender, block, order))[AUTHOR] == "left out"
    async with sender.app.storage.view() as view:
        assert await view.choices.blocking([block["actor"]]) == {block["actor"]}


@ORDERS
async def test_an_update(sender: Sender, order: tuple[str, str]) -> None:
    kept = next(p for p in sender.documents.world.posts.values() if p.by == AUTHOR)
    uri = sender.documents.post_id(kept)
    await sender.app.parts.conversations.read(uri, bot=HANDLE, aliases=set())
    changes = {"content": "<p>Something else.</p>", "updated": "2030-01-01T00:00:00Z"}
    post = {**sender.documents.post(kept), **changes}
    outcomes = await tell(sender, said(sender, "Update", post), order)
    assert outcomes[AUTHOR] == "updated"
    assert await text(sender, uri) == "Something else."


async def test_nobody_can_use_up_an_id_for_another_actor(sender: Sender) -> None:
    """An activity of somebody else on the author's server, with the id that the author will use."""
    follow = {**sender.follow(AUTHOR)}
    other = {**follow, "actor": f"{follow['actor']}-2"}
    outcomes = await tell(sender, follow, (RELAY, AUTHOR), other)
    assert outcomes[AUTHOR] == "accepted"


async def test_twice_by_the_same_relay_is_once(sender: Sender) -> None:
    create = said(sender, "Create", question(sender))
    await tell(sender, create, (RELAY, RELAY))
    async with sender.app.storage.view() as view:
        outcomes = await view.received.outcomes(sender.app.clock.now().replace(year=2000))
    assert outcomes["found"] == 1
