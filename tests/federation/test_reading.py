"""From a found post to a stored thread: coverage, going on, provenance, rules of the operator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.thread import ThreadBudget
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from bot.consent.lists import entry
from bot.consent.table import Use
from bot.reading.conversation import next_reading
from bot.summary.llm.writer import Writer
from bot.wiring import Parts
from storage import Storage, tables
from tests.federation.forest import planted
from tests.federation.hosts import PUBLIC, hosts
from tests.parts import parts

AMPLE = ThreadBudget(posts=5000, requests=10_000, per_host=2000, patience=9)


@asynccontextmanager
async def reading(
    folder: Path,
    budget: ThreadBudget = AMPLE,
    writer: Writer | None = None,
    seconds: float = 3,
) -> AsyncIterator[tuple[Storage, Parts]]:
    storage = await Storage.open(f"sqlite:///{folder}/r.sqlite3")
    limits, guard = Limits(per_host=8, seconds=seconds), AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="test", limits=limits) as transport:
        client = Client(transport, None, SystemClock())
        yield storage, parts(storage, client, SystemClock(), budget=budget, writer=writer)
    await storage.close()


async def find(storage: Storage, uri: str, source: str = "feed:news:x") -> None:
    row = tables.Finding(
        bot="news", post_id=uri, source=source, found_at=datetime.now(UTC), state="new"
    )
    async with storage.unit() as unit:
        await unit.findings.add(row)


async def test_coverage_is_stored_as_it_was(tmp_path: Path) -> None:
    async with (
        planted(posts=300, servers=8, latency=0) as forest,
        reading(tmp_path, seconds=AMPLE.patience) as (storage, made),
    ):
        await find(storage, forest.root)
        await made.conversations.found("news", forest.root)
        async with storage.view() as view:
            thread = await view.threads.get(forest.root)
            posts = await view.posts.in_thread(forest.root)
            finding = await view.findings.get("news", forest.root)
    assert thread is not None
    assert finding is not None
    assert (finding.state, finding.thread_id) == ("read", forest.root)
    assert [thread.posts_read, thread.posts_known] == [len(forest.read), forest.known]
    counted = {k: n for k, n in thread.refused.items() if k not in {"endless", "wish"} and n}
    assert counted == forest.refused
    assert len(thread.hosts) == forest.hosts
    assert sorted(post.id for post in posts) == forest.read
    assert {post.via for post in posts if post.id != forest.root} == {"thread"}
    assert next(post.via for post in posts if post.id == forest.root) == "feed:news:x"


async def test_a_reading_that_was_cut_short_is_gone_on_with_until_all_is_read(
    tmp_path: Path,
) -> None:
    short = ThreadBudget(posts=5000, requests=120, per_host=2000)
    async with (
        planted(posts=300, servers=4, latency=0, whole=False) as forest,
        reading(tmp_path, short) as (storage, made),
    ):
        await find(storage, forest.root)
        read: list[int] = []
        thread: tables.Thread | None = None
        for _ in range(12):
            await made.conversations.found("news", forest.root)
            async with storage.view() as view:
                thread = await view.threads.get(forest.root)
            assert thread is not None
            read.append(thread.posts_read)
            if not thread.rest:
                break
            assert thread.next_read_at is not None, "it is to be gone on with soon"
        async with storage.view() as view:
            posts = await view.posts.in_thread(forest.root)
    assert thread is not None
    assert read == sorted(read), "what was read stays"
    assert len(read) > 2
    assert sorted(post.id for post in posts) == forest.read
    assert thread.posts_read == thread.posts_known == len(forest.read)
    assert not thread.refused.get("budget")


async def test_listed_words_stuffing_and_listed_hosts_are_left_out(tmp_path: Path) -> None:
    async with hosts() as (served, client):
        storage = await Storage.open(f"sqlite:///{tmp_path}/r.sqlite3")
        made = parts(storage, client, SystemClock())
        async with storage.unit() as unit:
            await unit.listings.put(entry("word", "coins", datetime.now(UTC)))
            await unit.listings.put(entry("host", "bad.localhost", datetime.now(UTC)))
        await made.lists.refresh(storage)
        for host in ("a", "bad"):
            me = served.url(host, "/u/a")
            actor = {"id": me, "type": "Person", "preferredUsername": "a", "indexable": True}
            served.put(host, "/u/a", {**actor, "inbox": f"{me}/inbox", "outbox": f"{me}/outbox"})
        root = served.url("a", "/1")
        stuffed = [{"type": "Hashtag", "name": f"#t{number}"} for number in range(11)]
        replies = [
            served.note("a", "/2", inReplyTo=root, content="<p>Buy coins here</p>"),
            served.note("a", "/3", inReplyTo=root, content="<p>Look</p>", tag=stuffed),
            served.note("bad", "/4", inReplyTo=root, content="<p>From a listed host</p>"),
            served.note("a", "/5", inReplyTo=root, content="<p>The licence is open</p>"),
        ]
        collection = {"type": "Collection", "id": f"{root}/r", "items": replies}
        served.note("a", "/1", replies=collection, content="<p>Weights</p>", to=[PUBLIC])
        await find(storage, root)
        await made.conversations.found("news", root)
        async with storage.view() as view:
            posts = [post.id for post in await view.posts.in_thread(root)]
            thread = await view.threads.get(root)
        await storage.close()
    assert sorted(posts) == sorted([root, replies[3]])
    assert thread is not None
    assert (thread.refused["rules"], thread.refused["wish"]) == (2, 1)


async def test_a_host_that_hangs_does_not_hold_up_its_authors_thread(tmp_path: Path) -> None:
    """All authors of a hanging host together cost one time-out, and count as refusing."""
    callers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: callers.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    people = [f"http://127.0.0.1:{port}/u/{number}" for number in range(40)]
    async with reading(tmp_path) as (_, made), asyncio.timeout(20):
        signals = await made.authors.learn(people)
    for caller in callers:
        caller.close()
    silent.close()
    assert len(signals) == 40
    assert {signal.actor for signal in signals.values()} == {None}


async def test_going_on_counts_what_was_refused_before_once(tmp_path: Path) -> None:
    """Posts that are gone, and authors who refuse, stay counted over all readings of a thread."""
    short = ThreadBudget(posts=5000, requests=160, per_host=2000, patience=3)
    async with (
        planted(posts=200, servers=4, latency=0) as forest,
        reading(tmp_path, short) as (storage, made),
    ):
        await find(storage, forest.root)
        thread: tables.Thread | None = None
        readings = 0
        while thread is None or thread.rest:
            await made.conversations.found("news", forest.root)
            readings += 1
            async with storage.view() as view:
                thread = await view.threads.get(forest.root)
                posts = await view.posts.in_thread(forest.root)
            assert thread is not None
            assert readings < 12
    assert readings > 1
    assert sorted(post.id for post in posts) == forest.read
    assert [thread.posts_read, thread.posts_known] == [len(forest.read), forest.known]
    counted = {k: n for k, n in thread.refused.items() if n and k != "endless"}
    assert counted == forest.refused


async def test_a_reading_goes_on_in_a_process_that_was_started_since(tmp_path: Path) -> None:
    short = ThreadBudget(posts=5000, requests=120, per_host=2000)
    async with planted(posts=150, servers=4, latency=0, whole=False) as forest:
        found: list[str] = []
        for number in range(8):
            async with reading(tmp_path, short) as (storage, made):
                if not number:
                    await find(storage, forest.root)
                await made.conversations.found("news", forest.root)
                async with storage.view() as view:
                    found = sorted(post.id for post in await view.posts.in_thread(forest.root))
                    thread = await view.threads.get(forest.root)
            assert thread is not None
            if not thread.rest:
                break
    assert number > 0
    assert found == forest.read


async def test_a_thread_larger_than_its_bound_is_not_read_again_at_once(tmp_path: Path) -> None:
    few = ThreadBudget(posts=40)
    async with (
        planted(posts=120, servers=3, latency=0, whole=False) as forest,
        reading(tmp_path, few) as (storage, made),
    ):
        await find(storage, forest.root)
        await made.conversations.found("news", forest.root)
        async with storage.view() as view:
            thread = await view.threads.get(forest.root)
    assert thread is not None
    assert thread.rest
    assert thread.read_at is not None
    again = next_reading(thread.active_at, thread.read_at)
    assert thread.next_read_at == again or (again and thread.next_read_at and (
        abs(thread.next_read_at - again) < timedelta(seconds=5)
    ))  # fmt: skip


async def test_a_thread_cannot_send_us_to_many_actors_or_pages_of_one_host(
    tmp_path: Path,
) -> None:
    async with hosts() as (served, client):
        storage = await Storage.open(f"sqlite:///{tmp_path}/r.sqlite3")
        made = parts(storage, client, SystemClock(), budget=ThreadBudget(per_host=100))
        me, root = served.url("bad", "/u/a"), served.url("bad", "/1")
        actor = {"id": me, "type": "Person", "preferredUsername": "a", "indexable": True}
        served.put("bad", "/u/a", {**actor, "inbox": f"{me}/inbox", "outbox": f"{me}/outbox"})
        replies = []
        for number in range(60):
            links = [served.url("victim", f"/page/{number}/{n}") for n in range(10)]
            groups = [served.url("victim", f"/group/{number}/{n}") for n in range(10)]
            content = " ".join(f'<a href="{url}">x</a>' for url in links)
            more = {"inReplyTo": root, "content": f"<p>{content}</p>", "audience": groups}
            served.note("bad", f"/r/{number}", **more)
            replies.append(served.pages[f"bad/r/{number}"])
        listed = {"type": "Collection", "id": f"{root}/r", "items": replies}
        served.note("bad", "/1", replies=listed)
        await find(storage, root)
        await made.conversations.found("news", root)
        asked = sum(n for key, n in served.asked.items() if key.startswith("victim/"))
        async with storage.unit() as unit:
            jobs = await unit.jobs.claim("t", SystemClock().now(), timedelta(1), 1000, ["link"])
        await storage.close()
    assert asked <= 20
    assert len(jobs) == 5


async def test_a_post_that_is_found_by_its_page_and_its_id_is_read_once(tmp_path: Path) -> None:
    async with hosts() as (served, client):
        storage = await Storage.open(f"sqlite:///{tmp_path}/r.sqlite3")
        made = parts(storage, client, SystemClock())
        me = served.url("a", "/u/a")
        actor = {"id": me, "type": "Person", "preferredUsername": "a", "indexable": True}
        served.put("a", "/u/a", {**actor, "inbox": f"{me}/inbox", "outbox": f"{me}/outbox"})
        page = served.url("a", "/@a/1")
        reply = served.url("a", "/2")
        served.note("a", "/1", url=page, replies={"type": "Collection", "items": [reply]})
        served.note("a", "/2", inReplyTo=served.url("a", "/1"))
        served.put("a", "/@a/1", served.pages["a/1"])
        for uri in (served.url("a", "/1"), page):
            await find(storage, uri)
            await made.conversations.found("news", uri)
        async with storage.view() as view:
            findings = await view.findings.for_thread(served.url("a", "/1"))
        await storage.close()
    assert [finding.state for finding in findings] == ["read", "read"]
    assert served.asked["a/2"] == 1


async def test_who_refuses_tag_actors_is_left_out_of_digests_at_every_reading(
    tmp_path: Path,
) -> None:
    async with hosts() as (served, client):
        storage = await Storage.open(f"sqlite:///{tmp_path}/r.sqlite3")
        made = parts(storage, client, SystemClock())
        me = served.url("a", "/u/a")
        actor = {"id": me, "type": "Person", "preferredUsername": "a", "indexable": True}
        bio = {"inbox": f"{me}/inbox", "outbox": f"{me}/outbox", "summary": "<p>#NoTagsPub</p>"}
        served.put("a", "/u/a", {**actor, **bio})
        by_tag, by_feed = served.note("a", "/1"), served.note("a", "/2")
        await find(storage, by_tag, "tag-actor:news:openai@tags.example")
        await find(storage, by_feed, "tag-rss:news:https://a.example/tags/openai.rss")
        allowed = []
        for _ in range(2):
            for uri in (by_tag, by_feed):
                async with storage.view() as view:
                    finding = await view.findings.get("news", uri)
                    assert finding is not None
                await made.conversations.read(uri, bot="news", aliases=set(), via=finding.source)
                async with storage.view() as view:
                    standing = await made.consenting.of_thread(view, uri, ("openai",))
                allowed.append(standing.allows(uri, Use.DIGEST))
        # Read again from elsewhere in the thread, as a reply that somebody found leads to it.
        for path, above in (("/r/1", by_tag), ("/r/2", by_feed)):
            reply = served.note("a", path, inReplyTo=above)
            await made.conversations.read(reply, bot="news", aliases=set())
            async with storage.view() as view:
                standing = await made.consenting.of_thread(view, above, ("openai",))
            allowed.append(standing.allows(above, Use.DIGEST))
        await storage.close()
    assert allowed == [False, True, False, True, False, True]
