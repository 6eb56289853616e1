"""What the inbox refuses, seen from outside: each as a hostile or clumsy server would send it."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest

from bot.demo.show import HANDLE
from storage import tables
from tests.federation.instance import is_idle, running
from tests.federation.sender import JSON, Sender, handled


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def test_a_right_signature_is_accepted_and_twice_is_once(sender: Sender) -> None:
    headers, body = sender.signed(sender.follow())
    assert (await sender.post(headers, body))[0] == 202
    assert (await sender.post(headers, body))[0] == 202
    shared, again = sender.signed(sender.follow(number=2), url=sender.app.uris.shared_inbox)
    assert (await sender.post(shared, again, sender.app.uris.shared_inbox))[0] == 202


async def test_wrong_signatures_are_refused_and_leave_nothing(sender: Sender) -> None:
    headers, body = sender.signed(sender.follow())
    other_body = orjson.dumps(sender.follow(number=3))
    old, old_body = sender.signed(sender.follow(), now=datetime.now(UTC) - timedelta(hours=2))
    early, _ = sender.signed(sender.follow(), now=datetime.now(UTC) + timedelta(hours=2))
    elsewhere, _ = sender.signed(sender.follow(), url=sender.app.uris.shared_inbox)
    impostor, impostor_body = sender.signed(sender.follow("ada"), person="ines")
    foreign, foreign_body = sender.signed(sender.follow("ines"), person="marek")
    bare = {name: value for name, value in headers.items() if name != "Signature"}
    no_digest = {name: value for name, value in headers.items() if name != "Digest"}
    weak = headers["Signature"].replace("(request-target) host date digest", "host date")
    cases = {
        "unsigned": (bare, body),
        "another body": (headers, other_body),
        "no digest": (no_digest, body),
        "too old": (old, old_body),
        "from the future": (early, body),
        "another path": (elsewhere, body),
        "another actor of the host": (impostor, impostor_body),
        "another server's key": (foreign, foreign_body),
        "covers too little": ({**headers, "Signature": weak}, body),
        "not base64": ({**headers, "Signature": headers["Signature"][:-9] + '??"'}, body),
        "nonsense": ({**headers, "Signature": "hello"}, body),
    }
    answers = {name: await sender.post(*case) for name, case in cases.items()}
    assert {name: status for name, (status, _) in answers.items()} == dict.fromkeys(cases, 401)
    assert all(orjson.loads(text)["error"] for _, text in answers.values())
    ids = [str(sender.follow(person)["id"]) for person in ("ines", "ada")]
    assert await sender.stored(*ids, str(sender.follow(number=3)["id"])) == []


async def test_malformed_oversized_and_mistyped_bodies_are_named(sender: Sender) -> None:
    deep = b'{"a":' * 40 + b"1" + b"}" * 40
    no_actor = {k: v for k, v in sender.follow().items() if k != "actor"}
    foreign_id = {**sender.follow(), "id": "https://elsewhere.example/1"}
    json = {"Content-Type": JSON}

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    cases: dict[str, tuple[int, dict[str, str], Any]] = {
        "not JSON": (400, json, b"{"),
        "a list": (400, json, b"[]"),
        "nested too deep": (400, json, deep),
        "no actor": (400, json, orjson.dumps(no_actor)),
        "an id of another server": (400, json, orjson.dumps(foreign_id)),
        "too large": (413, json, io.BytesIO(b" " * (2 << 20))),
        "too large in chunks": (413, json, chunks()),
        "HTML": (415, {"Content-Type": "text/html"}, b"{}"),
        "plain JSON": (415, {"Content-Type": "application/json"}, b"{}"),
        "other ld+json": (415, {"Content-Type": "application/ld+json"}, b"{}"),
        "compressed": (415, {**json, "Content-Encoding": "gzip"}, b"{}"),
    }
    found = {}
    for name, (_, headers, body) in cases.items():
        found[name] = (await sender.post(headers, body))[0]
    assert found == {name: status for name, (status, _, _) in cases.items()}
    nobody = sender.app.uris.inbox("nobody")
    assert (await sender.post(json, b"{}", nobody))[0] == 404


async def test_an_id_that_another_actor_used_is_refused(sender: Sender) -> None:
    headers, body = sender.signed(sender.follow("ada"), "ada")
    assert (await sender.post(headers, body))[0] == 202
    stolen = {**sender.follow("ines"), "id": sender.follow("ada")["id"]}
    assert (await sender.post(*sender.signed(stolen, "ines")))[0] == 403


async def test_a_delete_of_a_stranger_costs_no_fetch(sender: Sender) -> None:
    me = f"{sender.servers['press'].origin}/users/gone"
    delete = {"id": f"{me}#delete", "type": "Delete", "actor": me, "object": me}
    status, _ = await sender.post({"Content-Type": JSON}, orjson.dumps(delete))
    assert status == 202
    assert sender.servers["press"].requests["/users/gone"] == 0
    assert await sender.stored(str(delete["id"])) == []


async def test_a_rotated_key_is_fetched_once_more(sender: Sender) -> None:
    headers, body = sender.signed(sender.follow())
    assert (await sender.post(headers, body))[0] == 202
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    server = sender.servers["models"]
    server._private = rsa.generate_private_key(65537, 2048)
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    server._pem = (
        server._private.public_key().public_bytes(serialization.Encoding.PEM, public).decode()
    )
    headers, body = sender.signed(sender.follow(number=7))
    assert (await sender.post(headers, body))[0] == 202


async def test_nobody_deletes_what_is_not_theirs(sender: Sender) -> None:
    victim = sender.documents.post_id(sender.documents.world.posts["d1"])
    await sender.app.parts.conversations.read(victim, bot=HANDLE, aliases=set())
    me = sender.documents.actor_id("ines")
    delete = {"id": f"{me}#delete-1", "type": "Delete", "actor": me, "object": victim}
    headers, body = sender.signed(delete)
    assert (await sender.post(headers, body))[0] == 202
    assert await handled(sender.app, f"{me}#delete-1") == "looking again"
    async with asyncio.timeout(60):
        while True:  # its server was asked, where it is still there
            async with sender.app.storage.view() as view:
                post = await view.posts.get(victim)
                if await is_idle(view):
                    break
            await asyncio.sleep(0.05)
    assert post is not None
    assert post.text
    assert post.erased_at is None


async def test_documents_are_negotiated_and_discovered(sender: Sender) -> None:
    uris = sender.app.uris
    finger = f"{uris.base}/.well-known/webfinger"
    resources = (
        f"acct:{HANDLE}@{uris.domain}",
        uris.actor(HANDLE),
        uris.profile(HANDLE),
        uris.base,
    )
    async with aiohttp.ClientSession() as session:
        for resource in resources:
            async with session.get(finger, params={"resource": resource}) as response:
                document = await response.json(content_type="application/jrd+json")
                links = {link["rel"]: link for link in document["links"]}
                assert response.headers["Access-Control-Allow-Origin"] == "*"
                assert links["self"]["type"] == JSON
        async with session.get(finger) as response:
            assert response.status == 400
        async with session.get(finger, params={"resource": "acct:x@y.example"}) as response:
            assert response.status == 404
        for version in ("2.0", "2.1", "2.2"):
            async with session.get(f"{uris.base}/nodeinfo/{version}") as response:
                info = await response.json()
                assert info["version"] == version
                assert ("instance" in info) == (version == "2.2")
        ld = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
        for accept in (JSON, ld):
            headers = {"Accept": accept}
            async with session.get(uris.actor(HANDLE), headers=headers) as response:
                actor = await response.json(content_type=JSON)
                assert "Accept" in response.headers["Vary"]
        async with session.get(uris.actor(HANDLE), allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, uris.profile(HANDLE))
        headers = {"Accept": JSON}
        async with session.get(uris.instance_actor, headers=headers) as response:
            instance = await response.json(content_type=JSON)
    assert (actor["type"], instance["type"]) == ("Service", "Application")
    assert actor["manuallyApprovesFollowers"] is False
    assert actor["publicKey"]["owner"] == actor["id"]


async def test_a_full_disk_is_said_so_and_nothing_is_lost(sender: Sender) -> None:
    async with sender.app.storage._writer.connect() as connection:
        # As little as the database has now, so that the next page it needs is refused.
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")
    big = {**sender.follow(number=9), "summary": "x" * 500_000}
    headers, body = sender.signed(big)
    status, text = await sender.post(headers, body)
    async with sender.app.storage._writer.connect() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert status == 503
    assert "cannot take anything just now" in orjson.loads(text)["error"]
    assert (await sender.post(headers, body))[0] == 202


async def test_half_activities_inside_others_are_ignored(sender: Sender) -> None:
    me = sender.documents.actor_id("ines")
    bot = sender.app.uris.actor(HANDLE)
    inner: list[Any] = [{"type": "Follow"}, {"type": "Follow", "object": bot, "actor": "x"}, [], 7]
    inner += [{"object": {}}, {"object": None, "type": []}, "not a uri", {"type": "Tombstone"}]
    outcomes = []
    for kind in ("Undo", "Announce", "Accept", "Create", "Update", "Delete", "Block", "Move"):
        for number, thing in enumerate(inner):
            uri = f"{me}#{kind}-{number}"
            activity = {"id": uri, "type": kind, "actor": me, "object": thing}
            assert (await sender.post(*sender.signed(activity)))[0] == 202
            outcomes.append(await handled(sender.app, uri))
    async with sender.app.storage.view() as view:
        assert await view.jobs.failed(10) == []
    assert set(outcomes) == {"ignored"}


async def test_a_bio_that_now_refuses_erases_what_was_stored(sender: Sender) -> None:
    world, documents = sender.documents.world, sender.documents
    root = documents.post_id(world.posts["d1"])
    await sender.app.parts.conversations.read(root, bot=HANDLE, aliases=set())
    server = sender.servers["models"]
    document = documents.actor(world.people["bo"], server._pem) | {"summary": "<p>#nobots</p>"}
    me = documents.actor_id("bo")
    update = {"id": f"{me}#update-1", "type": "Update", "actor": me, "object": document}
    assert (await sender.post(*sender.signed(update, "bo")))[0] == 202
    await handled(sender.app, f"{me}#update-1")
    async with sender.app.storage.view() as view:
        kept = {post.id: post.text for post in await view.posts.in_thread(root)}
    assert kept[root] == ""
    assert kept[documents.post_id(world.posts["d2"])]


async def test_a_flood_of_requests_is_told_once_and_then_ignored(sender: Sender) -> None:
    now = sender.app.clock.now()
    asker = sender.documents.actor_id("marek")
    async with sender.app.storage.unit() as unit:
        for number in range(21):
            row = tables.Answer(
                request_id=f"{asker}/{number}",
                bot=HANDLE,
                requester_id=asker,
                asked_at=now - timedelta(seconds=number),
            )
            await unit.answers.claim(row)
    await sender.app.parts.authors.learn([asker])
    note = {"id": f"{asker}/0", "type": "Note", "content": "<p>tl;dr</p>"}
    await sender.app.parts.answers.answer(f"{asker}/0", note)
    async with sender.app.storage.unit() as unit:
        last = tables.Answer(request_id=f"{asker}/22", bot=HANDLE, requester_id=asker, asked_at=now)
        await unit.answers.claim(last)
    await sender.app.parts.answers.answer(f"{asker}/22", {**note, "id": f"{asker}/22"})
    async with sender.app.storage.view() as view:
        told = await view.answers.get(f"{asker}/0")
        ignored = await view.answers.get(f"{asker}/22")
    assert told is not None
    assert ignored is not None
    assert (told.state, told.reason, told.publication_id is None) == (
        "answered",
        "limit: person",
        False,
    )
    assert (ignored.state, ignored.publication_id) == ("refused", None)


async def test_a_header_that_is_still_folded_is_refused_politely(sender: Sender) -> None:
    """RFC 9112 §5.2 leaves a server the choice to reject obs-fold; proxies unfold it."""
    headers, body = sender.signed(sender.follow())
    where = urlsplit(sender.inbox)
    folded = headers.pop("Signature").replace(",", ",\r\n   ")
    lines = {**headers, "Host": where.netloc, "Content-Length": len(body), "Connection": "close"}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    request = f"POST {where.path} HTTP/1.1\r\n{text}Signature: {folded}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(request + body)
    status = (await reader.readline()).split()[1]
    writer.close()
    assert status == b"400"


async def test_a_delete_of_several_things_deletes_each(sender: Sender) -> None:
    first = sender.documents.post_id(sender.documents.world.posts["d1"])
    await sender.app.parts.conversations.read(first, bot=HANDLE, aliases=set())
    async with sender.app.storage.view() as view:
        thread = await view.posts.in_thread(first)
    me = next(post.author_id for post in thread if post.id == first)
    mine = sorted(post.id for post in thread if post.author_id == me)
    other = next(post.id for post in thread if post.author_id != me)
    person = next(n for n in sender.documents.world.people if sender.documents.actor_id(n) == me)
    gone = [{"id": mine[0], "type": "Tombstone"}, *mine[1:], other]
    delete = {"id": f"{me}#delete-all", "type": "Delete", "actor": me, "object": gone}
    assert len(mine) > 1
    assert (await sender.post(*sender.signed(delete, person)))[0] == 202
    assert await handled(sender.app, str(delete["id"])) == "erased"
    async with sender.app.storage.view() as view:
        after = [await view.posts.get(uri) for uri in (*mine, other)]
    assert [bool(post and post.text) for post in after] == [*[False] * len(mine), True]
