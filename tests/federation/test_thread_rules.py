"""Threads as servers really keep them, or make them up: each rule of reading on a small one."""

import asyncio
from typing import Any

import orjson
import pytest
from aiohttp import web

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.thread import ThreadBudget, read_thread
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from bot.sources.rss import json_feed
from tests.federation.hosts import JSON, Hosts, hosts

BUDGET = ThreadBudget(seconds=60)


async def read(client: Client, start: str) -> tuple[list[str], dict[str, int]]:
    thread = await read_thread(client, start, BUDGET)
    return sorted(post.id for post in thread.posts), dict(thread.report.refused)


def listing(net: Hosts, host: str, path: str, *items: Any, **more: Any) -> str:
    uri = net.url(host, path)
    page = {"id": uri, "type": "OrderedCollection", "orderedItems": list(items), **more}
    return net.put(host, path, page)


async def test_what_everyone_may_see_is_kept_and_the_rest_is_not_even_unfolded() -> None:
    async with hosts() as (net, client):
        above = net.url("a", "/root")
        quiet = net.note(
            "a", "/quiet", inReplyTo=above, to=[net.url("a", "/u/a/followers")], cc=["as:Public"]
        )
        hidden = net.note(
            "a", "/narrow", inReplyTo=above, to=[net.url("a", "/u/a/followers")],
            replies=listing(net, "a", "/narrow/replies", net.note("a", "/below")),
        )  # fmt: skip
        root = net.note("a", "/root", replies=listing(net, "a", "/r", quiet, hidden))
        found, refused = await read(client, root)
        assert found == [quiet, root]
        assert refused == {"narrow": 1}
        assert net.asked["a/narrow/replies"] == 0


async def test_circles_self_links_and_gaps_end_the_climb() -> None:
    async with hosts() as (net, client):
        one, two = net.url("a", "/1"), net.url("b", "/2")
        net.note("a", "/1", inReplyTo=two)
        net.note("b", "/2", inReplyTo=one)
        assert (await read(client, one))[0] == [one, two]
        alone = net.url("a", "/self")
        net.note("a", "/self", inReplyTo=alone, replies=listing(net, "a", "/s", alone, alone))
        assert (await read(client, alone))[0] == [alone]
        for status in (401, 403, 404, 410):
            gone = net.put("b", f"/{status}", lambda _, s=status: web.Response(status=s))  # type: ignore[misc]
            below = net.note("a", f"/below-{status}", inReplyTo=gone)
            assert await read(client, below) == ([below], {str(status): 1})


async def test_a_context_may_be_a_mere_word_or_lead_elsewhere() -> None:
    async with hosts() as (net, client):
        opaque = net.note("a", "/opaque", context="tag:a.example,2026:7")
        assert (await read(client, opaque))[0] == [opaque]
        foreign = listing(net, "evil", "/ctx", net.note("evil", "/spam"))
        lured = net.note("a", "/lured", context=foreign, conversation=foreign)
        assert (await read(client, lured))[0] == [lured]
        reply = net.note("b", "/reply", inReplyTo=net.url("a", "/own"))
        own = net.note("a", "/own", context=listing(net, "a", "/ctx", reply, {"id": reply}))
        assert (await read(client, own))[0] == sorted([own, reply])


async def test_counts_are_not_believed_and_pages_of_others_not_turned() -> None:
    async with hosts() as (net, client):
        reply = net.note("a", "/reply", inReplyTo=net.url("a", "/root"))
        elsewhere = listing(net, "evil", "/page2", net.note("evil", "/spam"))
        replies = listing(net, "a", "/r", reply, totalItems=10**9, next=elsewhere)
        root = net.note("a", "/root", replies=replies)
        thread = await read_thread(client, root, BUDGET)
        assert sorted(post.id for post in thread.posts) == [reply, root]
        assert thread.report.posts_known < 1000
        assert net.asked["evil/page2"] == 0


@pytest.mark.parametrize(
    "answer", ["{}", "[]", "7", '{"descendants":7}', '{"descendants":[7,{"uri":7},null]}', "<p>"]
)
async def test_mastodons_api_is_asked_last_and_its_answer_may_be_anything(answer: str) -> None:
    """An answer in the wrong shape once ended the reading of the whole thread."""
    async with hosts() as (net, client):
        root = net.note("a", "/statuses/7")
        path = "/api/v1/statuses/7/context"
        net.put("a", path, lambda _: web.Response(text=answer, content_type="application/json"))
        assert (await read(client, root))[0] == [root]
        assert net.asked[f"a{path}"] == 1
        below = net.note("b", "/below", inReplyTo=root)
        body = orjson.dumps({"descendants": [{"uri": below}, {"uri": root}], "ancestors": []})
        net.put("a", path, lambda _: web.Response(body=body, content_type="application/json"))
        assert (await read(client, root))[0] == sorted([root, below])


@pytest.mark.parametrize("items", [7, "x", {"url": "https://a.example/"}, [7, None], None])
def test_a_json_feed_may_hold_anything(items: Any) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    _, found = json_feed(orjson.dumps(feed), "https://a.example/feed")
    assert len(found) == (1 if isinstance(items, dict) else 0)


async def test_a_host_gets_two_requests_at_a_time_and_knows_who_asks() -> None:
    async with hosts() as (net, _):
        now = most = 0
        agents = set()

        class Slow(web.Response):
            async def prepare(self, request: web.BaseRequest) -> Any:
                nonlocal now, most
                now += 1
                most = max(most, now)
                agents.add(request.headers["User-Agent"])
                await asyncio.sleep(0.02)
                now -= 1
                return await super().prepare(request)

        def answer(document: dict[str, Any]) -> Any:
            return lambda _: Slow(body=orjson.dumps(document), content_type=JSON)

        above = net.url("a", "/root")
        replies = [net.note("a", f"/{n}", inReplyTo=above) for n in range(12)]
        root = net.note("a", "/root", replies=listing(net, "a", "/r", *replies))
        for path, page in list(net.pages.items()):
            assert isinstance(page, dict)
            net.pages[path] = answer(page)
        guard = AddressGuard(allow_loopback=True)
        agent = "Fedigest/1 (+https://digest.example/about)"
        async with Transport(guard, user_agent=agent, limits=Limits()) as transport:
            client = Client(transport, None, SystemClock())
            assert len((await read(client, root))[0]) == 13
        assert most == 2
        assert agents == {agent}
