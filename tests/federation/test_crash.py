"""kill -9 at many moments of the main job: nothing accepted is lost, nothing happens twice."""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from bot.errors import BotError
from bot.workers import Workers
from storage import Storage, UnitOfWork
from tests.federation.bot_process import BotProcess
from tests.federation.instance import is_idle, running, sample_fediverse

pytestmark = pytest.mark.slow

MOMENTS = ("followed", "reading", "digest queued", "digest stored", "asked", "answered")
PERIOD = "2026-11-01"


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator["Cycle"]:
    """Run the sample fediverse here and the bot as a process; both end with the test."""
    async with sample_fediverse() as fediverse:
        # Half a day ago or more: the daily digest is not due while the test runs.
        hour = (datetime.now(UTC) + timedelta(hours=6)).strftime("%H:00")
        bot = BotProcess.prepare(folder, fediverse, hour)
        await bot.start()
        storage = await Storage.open(bot.database, migrate=False)
        try:
            yield Cycle(fediverse, bot, storage)
        finally:
            await storage.close()
            await bot.end(signal.SIGKILL)


class Cycle:
    """One main job, during which `at` is told each moment as it is reached."""

    def __init__(self, fediverse: SampleFediverse, bot: BotProcess, storage: Storage) -> None:
        self.fediverse = fediverse
        self.bot = bot
        self.storage = storage

    async def play(self, at: Callable[[str], Awaitable[None]]) -> None:
        actor = self.bot.uris.actor(HANDLE)
        await self.fediverse.follow(actor)
        await self.until(lambda v: v.follows.count_followers(HANDLE))
        await at("followed")
        await self.until(lambda v: v.posts.count())
        await at("reading")
        await self.until(self.is_read)
        await self.queue_digest()
        await at("digest queued")
        await self.until(lambda v: v.digests.by_period(HANDLE, PERIOD))
        await at("digest stored")
        uri = self.bot.uris.object(f"{HANDLE}-{PERIOD}")
        await self.fediverse.wait_for(lambda a: object_of(a.document).get("id") == uri, 40)
        request = await self.fediverse.ask(actor, self.bot.uris.address(HANDLE))
        await self.until(lambda v: v.answers.get(request))
        await at("asked")
        await self.until(lambda v: v.publications.of_bot(HANDLE, "answer", limit=1))
        await at("answered")
        await self.fediverse.wait_for(
            lambda a: object_of(a.document).get("inReplyTo") == request, 40
        )
        await self.until(is_idle)

    async def until(self, wanted: Callable[[UnitOfWork], Awaitable[Any]]) -> None:
        """Look into the database until something is there."""
        async with asyncio.timeout(40):
            while True:
                async with self.storage.view() as view:
                    if await wanted(view):
                        return
                await asyncio.sleep(0.01)

    async def is_read(self, view: UnitOfWork) -> bool:
        sources = await view.sources.all(None)
        threads = await view.threads.count()
        return all(s.ok_at for s in sources) and threads >= 7 and await is_idle(view)

    async def queue_digest(self) -> None:
        """Queue the digest as the schedule does."""
        now = datetime.now(UTC)
        payload = {
            "bot": HANDLE,
            "period": PERIOD,
            "since": (now - timedelta(days=1)).isoformat(),
            "until": now.isoformat(),
        }
        async with self.storage.unit() as unit:
            await unit.jobs.enqueue("digest", payload, run_at=now, key=f"digest:{PERIOD}")

    async def check(self) -> None:
        """See from the peers' side, and in the database, that all happened once."""
        created = [object_of(a.document) for a in self.fediverse.arrived("Create")]
        digests = {note["id"] for note in created if "inReplyTo" not in note}
        answers = {note["id"] for note in created if "inReplyTo" in note}
        accepts = {a.document["id"] for a in self.fediverse.arrived("Accept")}
        assert len(digests) == len(answers) == len(accepts) == 1
        assert {a.document["type"] for a in self.fediverse.arrived()} <= {
            "Create",
            "Accept",
            "Follow",
        }
        async with self.storage.view() as view:
            assert not await view.received.waiting()
            assert not await view.jobs.failed(10)
            assert not (await view.deliveries.counts())["failed"]
            assert await view.follows.count_followers(HANDLE) == 1


def object_of(document: Any) -> dict[str, Any]:
    found = document.get("object")
    return found if isinstance(found, dict) else {}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_at_a_moment_it_goes_on_where_it_was(tmp_path: Path, moment: str) -> None:
    async with playing(tmp_path) as cycle:

        async def at(reached: str) -> None:
            if reached == moment:
                await cycle.bot.kill_and_start()

        await cycle.play(at)
        await cycle.check()


async def test_killed_again_and_again_at_odd_times(tmp_path: Path) -> None:
    chance = random.Random(20261123)  # noqa: S311
    async with playing(tmp_path) as cycle:

        async def at(reached: str) -> None:
            await asyncio.sleep(chance.random() / 4)
            await cycle.bot.kill_and_start()

        await cycle.play(at)
        await cycle.check()


async def test_a_second_process_and_a_taken_port_are_refused_in_words(tmp_path: Path) -> None:
    async with playing(tmp_path) as cycle:
        bot = cycle.bot
        again = await run(bot.settings)
        other = tmp_path / "other"
        other.mkdir()
        (other / "fedigest.toml").write_text(bot.settings.read_text())
        (tmp_path / "keys").rename(other / "keys")
        taken = await run(other / "fedigest.toml")
        code = await bot.end(signal.SIGTERM)
    assert again.returncode == taken.returncode == 1
    assert "works on this database already" in again.stderr
    assert f"cannot listen on 127.0.0.1:{bot.port}" in taken.stderr
    assert "Traceback" not in again.stderr + taken.stderr
    assert code == 0


async def test_a_part_that_breaks_stops_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service without its clock, say, would publish nothing and say nothing."""

    async def broken(workers: Workers) -> None:
        raise RuntimeError("a bug")

    async def served() -> None:
        async with running(tmp_path) as (_, app, _), asyncio.timeout(60):
            await app.ending.wait()

    monkeypatch.setattr(Workers, "run_jobs", broken)
    with pytest.raises(BotError, match="a part of the service broke: a bug"):
        await served()


async def run(settings: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot.cli", "run", "-c", str(settings)]
    return await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=30, check=False
    )
