"""What was said to one person alone is forgotten here after a month, and still taken back there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Fedigest
from bot.taking_back.retention import Lifetimes, Retention
from tests.federation.instance import running
from tests.federation.sender import handled
from tests.federation.talking import Talk
from tests.federation.test_taking_back import (
    Life,
    account_deleted,
    bio_refuses,
    blocked,
    deleted,
    held_by_followers,
    left_out_by_word,
    narrowed,
    server_listed,
)
from tests.federation.test_taking_back_alone import cited_to_both


class Later:
    """A clock that runs ahead of the app's."""

    def __init__(self, app: Fedigest, ahead: timedelta) -> None:
        self._app, self._ahead = app, ahead

    def now(self) -> datetime:
        return self._app.clock.now() + self._ahead


async def days_pass(app: Fedigest, *days: int) -> None:
    """Let what is kept be dropped, as on each of these days."""
    for number in days:
        await Retention(app.storage, Later(app, timedelta(days=number)), Lifetimes()).clean()


async def edited_since(life: Life) -> None:
    moment = life.app.clock.now() + timedelta(seconds=1)
    document = life.document(content="<p>I take all of that back.</p>")
    await life.say("Update", {**document, "updated": moment.isoformat(timespec="seconds")})


async def key_gone(life: Life) -> None:
    """Say so with a key that is gone, so that it is looked at; the post itself is gone, too."""
    server = life.fediverse.servers[life.fediverse.world.people[life.person].server]
    for post in life.fediverse.world.posts.values():
        post.deleted |= life.sender.documents.post_id(post) == life.post
    actor = f"{server.origin}/users/nobody"
    delete = {"id": f"{actor}#d", "type": "Delete", "actor": actor, "object": life.post}
    headers, body = life.sender.signed(delete, life.person)
    key = life.sender.documents.key_id(life.person)
    gone = {**headers, "Signature": headers["Signature"].replace(key, f"{actor}#main-key")}
    assert (await life.sender.post(gone, body))[0] == 202


async def erased_by_operator(life: Life) -> None:
    await life.app.parts.people.erase(life.author)
    life.app.deliverer.wake()


ENDS: list[Callable[[Life], Awaitable[None]]] = [
    deleted,
    edited_since,
    narrowed,
    left_out_by_word,
    blocked,
    account_deleted,
    bio_refuses,
    server_listed,
    key_gone,
    erased_by_operator,
]


def held(life: Life) -> list[str]:
    return [text for text in held_by_followers(life.fediverse) if life.words[0] in text]


async def traced(app: Fedigest) -> list[str]:
    async with app.storage.view() as view:
        return await view.traces.ids()


WORDS_DROPPED, POSTS_DROPPED = (31,), (31, 62, 93)
CASES: list[tuple[Callable[[Life], Awaitable[None]], tuple[int, ...]]] = [
    (end, POSTS_DROPPED) for end in ENDS
]
CASES += [(end, WORDS_DROPPED) for end in (deleted, edited_since, bio_refuses)]


async def test_who_cannot_be_read_just_then_is_told_all_the_same(tmp_path: Path) -> None:
    """A server that refuses us a profile for a while still has what was said to its owner."""
    async with running(tmp_path) as (fediverse, app, _demo):
        life = await cited_to_both(Talk(fediverse, app))
        async with app.storage.unit() as unit:
            for name in ("marek", "ines"):
                actor = life.sender.documents.actor_id(name)
                assert await unit.actors.mark_gone(actor, app.clock.now())
        await days_pass(app, 31)
        await deleted(life)
        for _ in range(3000):
            if not held(life):
                break
            await asyncio.sleep(0.02)
        assert not held(life)


@pytest.mark.parametrize(("end", "days"), CASES)
async def test_what_is_forgotten_here_is_taken_back_there(
    end: Callable[[Life], Awaitable[None]], days: tuple[int, ...], tmp_path: Path
) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        life = await cited_to_both(Talk(fediverse, app))
        assert len(held(life)) >= 2, "the direct answer, and the news"
        await days_pass(app, *days)
        async with app.storage.view() as view:
            assert not await view.answers.of_requester(life.sender.documents.actor_id("marek"))
            post = await view.posts.get(life.post)
        assert (post is None) == (len(days) > 1), "only its id is left"
        await app.storage.checkpoint()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
        if post is None:
            assert not [words for words in life.words if words.encode() in written]
        await end(life)
        for _ in range(3000):
            if not held(life):
                break
            await asyncio.sleep(0.02)
        assert not held(life)
        async with app.storage.view() as view:
            assert not await view.traces.has_post(life.post)


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Life]:
    async with running(tmp_path) as (fediverse, app, _demo):
        life = await cited_to_both(Talk(fediverse, app))
        await days_pass(app, 31, 62)
        yield life


async def test_nothing_else_takes_it_back(old: Life) -> None:
    """What others say, an old edit, a profile that permits, a look that finds it as it was."""
    other = next(name for name in old.fediverse.world.people if name not in {old.person, "marek"})
    await old.say("Delete", {"id": old.post, "type": "Tombstone"}, other)
    actor = old.sender.documents.actor_id(old.person)
    people = old.fediverse.world.people
    server = old.fediverse.servers[people[old.person].server]
    profile = old.sender.documents.actor(people[old.person], server._pem)
    updates = [old.document(), profile | {"summary": "<p>Hello.</p>"}]
    for number, thing in enumerate(updates):
        uri = f"{actor}#u{number}"
        update = {"id": uri, "type": "Update", "actor": actor, "object": thing}
        assert (await old.sender.post(*old.sender.signed(update, old.person)))[0] == 202
        await handled(old.app, uri)
    await old.app.parts.recheck.look(old.post)
    await old.app.parts.recheck.look(actor)
    async with old.app.storage.view() as view:
        assert await view.traces.has_post(old.post)
    assert len(held(old)) >= 2


async def test_who_asked_takes_the_answer_back_with_the_question(old: Life) -> None:
    async with old.app.storage.view() as view:
        [mine] = await view.traces.of_recipient(old.sender.documents.actor_id("marek"))
    before = len(held(old))
    await old.say("Delete", mine.request_id, "marek")
    for _ in range(3000):
        if len(held(old)) < before:
            break
        await asyncio.sleep(0.02)
    assert len(held(old)) == before - 1
    assert mine.id not in await traced(old.app)


async def test_export_and_erase_know_of_it(old: Life) -> None:
    """The author is told of the posts, not of who asked; who asked, of what was said to them."""
    people, marek = old.app.parts.people, old.sender.documents.actor_id("marek")
    told = await people.export(old.author)
    rows = told["quoted to someone alone, and dropped"]
    assert old.post in {row["post_id"] for row in rows}
    assert marek not in str(rows)
    mine = await people.export(marek)
    [trace] = mine["said to them alone, and dropped"]
    assert trace["actor_id"] == marek
    await people.erase(marek)
    assert trace["id"] not in await traced(old.app)


async def test_a_trace_lasts_its_time_and_no_longer(old: Life) -> None:
    assert await traced(old.app)
    await days_pass(old.app, 364)
    assert await traced(old.app)
    await days_pass(old.app, 366)
    assert not await traced(old.app)
    async with old.app.storage.view() as view:
        assert not await view.traces.has_author(old.author)


async def test_a_post_that_may_not_be_seen_any_more_takes_it_back_after_some_looks(
    old: Life,
) -> None:
    old.fediverse.servers[old.fediverse.world.people[old.person].server].closed = True
    for times in range(3):
        async with old.app.storage.view() as view:
            assert await view.traces.has_post(old.post)
        await old.app.parts.recheck.look(old.post, times)
    async with old.app.storage.view() as view:
        assert not await view.traces.has_post(old.post)


async def test_what_still_waits_for_a_server_is_not_sent_there_any_more(tmp_path: Path) -> None:
    """An answer is forgotten whose server was down all the time, and its post deleted then."""
    async with running(tmp_path) as (fediverse, app, _demo):
        life = await cited_to_both(Talk(fediverse, app))
        async with app.storage.unit() as unit:
            [said] = [
                row
                for row in await unit.publications.of_bot("news", limit=99, public_only=False)
                if row.kind == "personal"
            ]
            [create] = await unit.activities.of_object(said.id)
            late = "http://late.localhost:9/inbox"
            await unit.deliveries.add(
                create.id, "news", [late], Later(app, timedelta(days=9)).now()
            )
        await days_pass(app, 31)
        async with app.storage.view() as view:
            assert await view.activities.get(create.id), "it waits"
        await deleted(life)
        async with app.storage.view() as view:
            assert [row.type for row in await view.activities.of_object(said.id)] == ["Delete"]
            assert late not in {row.inbox for row in await view.deliveries.waiting(99)}
