"""What hostile servers serve to speak for others, each found by trying it."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiohttp import web

from activitypub.errors import Final, Malformed
from activitypub.thread import ThreadBudget, read_thread
from activitypub.vocab import PUBLIC, Actor, Object
from bot.consent.ingest import row_of
from tests.federation.hosts import JSON, hosts


async def test_replies_do_not_say_whose_they_are() -> None:
    """A post may not lend its inline replies the name of another server."""
    async with hosts() as (net, client):
        victim = net.url("victim", "/u/alice")
        forged = {
            "id": net.url("victim", "/n/1"),
            "type": "Note",
            "attributedTo": victim,
            "to": "https://www.w3.org/ns/activitystreams#Public",
            "content": "I never said this",
        }
        root = net.note(
            "evil",
            "/n/0",
            replies={"id": net.url("victim", "/r"), "type": "Collection", "items": [forged]},
        )
        thread = await read_thread(client, root, ThreadBudget())
        assert [post.id for post in thread.posts] == [root]
        assert net.asked["victim/n/1"] == 1, "its own server was asked, and knows nothing of it"


async def test_an_open_redirect_is_not_the_word_of_its_server() -> None:
    async with hosts() as (net, client):
        redirect = net.url("victim", "/go?u=evil")
        net.note("evil", "/n/1", id=redirect, attributedTo=net.url("victim", "/u/alice"))
        net.put(
            "victim",
            "/go?u=evil",
            lambda request: web.Response(status=302, headers={"Location": net.url("evil", "/n/1")}),
        )
        with pytest.raises(Malformed):
            await client.object(redirect)


async def test_an_uploaded_file_does_not_pose_as_an_actor() -> None:
    async with hosts() as (net, client):
        me = net.url("media", "/file.json")
        actor = {"id": me, "type": "Person", "inbox": f"{me}/inbox"}
        net.put("media", "/file.json", lambda request: web.json_response(actor))
        with pytest.raises(Malformed, match="not an ActivityPub document"):
            await client.actor(me)


def actor_of(**changes: Any) -> dict[str, Any]:
    me = "https://evil.example/u/e"
    return {"id": me, "type": "Person", "inbox": f"{me}/inbox", **changes}


def test_an_actor_lists_no_key_of_others() -> None:
    mine = {"id": "https://evil.example/u/e#k", "owner": "https://evil.example/u/e"}
    others = [
        {**mine, "id": "https://victim.example/u/a#main-key", "publicKeyPem": "p"},
        {**mine, "owner": "https://victim.example/u/a", "publicKeyPem": "p"},
        {"id": mine["id"], "publicKeyPem": "p"},
    ]
    actor = Actor.parse(actor_of(publicKey=[*others, {**mine, "publicKeyPem": "p"}]))
    assert [key.id for key in actor.public_keys] == [mine["id"]]


@pytest.mark.parametrize(
    "inbox", ["https://victim.example/inbox", "https://[x", "javascript:alert(1)", "", "/inbox"]
)
def test_an_inbox_elsewhere_is_refused_and_such_a_shared_one_left_out(inbox: str) -> None:
    with pytest.raises(ValueError, match="inbox"):
        Actor.parse(actor_of(inbox=inbox))
    actor = Actor.parse(actor_of(endpoints={"sharedInbox": inbox}))
    assert actor.shared_inbox is None
    assert actor.delivery_inbox == "https://evil.example/u/e/inbox"


@pytest.mark.parametrize("kind", ["deep", "wide", "id", "list"])
async def test_absurd_documents_are_bounded(kind: str) -> None:
    async with hosts() as (net, client):
        bodies = {
            "deep": '{"a":' * 900 + "1" + "}" * 900,
            "wide": '{"id":"x","to":[' + ",".join(['"a"'] * 200_000) + "]}",
            "id": '{"type":"Note"}',
            "list": "[1,2]",
        }
        net.put(
            "evil",
            "/n",
            lambda request: web.Response(text=bodies[kind], content_type=JSON),
        )
        with pytest.raises(Final):
            await client.object(net.url("evil", "/n"))


def test_what_is_kept_of_a_document_has_a_size() -> None:
    with pytest.raises(ValueError, match="too large"):
        Actor.parse(actor_of(summary="x" * 300_000))
    long = "https://evil.example/" + "x" * 5000
    with pytest.raises(ValueError, match="id"):
        Object.parse({"id": long, "type": "Note"})
    post = Object.parse(
        {
            "id": "https://evil.example/1",
            "type": "Note",
            "attributedTo": "https://evil.example/u",
            "content": "<p>x</p>" * 100_000,
            "name": "n" * 100_000,
            "summary": "s" * 100_000,
            "inReplyTo": long,
            "context": long,
            "to": [long, PUBLIC],
            "url": long,
            "contentMap": {"x" * 50_000: "x"},
            "tag": [
                *({"type": "Mention", "href": f"https://evil.example/{n}"} for n in range(900)),
                {"type": "Hashtag", "name": "#" + "t" * 50_000},
                {"type": "Hashtag", "name": "#models"},
            ],
        }
    )
    row = row_of(post, (), "test", datetime(2026, 11, 23, tzinfo=UTC))
    assert len(orjson.dumps(row.model_dump(mode="json"))) < 50_000
    assert (post.to, post.in_reply_to, row.url) == ((PUBLIC,), None, post.id)
    assert len(row.mentions) == 100
    assert row.hashtags == ["models"]
