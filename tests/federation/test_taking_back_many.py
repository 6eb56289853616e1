"""Taking back what several bots cite, what former bots said, a thousand posts, after a move."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from activitypub.uris import Uris
from activitypub.vocab import Activity
from bot.app import Fedigest
from bot.inbox.prepared import Ready
from bot.keys import KeyRing, create_missing
from bot.taking_back.provenance import CALM, PIECE
from bot.topic import Topic
from bot.wiring import Parts
from storage import Storage, tables
from tests.federation.hosts import hosts
from tests.federation.instance import running, until
from tests.federation.sender import Sender
from tests.federation.test_lasting import Later, told
from tests.federation.test_reading import reading
from tests.federation.test_staying_out import person
from tests.federation.test_taking_back import cited_twice, deleted
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC, parts

OTHER = Topic(handle="more", name="More", hashtags=("openai",))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        planted = Scene(net, storage, made)
        planted.plant()
        yield planted


def started(scene: Scene, *topics: Topic) -> Parts:
    """Return the parts of a process with these bots, from now on those of the scene."""
    made = scene.made
    scene.made = parts(scene.storage, made.recheck._client, made.digests._clock, topics)
    return scene.made


async def said_by_both(scene: Scene) -> dict[str, str]:
    """Let two bots publish digests that quote b; return their ids."""
    made = started(scene, TOPIC, OTHER)
    await scene.read()
    finding = tables.Finding(
        bot="more", post_id=scene.uri("a"), source="x", found_at=made.digests._clock.now(),
        state="read", thread_id=scene.uri("a"),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.findings.add(finding)
    now = made.digests._clock.now() + timedelta(minutes=1)
    for topic in (TOPIC, OTHER):
        assert await made.digests.make(topic, "p", now - timedelta(days=1), now)
    ids = {
        topic.handle: made.publisher.uris.object(f"{topic.handle}-p") for topic in (TOPIC, OTHER)
    }
    async with scene.storage.unit() as unit:
        for bot, uri in ids.items():
            [create] = await unit.activities.of_object(uri)
            await unit.deliveries.add(create.id, bot, [f"https://{bot}.example/i"], now)
            await unit.deliveries.claim(now, timedelta(days=1), 9)
            assert SAYINGS["b"] in str(create.document)
    return ids


async def documents(storage: Storage, uri: str) -> str:
    """Return all that is stored of a publication and what was sent of it."""
    async with storage.view() as view:
        row = await view.publications.get(uri)
        sent = await view.activities.of_object(uri)
    assert row is not None
    return str([row.document, *(activity.document for activity in sent)])


async def test_what_two_bots_cite_is_taken_back_by_both(scene: Scene) -> None:
    ids = await said_by_both(scene)
    await scene.delete()
    for bot, uri in ids.items():
        assert await told(scene, uri, "Update") == {f"https://{bot}.example/i": True}
        assert SAYINGS["b"] not in await documents(scene.storage, uri)


async def test_what_a_former_bot_said_is_withdrawn_when_a_post_of_it_goes(scene: Scene) -> None:
    """The settings name it no more: how it spoke is not known, but whom it told is."""
    ids = await said_by_both(scene)
    started(scene, TOPIC)
    await scene.delete()
    assert await scene.text() == ""
    assert await told(scene, ids["news"], "Update") == {"https://news.example/i": True}
    assert await told(scene, ids["more"], "Delete") == {"https://more.example/i": True}
    for uri in ids.values():
        assert SAYINGS["b"] not in await documents(scene.storage, uri)


async def test_an_answer_of_a_former_bot_is_withdrawn_too(scene: Scene) -> None:
    made = started(scene, TOPIC, OTHER)
    await scene.read()
    request = scene.note("d", "@more summarize please", inReplyTo=scene.uri("a"))
    row = tables.Answer(
        request_id=request.id, bot="more", requester_id=scene.net.url("home", "/u/d"),
        state="asked", asked_at=made.digests._clock.now(),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.answers.claim(row)
    await made.answers.answer(request.id, request.document)
    async with scene.storage.view() as view:
        answered = await view.answers.get(request.id)
    assert answered is not None
    uri = answered.publication_id or ""
    assert "March" in await documents(scene.storage, uri)
    async with scene.storage.unit() as unit:
        assert await unit.deliveries.claim(made.digests._clock.now(), timedelta(days=1), 9)
    started(scene, TOPIC)
    await scene.delete()
    assert "March" not in await documents(scene.storage, uri)
    assert list(await told(scene, uri, "Delete")) == [scene.net.url("home", "/u/d/inbox")]


async def many(scene: Scene, digests: int, each: int) -> str:
    """Publish digests that cite so many posts of one author each; return the author's id."""
    now, me = scene.made.digests._clock.now(), scene.net.url("home", "/u/b")
    await scene.made.authors.learn([me, scene.net.url("home", "/u/a")])

    def post(uri: str, author: str, thread: str) -> tables.Post:
        return tables.Post(
            id=uri, url=uri, author_id=author, host="home", thread_id=thread, audience="public",
            kind="Note", content="", text=f"These are the words of {uri}.", hashtags=["openai"],
            published=now, fetched_at=now, via="x",
        )  # fmt: skip

    async with scene.storage.unit() as unit:
        for number in range(digests):
            root, name = f"{me}/r{number}", f"news-{number}"
            uris = [f"{me}/p{number}-{place}" for place in range(each)]
            await unit.posts.put(post(root, scene.net.url("home", "/u/a"), root))
            for uri in uris:
                await unit.posts.put(post(uri, me, root))
            thread = tables.Thread(id=root, url=root, host="home", opened_at=now, active_at=now)
            await unit.threads.put(thread)
            digest = tables.Digest(
                id=name, bot="news", period=name, since=now, until=now, title="t", language="en",
                made_at=now,
            )  # fmt: skip
            await unit.digests.add(digest)
            summary = tables.Summary(
                id=f"{name}#0", thread_id=root, digest_id=name, engine="extractive/1", made_at=now,
            )  # fmt: skip
            cited: list[Any] = [
                ("sentence", f"These are the words of {uri}.", [uri]) for uri in [root, *uris]
            ]
            await unit.digests.add_summary(summary, cited)
            assert await scene.made.publisher.digest(unit, digest)
    return me


async def unchanged(scene: Scene, author: str) -> int:
    """Count the publications that hold words of an author."""
    async with scene.storage.view() as view:
        rows = await view.publications.of_bot("news", "digest", limit=999)
    return sum(f"{author}/p" in str(row.document) for row in rows)


async def test_an_account_with_a_thousand_cited_posts_is_taken_back_in_pieces(
    scene: Scene,
) -> None:
    """Nobody can write meanwhile: so the words go at once, and what shows them piece by piece."""
    digests, each = 6, PIECE // 3
    me = await many(scene, digests, each)
    assert await unchanged(scene, me) == digests
    await scene.handle("Delete", "b", me)
    async with scene.storage.view() as view:
        rows = await view.posts.by_author(me)
        jobs = [job for job in await view.jobs.naming("reconsider:") if job.state == "ready"]
        said = [s for row in rows for s in await view.digests.resting_on(row.id)]
        [shown] = [await scene.made.views.digest(view, f"news-{digests - 1}")]
    assert len(rows) == digests * each
    assert {row.text for row in rows} == {""}
    assert said == []
    assert shown is not None
    assert f"{me}/p" not in str(shown), "pages follow at once"
    assert 0 < await unchanged(scene, me) < digests
    assert [len(job.payload["posts"]) for job in jobs][:-1] == [PIECE] * (len(jobs) - 1)
    for job in [*jobs, *jobs]:  # twice, as after a crash
        await scene.made.recheck.reconsider(job.payload["posts"])
    assert await unchanged(scene, me) == 0
    for number in range(digests):
        async with scene.storage.view() as view:
            uri = scene.made.publisher.uris.object(f"news-{number}")
            sent = await view.activities.of_object(uri)
        assert [row.type for row in sent] == ["Create", "Update"], "each is told once"


@pytest.mark.parametrize("how", ["data erase", "Delete"])
async def test_what_others_are_to_be_told_is_not_dropped_with_a_persons_jobs(
    scene: Scene, how: str
) -> None:
    """A piece of a fan-out names hundreds of followers, and what is to be redacted its author."""
    me, now = await many(scene, 6, PIECE // 3), scene.made.digests._clock.now()
    others = [f"{me}/inbox", "http://other.localhost/inbox"]
    piece = {"activity": "x", "bot": "news", "inboxes": others, "due": now.isoformat()}
    asked = tables.Answer(
        request_id=f"{me}/asked", bot="news", requester_id=me, state="answered", asked_at=now
    )
    async with scene.storage.unit() as unit:
        await unit.jobs.enqueue("plan", piece, run_at=now, key="plan:x:500")
        await unit.jobs.enqueue("read", {"post": f"{me}/1"}, run_at=now, key=f"read:{me}/1")
        await unit.answers.claim(asked)
    if how == "Delete":
        await scene.handle("Delete", "b", me)
    else:
        await scene.made.people.erase(me)
    assert await jobs(scene, "read") == []
    assert [job["inboxes"] for job in await jobs(scene, "plan")] == [others]
    for payload in await jobs(scene, "reconsider"):
        await scene.made.recheck.reconsider(payload["posts"])
    assert await unchanged(scene, me) == 0


async def jobs(scene: Scene, kind: str) -> list[dict[str, Any]]:
    async with scene.storage.view() as view:
        return [dict(job.payload) for job in await view.jobs.naming(kind) if job.kind == kind]


async def test_who_has_moved_is_not_quoted_from_the_old_account(scene: Scene) -> None:
    """A Move says so before anybody reads the old profile again."""
    await scene.read()
    old, new = (scene.net.url("home", f"/u/{who}") for who in "bc")
    person(scene, "b", movedTo=new)
    person(scene, "c", alsoKnownAs=[old])
    await move(scene, old, new)
    [look] = await jobs(scene, "recheck")
    await scene.made.recheck.look(look["uri"])
    assert await scene.text("b") == ""
    assert await scene.text("c") == SAYINGS["c"]


async def move(scene: Scene, old: str, new: str) -> None:
    document = {"id": f"{old}#m", "type": "Move", "actor": old, "object": old, "target": new}
    row = tables.ReceivedActivity(
        id=f"{old}#m", actor_id=old, type="Move", received_at=scene.made.digests._clock.now()
    )
    async with scene.storage.unit() as unit:
        handler = scene.made.inbound._handlers
        await handler.handle(unit, Ready(row, Activity.parse(document)))


@pytest.mark.parametrize("by", ["old", "new"])
async def test_an_opt_out_after_a_move_holds_for_both_accounts(scene: Scene, by: str) -> None:
    await scene.read()
    old, new = (scene.net.url("home", f"/u/{who}") for who in "bc")
    person(scene, "b", movedTo=new)
    person(scene, "c", alsoKnownAs=[old])
    if by == "old":  # their profile was read again since, at the Move
        await scene.made.authors.renew([old])
    else:
        await scene.made.authors.renew([new])
    await scene.made.people.choose(old if by == "old" else new, "exclude")
    for payload in await jobs(scene, "move"):
        await scene.made.following.moved(payload["old"], payload["new"])
    for payload in await jobs(scene, "recheck"):
        await scene.made.recheck.look(payload["uri"])
    assert [await scene.text(who) for who in "bcd"] == ["", "", SAYINGS["d"]]


async def test_accounts_that_move_to_each_other_do_not_keep_it_busy(scene: Scene) -> None:
    await scene.read()
    one, other = (scene.net.url("home", f"/u/{who}") for who in "bc")
    person(scene, "b", movedTo=other, alsoKnownAs=[other])
    person(scene, "c", movedTo=one, alsoKnownAs=[one])
    await scene.made.authors.renew([one, other])
    await scene.handle("Block", "b", scene.made.publisher.uris.actor("news"))
    for _ in range(4):
        for payload in await jobs(scene, "move"):
            await scene.made.following.moved(payload["old"], payload["new"])
    assert len(await jobs(scene, "move")) == 2


async def test_nothing_is_lost_by_a_bot_whose_keys_are_gone(tmp_path: Path) -> None:
    """What it said is withdrawn here; what nobody can sign any more is given up, and said so."""
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        life = await cited_twice(Sender(fediverse, app), fediverse, [figures["digest_url"]])
        # As if the bot had been called otherwise, whose keys were then deleted.
        async with app.storage.unit() as unit:
            run = unit.posts._transaction.run
            for table in (tables.Publication, tables.Digest, tables.OutgoingActivity):
                await run(update(table).values(bot="former"))
        assert not app._keys.has(app.uris.actor("former"))
        await deleted(life)
        await until(lambda: given_up(app))
        async with app.storage.view() as view:
            rows = [row for row in await view.deliveries.lately(99) if row.bot == "former"]
            stored = await view.posts.get(life.post)
        assert {row.error for row in rows} == {"there is no key of this bot any more"}
        assert stored is not None
        assert stored.text == ""
        await app.storage.checkpoint()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
        assert not [words for words in life.words if words.encode() in written]


async def given_up(app: Fedigest) -> bool:
    async with app.storage.view() as view:
        return any(row.bot == "former" for row in await view.deliveries.lately(99))


def test_keys_of_a_former_bot_are_kept_ready_and_broken_ones_do_no_harm(tmp_path: Path) -> None:
    uris = Uris("https://digest.example", "digest.example")
    create_missing(tmp_path, ("news", "former"))
    broken = tmp_path / "bot-broken.pem"
    broken.write_text("no key")
    broken.chmod(0o600)
    ring = KeyRing(tmp_path, uris, ("news",))
    assert ring.signing(uris.actor("former")).key_id == uris.key(uris.actor("former"))
    assert ring.has(uris.actor("former"))
    assert not ring.has(uris.actor("broken"))


async def test_who_changes_their_name_again_and_again_does_not_keep_all_followers_busy(
    scene: Scene,
) -> None:
    """What takes words back never waits for that."""
    uri = (await said_by_both(scene))["news"]

    async def updated() -> tuple[datetime | None, str]:
        async with scene.storage.view() as view:
            row = await view.publications.get(uri)
        assert row is not None
        return row.updated, str(row.document)

    await scene.handle("Update", "b", person(scene, "b", name="Bea One"))
    first, text = await updated()
    assert first is not None
    assert "Bea One" in text
    for name in ("Two", "Three"):
        await scene.handle("Update", "b", person(scene, "b", name=f"Bea {name}"))
    assert await updated() == (first, text)
    async with scene.storage.view() as view:
        [job] = [j for j in await view.jobs.naming(uri) if j.kind == "reconsider"]
    assert job.run_at == first + CALM
    started(scene, TOPIC, OTHER)
    scene.made.provenance._clock = Later(scene, CALM)
    await scene.made.recheck.reconsider(job.payload["posts"])
    assert "Bea Three" in (await updated())[1]
    await scene.delete("c")
    assert SAYINGS["c"] not in (await updated())[1]
