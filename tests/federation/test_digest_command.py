"""`fedigest digest` and `fedigest status` of an instance that has read something."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.building import SystemClock
from bot.demo.fediverse import SampleFediverse
from storage import Storage
from tests.federation.bot_process import BotProcess
from tests.federation.instance import is_idle
from tests.federation.test_follow_commands import fedigest


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """An instance that has read the sample fediverse, and rests."""
    async with SampleFediverse.open(SystemClock(), ports=(0, 0, 0, 0)) as fediverse:
        made = BotProcess.prepare(tmp_path, fediverse, "03:00")
        await made.start()
        storage = await Storage.open(made.database, migrate=False)
        async with asyncio.timeout(60):
            while True:
                async with storage.view() as view:
                    if await view.threads.count() >= 7 and await is_idle(view):
                        break
                await asyncio.sleep(0.05)
        await storage.close()
        await made.end(signal.SIGTERM)
        yield made


async def test_a_digest_is_shown_with_the_source_of_each_line_and_its_warnings(
    bot: BotProcess,
) -> None:
    code, out = await fedigest(bot, "digest", "--json")
    threads = json.loads(out)["threads"]
    assert code == 0
    assert {thread["cw"] for thread in threads} == {None, "model safety"}
    code, shown = await fedigest(bot, "digest")
    assert code == 0
    assert shown.count("Content warning: model safety") == 1
    for thread in threads:
        assert thread["gist_source"]["text"] == thread["gist"]
        for said in (thread["gist_source"], *thread["sentences"]):
            lines = shown.partition(said["text"])[2].splitlines()
            assert lines[1].strip().startswith(f"— {said['author']}")
            assert lines[1].endswith(f", {said['url']}")


async def test_status_tells_of_sources_in_trouble_and_of_stopped_answers(bot: BotProcess) -> None:
    code, before = await fedigest(bot, "status")
    assert code == 0
    assert "`fedigest sources` says why" not in before
    assert "answers are stopped" not in before
    storage = await Storage.open(bot.database, migrate=False)
    async with storage.unit() as unit:
        source = next(row for row in await unit.sources.all(None) if row.kind == "tag-rss")
        source.error = "models.example answered 500"
        await unit.sources.put(source)
    await storage.close()
    await fedigest(bot, "answers", "stop")
    _, after = await fedigest(bot, "status")
    found = json.loads((await fedigest(bot, "status", "--json"))[1])
    assert "of these 1 failing: `fedigest sources` says why" in after
    assert "answers are stopped" in after
    assert [line["key"] for line in found["sources_in_trouble"]] == [source.key]
    assert found["answers_stopped"] is True
