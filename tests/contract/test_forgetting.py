"""Words are kept for a time, and longer only where a published sentence rests on them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.taking_back.retention import BATCH, BATCHES, Lifetimes, Retention
from storage import Storage, tables
from tests.contract import samples

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=400)


class Now:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


async def clean(storage: Storage, at: datetime) -> None:
    """Clean as a service does that has just been started, until nothing more goes."""
    for _ in range(9):
        if not await Retention(storage, Now(at), Lifetimes()).clean():
            return


def post(name: str, fetched_at: datetime) -> tables.Post:
    return tables.Post(
        id=f"https://a.example/{name}",
        url=f"https://a.example/{name}",
        author_id="https://a.example/ada",
        host="a.example",
        audience="public",
        kind="Note",
        content="",
        text=f"The words of {name}.",
        published=fetched_at,
        fetched_at=fetched_at,
        via="thread",
    )


async def test_old_words_go_unless_cited(storage: Storage) -> None:
    old, fresh = NOW - timedelta(days=40), NOW - timedelta(days=3)
    digest = tables.Digest(
        id="d", bot="news", period="p", since=old, until=NOW, title="t", language="en", made_at=NOW
    )
    summary = tables.Summary(
        id="s", thread_id="t", digest_id="d", engine="extractive/1", made_at=NOW
    )
    async with storage.unit() as unit:
        for row in (post("cited", old), post("old", old), post("fresh", fresh)):
            await unit.posts.put(row)
        await unit.digests.add(digest)
        cited = ["https://a.example/cited"]
        await unit.digests.add_summary(summary, [("sentence", "The words of cited.", cited)])
    before = NOW - timedelta(days=30)
    async with storage.view() as view:
        keys = await view.pruning.find("words", before, 10)
    async with storage.unit() as unit:
        everything = [f"https://a.example/{name}" for name in ("cited", "old", "fresh")]
        assert await unit.pruning.drop("words", before, everything, NOW) == len(keys) == 1
    async with storage.view() as view:
        kept = {
            name: found.text
            for name in ("cited", "old", "fresh")
            if (found := await view.posts.get(f"https://a.example/{name}"))
        }
    assert kept == {"cited": "The words of cited.", "old": "", "fresh": "The words of fresh."}


async def everything(storage: Storage, at: datetime) -> dict[str, list[str]]:
    """Return the keys of all that is stored, by kind, and put one of each there first."""
    async with storage.unit() as unit:
        await unit.posts.put(samples.post(1, fetched_at=at, published=at, thread_id="t1"))
        await unit.threads.put(samples.thread(1, id="t1", active_at=at, read_at=at))
        await unit.findings.add(samples.finding(1, found_at=at, state="read"))
        await unit.links.put(tables.Link(url="https://l.example/1", fetched_at=at))
        await unit.publications.put(samples.publication(1, kind="notice", published=at))
        own = samples.publication(1).id
        asked = samples.answer(1, asked_at=at, state="answered", publication_id=own)
        await unit.answers.claim(asked)
        await unit.actors.put(samples.actor("ada", fetched_at=at))
        await unit.activities.put(samples.activity(1, object_id=own, public=False, published=at))
        await unit.received.add(samples.received(1, received_at=at))
        await unit.received.settle(samples.received(1).id, "ok", at)
        await unit.reports.add(tables.Report(id="r", actor_id="x", content="Spam!", at=at))
        code = tables.WishCode(id="c", handle="a@b", host="b", choice="exclude", at=at)
        await unit.codes.add(code)
    return await left(storage)


async def left(storage: Storage) -> dict[str, list[str]]:
    """Return the primary keys of all rows of all tables that people's data is in."""
    from sqlalchemy import inspect, select  # noqa: PLC0415

    kinds = (
        tables.Post, tables.Thread, tables.Finding, tables.Link, tables.Publication, tables.Answer,
        tables.Actor, tables.OutgoingActivity, tables.ReceivedActivity, tables.Report,
        tables.WishCode,
    )  # fmt: skip
    found = {}
    async with storage.view() as view:
        for kind in kinds:
            key = list(inspect(kind).primary_key)[-1]
            rows = await view.posts._transaction.tuples(select(key))
            found[kind.__name__] = [str(row[0]) for row in rows]
    return {name: keys for name, keys in found.items() if keys}


async def test_everything_has_its_time(storage: Storage) -> None:
    assert len(await everything(storage, OLD)) == 11
    await clean(storage, NOW)
    kept = await left(storage)
    assert kept.keys() == {"Post", "Thread", "Actor"}, "emptied, and known as such"
    async with storage.view() as view:
        emptied = await view.posts.get(samples.post(1).id)
    assert emptied is not None
    assert (emptied.text, emptied.erased_at) == ("", NOW)
    await clean(storage, NOW + timedelta(days=31))
    assert await left(storage) == {}


async def test_nothing_goes_before_its_time(storage: Storage) -> None:
    before = await everything(storage, NOW - timedelta(days=1))
    await clean(storage, NOW)
    assert await left(storage) == before


async def test_what_a_published_sentence_rests_on_stays_with_all_that_belongs_to_it(
    storage: Storage,
) -> None:
    await everything(storage, OLD)
    facts = {"links": [{"url": "https://l.example/1", "people": 1, "posts": []}]}
    async with storage.unit() as unit:
        await unit.digests.add(samples.digest(1))
        row = samples.summary(1, digest_id=samples.digest(1).id, thread_id="t1", facts=facts)
        await unit.digests.add_summary(row, [("sentence", "Hello.", [samples.post(1).id])])
    await clean(storage, NOW)
    kept = await left(storage)
    assert {"Post", "Thread", "Link"} <= kept.keys()
    async with storage.view() as view:
        cited = await view.posts.get(samples.post(1).id)
    assert cited is not None
    assert cited.text


async def test_much_goes_a_little_at_a_time(storage: Storage) -> None:
    many = BATCH * BATCHES + 10
    async with storage.unit() as unit:
        await unit.posts._transaction.add_all([post(f"p{n}", OLD) for n in range(many)])
    cleaner = Retention(storage, Now(NOW), Lifetimes())
    assert await cleaner.clean() == BATCH * BATCHES
    assert await cleaner.clean() == 10, "what is left goes at the next tick, not in half an hour"
    assert await cleaner.clean() == 0


async def test_what_stays_does_not_stand_in_the_way_of_what_goes(storage: Storage) -> None:
    """More old pages than one batch are shown, and as many that nobody shows are to go."""
    shown = [f"https://a.example/{n:04}" for n in range(BATCH + 10)]
    gone = [f"https://b.example/{n:04}" for n in range(BATCH + 10)]
    facts = {"links": [{"url": url, "posts": []} for url in shown]}
    async with storage.unit() as unit:
        rows = [tables.Link(url=url, fetched_at=OLD) for url in (*shown, *gone)]
        await unit.links._transaction.add_all(rows)
        await unit.digests.add(samples.digest(1))
        row = samples.summary(1, digest_id=samples.digest(1).id, facts=facts)
        await unit.digests.add_summary(row, [])
    await clean(storage, NOW)
    assert set((await left(storage))["Link"]) == set(shown)


async def test_what_was_said_to_one_person_alone_goes_with_their_request(storage: Storage) -> None:
    """A direct answer and a subscriber's news, with their sentences and the posts they cite."""
    async with storage.unit() as unit:
        for number, kind in ((1, "answer"), (2, "personal")):
            own = samples.publication(number, kind=kind, audience="direct", published=OLD)
            await unit.publications.put(own)
            asked = samples.answer(number, asked_at=OLD, state="answered", publication_id=own.id)
            await unit.answers.claim(asked)
            await unit.posts.put(samples.post(number, fetched_at=OLD))
            row = samples.summary(number, request_id=asked.request_id, made_at=OLD)
            await unit.digests.add_summary(row, [("sentence", "Hi.", [samples.post(number).id])])
            await unit.activities.put(samples.activity(number, public=False, published=OLD))
    await clean(storage, NOW)
    await clean(storage, NOW + timedelta(days=31))
    assert await left(storage) == {}
    async with storage.view() as view:
        assert await view.digests.shown_posts() == set()


async def test_which_inboxes_have_what_stands_outlasts_the_deliveries(storage: Storage) -> None:
    """The last time counts; what failed, was sent to one alone or is withdrawn does not."""
    kinds: dict[str, dict[str, Any]] = {
        "old": {},
        "new": {},
        "alone": {"audience": "direct"},
        "gone": {"withdrawn_at": OLD},
    }
    async with storage.unit() as unit:
        for number, (name, changes) in enumerate(kinds.items()):
            own = samples.publication(number, kind="digest", published=OLD, **changes)
            await unit.publications.put(own)
            await unit.activities.put(samples.activity(number, published=OLD))
            for state in ("delivered", "failed"):
                days = timedelta(days=1 if name == "new" else 0)
                row = tables.Delivery(
                    activity_id=samples.activity(number).id, bot="tea", host="a.example",
                    inbox=f"https://a.example/{'both' if name in {'old', 'new'} else name}/{state}",
                    state=state, due_at=OLD, finished_at=OLD + days,
                )  # fmt: skip
                await unit.posts._transaction.insert([row])
    await clean(storage, NOW)
    async with storage.view() as view:
        assert await view.deliveries.reached("tea", OLD) == ["https://a.example/both/delivered"]
        assert await view.deliveries.reached("tea", OLD + timedelta(days=2)) == []
        assert await view.deliveries.reached("tea", OLD + timedelta(hours=9)) != []
        assert await view.deliveries.reached("coffee", OLD) == []
