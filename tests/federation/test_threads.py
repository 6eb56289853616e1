"""A long thread on many servers is read as far as it can be, and what is missing is stated."""

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.thread import ThreadBudget, read_thread, resume_thread
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from tests.federation.forest import planted
from tests.federation.hosts import hosts

AMPLE = ThreadBudget(posts=5000, requests=10_000, per_host=2000, seconds=100, patience=9)


def way_out() -> Transport:
    limits = Limits(per_host=8, host_pages=10_000)
    return Transport(AddressGuard(allow_loopback=True), user_agent="test", limits=limits)


async def test_all_that_can_be_reached_is_read_and_the_rest_is_counted() -> None:
    async with planted(latency=0.002) as forest, way_out() as transport:
        client = Client(transport, None, SystemClock())
        thread = await read_thread(client, forest.root, AMPLE)
    assert sorted(post.id for post in thread.posts) == forest.read
    counted = {k: n for k, n in thread.report.refused.items() if k != "endless"}
    assert counted == forest.refused
    assert thread.report.posts_known == forest.known
    assert len(thread.report.hosts) == forest.hosts
    assert thread.report.refused["endless"] > 0
    assert not thread.report.complete
    assert thread.root == forest.root


async def test_wherever_one_starts_the_whole_thread_is_found() -> None:
    async with (
        planted(posts=120, servers=4, latency=0, whole=False) as forest,
        way_out() as transport,
    ):
        client = Client(transport, None, SystemClock())
        deep = forest.read[-1]
        thread = await read_thread(client, deep, AMPLE)
    assert thread.root == forest.root
    assert sorted(post.id for post in thread.posts) == forest.read
    assert thread.report.complete
    assert not thread.report.refused
    assert thread.rest == ()


async def test_a_bound_gives_what_is_nearest_and_the_rest_can_be_read_later() -> None:
    async with (
        planted(posts=400, servers=6, latency=0, whole=False) as forest,
        way_out() as transport,
    ):
        client = Client(transport, None, SystemClock())
        few = ThreadBudget(posts=5000, requests=150, per_host=2000, seconds=60)
        first = await read_thread(client, forest.root, few)
        assert not first.report.complete
        assert first.report.refused["budget"] > 0
        assert 50 < len(first.posts) < len(forest.read)
        known = {post.id for post in first.posts}
        second = await resume_thread(client, forest.root, first.rest, AMPLE, known=known)
    assert known.isdisjoint(post.id for post in second.posts)
    assert sorted(known | {post.id for post in second.posts}) == forest.read


async def test_a_bound_of_posts_and_of_each_host_holds() -> None:
    async with (
        planted(posts=300, servers=3, latency=0, whole=False) as forest,
        way_out() as transport,
    ):
        client = Client(transport, None, SystemClock())
        by_posts = await read_thread(client, forest.root, ThreadBudget(posts=40))
        by_host = await read_thread(client, forest.root, ThreadBudget(per_host=20))
    assert 40 <= len(by_posts.posts) <= 40 + ThreadBudget().at_once
    assert not by_posts.report.complete
    assert 20 < len(by_host.posts) <= 60
    assert by_host.report.refused["budget"] > 0


async def test_every_byte_counts_that_of_refused_answers_too() -> None:
    limits = Limits(max_bytes=300_000)
    guard = AddressGuard(allow_loopback=True)
    async with (
        hosts() as (net, _),
        Transport(guard, user_agent="test", limits=limits) as transport,
    ):
        vast = {"content": "x" * 400_000}
        items = [net.note("a", f"/{n}", **vast) for n in range(60)]
        items += [net.note("b", f"/{n}", **vast) for n in range(60)]
        replies = {"type": "OrderedCollection", "orderedItems": items}
        root = net.note("a", "/root", replies=replies)
        few = ThreadBudget(megabytes=3, at_once=4)
        thread = await read_thread(Client(transport, None, SystemClock()), root, few)
    vast_ones = sum(net.asked.values()) - 1
    assert 10 <= vast_ones <= (3 << 20) // 300_000 + 1 + 4
    assert thread.report.refused["budget"] == 120 - vast_ones
