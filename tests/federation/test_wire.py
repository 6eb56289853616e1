"""What we are on the wire, line by line, asked as other servers ask."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import aiohttp
import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.ports import SigningKey
from activitypub.signatures import cavage, message
from bot.app import Fedigest
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE, Demo
from tests.federation.hosts import hosts
from tests.federation.instance import fetch, running
from tests.federation.sender import JSON, Sender

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
Opened = tuple[SampleFediverse, Fedigest, Demo]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    async with running(tmp_path) as found:
        yield found


async def ask(url: str, **headers: str) -> tuple[int, Any, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


async def test_old_clients_find_webfinger_by_host_meta(opened: Opened) -> None:
    uris = opened[1].uris
    status, headers, body = await ask(f"{uris.base}/.well-known/host-meta")
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "application/xrd+xml")
    [found] = ET.fromstring(body)  # noqa: S314  our own
    assert found.get("rel") == "lrdd"
    address = quote(f"acct:{HANDLE}@{uris.domain}", safe="")
    status, _, body = await ask((found.get("template") or "").replace("{uri}", address))
    assert (status, orjson.loads(body)["links"][0]["href"]) == (200, uris.actor(HANDLE))


async def test_webfinger_is_open_to_scripts_also_when_it_refuses(opened: Opened) -> None:
    uris = opened[1].uris
    finger = f"{uris.base}/.well-known/webfinger"
    known = f"{finger}?resource=acct:{HANDLE}@{uris.domain}"
    for url, expected in (
        (finger, 400),
        (f"{finger}?resource=acct:x@{uris.domain}", 404),
        (known, 200),
    ):
        status, headers, _ = await ask(url)
        assert (status, headers["Access-Control-Allow-Origin"]) == (expected, "*")
    assert headers["Content-Type"].startswith("application/jrd+json")
    _, _, body = await ask(known.replace("acct:", "acct:").replace(HANDLE, HANDLE.upper()))
    assert orjson.loads(body)["subject"] == f"acct:{HANDLE}@{uris.domain}", "case does not matter"
    profile = {link["rel"]: link for link in orjson.loads(body)["links"]}
    assert profile["http://webfinger.net/rel/profile-page"]["href"] == uris.profile(HANDLE)


async def test_nodeinfo_names_its_versions_and_the_instance_actor(opened: Opened) -> None:
    uris = opened[1].uris
    _, _, body = await ask(f"{uris.base}/.well-known/nodeinfo")
    links = {link["rel"]: link["href"] for link in orjson.loads(body)["links"]}
    assert links["https://www.w3.org/ns/activitystreams#Application"] == uris.instance_actor
    documents = {}
    for rel, href in links.items():
        if rel.rpartition("/")[2] in {"2.0", "2.1", "2.2"}:
            status, headers, body = await ask(href)
            assert (status, f"{rel}#" in headers["Content-Type"]) == (200, True)
            documents[rel.rpartition("/")[2]] = orjson.loads(body)
    assert set(documents) == {"2.0", "2.1", "2.2"}
    for version, document in documents.items():
        assert document["version"] == version
        assert document["protocols"] == ["activitypub"]
        assert document["openRegistrations"] is False
        assert document["usage"]["users"]["total"] == 1
        assert ("repository" in document["software"]) == (version != "2.0")
    assert documents["2.2"]["instance"]["name"]
    assert (await ask(f"{uris.base}/nodeinfo/3.0"))[0] == 404


ACCEPTS = {
    JSON: True,
    LD_JSON: True,
    f"{JSON}, {LD_JSON}": True,
    "application/ld+json": True,
    f"{JSON.upper()};q=0.9, text/html;q=0.1": True,
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": False,
    "*/*": False,
    "image/png": False,
    "": False,
}


@pytest.mark.parametrize(("accept", "document"), ACCEPTS.items())
async def test_who_asks_for_the_document_gets_it_and_others_the_page(
    opened: Opened,
    accept: str,
    document: bool,  # noqa: FBT001
) -> None:
    uris = opened[1].uris
    status, headers, body = await ask(uris.actor(HANDLE), Accept=accept)
    assert "Accept" in headers["Vary"], "or a cache would give one for the other"
    if document:
        assert (status, headers["Content-Type"].partition(";")[0]) == (200, JSON)
        assert orjson.loads(body)["id"] == uris.actor(HANDLE)
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "public" in headers["Cache-Control"]
    else:
        assert (status, headers["Location"]) == (303, uris.profile(HANDLE))
    status, headers, body = await ask(uris.profile(HANDLE), Accept=accept)
    assert "Accept" in headers["Vary"]
    assert (status, headers["Content-Type"].partition(";")[0]) == (
        200,
        JSON if document else "text/html",
    )


@pytest.mark.parametrize("scheme", [cavage, message])
async def test_no_signature_is_verified_where_servers_look_us_up(
    opened: Opened, scheme: Any
) -> None:
    """Two servers that each fetch the other's key to verify the fetch of a key never end."""
    uris = opened[1].uris
    async with hosts() as (net, _):
        key = SigningKey(net.url("gts", "/u/main-key"), Ed25519PrivateKey.generate())
        for url, expected in (
            (uris.actor(HANDLE), 200),
            (uris.instance_actor, 200),
            (f"{uris.actor(HANDLE)}/outbox", 200),
            (f"{uris.base}/.well-known/webfinger?resource={uris.instance_actor}", 200),
            (f"{uris.base}/.well-known/nodeinfo", 200),
            (f"{uris.base}/nodeinfo/2.1", 200),
            (f"{uris.base}/ap/objects/unknown", 404),
            (f"{uris.base}/ap/unknown", 404),
            (f"{uris.base}/users/unknown#main-key", 404),
        ):
            signed = scheme.sign(key, "GET", url, now=datetime.now(UTC))
            assert (await ask(url, **signed, Accept=JSON))[0] == expected, url
        assert net.asked == {}


async def test_actors_have_what_each_program_looks_for(opened: Opened) -> None:
    uris = opened[1].uris
    actor = orjson.loads((await ask(uris.actor(HANDLE), Accept=JSON))[2])
    instance = orjson.loads((await ask(uris.instance_actor))[2])
    me = uris.actor(HANDLE)
    assert {name: actor[name] for name in ("inbox", "outbox", "followers", "following")} == {
        name: f"{me}/{name}" for name in ("inbox", "outbox", "followers", "following")
    }
    assert actor["featured"] == f"{me}/featured"
    assert actor["endpoints"] == {"sharedInbox": uris.shared_inbox}
    assert (actor["preferredUsername"], actor["url"]) == (HANDLE, uris.profile(HANDLE))
    assert actor["publicKey"]["id"] == f"{me}#main-key"
    assert actor["publicKey"]["owner"] == me
    assert actor["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert {"type", "mediaType", "url"} <= actor["icon"].keys()
    assert (await ask(actor["icon"]["url"]))[1]["Content-Type"] == actor["icon"]["mediaType"]
    assert datetime.fromisoformat(actor["published"]) < datetime.now(UTC)
    assert {row["type"] for row in actor["attachment"]} == {"PropertyValue"}
    names = {row["name"] for row in actor["attachment"]}
    assert {"Operator", "Source code"} <= names
    assert any("opt" in name.lower() or "out" in name.lower() for name in names)
    assert actor["@context"][0] == "https://www.w3.org/ns/activitystreams"
    for name in ("outbox", "followers", "following", "featured"):
        found = orjson.loads((await ask(actor[name], Accept=JSON))[2])
        assert (found["id"], found["type"]) == (actor[name], "OrderedCollection")
        assert isinstance(found.get("totalItems", 0), int)
        assert found["first"]
    assert instance["type"] == "Application"
    assert instance["preferredUsername"] == uris.domain.partition(":")[0]
    assert instance["publicKey"]["owner"] == instance["id"] == uris.instance_actor


async def test_posts_have_what_each_program_looks_for(opened: Opened) -> None:
    fediverse, app, demo = opened
    await demo.cycle(app)
    uris, me = app.uris, app.uris.actor(HANDLE)
    arrived = [a.document for a in fediverse.arrived("Create")]
    digest = next(a for a in arrived if not a["object"].get("inReplyTo"))
    answer = next(a for a in arrived if a["object"].get("inReplyTo"))
    accept = fediverse.arrived("Accept")[0].document
    for activity in (digest, answer, accept):
        assert activity["actor"] == me, "a bare URI"
        assert activity["id"].startswith(f"{uris.base}/ap/activities/")
    for note in (digest["object"], answer["object"]):
        assert note["type"] == "Note", "an Article shows only its name in Mastodon"
        assert note["attributedTo"] == me
        [(language, text)] = note["contentMap"].items()
        assert (len(language), text) == (2, note["content"])
        age = datetime.now(UTC) - datetime.fromisoformat(note["published"])
        assert age.total_seconds() < 3600, "what is older than six hours notifies nobody"
        assert note["interactionPolicy"]["canQuote"]["automaticApproval"] == PUBLIC
        assert note["sensitive"] in {True, False}
        status, headers, body = await ask(note["id"], Accept=JSON)
        assert (status, headers["Content-Type"].partition(";")[0]) == (200, JSON)
        assert orjson.loads(body)["content"] == note["content"]
    # Public, followers: a digest in `to`, an answer in `cc` and the requester alone in `to`.
    followers = f"{me}/followers"
    assert (digest["object"]["to"], digest["object"]["cc"]) == ([PUBLIC], [followers])
    assert (digest["to"], digest["cc"]) == (PUBLIC, [followers])
    asker = fediverse.documents.actor_id("marek")
    assert answer["object"]["to"] == [asker]
    assert set(answer["object"]["cc"]) == {PUBLIC, followers}
    [mention] = [tag for tag in answer["object"]["tag"] if tag["type"] == "Mention"]
    assert mention["href"] == asker, "never the profile page"
    hashtags = [tag for tag in digest["object"]["tag"] if tag["type"] == "Hashtag"]
    assert hashtags
    assert all(tag["href"] and tag["name"].startswith("#") for tag in hashtags)
    assert digest["object"]["source"]["mediaType"] == "text/markdown"
    assert digest["object"]["conversation"] == digest["object"]["context"]
    assert digest["object"]["replies"]
    [card, *_] = re.findall(r'<a href="([^"]+)">', digest["object"]["content"])
    assert card == digest["object"]["url"], "the first plain link becomes the card"
    assert (await fetch(digest["object"]["url"]))[0] == 200


async def test_a_reply_keeps_the_context_and_conversation_it_was_asked_in(opened: Opened) -> None:
    fediverse, app, _ = opened
    sender = Sender(fediverse, app)
    me, bot = sender.documents.actor_id("ines"), app.uris.actor(HANDLE)
    talk = {"context": f"{me}/contexts/7", "conversation": "tag:models.example,2026:7"}
    note: dict[str, Any] = {
        "id": f"{me}/asked/1", "type": "Note", "attributedTo": me, "content": "<p>help</p>",
        "to": bot, "tag": {"type": "Mention", "href": bot, "name": "@news"}, **talk,
    }  # fmt: skip
    create = {"id": f"{me}/asked/1#c", "type": "Create", "actor": me, "to": bot, "object": note}
    assert (await sender.post(*sender.signed(create)))[0] == 202
    arrived = await fediverse.wait_for(
        lambda a: (
            isinstance(a.document["object"], dict)
            and a.document["object"].get("inReplyTo") == note["id"]
        )
    )
    answer = arrived.document["object"]
    assert {name: answer[name] for name in talk} == talk
    assert (answer["to"], answer.get("cc")) == ([me], None), "asked alone, answered alone"
    assert [tag["href"] for tag in answer["tag"]] == [me]


async def test_what_we_fetch_is_signed_by_the_instance_actor(opened: Opened) -> None:
    _, app, _ = opened
    async with hosts() as (net, _):
        seen: list[str] = []

        def actor(request: web.Request) -> web.Response:
            seen.append(request.headers.get("Signature", ""))
            me = str(request.url)
            return web.json_response(
                {"id": me, "type": "Person", "inbox": f"{me}/inbox"}, content_type=JSON
            )

        await app.parts.authors.learn([net.put("peer", "/u", actor)])
    assert [f'keyId="{app.uris.instance_actor}#main-key"' in found for found in seen] == [True]


async def test_what_threads_and_crawlers_look_for_is_there(opened: Opened) -> None:
    """Threads talks to servers with a privacy policy, a rule for under-13s and a public feed."""
    uris = opened[1].uris
    status, page = await fetch(uris.about)
    assert status == 200
    assert "under 13" in page
    assert "privacy" in page.lower()
    assert (await fetch(uris.feed(HANDLE)))[0] == 200
    status, robots = await fetch(f"{uris.base}/robots.txt", "text/plain")
    assert (status, robots.splitlines()[0]) == (200, "User-agent: *")
