"""The main job on the sample fediverse, from a hashtag to a digest, an answer, and back again."""

import asyncio
from pathlib import Path
from typing import Any

import feedparser
import pytest

from activitypub.vocab import PUBLIC
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE, has_read
from tests.federation.instance import fetch, running

SECRETS = (
    "secret purple corpus",  # an author with #NoBots
    "must never be seen",  # a deleted post
    "quietly violates that licence",  # for followers only
)


def notes(fediverse: SampleFediverse, kind: str) -> list[dict[str, Any]]:
    return [dict(a.document["object"]) for a in fediverse.arrived(kind)]


async def test_from_a_hashtag_to_a_digest_and_an_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        digest, answer = figures["digest_url"], figures["answer_url"]
        status, page = await fetch(digest)
        feed = feedparser.parse((await fetch(app.uris.feed(HANDLE)))[1])
        answer_status, answer_page = await fetch(answer)
        archive = (await fetch(app.uris.archive(HANDLE)))[1]
        note = next(n for n in notes(fediverse, "Create") if n["id"].endswith("news-demo"))
        reply = next(n for n in notes(fediverse, "Create") if n.get("inReplyTo"))
        accepts = fediverse.arrived("Accept")

    assert figures["uncited_sentences"] == 0
    assert figures["sentences"] >= 15
    assert status == answer_status == 200
    assert len(feed.entries) == 1
    assert digest in archive
    assert [a.document["object"]["type"] for a in accepts] == ["Follow"]
    assert note["to"] == [PUBLIC]
    assert reply["to"] == [fediverse.documents.actor_id("marek")]
    assert PUBLIC in reply["cc"]
    assert [t["href"] for t in reply["tag"] if t["type"] == "Mention"] == reply["to"]
    assert "Every bill of a 7B model" in page
    for text in (page, answer_page, note["content"], reply["content"]):
        assert not [secret for secret in SECRETS if secret in text]


async def test_the_demo_publishes_only_when_its_follower_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where everything is read already, a digest would else be earlier than a slow Follow."""
    async with running(tmp_path) as (fediverse, app, demo):
        async with asyncio.timeout(30):
            while not await has_read(app):  # noqa: ASYNC110  the state is in the database
                await asyncio.sleep(0.05)
        server = fediverse.servers["models"]
        send, loop = server.send, asyncio.get_running_loop()
        monkeypatch.setattr(server, "send", lambda *what: loop.call_later(2.0, send, *what))
        await demo.cycle(app)
        kinds = [arrived.document["type"] for arrived in server.received]
    assert kinds[:2] == ["Accept", "Create"]


async def test_refused_words_are_not_even_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, app, demo):
        await demo.cycle(app)
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("demo.sqlite3*"))
    assert b"open source" in stored
    assert not [secret for secret in SECRETS if secret.encode() in stored]


async def test_a_deleted_post_leaves_digest_page_feed_and_followers(tmp_path: Path) -> None:
    words = "With open weights I can fine-tune a model on my own laptop"
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        assert words in (await fetch(figures["digest_url"]))[1]
        await fediverse.delete("d2", app.uris.actor(HANDLE))
        updated = app.uris.object("news-demo")
        arrived = await fediverse.wait_for(
            lambda a: a.document["type"] == "Update" and a.document["object"]["id"] == updated
        )
        for url in (figures["digest_url"], figures["answer_url"], app.uris.feed(HANDLE)):
            assert words not in (await fetch(url))[1]
        outbox = app.uris.collection(HANDLE, "outbox") + "?cursor="
        assert words not in (await fetch(outbox, "application/activity+json"))[1]
    assert words not in arrived.document["object"]["content"]


async def test_nothing_is_published_twice_for_one_period(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        now = app.clock.now()
        again = await app.parts.digests.make(app.config.bot(HANDLE), "demo", now, now)
        digests = {n["id"] for n in notes(fediverse, "Create") if not n.get("inReplyTo")}
    assert again is None
    assert len(digests) == 1


async def test_an_empty_thread_gets_a_short_direct_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        lonely = fediverse.documents.post_id(fediverse.world.posts["k1"])
        actor, address = app.uris.actor(HANDLE), app.uris.address(HANDLE)
        request = await fediverse.ask(actor, address, text="summary please", under="k1")
        arrived = await fediverse.wait_for(
            lambda a: (
                isinstance(a.document["object"], dict)
                and a.document["object"].get("inReplyTo") == request
            )
        )
    note = arrived.document["object"]
    assert lonely
    assert "Nothing to summarize yet" in note["content"]
    assert note["to"] == [fediverse.documents.actor_id("marek")]
    assert "cc" not in note


async def test_leave_me_out_erases_and_is_confirmed_to_the_person_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        assert "Marek Novák" in (await fetch(figures["digest_url"]))[1]
        actor, address = app.uris.actor(HANDLE), app.uris.address(HANDLE)
        request = await fediverse.ask(actor, address, text="please leave me out")
        arrived = await fediverse.wait_for(
            lambda a: (
                isinstance(a.document["object"], dict)
                and a.document["object"].get("inReplyTo") == request
            )
        )
        page = (await fetch(figures["digest_url"]))[1]
    assert arrived.document["object"]["to"] == [fediverse.documents.actor_id("marek")]
    assert "cc" not in arrived.document["object"]
    assert "Marek" not in page
