"""Whoever's profile cannot be read counts as refusing, whatever the reason (signal 1)."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from activitypub.addressing import Audience
from bot.consent.table import NOTHING, PostSignals, Use, permitted
from tests.federation.hosts import JSON, PUBLIC, Hosts, hosts
from tests.federation.test_reading import reading

POST = PostSignals(Audience.PUBLIC, publication=True, own=True)


def person(net: Hosts, **more: Any) -> dict[str, Any]:
    """Return a profile that permits everything."""
    me = net.url("home", "/u/a")
    known = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
    return known | {"preferredUsername": "a"} | more


def saying(status: int, text: str = "", kind: str = JSON) -> Callable[[Hosts], Any]:
    def answer(net: Hosts) -> Any:
        return lambda request: web.Response(status=status, text=text, content_type=kind)

    return answer


FAILURES: dict[str, Callable[[Hosts], Any]] = {
    **{str(status): saying(status) for status in (400, 401, 403, 404, 406, 410, 429, 500, 503)},
    "a page": saying(200, "<html>Hello</html>", "text/html"),
    "no JSON": saying(200, "{"),
    "a list": saying(200, "[]"),
    "nothing": saying(200, ""),
    "a Tombstone": lambda net: person(net, type="Tombstone"),
    "a post": lambda net: person(net, type="Note", attributedTo=net.url("home", "/u/a")),
    "no inbox": lambda net: {k: v for k, v in person(net).items() if k != "inbox"},
    "another's inbox": lambda net: person(net, inbox=net.url("evil", "/inbox")),
    "another's id": lambda net: person(net, id=net.url("evil", "/u/a")),
    "another id there": lambda net: person(net, id=net.url("home", "/u/b")),
    "an endless redirect": lambda net: lambda request: web.HTTPFound(net.url("home", "/u/a")),
    "too large": saying(200, " " * (3 << 20)),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_an_unreadable_profile_is_a_refusal(tmp_path: Path, failure: str) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (_, made):
        me = net.put("home", "/u/a", FAILURES[failure](net))
        signals = (await made.authors.learn([me]))[me]
        assert permitted(signals, POST) == NOTHING
        # Only a day later would a bio be read again; one that could not be read is at once.
        net.put("home", "/u/a", person(net))
        again = (await made.authors.learn([me]))[me]
        assert Use.DIGEST in permitted(again, POST)


async def test_silence_and_a_host_that_is_not_there_are_refusals(tmp_path: Path) -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with reading(tmp_path) as (_, made):
        people = [f"http://slow.localhost:{port}/u/a", "http://none.localhost:9/u/a"]
        signals = await made.authors.learn(people, seconds=0.5)
    silent.close()
    assert [permitted(signals[who], POST) for who in people] == [NOTHING, NOTHING]


async def test_a_post_by_an_unreadable_author_is_not_even_stored(tmp_path: Path) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        note = net.note("home", "/n", content="<p>Words of nobody.</p>")
        net.put("home", "/u/a", saying(403)(net))
        found = await made.conversations.read(note, bot="news", aliases=set())
        assert (found.thread, found.left_out) == (None, 1)
        async with storage.view() as view:
            assert await view.posts.get(note) is None
        net.put("home", "/u/a", person(net))
        policy = {"canQuote": {"automaticApproval": [net.url("home", "/u/a")]}}
        net.note("home", "/n", content="<p>Words.</p>", interactionPolicy=policy, to=PUBLIC)
        await made.conversations.read(note, bot="news", aliases=set())
        async with storage.view() as view:
            standing = await made.consenting.of_posts(view, [note])
        assert standing.uses[note] == {Use.COUNT, Use.DIRECT}
