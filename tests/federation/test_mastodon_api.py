"""Mastodon's REST and streaming API as an implementation that others wrote serves it."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.transport import Transport
from bot.building import SystemClock
from bot.demo.fediverse import free_port
from bot.sources import MastodonTag, Seen
from bot.sources.polite import Polite
from bot.topic import Topic
from storage import Storage
from tests.parts import parts

TOKEN = "seeded-token"
CONFIG = f"""
[[seed.accounts]]
username = "ada"
access_token = "{TOKEN}"
"""


class Mock:
    """A running server; `post` publishes a status as Ada."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session

    async def post(self, text: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{self.base}/api/v1/statuses"
        async with self._session.post(url, json={"status": text}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found


@asynccontextmanager
async def server(folder: Path, port: int = 0) -> AsyncIterator[Mock]:
    """Run mastodon-mock in a process of its own."""
    port = port or free_port(0)
    config = folder / "mock.toml"
    config.write_text(CONFIG)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mastodon_mock", "serve", "--config", str(config), "--in-memory",
        "--port", str(port), "--log-level", "error",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:
            async with asyncio.timeout(30):
                while True:
                    with contextlib.suppress(aiohttp.ClientError):
                        async with session.get(f"{base}/api/v2/instance") as answer:
                            if answer.status == 200:
                                break
                    await asyncio.sleep(0.1)
            yield Mock(base, session)
    finally:
        process.kill()  # it would wait for those who listen to its streams
        await process.wait()


@pytest.fixture
async def way_out() -> AsyncIterator[Client]:
    async with Transport(AddressGuard(allow_loopback=True), user_agent="test") as transport:
        yield Client(transport, None, SystemClock())


async def test_a_tag_is_read_from_where_it_was_left(tmp_path: Path, way_out: Client) -> None:
    polite = Polite(way_out, SystemClock())
    async with server(tmp_path) as mock:
        first = await mock.post("Open weights are here #openweights")
        await mock.post("Nothing to do with it #cats")
        source = MastodonTag("news", mock.base, "openweights")
        one = await source.poll(polite, Seen())
        later = [(await mock.post(f"More, number {n} #openweights"))["uri"] for n in range(45)]
        two = await source.poll(polite, Seen(cursor=one.cursor))
        three = await source.poll(polite, Seen(cursor=two.cursor))
    assert [found.uri for found in one.found] == [first["uri"]]
    assert {found.uri for found in two.found} == set(later)
    assert three.found == ()
    assert three.cursor == two.cursor


async def test_a_stream_brings_posts_as_they_come_and_survives_a_restart(
    tmp_path: Path, way_out: Client
) -> None:
    port = free_port(0)
    host = f"127.0.0.1:{port}"
    topic = Topic(
        handle="news", name="News", hashtags=("openweights",), rest_hosts=(f"http://{host}",)
    )
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    watcher = parts(storage, way_out, SystemClock(), (topic,), tokens={host: TOKEN}).watcher
    await watcher.register()
    listening = None
    uris = []
    try:
        for round_ in range(2):
            async with server(tmp_path, port) as mock:
                listening = listening or asyncio.create_task(watcher.stream())
                async with asyncio.timeout(40):
                    while True:  # until the stream is open (again), what is said is not heard
                        post = await mock.post(f"Round {round_} #openweights")
                        await asyncio.sleep(0.5)
                        async with storage.view() as view:
                            finding = await view.findings.get("news", post["uri"])
                        if finding is not None:
                            uris.append(finding.source)
                            break
    finally:
        if listening:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        await storage.close()
    assert [source.partition(":")[0] for source in uris] == ["mastodon", "mastodon"]


async def test_what_the_cli_shows_of_a_source_before_it_is_added(
    tmp_path: Path, way_out: Client
) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    watcher = parts(storage, way_out, SystemClock()).watcher
    async with server(tmp_path) as mock:
        post = await mock.post("Look at this #openweights")
        shown = await watcher.preview("mastodon", "news", mock.base, "#OpenWeights")
    async with storage.view() as view:
        assert await view.sources.all(None) == []
        assert await view.findings.count("news") == 0
    await storage.close()
    assert [found.uri for found in shown.found] == [post["uri"]]
    assert json.dumps(shown.listed) == "1"
