"""What survives when a process dies, and what processes do to each other."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from storage import Storage
from tests.contract.child import POSTS
from tests.contract.samples import NOW

ROOT = Path(__file__).parents[2]


async def start(task: str, url: str) -> Process:
    """Start a child and return it."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.child", task, url, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )


async def heard(child: Process) -> str:
    """Wait for the child's next line."""
    assert child.stdout is not None
    return (await child.stdout.readline()).decode().strip()


async def kill(child: Process) -> bytes:
    """End a child as a power cut would, and return what it had said and we not yet read."""
    assert child.stdout is not None
    child.send_signal(signal.SIGKILL)
    rest = await child.stdout.read()
    assert await child.wait() == -signal.SIGKILL
    return rest


async def test_killed_inside_a_unit_leaves_nothing(storage: Storage, url: str) -> None:
    child = await start("uncommitted", url)
    assert await heard(child) == "written"
    await kill(child)
    async with storage.unit() as unit:
        assert await unit.posts.count() == 0
        assert await unit.received.waiting() == {}
        assert (await unit.jobs.counts())["ready"] == 0


async def test_killed_after_a_unit_leaves_all_of_it(storage: Storage, url: str) -> None:
    child = await start("committed", url)
    assert await heard(child) == "committed"
    await kill(child)
    async with storage.view() as view:
        assert await view.posts.count() == POSTS
        assert sum((await view.received.waiting()).values()) == 1
        assert (await view.jobs.counts())["ready"] == 1


async def test_whatever_was_acknowledged_is_there_after_a_kill(storage: Storage, url: str) -> None:
    child = await start("stream", url)
    said = [await heard(child) for _ in range(40)]
    said += (await kill(child)).decode().split()
    async with storage.unit() as unit:
        for key in said:
            assert not await unit.jobs.enqueue("step", {}, run_at=NOW, key=key)


@pytest.mark.parametrize("task", ["claim", "claim_deliveries"])
async def test_processes_never_claim_the_same(storage: Storage, url: str, task: str) -> None:
    count = 90
    async with storage.unit() as unit:
        for number in range(count):
            await unit.jobs.enqueue("step", {}, run_at=NOW, key=str(number))
        inboxes = [f"https://{number}.example/inbox" for number in range(count)]
        await unit.deliveries.add("https://digest.example/a/1", "tea", inboxes, NOW)
    children = [await start(task, url) for _ in range(2)]
    for child in children:
        assert await heard(child) == "ready"
    outputs = await asyncio.gather(*(child.communicate(b"go\n") for child in children))
    assert [child.returncode for child in children] == [0, 0]
    claimed = [number for output, _ in outputs for number in output.decode().split()]
    assert len(claimed) == count
    assert len(set(claimed)) == count
