"""Every activity that PROTOCOL.md lists, as peers send it: signed, over sockets."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from activitypub.addressing import Audience
from bot.consent.table import NOTHING, PostSignals, permitted
from bot.demo.show import HANDLE
from storage import tables
from tests.federation.instance import fetch, running
from tests.federation.sender import Sender, handled

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
JSON = "application/activity+json"


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def tell(sender: Sender, activity: dict[str, Any], person: str = "ines") -> str:
    """Send an activity of `person`, and return what came of it."""
    me = sender.documents.actor_id(person)
    activity = {
        "id": f"{me}#{activity['type']}-{sha256(str(activity).encode()).hexdigest()[:12]}",
        "actor": me,
        **activity,
    }
    status, text = await sender.post(*sender.signed(activity, person))
    assert status == 202, text
    return await handled(sender.app, activity["id"])


async def sent(sender: Sender, kind: str) -> list[dict[str, Any]]:
    async with sender.app.storage.view() as view:
        rows = [await view.activities.get(row.activity_id) for row in await all_deliveries(view)]
    return [dict(row.document) for row in rows if row is not None and row.type == kind]


async def all_deliveries(view: Any) -> list[tables.Delivery]:
    from sqlalchemy import select  # noqa: PLC0415

    rows: list[tables.Delivery] = await view.deliveries._transaction.all(
        tables.Delivery, select(tables.Delivery)
    )
    return rows


async def published(sender: Sender, audience: tables.OwnAudience = "public") -> str:
    """Put a post of ours into the database, and return its id."""
    uri = sender.app.uris.object(f"o-{audience}")
    actor = sender.app.uris.actor(HANDLE)
    note = {"id": uri, "type": "Note", "attributedTo": actor, "content": "x", "to": [PUBLIC]}
    row = tables.Publication(
        id=uri, bot=HANDLE, kind="digest", slug=f"o-{audience}", document=note,
        audience=audience, published=sender.app.clock.now(),
    )  # fmt: skip
    async with sender.app.storage.unit() as unit:
        await unit.publications.put(row)
    return uri


async def test_follow_is_accepted_once_and_the_accept_embeds_it_whole(sender: Sender) -> None:
    follow = sender.follow()
    for _ in range(3):  # a peer that did not hear our 202 sends it again
        status, _ = await sender.post(*sender.signed(follow))
        assert status == 202
    assert await handled(sender.app, follow["id"]) == "accepted"
    [accept] = await sent(sender, "Accept")
    assert accept["object"] == {k: v for k, v in follow.items() if k != "@context"}
    assert isinstance(accept["actor"], str)
    assert accept["id"] != follow["id"]
    assert accept["id"].startswith(sender.app.uris.base)


@pytest.mark.parametrize("form", ["embedded", "bare", "list"])
async def test_undo_of_a_follow_in_every_form(sender: Sender, form: str) -> None:
    follow = sender.follow()
    await sender.post(*sender.signed(follow))
    await handled(sender.app, follow["id"])
    undone = {"embedded": follow, "bare": follow["id"], "list": [follow]}[form]
    assert await tell(sender, {"type": "Undo", "object": undone}) == "undone"
    async with sender.app.storage.view() as view:
        assert await view.follows.count_followers(HANDLE) == 0


async def test_nobody_undoes_the_follow_of_another(sender: Sender) -> None:
    follow = sender.follow("ines")
    await sender.post(*sender.signed(follow))
    await handled(sender.app, follow["id"])
    for undone in (follow, follow["id"]):
        assert await tell(sender, {"type": "Undo", "object": undone}, "bo") == "ignored"
    async with sender.app.storage.view() as view:
        assert await view.follows.count_followers(HANDLE) == 1


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("Like", "liked"),
        ("Dislike", "disliked"),
        ("EmojiReact", "reacted"),
        ("Add", "ignored"),
        ("Remove", "ignored"),
        ("Listen", "unknown type"),
        ("ChatMessage", "unknown type"),
    ],
)
async def test_what_is_counted_and_not_kept(sender: Sender, kind: str, outcome: str) -> None:
    ours = sender.app.uris.object("x")
    activity = {"type": kind, "object": ours, "content": "🎉", "target": ours}
    assert await tell(sender, activity) == outcome
    assert await tell(sender, {"type": "Undo", "object": {"type": kind, "object": ours}}) in {
        "undone",
        "ignored",
    }


async def test_a_boost_of_ours_is_counted(sender: Sender) -> None:
    ours = await published(sender)
    assert await tell(sender, {"type": "Announce", "object": ours, "to": [PUBLIC]}) == "boosted"


async def test_block_leaves_out_and_undo_block_takes_only_that_back(sender: Sender) -> None:
    me = sender.documents.actor_id("ines")
    ours = sender.app.uris.actor(HANDLE)
    await sender.post(*sender.signed(sender.follow()))
    await handled(sender.app, sender.follow()["id"])
    assert await tell(sender, {"type": "Block", "object": ours}) == "left out"
    async with sender.app.storage.view() as view:
        signals = (await sender.app.parts.authors.signals(view, [me]))[me]
        assert signals.blocks_us
        assert permitted(signals, PostSignals(Audience.PUBLIC, publication=True)) == NOTHING
        assert await view.follows.count_followers(HANDLE) == 0
    undo = {"type": "Undo", "object": {"type": "Block", "actor": me, "object": ours}}
    assert await tell(sender, undo) == "undone"
    async with sender.app.storage.view() as view:
        assert not await view.choices.blocking([me])
    assert await tell(sender, {**undo, "summary": "again"}) == "ignored"


async def test_what_was_said_in_words_outlasts_a_block(sender: Sender) -> None:
    me, app = sender.documents.actor_id("ines"), sender.app
    block = {"type": "Block", "actor": me, "object": app.uris.actor(HANDLE)}
    told = tables.Choice(actor_id=me, choice="exclude", how="told us", at=app.clock.now())
    async with app.storage.unit() as unit:
        await unit.choices.set(told)
    assert await tell(sender, block) == "left out"
    assert await tell(sender, {"type": "Undo", "object": block}) == "undone"
    async with app.storage.view() as view:
        assert await view.choices.get(me) == told


async def test_a_complaint_reaches_the_operator(sender: Sender) -> None:
    flag = {
        "type": "Flag",
        "content": "<p>This bot <b>quotes</b> me</p>" + "x" * 9000,
        "object": [sender.app.uris.actor(HANDLE), {"id": sender.app.uris.object("x")}, 7],
    }
    assert await tell(sender, flag) == "reported"
    async with sender.app.storage.view() as view:
        [report] = await view.reports.latest(10)
    assert report.objects == [sender.app.uris.actor(HANDLE), sender.app.uris.object("x")]
    assert report.content.startswith("This bot quotes me")
    assert len(report.content) == 5000


async def test_a_quote_is_accepted_with_a_stamp_that_anyone_can_check(sender: Sender) -> None:
    ours = await published(sender)
    me = sender.documents.actor_id("ines")
    request = {"type": "QuoteRequest", "object": ours, "instrument": {"id": f"{me}/q/1"}}
    assert await tell(sender, request) == "quote accepted"
    [accept] = await sent(sender, "Accept")
    assert accept["object"]["instrument"] == f"{me}/q/1"
    status, text = await fetch(accept["result"], JSON)

    assert status == 200
    document = orjson.loads(text)
    assert document["type"] == "QuoteAuthorization"
    assert document["attributedTo"] == sender.app.uris.actor(HANDLE)
    assert document["interactingObject"] == f"{me}/q/1"
    assert document["interactionTarget"] == ours
    async with sender.app.storage.unit() as unit:
        row = await unit.publications.get(ours)
        assert row is not None
        await sender.app.parts.publisher.withdraw(unit, row)
    assert (await fetch(accept["result"], JSON))[0] == 404, "withdrawn with the post"


async def test_what_was_sent_to_one_person_is_not_for_quoting(sender: Sender) -> None:
    ours = await published(sender, "direct")
    me = sender.documents.actor_id("ines")
    request = {"type": "QuoteRequest", "object": ours, "instrument": f"{me}/q/1"}
    assert await tell(sender, request) == "quote refused"
    [reject] = await sent(sender, "Reject")
    assert "result" not in reject


async def test_a_move_is_followed_only_if_the_new_account_confirms_it(sender: Sender) -> None:
    app, old, new = sender.app, *map(sender.documents.actor_id, ("bo", "ines"))
    await app.following.follow(old, HANDLE)
    move = {"type": "Move", "object": old, "target": new}
    assert await tell(sender, move, "bo") == "moving"
    assert await tell(sender, {**move, "object": new, "target": old}, "bo") == "ignored"
    await app.following.moved(old, new)  # ines does not say that she was bo
    async with app.storage.view() as view:
        assert [row.actor_id for row in await view.follows.following(HANDLE)] != [new]


async def test_accept_and_reject_count_only_from_whom_we_asked(sender: Sender) -> None:
    app, bo = sender.app, sender.documents.actor_id("bo")
    await app.following.follow(bo, HANDLE)
    async with app.storage.view() as view:
        row = await view.follows.get_following(HANDLE, bo)
    assert row is not None
    assert await tell(sender, {"type": "Accept", "object": row.follow_id}, "ines") == "ignored"
    assert await tell(sender, {"type": "Accept", "object": row.follow_id}, "bo") == "accepted"
    reject = {"type": "Reject", "object": {"type": "Follow", "id": row.follow_id}}
    assert await tell(sender, reject, "bo") == "rejected"


async def test_a_delete_whose_key_is_gone_makes_us_look_and_others_cost_nothing(
    sender: Sender,
) -> None:
    """Deletes come by the hundred from accounts we never met: no fetch, no row."""
    server = sender.servers["models"]
    for number in range(200):
        ghost = f"{server.origin}/users/ghost-{number}"
        gone = {"id": f"{ghost}#delete", "type": "Delete", "actor": ghost, "object": ghost}
        headers, body = sender.signed(gone)
        headers["Signature"] = headers["Signature"].replace(
            sender.documents.key_id("ines"), f"{ghost}#main-key"
        )
        assert (await sender.post(headers, body))[0] == 202
    assert [path for path in server.requests if "ghost" in path] == []
    assert (
        await sender.stored(*(f"{server.origin}/users/ghost-{n}#delete" for n in range(200))) == []
    )


async def test_an_unverifiable_delete_of_a_stored_post_makes_us_ask_its_server(
    sender: Sender,
) -> None:
    world, app = sender.documents.world, sender.app
    post = next(p for p in world.posts.values() if world.people[p.by].server == "models")
    uri = sender.documents.post_id(post)
    await app.parts.conversations.read(uri, bot=HANDLE, aliases=set())
    ghost = f"{sender.servers['models'].origin}/users/ghost"
    gone = {"id": f"{ghost}#delete", "type": "Delete", "actor": ghost, "object": uri}
    headers, body = sender.signed(gone)
    headers["Signature"] = headers["Signature"].replace(
        sender.documents.key_id("ines"), f"{ghost}#main-key"
    )
    assert (await sender.post(headers, body))[0] == 202
    async with app.storage.view() as view:
        stored = await view.posts.get(uri)
        assert stored is not None
        assert stored.erased_at is None, "nobody's word alone erases another's post"


async def test_what_a_group_passes_on_is_fetched_from_its_origin(sender: Sender) -> None:
    """Announce{Delete} and Announce{Update} of FEP-1b12, and one who is not followed."""
    app, world = sender.app, sender.documents.world
    group = next(p.name for p in world.people.values() if p.name == "openweights")
    post = next(p for p in world.posts.values() if p.group == group and p.reply_to is None)
    uri, me = sender.documents.post_id(post), sender.documents.actor_id(group)
    author = sender.documents.actor_id(post.by)
    await app.parts.conversations.read(uri, bot=HANDLE, aliases=set())
    delete = {"type": "Delete", "id": f"{author}#d", "actor": author, "object": uri}
    announce = {"type": "Announce", "object": delete}
    assert await tell(sender, {**announce, "summary": "a"}, "ines") == "ignored"
    async with app.storage.view() as view:
        followed = await view.follows.get_following(HANDLE, me)
    if followed is None:
        await app.following.follow(me, HANDLE)
    assert await tell(sender, {**announce, "summary": "bc"}, group) == "looking again"
    like = {"type": "Announce", "object": {"type": "Like", "actor": author, "object": uri}}
    assert await tell(sender, like, group) == "liked"
    await app.parts.recheck.look(uri)
    async with app.storage.view() as view:
        stored = await view.posts.get(uri)
    assert stored is not None
    assert stored.erased_at is None, "it is still there, so nothing happens"


async def test_a_relay_is_heard_only_if_we_follow_it_and_believed_in_nothing(
    sender: Sender,
) -> None:
    """An activity of one person signed by another: from a relay its id is taken, else 401."""
    app, relay = sender.app, "bo"
    author = sender.documents.actor_id("ines")
    world = sender.documents.world
    post = next(p for p in world.posts.values() if p.by == "ines" and p.audience == "public")
    uri = sender.documents.post_id(post)
    forged = {**sender.documents.post(post), "content": "<p>Ines never said this.</p>"}
    create: dict[str, Any] = {
        "id": f"{uri}#relayed",
        "type": "Create",
        "actor": author,
        "object": forged,
    }
    assert (await sender.post(*sender.signed(create, relay)))[0] == 401
    by = sender.documents.actor_id(relay)
    await app.following.follow(by, HANDLE)
    app._inbox._followed.clear()  # what we follow is remembered for half a minute
    assert (await sender.post(*sender.signed(create, relay)))[0] == 202
    assert await handled(app, create["id"], by) in {"found", "looking again"}
    await app.parts.conversations.read(uri, bot=HANDLE, aliases=set())
    async with app.storage.view() as view:
        stored = await view.posts.get(uri)
    assert stored is None or "never said" not in stored.text
    # A relay cannot delete what is there, nor block or ask in someone else's name.
    delete = {"id": f"{uri}#gone", "type": "Delete", "actor": author, "object": uri}
    assert (await sender.post(*sender.signed(delete, relay)))[0] == 202
    assert await handled(app, delete["id"], by) in {"looking again", "ignored"}
    bot = app.uris.actor(HANDLE)
    block = {"id": f"{uri}#block", "type": "Block", "actor": author, "object": bot}
    assert (await sender.post(*sender.signed(block, relay)))[0] == 202
    assert await handled(app, block["id"], by) == "ignored"
    async with app.storage.view() as view:
        assert await view.choices.get(author) is None
