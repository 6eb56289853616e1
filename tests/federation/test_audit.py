"""The daily look at what was published: what it finds counts like a Delete or an Update."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import update

from bot import schedule
from bot.taking_back.recheck import REFUSALS
from storage import UnitOfWork, tables
from storage.deliveries import Attempt
from tests.federation.hosts import hosts
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC

WORDS = "March"


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Scene]:
    """The discussion, read, and a digest of it in which b is quoted."""
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        scene.plant()
        await scene.read()
        now = made.digests._clock.now() + timedelta(minutes=1)
        assert await made.digests.make(TOPIC, "audited", now - timedelta(days=1), now)
        assert WORDS in await shown(scene)
        yield scene


async def shown(scene: Scene) -> str:
    """Return what is stored of the digest and its sentences, as one text."""
    async with scene.storage.view() as view:
        [publication] = await view.publications.of_bot("news", "digest", limit=9)
        activities = await view.activities.of_object(publication.id)
        sentences = [
            sentence.text
            for summary in await view.digests.summaries(publication.slug)
            for sentence in await view.digests.sentences(summary.id)
        ]
    documents = [publication.document, *(row.document for row in activities)]
    return "\n".join([*map(str, documents), *sentences])


async def followed(scene: Scene) -> str:
    """Let a reader follow, who may have looked the digest up; return their inbox."""
    me = scene.net.url("home", "/u/reader")
    reader = tables.Follower(
        bot="news", actor_id=me, inbox=f"{me}/inbox", host="home", follow_id=f"{me}/f",
        since=scene.made.digests._clock.now(),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.follows.add_follower(reader)
    return reader.inbox


async def looks(scene: Scene) -> list[tables.Job]:
    """Return the looks that the audit queued."""
    async with scene.storage.view() as view:
        return [job for job in await view.jobs.naming("look:") if job.kind == "look"]


async def kinds(scene: Scene) -> list[str]:
    async with scene.storage.view() as view:
        [publication] = await view.publications.of_bot("news", "digest", limit=9)
        return [row.type for row in await view.activities.of_object(publication.id)]


def saying(status: int) -> Callable[[Scene], str]:
    def change(scene: Scene) -> str:
        scene.net.put("home", "/n/b", lambda request: web.Response(status=status))
        return scene.uri("b")

    return change


def changed(**members: Any) -> Callable[[Scene], str]:
    def change(scene: Scene) -> str:
        scene.note("b", members.pop("content", SAYINGS["b"]), **members)
        return scene.uri("b")

    return change


def profile(**members: Any) -> Callable[[Scene], str]:
    def change(scene: Scene) -> str:
        me = scene.net.url("home", "/u/b")
        known = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
        scene.net.put("home", "/u/b", {**known, "preferredUsername": "b", "name": "b", **members})
        return me

    return change


def profile_saying(status: int) -> Callable[[Scene], str]:
    def change(scene: Scene) -> str:
        scene.net.put("home", "/u/b", lambda request: web.Response(status=status))
        return scene.net.url("home", "/u/b")

    return change


FINDS: dict[str, Callable[[Scene], str]] = {
    "gone": saying(410),
    "missing": saying(404),
    "a Tombstone": changed(type="Tombstone"),
    "edited": changed(content="I take all of that back."),
    "for followers only": changed(to="http://home.localhost/u/b/followers"),
    "by someone else": changed(attributedTo="http://home.localhost/u/c"),
    "not searchable": changed(searchableBy=["http://home.localhost/u/b"]),
    "not to be quoted": changed(interactionPolicy={"canQuote": {"automaticApproval": []}}),
    "bio refuses": profile(summary="<p>#nobots</p>"),
    "no longer permitted": profile(indexable=False),
    "moved away": profile(movedTo="http://other.localhost/u/b"),
    "account gone": profile_saying(410),
    "account missing": profile_saying(404),
}


@pytest.mark.parametrize("find", FINDS)
async def test_what_the_look_finds_has_its_effect(published: Scene, find: str) -> None:
    await published.made.recheck.look(FINDS[find](published))
    assert WORDS not in await shown(published)
    assert SAYINGS["c"] in await shown(published)
    assert await kinds(published) == ["Create", "Update"]
    if find not in {"edited", "no longer permitted", "not to be quoted"}:
        assert await published.text() == "", "the text is erased, not hidden"


def showing(scene: Scene) -> str:
    """Let a page for people stand where the post was, as on servers that hide it."""
    scene.net.put("home", "/n/b", lambda request: web.Response(text="Please log in."))
    return scene.uri("b")


REFUSED: dict[str, Callable[[Scene], str]] = {
    "401": saying(401),
    "403": saying(403),
    "406": saying(406),
    "451": saying(451),
    "a page": showing,
    "something else": changed(type="Collection"),
    "profile: 401": profile_saying(401),
    "profile: 403": profile_saying(403),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_refusal_counts_when_it_is_repeated(published: Scene, what: str) -> None:
    uri = REFUSED[what](published)
    for times in range(REFUSALS):
        assert WORDS in await shown(published)
        await published.made.recheck.look(uri, times)
    assert WORDS not in await shown(published)
    async with published.storage.view() as view:
        jobs = await view.jobs.naming(uri)
    asked = [job for job in jobs if job.kind == "recheck"]
    assert [job.payload["refused"] for job in asked] == [1, 2], "an hour apart, and no more"


async def test_nothing_found_changes_nothing(published: Scene) -> None:
    before = await shown(published)
    for uri in (published.uri("b"), published.net.url("home", "/u/b")):
        await published.made.recheck.look(uri)
    assert await shown(published) == before
    assert await kinds(published) == ["Create"]


async def test_the_looks_of_a_day_are_spread_over_it_and_queued_once(published: Scene) -> None:
    daily = published.made.schedule
    assert await daily._audit() == 1
    assert await daily._audit() == 0
    await daily.audit()
    jobs = await looks(published)
    await daily.audit()  # once more, as after a crash
    assert len(await looks(published)) == len(jobs)
    now = daily._clock.now()
    assert len({job.run_at for job in jobs}) == len(jobs) > 4
    assert max(job.run_at for job in jobs) - now > timedelta(hours=4)


async def test_others_write_while_the_looks_of_a_day_are_queued(
    published: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "PIECE", 1)
    audit = asyncio.create_task(published.made.schedule.audit())
    seen: list[int] = []
    while not audit.done():
        async with published.storage.unit() as unit:
            seen.append(len(await unit.jobs.naming("look:")))
        await asyncio.sleep(0)
    await audit
    most = len(await looks(published))
    assert any(0 < count < most for count in seen)


async def test_old_digests_stay_readable_as_their_authors_are_looked_at(published: Scene) -> None:
    """A bio that is a week old counts no more, and looks at posts end after a month."""
    made, storage = published.made, published.storage
    now = made.digests._clock.now()
    me = published.net.url("home", "/u/b")
    async with storage.unit() as unit:
        run = unit.posts._transaction.run
        await run(update(tables.Summary).values(made_at=now - timedelta(days=90)))
        await run(update(tables.Actor).values(fetched_at=now - timedelta(days=4)))
    await made.schedule.audit()
    asked = {job.payload["uri"] for job in await looks(published)}
    assert me in asked
    assert published.uri("b") not in asked
    await made.recheck.look(me)
    async with storage.view() as view:
        actor = await view.actors.get(me)
    assert actor is not None
    assert actor.fetched_at >= now


async def test_permission_that_is_forgotten_takes_back_what_rested_on_it(published: Scene) -> None:
    made, me = published.made, published.net.url("home", "/u/b")
    await made.people.choose(me, "include")
    await made.recheck.look(profile(indexable=False)(published))
    assert WORDS in await shown(published), "what they told us counts more"
    await made.people.choose(me, None)
    assert WORDS not in await shown(published)


async def test_of_many_updates_one_is_kept_and_nobody_who_had_words_is_forgotten(
    published: Scene,
) -> None:
    """Whoever looked the digest up and was told of one change is told of the next one, too."""
    storage, now = published.storage, published.made.digests._clock.now
    inbox = await followed(published)
    await published.edit("Dropped.")
    async with storage.unit() as unit:
        [row] = await unit.deliveries.claim(now(), timedelta(minutes=1), 9)
        await unit.deliveries.record_all([Attempt(row.id or 0, "delivered")], at=now())
        await unit.follows.remove_inbox(inbox)  # they follow no longer, but have the words
    for who in "cd":
        await published.edit("Something else altogether.", who)
    assert await kinds(published) == ["Create", "Update"]
    async with storage.view() as view:
        [publication] = await view.publications.of_bot("news", "digest", limit=9)
        last = (await view.activities.of_object(publication.id))[-1]
        assert await view.deliveries.inboxes_of([last.id]) == {inbox: True}


async def test_an_update_that_replaces_another_reaches_whom_that_was_for(published: Scene) -> None:
    inbox = await followed(published)
    for who in "bc":
        await published.edit("Something else altogether.", who)
    async with published.storage.view() as view:
        waiting = await view.deliveries.waiting(9)
    assert [row.inbox for row in waiting] == [inbox]


async def test_a_profile_that_changes_renders_only_where_its_owner_is_shown(
    published: Scene,
) -> None:
    """Everyone in a thread of thousands edits their profile now and then."""
    made, storage = published.made, published.storage
    me = published.net.url("home", "/u/e")
    async with storage.unit() as unit:
        post, actor = (
            await unit.posts.get(published.uri("b")),
            await unit.actors.get(published.net.url("home", "/u/b")),
        )
        assert post is not None
        assert actor is not None
        post.id, post.author_id, post.text, actor.id = published.uri("e"), me, "Thanks.", me
        await unit.posts.put(post)
        await unit.actors.put(actor)
    rendered: list[str] = []
    refresh = made.publisher.refresh

    async def noted(unit: UnitOfWork, publication: tables.Publication) -> None:
        rendered.append(publication.id)
        await refresh(unit, publication)

    made.publisher.refresh = noted  # type: ignore[method-assign]
    async with storage.unit() as unit:
        await made.provenance.changed_author(unit, me)
    assert rendered == []
    await made.recheck.look(profile(name="Bea Newname")(published))
    assert len(rendered) == 1
    assert "Bea Newname" in await shown(published)
