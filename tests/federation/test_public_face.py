"""What peers and people see of us, asked over HTTP without any key."""

import io
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from activitypub.signatures import cavage, keys, proof
from bot import source_code
from bot.app import Fedigest
from bot.demo.show import HANDLE
from bot.publishing.follower_sync import digest
from bot.words import words
from storage import tables
from tests.federation.instance import fetch, running
from tests.federation.sender import JSON, Sender, handled

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        yield Sender(fediverse, app)


async def document(url: str, accept: str = JSON, status: int = 200) -> dict[str, Any]:
    got, text = await fetch(url, accept)
    assert got == status, text
    found: dict[str, Any] = orjson.loads(text)
    return found


async def latest(app: Fedigest) -> str:
    async with app.storage.view() as view:
        [row] = await view.publications.of_bot(HANDLE, "digest", limit=1)
    return row.id


async def test_the_actor_has_all_that_others_look_for(sender: Sender) -> None:
    uris = sender.app.uris
    actor = await document(uris.actor(HANDLE))
    assert actor["type"] == "Service"
    assert actor["manuallyApprovesFollowers"] is False
    assert actor["discoverable"] is actor["indexable"] is True
    assert actor["publicKey"]["id"] == uris.key(uris.actor(HANDLE))
    [multikey] = actor["assertionMethod"]
    assert multikey["type"] == "Multikey"
    assert multikey["controller"] == actor["id"]
    assert isinstance(keys.load(multikey["publicKeyMultibase"]), Ed25519PublicKey)
    assert actor["generator"]["implements"][0]["href"].endswith("/rfc9421")
    assert actor["webfinger"] == uris.address(HANDLE)[1:]
    assert {row["name"] for row in actor["attachment"]} >= {"Operator", "Source code"}


async def test_the_source_of_what_runs_can_be_had_from_where_the_pages_say(sender: Sender) -> None:
    uris = sender.app.uris
    _, about = await fetch(uris.about)
    told = await document(f"{uris.base}/nodeinfo/2.1")
    assert f'href="{uris.base}/source"' in about
    assert told["software"]["repository"] == f"{uris.base}/source"
    async with aiohttp.ClientSession() as session, session.get(f"{uris.base}/source") as given:
        packed = await given.read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        [this] = [name for name in archive.getnames() if name.endswith("/bot/source_code.py")]
        file = archive.extractfile(this)
        assert file is not None
        assert file.read() == Path(source_code.__file__).read_bytes()


async def test_webfinger_by_account_actor_and_page_and_for_the_server(sender: Sender) -> None:
    uris = sender.app.uris
    well_known = f"{uris.base}/.well-known/webfinger"
    for resource in (
        f"acct:{HANDLE}@{uris.domain}",
        uris.actor(HANDLE),
        uris.profile(HANDLE),
    ):
        found = await document(f"{well_known}?resource={resource}")
        assert found["subject"] == f"acct:{HANDLE}@{uris.domain}"
        links = {link["rel"]: link for link in found["links"]}
        assert links["self"]["href"] == uris.actor(HANDLE)
        assert "{uri}" in links["http://ostatus.org/schema/1.0/subscribe"]["template"]
    server = await document(f"{well_known}?resource={uris.base}/")
    rels = {link["rel"]: link["href"] for link in server["links"] if "href" in link}
    assert rels["https://www.w3.org/ns/activitystreams#Service"] == uris.instance_actor
    assert (await fetch(well_known))[0] == 400
    for unknown in ("acct:nobody@x.example", f"acct:../{HANDLE}@{uris.domain}", "%00", "//"):
        assert (await fetch(f"{well_known}?resource={unknown}"))[0] == 404
    assert (await fetch(f"{uris.base}/authorize_interaction?uri=x"))[0] == 404


async def test_the_latest_digest_is_pinned_and_has_context_and_replies(sender: Sender) -> None:
    app, uris = sender.app, sender.app.uris
    uri = await latest(app)
    featured = await document(f"{uris.collection(HANDLE, 'featured')}?cursor=")
    assert featured["orderedItems"] == [uri]
    note = await document(uri)
    me = sender.documents.actor_id("ada")
    reply = {
        "id": f"{me}/statuses/r1", "type": "Note", "attributedTo": me, "to": [PUBLIC],
        "content": "<p>Thank you</p>", "inReplyTo": uri, "published": "2026-11-23T08:00:00Z",
    }  # fmt: skip
    async with app.storage.unit() as unit:
        from activitypub.vocab import Object  # noqa: PLC0415
        from bot.consent.ingest import row_of  # noqa: PLC0415

        await unit.posts.put(row_of(Object.parse(reply), (), "inbox", app.clock.now()))
    replies = await document(note["replies"])
    assert replies["totalItems"] == 1
    assert replies["first"]["items"] == [reply["id"]]
    context = await document(note["context"])
    assert context["attributedTo"] == uris.actor(HANDLE)
    assert context["first"]["items"] == [uri, reply["id"]]
    assert (await fetch(f"{uris.base}/ap/contexts/nothing", JSON))[0] == 404
    assert (await fetch(f"{uris.object('nothing')}/replies", JSON))[0] == 404


async def test_what_we_publish_carries_a_proof_also_after_an_edit(sender: Sender) -> None:
    app = sender.app
    actor = await document(app.uris.actor(HANDLE))
    key = actor["assertionMethod"][0]["publicKeyMultibase"]
    uri = await latest(app)
    now = datetime.now(UTC)
    proof.verify(await document(uri), key, now)
    outbox = await document(f"{app.uris.collection(HANDLE, 'outbox')}?cursor=")
    proof.verify(outbox["orderedItems"][0], key, now)
    async with app.storage.unit() as unit:
        row = await unit.publications.get(uri)
        assert row is not None
        await app.parts.publisher.refresh(unit, row)  # nothing has changed, so nothing is sent
        assert not [a for a in await unit.activities.of_object(uri) if a.type == "Update"]
        summary = (await unit.digests.summaries(row.slug))[0]
        cited = (await unit.digests.sentences(summary.id))[0].posts
        await app.parts.provenance.erase(unit, cited)
    edited = await document(uri)
    assert "updated" in edited
    proof.verify(edited, key, now)
    outbox = await document(f"{app.uris.collection(HANDLE, 'outbox')}?cursor=")
    proof.verify(outbox["orderedItems"][0], key, now)
    async with app.storage.unit() as unit:
        await app.parts.publisher.withdraw(unit, row)
    assert (await document(uri, status=410))["type"] == "Tombstone"


async def test_each_host_learns_of_its_own_followers_only(sender: Sender) -> None:
    """FEP-8fcf: the header, its digest, and the list behind it."""
    app, uris = sender.app, sender.app.uris
    url = uris.synchronization(HANDLE)
    assert (await fetch(url, JSON))[0] == 401
    for person in ("ines", "marek"):
        follow = sender.follow(person, 7)
        await sender.post(*sender.signed(follow, person))
        await handled(app, follow["id"])

    async def ask(person: str) -> list[str]:
        headers = cavage.sign(sender.key(person), "GET", url, now=datetime.now(UTC))
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            assert answer.status == 200
            assert "no-store" in answer.headers["Cache-Control"]
            items: list[str] = (await answer.json(content_type=None))["orderedItems"]
            return items

    mine = sender.documents.actor_id("ines")
    assert await ask("ines") == [mine]
    assert await ask("marek") == [sender.documents.actor_id("marek")]
    rows = [
        tables.Delivery(activity_id="a", bot=HANDLE, inbox=inbox, host="x", due_at=app.clock.now())
        for inbox in (f"{sender.servers['models'].origin}/inbox", "https://none.example/inbox")
    ]
    digests = app.deliverer._digests
    await digests.prepare(rows)
    assert f'digest="{digest([mine])}"' in digests.header(rows[0])["Collection-Synchronization"]
    assert digests.header(rows[1]) == {}
    # The example of the FEP: the order does not matter, and the same one twice is none.
    assert digest(["a", "b"]) == digest(["b", "a"])
    assert digest(["a", "a"]) == "0" * 64


async def test_a_changed_profile_is_told_once(sender: Sender) -> None:
    app = sender.app
    # In all states: what has arrived is written down as delivered a moment later.
    async with app.storage.view() as view:
        before = sum((await view.deliveries.counts()).values())
    await app._introduce()
    async with app.storage.view() as view:
        after = sum((await view.deliveries.counts()).values())
    assert after == before, "the same profile was told at the start"


async def test_asking_again_for_a_page_the_feed_or_an_actor_costs_little(sender: Sender) -> None:
    app, uris = sender.app, sender.app.uris
    pages = (uris.digest("news-demo"), uris.feed(HANDLE), f"{uris.base}/about")
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for url in (*pages, uris.actor(HANDLE)):
            ask = {"Accept": JSON} if url == uris.actor(HANDLE) else {}
            packed = {**ask, "Accept-Encoding": "gzip"}
            async with session.get(url, headers=packed) as first:
                assert first.headers["Content-Encoding"] == "gzip"
                assert "Accept-Encoding" in first.headers["Vary"]
                assert first.headers["Cache-Control"].startswith("public")
                tag = first.headers["ETag"]
                size = len(await first.read())
            plain = {**ask, "Accept-Encoding": "identity"}
            async with session.get(url, headers=plain) as whole:
                assert "Content-Encoding" not in whole.headers
                assert len(await whole.read()) > size
            async with session.get(url, headers={**ask, "If-None-Match": f'"x", {tag}'}) as again:
                assert (again.status, await again.read()) == (304, b"")
                assert again.headers["ETag"] == tag
            async with session.head(url, headers=ask) as head:
                assert (head.status, await head.read()) == (200, b"")
                assert head.headers["ETag"] == tag
        async with app.storage.unit() as unit:
            row = await unit.publications.get(await latest(app))
            assert row is not None
            await app.parts.publisher.withdraw(unit, row)
        async with session.get(pages[0], headers={"If-None-Match": "*"}) as gone:
            assert gone.status == 410
            assert gone.headers["Cache-Control"] == "no-store"
            assert gone.headers["X-Content-Type-Options"] == "nosniff"


async def test_caches_ask_before_they_show_words_again_but_may_keep_actors(sender: Sender) -> None:
    app, uris = sender.app, sender.app.uris
    uri = await latest(app)
    async with app.storage.view() as view:
        create = (await view.activities.of_object(uri))[0].id
    words = [
        uri, create, f"{uris.collection(HANDLE, 'outbox')}?cursor=", uris.feed(HANDLE),
        uris.digest("news-demo"), f"{uris.base}/", f"{uri}/replies",
        f"{uris.collection(HANDLE, 'featured')}?cursor=",
    ]  # fmt: skip
    finger = f"{uris.base}/.well-known/webfinger?resource={uris.actor(HANDLE)}"
    lasting = [uris.actor(HANDLE), uris.instance_actor, uris.profile(HANDLE), finger]
    async with aiohttp.ClientSession() as session:
        for url in words:
            ask = {"Accept": JSON if "/ap/" in url else "*/*"}
            async with session.get(url, headers=ask) as first:
                assert first.headers["Cache-Control"] == "public, no-cache", url
                tag = first.headers["ETag"]
            ask["If-None-Match"] = tag
            async with session.get(url, headers=ask) as again:
                assert again.status == 304, f"{url} is not the same bytes each time"
                assert again.headers["Cache-Control"] == "public, no-cache"
        for url in lasting:
            async with session.get(url, headers={"Accept": JSON}) as first:
                assert "max-age" in first.headers["Cache-Control"], url


async def test_the_feed_is_valid_and_says_when_a_digest_was_corrected(sender: Sender) -> None:
    app, uris = sender.app, sender.app.uris
    async with app.storage.unit() as unit:
        row = await unit.publications.get(await latest(app))
        assert row is not None
        summary = (await unit.digests.summaries(row.slug))[0]
        cited = (await unit.digests.sentences(summary.id))[0].posts
        await app.parts.provenance.erase(unit, cited)
    async with app.storage.view() as view:
        corrected = await view.publications.get(row.id)
        assert corrected is not None
        assert corrected.updated is not None
    feed = feedparser.parse((await fetch(uris.feed(HANDLE)))[1])
    assert feed.bozo is False
    [entry] = feed.entries
    assert (entry.id, entry.link) == (row.id, uris.digest(row.slug))
    assert entry.updated == feed.feed.updated == corrected.updated.isoformat(timespec="seconds")
    assert entry.published == row.published.isoformat(timespec="seconds")
    assert feed.feed.author == "Open AI news"


async def test_the_feed_and_the_profile_are_in_the_bots_language(tmp_path: Path) -> None:
    said = words("ar")
    async with running(tmp_path, language="ar") as (_, app, demo):
        await demo.cycle(app)
        feed = feedparser.parse((await fetch(app.uris.feed(HANDLE)))[1])
        actor = await document(app.uris.actor(HANDLE))
        note = await document(await latest(app))
    assert feed.bozo is False
    assert feed.feed.language == feed.entries[0].content[0].language == "ar"
    words_of_it = feed.entries[0].content[0].value
    assert 'dir="rtl"' in words_of_it
    for key in ("answer.opt_out", "page.discussion"):
        assert said.say(key, host="models.localhost").partition("models")[0] in words_of_it
    assert "refusal training" not in words_of_it, "what is behind a warning is linked only"
    assert said.say("page.warning", text="model safety") in words_of_it
    links = {link.type: link.href for link in feed.entries[0].links}
    assert links["application/activity+json"] == note["id"]
    assert {row["name"] for row in actor["attachment"]} >= {said.say("profile.operator")}
    assert said.say("answer.opt_out") in actor["summary"]
    assert list(note["contentMap"]) == ["ar"]
