"""Many who ask under one thread at the same time cause one reading of it, and each is answered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from activitypub.errors import Missing
from bot.answering.readings import Readings
from bot.demo.show import HANDLE
from bot.settings import Answering
from storage import tables
from tests.federation.hosts import JSON, PUBLIC, Hosts, hosts
from tests.federation.instance import running
from tests.federation.persons import Scene
from tests.federation.sender import handled
from tests.federation.test_reading import reading

ASKERS = 10
SAYINGS = (
    "The licence of the model forbids training another model on what it writes.",
    "That clause was dropped in March, so training on its output is allowed now.",
    "The licence still forbids selling the model as a service without asking first.",
    "Training another model on the output is what most people want the licence to allow.",
    "Our lawyers read the licence last week and found nothing about the training data.",
    "A small company can run the model on two cards that it bought years ago.",
    "The benchmark that everybody cites was run with a tokenizer that nobody can get.",
    "We measured the model on our own tickets, and it was wrong in a third of them.",
    "The weights are mirrored on five servers in Europe, so the download is fast.",
    "Without the training code nobody can repeat what the paper says about the model.",
)


class Thread:
    """A first post with ten replies on one server, of which some are listed."""

    def __init__(self, net: Hosts, listed: int = ASKERS) -> None:
        self.net = net
        self.freed = asyncio.Event()
        self.replies = [self.uri(f"r{number}") for number in range(ASKERS)]
        items = self.replies[:listed]
        listing = {"type": "Collection", "id": f"{self.uri('root')}/replies", "items": items}
        self.put("root", "What may one do with the output of an open model?", replies=listing)
        for number, words in enumerate(SAYINGS):
            self.put(f"r{number}", words, inReplyTo=self.uri("root"))

    @property
    def root(self) -> str:
        return self.uri("root")

    def uri(self, who: str) -> str:
        return self.net.url("home", f"/n/{who}")

    def asked(self, who: str) -> int:
        return self.net.asked[f"home/n/{who}"]

    def put(self, who: str, words: str, **more: Any) -> None:
        me = self.net.url("home", f"/u/{who}")
        profile = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
        self.net.put("home", f"/u/{who}", {**profile, "preferredUsername": who, "name": who})
        note = {"id": self.uri(who), "type": "Note", "attributedTo": me, "to": PUBLIC}
        document = {**note, "content": f"<p>{words}</p>", **more}

        async def answer(request: web.Request) -> web.StreamResponse:
            await self.freed.wait()
            return web.json_response(document, content_type=JSON)

        self.net.put("home", f"/n/{who}", answer)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    # However slow this machine is, all ten ask before the time of the first reading is over.
    patient = Answering(seconds=40)
    async with hosts() as (net, _), running(tmp_path, answers=patient) as (_, app, _):
        yield Scene(net, app)


async def settled(scene: Scene, request: str) -> tables.Answer:
    """Wait until a request is settled."""
    async with asyncio.timeout(60):
        while True:
            async with scene.app.storage.view() as view:
                row = await view.answers.get(request)
            if row is not None and row.state != "asked":
                return row
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("under", ["the first post", "a reply each"])
async def test_ten_who_ask_at_once_cause_one_reading(scene: Scene, under: str) -> None:
    thread = Thread(scene.net)
    notes = []
    for number in range(ASKERS):
        asker = await scene.person(f"asker{number}")
        post = thread.root if under == "the first post" else thread.replies[number]
        note = {**asker.request("summarize please"), "inReplyTo": post}
        assert await handled(scene.app, await asker.send("Create", note)) == "asked"
        notes.append(note["id"])
    async with asyncio.timeout(60):
        while True:
            async with scene.app.storage.view() as view:
                if (await view.jobs.counts())["claimed"] >= ASKERS:
                    break
            await asyncio.sleep(0.02)
    thread.freed.set()
    answers = [await settled(scene, uri) for uri in notes]
    assert [row.state for row in answers] == ["answered"] * ASKERS
    assert {row.thread_id for row in answers} == {thread.root}
    assert len({row.publication_id for row in answers}) == ASKERS, "each has an answer of their own"
    assert thread.asked("root") == 1
    most = 1 if under == "the first post" else 2  # their own post, and as one of the thread
    assert max(thread.asked(f"r{number}") for number in range(ASKERS)) <= most
    async with scene.app.storage.view() as view:
        [shown] = [
            row
            for row in await view.publications.of_bot(HANDLE, "answer", limit=99)
            if row.id in {answer.publication_id for answer in answers}
        ]
    assert shown.audience != "direct", "one for all to see, the others to those who asked"


async def test_who_gives_up_does_not_take_the_reading_from_the_others(tmp_path: Path) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        thread, readings = Thread(net), Readings(storage, made.conversations)
        first, second, third = [
            asyncio.create_task(readings.read(thread.root, "news", 3.0)) for _ in range(3)
        ]
        await came(thread, "root")
        first.cancel()
        await asyncio.wait({first})
        thread.freed.set()
        found = await asyncio.gather(second, third)
        assert first.cancelled()
        assert [one.thread.posts_read for one in found if one.thread] == [11, 11]
        assert thread.asked("root") == 1


async def test_when_all_give_up_the_reading_ends(tmp_path: Path) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        thread, readings = Thread(net), Readings(storage, made.conversations)
        tasks = [asyncio.create_task(readings.read(thread.root, "news", 3.0)) for _ in range(3)]
        await came(thread, "root")
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        thread.freed.set()
        assert (await readings.read(thread.root, "news", 3.0)).posts == 11
        assert thread.asked("root") == 2


async def test_each_hears_that_what_they_ask_about_is_not_there(tmp_path: Path) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        readings, missing = Readings(storage, made.conversations), net.url("home", "/n/none")
        tasks = [asyncio.create_task(readings.read(missing, "news", 3.0)) for _ in range(3)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in found] == [Missing] * 3
        assert net.asked["home/n/none"] == 1


async def test_who_asks_under_a_reply_that_nobody_lists_reads_it_themselves(
    tmp_path: Path,
) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        thread, readings = Thread(net, listed=3), Readings(storage, made.conversations)
        starts = [thread.root, thread.replies[1], thread.replies[8], thread.replies[9]]
        tasks = [asyncio.create_task(readings.read(uri, "news", 3.0)) for uri in starts]
        for who in ("root", "r1", "r8", "r9"):
            await came(thread, who)
        thread.freed.set()
        found = await asyncio.gather(*tasks)
        assert {one.thread.id for one in found if one.thread} == {thread.root}
        async with storage.view() as view:
            posts = {post.id for post in await view.posts.in_thread(thread.root)}
    assert set(starts) <= posts


async def came(thread: Thread, who: str) -> None:
    """Wait until a post is asked for."""
    async with asyncio.timeout(60):
        while not thread.asked(who):  # noqa: ASYNC110  it happens elsewhere
            await asyncio.sleep(0.01)
