"""Threads that are made to waste our time, or to send us against others."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from activitypub.budget import Budget
from activitypub.client import Client
from activitypub.errors import BudgetSpent, Busy
from activitypub.guard import AddressGuard
from activitypub.thread import ThreadBudget, read_thread
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from tests.federation.hosts import PUBLIC, Answer, Hosts, hosts

SMALL = ThreadBudget(posts=100, requests=300, per_host=40, seconds=60)


def asked(served: Hosts, host: str) -> int:
    """Return how often a host was asked for anything."""
    return sum(n for key, n in served.asked.items() if key.startswith(f"{host}/"))


def slow(document: dict[str, Any], seconds: float) -> Answer:
    """Serve a document after a while."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.json_response(document, content_type="application/activity+json")

    return answer


def collection(uri: str, items: list[Any], **more: Any) -> dict[str, Any]:
    return {"id": uri, "type": "OrderedCollection", "orderedItems": items, **more}


async def test_others_posts_that_a_context_lists_are_not_of_the_thread() -> None:
    """Whoever owns a context cannot put people into a discussion that they took no part in."""
    async with hosts() as (served, client):
        root, context = served.url("bad", "/1"), served.url("bad", "/c")
        theirs = served.note("good", "/1")
        answer = served.note("good", "/2", inReplyTo=theirs)
        deep = served.note("good", "/3", inReplyTo=answer)
        mine = served.note("other", "/1", inReplyTo=root)
        below_gone = served.note("other", "/2", inReplyTo=served.url("other", "/gone"))
        says_so = served.note("other", "/3", context=context)
        listed = [deep, answer, mine, below_gone, says_so]
        served.put("bad", "/c", collection(context, listed))
        served.note("bad", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
    assert {post.id for post in thread.posts} == {root, mine, below_gone, says_so}
    assert thread.report.refused["elsewhere"] == 3
    assert thread.report.refused["404"] == 1
    assert thread.report.posts_known == 5
    assert thread.report.hosts == {post.id.split("/")[2] for post in thread.posts}


async def test_a_listed_reply_leads_to_what_it_answers() -> None:
    async with hosts() as (served, client):
        root, context = served.url("a", "/1"), served.url("a", "/c")
        middle = served.note("b", "/2", inReplyTo=root)
        last = served.note("c", "/3", inReplyTo=middle)
        served.put("a", "/c", collection(context, [last]))
        served.note("a", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
    assert {post.id for post in thread.posts} == {root, middle, last}
    assert thread.report.complete


async def test_a_victim_is_asked_no_more_than_the_bound_of_a_host() -> None:
    async with hosts() as (served, client):
        root, context = served.url("bad", "/1"), served.url("bad", "/c")
        listed = [served.url("victim", f"/{number}") for number in range(2000)]
        served.put("bad", "/c", collection(context, listed))
        served.note("bad", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
    assert asked(served, "victim") == SMALL.per_host
    assert thread.report.refused["budget"] > 0


async def test_a_detour_counts_where_it_leads() -> None:
    """Many hosts of one owner that all redirect to a victim do not add up their bounds."""

    def away(to: str) -> Callable[[web.Request], web.StreamResponse]:
        return lambda request: web.Response(status=302, headers={"Location": to})

    async with hosts() as (served, client):
        root, context = served.url("bad", "/1"), served.url("bad", "/c")
        listed = [
            served.put(f"h{number}", "/1", away(served.url("victim", f"/{number}")))
            for number in range(120)
        ]
        served.put("bad", "/c", collection(context, listed))
        served.note("bad", "/1", context=context)
        await read_thread(client, root, SMALL)
    assert asked(served, "victim") == SMALL.per_host


async def test_many_threads_together_spare_a_host() -> None:
    async with hosts() as (served, _):
        guard, limits = AddressGuard(allow_loopback=True), Limits(host_window=50)
        listed = [served.url("victim", f"/{number}") for number in range(100)]
        async with Transport(guard, user_agent="test", limits=limits) as transport:
            client = Client(transport, None, SystemClock())
            for number in range(3):
                context = served.url(f"bad{number}", "/c")
                served.put(f"bad{number}", "/c", collection(context, listed))
                root = served.note(f"bad{number}", "/1", context=context)
                await read_thread(client, root, SMALL)
            with pytest.raises(BudgetSpent, match="often enough"):
                await client.fetch(listed[0], Budget())
    assert asked(served, "victim") == 50


async def test_pages_of_lists_and_an_api_are_asked_for_less_often_than_posts() -> None:
    """Mastodon answers 300 of them in a quarter of an hour, whoever's thread it is."""
    async with hosts() as (served, _):
        guard, limits = AddressGuard(allow_loopback=True), Limits(host_pages=10)
        async with Transport(guard, user_agent="test", limits=limits) as transport:
            client = Client(transport, None, SystemClock())
            for number in range(3):
                root = served.url("m", f"/{number}")
                pages = [served.url("m", f"/{number}/replies?page={n}") for n in range(8)]
                below = [served.note("m", f"/{number}-{n}", inReplyTo=root) for n in range(8)]
                for n, (page, post) in enumerate(zip(pages, below, strict=True)):
                    after = {"next": pages[n + 1]} if n < 7 else {}
                    path = f"/{number}/replies?page={n}"
                    served.put(
                        "m", path, {"id": page, "type": "CollectionPage", "items": [post], **after}
                    )
                served.note("m", f"/{number}", replies={"type": "Collection", "first": pages[0]})
                await read_thread(client, root, SMALL)
            with pytest.raises(BudgetSpent, match="often enough"):
                await client.get(served.url("m", "/api/v1/x"), accept="*/*", budget=Budget())
    assert sum(n for key, n in served.asked.items() if "page=" in key) == 10
    assert asked(served, "m") == 10 + 3 + 10


async def test_a_host_that_asks_for_a_long_pause_gets_it_from_all() -> None:
    def limited(request: web.Request) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "300"})

    async with hosts() as (served, client):
        root, context = served.url("a", "/1"), served.url("a", "/c")
        listed = [served.put("busy", f"/{number}", limited) for number in range(30)]
        served.put("a", "/c", collection(context, listed))
        served.note("a", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
        with pytest.raises(Busy, match="asked us to wait"):
            await client.fetch(served.url("busy", "/other"), Budget())
    assert asked(served, "busy") <= client.per_host
    assert thread.report.refused["429"] == 30
    assert len([step for step in thread.rest if step.startswith("post")]) == 30


@pytest.mark.parametrize("grows", [False, True], ids=["the same again", "new ids for ever"])
@pytest.mark.parametrize("kind", ["context", "replies"])
async def test_pages_without_end_are_left(kind: str, grows: bool) -> None:  # noqa: FBT001
    async with hosts() as (served, client):
        root, endless = served.url("bad", "/1"), served.url("bad", "/c")

        def page(request: web.Request) -> web.StreamResponse:
            number = int(request.query.get("n", "0"))
            first = 10 * number if grows else 0
            items = [served.url("bad", f"/p{first + n}") for n in range(10)]
            following = f"{endless}?n={number + 1}"
            served.put("bad", f"/c?n={number + 1}", page)
            document = collection(f"{endless}?n={number}", items, next=following)
            return web.json_response(document, content_type="application/activity+json")

        served.put("bad", "/c", page)
        served.note("bad", "/1", **{kind: endless})
        thread = await read_thread(client, root, SMALL)
    pages = sum(n for key, n in served.asked.items() if key.startswith("bad/c"))
    assert pages <= (SMALL.per_host if grows else 6)
    assert asked(served, "bad") <= SMALL.per_host + 1
    assert not thread.report.complete


async def test_a_page_of_countless_ids_is_taken_as_far_as_the_bound() -> None:
    async with hosts() as (served, client):
        root, context = served.url("bad", "/1"), served.url("bad", "/c")
        served.put("bad", "/c", collection(context, [f"{root}/{n}" for n in range(20_000)]))
        served.note("bad", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
    assert thread.report.posts_known <= 4 * SMALL.posts + 2
    assert len(thread.rest) <= 2 * 4 * SMALL.posts
    assert asked(served, "bad") <= SMALL.per_host + 1


async def test_posts_in_a_page_do_not_pass_the_bound_of_posts() -> None:
    async with hosts() as (served, client):
        root, context = served.url("bad", "/1"), served.url("bad", "/c")
        author = served.url("bad", "/u/a")
        many = [
            {
                "id": f"{root}/{n}", "type": "Note", "attributedTo": author, "to": PUBLIC,
                "content": "x", "inReplyTo": root,
            }
            for n in range(1000)
        ]  # fmt: skip
        served.put("bad", "/c", collection(context, many))
        served.note("bad", "/1", context=context)
        thread = await read_thread(client, root, SMALL)
    assert len(thread.posts) == SMALL.posts
    assert thread.report.refused["budget"] > 0


@pytest.mark.parametrize("kind", ["context", "replies"])
async def test_collections_that_lead_to_themselves_end(kind: str) -> None:
    async with hosts() as (served, client):
        root, loop = served.url("bad", "/1"), served.url("bad", "/c")
        other = served.url("bad", "/d")
        served.put("bad", "/c", collection(loop, [loop, root, other], first=other, next=loop))
        served.put("bad", "/d", collection(other, [loop, other], next=loop))
        served.note("bad", "/1", **{kind: loop})
        thread = await read_thread(client, root, SMALL)
    assert [post.id for post in thread.posts] == [root]
    assert asked(served, "bad") < 20


async def test_who_claims_anothers_id_is_not_believed() -> None:
    """An inline reply in another's name is fetched from the other, and is what it is there."""
    async with hosts() as (served, client):
        root = served.url("bad", "/1")
        theirs = served.note("good", "/1", inReplyTo=root, content="What I said")
        forged = {
            "id": theirs, "type": "Note", "attributedTo": served.url("good", "/u/a"),
            "to": PUBLIC, "content": "What I never said", "inReplyTo": root,
        }  # fmt: skip
        replies = collection(f"{root}/r", [forged])
        served.note("bad", "/1", replies=replies)
        thread = await read_thread(client, root, SMALL)
    assert [post.content for post in thread.posts if post.id == theirs] == ["What I said"]


@pytest.mark.parametrize("shape", ["date", "since 1970", "from now", "without X-"])
async def test_the_reset_of_a_rate_limit_is_read_in_every_shape(shape: str) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)  # the host's clock
    reset = ahead + timedelta(seconds=120)
    value = {"date": reset.isoformat(), "from now": "120"}.get(shape, str(int(reset.timestamp())))
    name = "RateLimit-Reset" if shape == "without X-" else "X-RateLimit-Reset"
    headers = {name: value, "Date": format_datetime(ahead, usegmt=True)}

    def limited(request: web.Request) -> web.StreamResponse:
        return web.Response(status=429, headers=headers)

    async with hosts() as (served, client):
        uri = served.put("a", "/1", limited)
        with pytest.raises(Busy) as held:
            await client.fetch(uri)
    assert held.value.retry_after is not None
    assert timedelta(seconds=115) < held.value.retry_after <= timedelta(seconds=122)


async def test_a_dead_host_is_waited_for_once() -> None:
    """What is found on it later is given up at once; the rest of the thread does not wait."""
    callers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: callers.append(writer), "127.0.0.1", 0)
    dead = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    async with hosts() as (served, client):
        root = served.url("a", "/0")
        for number in range(8):  # a chain, each link of which also names a post of the dead host
            below = [f"{dead}/{number}", served.url("a", f"/{number + 1}")]
            above = {"inReplyTo": served.url("a", f"/{number - 1}")} if number else {}
            replies = {"type": "Collection", "items": below if number < 7 else below[:1]}
            note = {
                "id": served.url("a", f"/{number}"), "type": "Note", "to": PUBLIC, "content": "x",
                "attributedTo": served.url("a", "/u/a"), "replies": replies, **above,
            }  # fmt: skip
            served.put("a", f"/{number}", slow(note, seconds=0.6))
        thread = await read_thread(client, root, ThreadBudget(patience=3))
    for caller in callers:
        caller.close()
    silent.close()
    assert len(thread.posts) == 8
    assert thread.report.refused["silent"] == 8
    assert len(callers) < 8
