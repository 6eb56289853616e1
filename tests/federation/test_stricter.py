"""When the operator's rules become stricter, what was published before follows, everywhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.consent.lists import entry
from bot.consent.table import Mode
from bot.taking_back.review import EVERY
from bot.wiring import Parts
from storage import tables
from storage.tables import ListingKind
from tests.federation.hosts import hosts
from tests.federation.test_lasting import delivered_and_forgotten, told
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC, parts

ARTICLE = "Selling access to the weights without asking is forbidden by the new clause in March."


@dataclass
class Published:
    """Three digests of a thread; the later two quote an article whose author is silent."""

    scene: Scene

    def started(self, mode: Mode) -> Parts:
        """Return the parts of a process that starts with this mode."""
        made = self.scene.made
        return parts(self.scene.storage, made.recheck._client, made.digests._clock, mode=mode)

    def uri(self, period: str) -> str:
        return self.scene.made.publisher.uris.object(f"news-{period}")

    async def jobs(self, kind: str, state: str = "ready") -> list[tables.Job]:
        async with self.scene.storage.view() as view:
            found = await view.jobs.naming(f"{kind}:")
        mine = [job for job in found if job.kind == kind and job.state == state]
        return sorted(mine, key=lambda job: job.run_at)

    async def work(self, made: Parts, job: tables.Job) -> None:
        """Do a job, as a worker does."""
        await made.review.review(job.payload)
        async with self.scene.storage.unit() as unit:
            await unit.jobs.forget(job.key or "")

    async def document(self, period: str) -> str:
        async with self.scene.storage.view() as view:
            row = await view.publications.get(self.uri(period))
        assert row is not None
        return str(row.document)


async def read_again(scene: Scene) -> None:
    async with scene.storage.unit() as unit:
        thread = await unit.threads.get(scene.uri("a"))
        assert thread is not None
        assert thread.read_at is not None
        thread.read_at -= timedelta(hours=1)
        await unit.threads.put(thread)
    await scene.made.conversations.found("news", scene.uri("a"))


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Published]:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        scene.plant()
        await scene.read()
        now = made.digests._clock.now() + timedelta(minutes=1)
        assert await made.digests.make(TOPIC, "1", now - timedelta(days=1), now)
        me = net.url("home", "/u/w")
        profile = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "preferredUsername": "w"}
        net.put("home", "/u/w", profile)
        scene.note("w", ARTICLE, type="Article")
        replies = {"type": "Collection", "items": [scene.uri(who) for who in "bcdw"]}
        scene.note("a", SAYINGS["a"], replies=replies)
        await read_again(scene)
        for period in "23":
            assert await made.digests.make(TOPIC, period, now - timedelta(days=1), now)
        async with storage.unit() as unit:
            for period in "123":
                uri = made.publisher.uris.object(f"news-{period}")
                [create] = await unit.activities.of_object(uri)
                await unit.deliveries.add(create.id, "news", ["https://had.example/i"], now)
        yield Published(scene)


async def test_stricter_rules_take_back_what_rests_on_no_permission(published: Published) -> None:
    """Newest first and one after another; a start with the same mode finds nothing to do."""
    assert [ARTICLE in await published.document(period) for period in "123"] == [False, True, True]
    await published.started("table").review.start()
    assert await published.jobs("review") == []
    strict = published.started("strict")
    await strict.review.start()
    [first] = await published.jobs("review")
    await published.work(strict, first)
    jobs = await published.jobs("review")
    assert [job.payload for job in jobs] == [{"publication": published.uri(p)} for p in "32"]
    assert jobs[1].run_at - jobs[0].run_at == EVERY
    await delivered_and_forgotten(published.scene)
    for job in jobs:
        await published.work(strict, job)
    assert [ARTICLE in await published.document(period) for period in "123"] == [False] * 3
    for period in "23":
        assert await told(published.scene, published.uri(period), "Update") == {
            "https://had.example/i": True
        }
    assert await told(published.scene, published.uri("1"), "Update") == {}
    await strict.review.start()
    assert await published.jobs("review") == []


async def test_each_change_to_strict_is_looked_at(published: Published) -> None:
    for _ in range(2):
        await published.started("table").review.start()
        await published.started("strict").review.start()
    assert len(await published.jobs("review")) == 2


async def test_a_trace_that_nobody_permits_goes_when_the_rules_become_strict(
    published: Published,
) -> None:
    """Of whom nothing is known any more it is not known that they permit it."""
    scene = published.scene
    async with scene.storage.unit() as unit:
        for name, author in (("x", "/u/b"), ("y", "/u/w"), ("z", "/u/nobody")):
            trace = tables.Trace(
                id=published.uri(name), bot="news", actor_id="https://q.example/u",
                inbox="https://q.example/i", request_id=name, at=scene.made.digests._clock.now(),
            )  # fmt: skip
            post = tables.TracePost(
                trace_id=trace.id, post_id=name, author_id=scene.net.url("home", author)
            )
            await unit.traces._transaction.add(trace)
            await unit.traces._transaction.add(post)
    strict = published.started("strict")
    await strict.review.start()
    [first] = await published.jobs("review")
    await published.work(strict, first)
    for job in await published.jobs("review"):
        await published.work(strict, job)
    async with scene.storage.view() as view:
        assert await view.traces.ids() == [published.uri("x")]


@pytest.mark.parametrize("kind", ["account", "word"])
async def test_what_was_listed_while_nothing_ran_has_its_effect_at_the_start(
    published: Published, kind: ListingKind
) -> None:
    """By an import, or cut off by a crash: the lists are read at the start as if they were new."""
    value = published.scene.net.url("home", "/u/w") if kind == "account" else "selling access"
    async with published.scene.storage.unit() as unit:
        await unit.listings.put(entry(kind, value, published.scene.made.digests._clock.now()))
    made = published.started("table")
    await made.lists.refresh(published.scene.storage)
    await made.review.start()
    assert len(await published.jobs("relist")) == 1
    await made.review.relist()
    assert await published.scene.text("w") == ""
    assert await published.scene.text("c") == SAYINGS["c"]
    assert [ARTICLE in await published.document(period) for period in "123"] == [False] * 3


async def test_a_list_that_changes_is_heard_of_once(published: Published) -> None:
    made = published.started("table")
    await made.lists.refresh(published.scene.storage)
    assert not await made.review.lists_changed()
    async with published.scene.storage.unit() as unit:
        await unit.listings.put(entry("word", "zzz", published.scene.made.digests._clock.now()))
    assert await made.review.lists_changed()
    assert not await made.review.lists_changed()
    assert len(await published.jobs("relist")) == 1
