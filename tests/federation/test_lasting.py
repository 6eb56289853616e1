"""A published digest stays as it is while time passes: nothing of it is lost unless taken back."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from activitypub.vocab import Object
from bot.consent.lists import entry
from bot.pages.views import DigestView
from bot.taking_back.retention import Lifetimes, Retention
from storage import tables
from tests.federation.hosts import hosts
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC

LINK = "https://paper.example/why"
MORE = {
    "a": SAYINGS["a"],
    "d": f'Look: <a href="{LINK}">this</a>',
    "e": "Selling access to the weights without asking is forbidden by the new clause in March.",
    "f": "Researchers at the university found that the training data was never published.",
}


class Later:
    """A clock that runs ahead of another."""

    def __init__(self, scene: Scene, ahead: timedelta) -> None:
        self._clock, self._ahead = scene.made.digests._clock, ahead

    def now(self) -> datetime:
        return self._clock.now() + self._ahead


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Scene]:
    """A digest of a thread whose root may be linked and not quoted; d's link is shown, too."""
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        scene.plant()
        for who, words in MORE.items():
            me = net.url("home", f"/u/{who}")
            profile = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": who != "a"}
            net.put("home", f"/u/{who}", {**profile, "preferredUsername": who, "name": who})
            scene.note(who, words)
        replies = {"type": "Collection", "items": [scene.uri(who) for who in "bcdef"]}
        scene.note("a", SAYINGS["a"], replies=replies)
        await scene.read()
        now = made.digests._clock.now() + timedelta(minutes=1)
        assert await made.digests.make(TOPIC, "p", now - timedelta(days=1), now)
        async with storage.view() as view:
            cited = await view.digests.cited_posts(now - timedelta(days=1))
        assert {scene.uri("b"), scene.uri("c")} <= {*cited} <= {scene.uri(who) for who in "bcef"}
        yield scene


async def shown(scene: Scene) -> DigestView:
    async with scene.storage.view() as view:
        found = await scene.made.views.digest(view, "news-p")
    assert found is not None
    return found


async def withdrawn(scene: Scene) -> bool:
    async with scene.storage.view() as view:
        row = await view.publications.get(scene.made.publisher.uris.object("news-p"))
    assert row is not None
    return row.withdrawn_at is not None


async def days_pass(scene: Scene, days: int) -> None:
    """Let all profiles be so old."""
    async with scene.storage.unit() as unit:
        read_at = scene.made.digests._clock.now() - timedelta(days=days)
        await unit.actors._transaction.run(update(tables.Actor).values(fetched_at=read_at))


async def looked_at(scene: Scene) -> set[str]:
    await scene.made.schedule.audit()
    async with scene.storage.view() as view:
        jobs = await view.jobs.naming("look:")
    return {job.payload["uri"] for job in jobs if job.kind == "look"}


async def test_profiles_that_nobody_read_for_a_while_take_nothing_back(published: Scene) -> None:
    """As after the server was down for a week: what was said last holds until somebody asks."""
    before = await shown(published)
    assert len(before.threads) == 1
    await days_pass(published, 40)
    assert await shown(published) == before
    await published.edit("Something else altogether.", "c")
    assert not await withdrawn(published)
    [thread] = (await shown(published)).threads
    assert [s.text for s in thread.sentences + ((thread.gist,) if thread.gist else ())]
    assert LINK in {link.url for link in thread.links}


async def test_words_do_not_become_new_by_being_old(published: Scene) -> None:
    """What was never published needs a profile that was read lately."""
    await days_pass(published, 8)
    async with published.storage.view() as view:
        posts = [published.uri("b")]
        standing = await published.made.consenting.of_posts(view, posts)
    assert not standing.uses[published.uri("b")]


async def test_retention_leaves_what_a_digest_shows(published: Scene) -> None:
    before = await shown(published)
    later = Later(published, timedelta(days=31))
    await Retention(published.storage, later, Lifetimes()).clean()
    await Retention(published.storage, Later(published, timedelta(days=62)), Lifetimes()).clean()
    assert await shown(published) == before


async def test_all_that_is_shown_is_looked_at_again(published: Scene) -> None:
    """The root is linked, d's link is shown: neither is cited."""
    asked = await looked_at(published)
    assert asked >= {published.uri("a"), published.uri("b"), published.uri("d")}
    assert asked >= {published.net.url("home", f"/u/{who}") for who in "abcd"}


async def test_a_listed_host_takes_back_all_that_is_stored(published: Scene) -> None:
    """Also of whom no profile is stored any more, and who is not cited."""
    now = published.made.digests._clock.now()
    async with published.storage.unit() as unit:
        await unit.actors.remove(published.net.url("home", "/u/d"))
        host = published.net.url("home", "/").split("/")[2]
        await unit.listings.put(entry("host", host.partition(":")[0], now))
    await published.made.lists.refresh(published.storage)
    await published.made.recheck.relisted()
    assert [await published.text(who) for who in "abcd"] == [""] * 4
    assert await withdrawn(published)


async def told(scene: Scene, publication_id: str, kind: str) -> dict[str, bool]:
    """Return which inboxes get an activity of this kind about a publication, and how urgently."""
    async with scene.storage.view() as view:
        rows = await view.activities.of_object(publication_id)
        ids = [row.id for row in rows if row.type == kind]
        statement = select(tables.Delivery).where(col(tables.Delivery.activity_id).in_(ids))
        found = await view.posts._transaction.all(tables.Delivery, statement)
    return {row.inbox: row.urgent for row in found}


async def delivered_and_forgotten(scene: Scene) -> None:
    """Let all that waits be delivered, and so much time pass that nobody remembers."""
    now = scene.made.digests._clock.now()
    async with scene.storage.unit() as unit:
        done = update(tables.Delivery).values(state="delivered", finished_at=now)
        await unit.posts._transaction.run(done)
    await Retention(scene.storage, Later(scene, timedelta(days=31)), Lifetimes()).clean()
    async with scene.storage.view() as view:
        assert await view.deliveries.counts() == dict.fromkeys(await view.deliveries.counts(), 0)


async def test_whoever_got_a_digest_is_told_however_late(published: Scene) -> None:
    """Also who follows no more by then; but not who stopped before it was published."""
    uri = published.made.publisher.uris.object("news-p")
    early, had = "https://early.example/inbox", "https://had.example/inbox"
    now = published.made.digests._clock.now()
    async with published.storage.unit() as unit:
        [create] = await unit.activities.of_object(uri)
        await unit.deliveries.add(create.id, "news", [had], now)
        await unit.posts._transaction.add(
            tables.Reached(bot="news", inbox=early, until=now - timedelta(days=9))
        )
    await delivered_and_forgotten(published)
    await published.edit("Something else altogether.", "c")
    assert await told(published, uri, "Update") == {had: True}


async def test_a_subscriber_is_told_when_the_request_is_forgotten(published: Scene) -> None:
    made, me = published.made, published.net.url("home", "/u/b")
    now = made.digests._clock.now()
    asked = tables.Subscription(
        id="s", bot="news", actor_id=me, kind="tag", target="openai", since=now, next_at=now,
        request_id="https://home.example/long-ago",
    )  # fmt: skip
    async with published.storage.unit() as unit:
        sent = await made.publisher.tell(unit, "news", Object(id="", type="Note"), asked, "cause")
        assert sent is not None
        row = tables.Answer(
            request_id="cause", bot="news", requester_id=me, publication_id=sent.id,
            state="answered", asked_at=now,
        )  # fmt: skip
        await unit.answers.claim(row)
        await unit.posts._transaction.run(delete(tables.Delivery))
        await made.publisher.withdraw(unit, sent)
    assert f"{me}/inbox" in await told(published, sent.id, "Delete")
    exported = await made.people.export(me)
    assert exported["answered"] == [], "it is withdrawn"
