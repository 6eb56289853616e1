"""What brings very much at once holds up neither itself nor the rest."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activitypub.vocab import PUBLIC
from bot.building import SystemClock
from bot.demo.show import HANDLE
from bot.reading import backlog
from bot.workers import Pace, Workers
from storage import Storage, tables
from tests.federation.instance import running
from tests.federation.sender import Sender, handled


def finding(number: int, source: str) -> tables.Finding:
    uri = f"https://far.example/{number}"
    return tables.Finding(
        bot=HANDLE, post_id=uri, source=source, found_at=datetime.now(UTC), state="new"
    )


async def test_a_source_that_floods_is_cut_off_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog.is_full, "__defaults__", (50,))
    async with running(tmp_path) as (fediverse, app, _):
        sender = Sender(fediverse, app)
        me = sender.documents.actor_id("ines")
        key = await app.parts.watcher.add("account", HANDLE, me)
        await app.parts.watcher.poll(key)
        async with app.storage.unit() as unit:
            for number in range(50):
                await unit.findings.add(finding(number, key))

        async def say(number: int) -> str:
            note = {
                "id": f"{me}/n/{number}", "type": "Note", "attributedTo": me, "content": "x",
                "to": [PUBLIC],
            }  # fmt: skip
            create: dict[str, Any] = {
                "id": f"{me}/c/{number}", "type": "Create", "actor": me, "object": note,
            }  # fmt: skip
            await sender.post(*sender.signed(create))
            return await handled(app, create["id"])

        outcomes, state = set(), None
        for number in range(50):  # the schedule may ask the source once more in between
            outcomes.add(await say(number))
            async with app.storage.view() as view:
                state = await view.sources.get(key)
            if state and state.error:
                break
            await asyncio.sleep(0.1)
        async with app.storage.unit() as unit:
            await unit.findings.settle(HANDLE, "https://far.example/7", "gone")
        later_outcome = await say(99)
        async with app.storage.view() as view:
            later = await view.sources.get(key)
    assert (outcomes, later_outcome) == ({"too many"}, "found")
    assert state is not None
    assert state.error == backlog.TOO_MUCH
    assert later is not None
    assert later.error is None


async def test_an_answer_does_not_wait_behind_a_thousand_posts_to_read(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/w.sqlite3")
    now = datetime.now(UTC)
    done: list[str] = []
    answered, busy = asyncio.Event(), asyncio.Event()

    async def read(payload: Any) -> None:
        done.append("read")
        if len(done) == 3:
            busy.set()
        await asyncio.sleep(3600)

    async def answer(payload: Any) -> None:
        done.append("answer")
        answered.set()

    async with storage.unit() as unit:
        for number in range(1000):
            early = now - timedelta(minutes=5)
            await unit.jobs.enqueue("read", {}, run_at=early, key=f"read:{number}")
    handlers = {"read": read, "answer": answer}
    workers = Workers(storage, SystemClock(), handlers, Pace(at_once=3, idle=0.05))
    running_jobs = asyncio.create_task(workers.run_jobs())
    try:
        async with asyncio.timeout(60):
            await busy.wait()
            async with storage.unit() as unit:
                await unit.jobs.enqueue("answer", {}, run_at=now, key="answer:1")
            await answered.wait()
    finally:
        running_jobs.cancel()
        await asyncio.gather(running_jobs, return_exceptions=True)
        await storage.close()
    assert done.count("answer") == 1
    assert done.count("read") == 3, "the others still wait"


async def test_what_takes_words_back_waits_for_no_poll_and_no_daily_look(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/w.sqlite3")
    early = datetime.now(UTC) - timedelta(minutes=5)
    holding, prompt = ("look", "poll", "digest"), ("plan", "recheck", "code")
    done: set[str] = set()
    ended = asyncio.Event()

    async def hang(payload: Any) -> None:
        await asyncio.sleep(3600)

    async def quick(payload: Any) -> None:
        done.add(payload["kind"])
        if done == {*prompt}:
            ended.set()

    async with storage.unit() as unit:
        for number in range(30):
            for kind in holding:
                await unit.jobs.enqueue(kind, {}, run_at=early, key=f"{kind}:{number}")
        for kind in prompt:
            await unit.jobs.enqueue(kind, {"kind": kind}, run_at=early + timedelta(minutes=1))
    handlers = {**dict.fromkeys(holding, hang), **dict.fromkeys(prompt, quick)}
    workers = Workers(storage, SystemClock(), handlers, Pace(at_once=3, idle=0.05))
    running_jobs = asyncio.create_task(workers.run_jobs())
    async with asyncio.timeout(60):
        await ended.wait()
    running_jobs.cancel()
    await asyncio.gather(running_jobs, return_exceptions=True)
    await storage.close()
