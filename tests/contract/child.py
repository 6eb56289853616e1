"""A process of its own, to be killed or to compete: `python -m tests.contract.child TASK URL`.

It prints a line when it has done its part, and goes on when it is told to by a line.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from storage import Storage, UnitOfWork
from tests.contract.samples import LEASE, NOW, post, received

POSTS = 50


async def write(unit: UnitOfWork) -> None:
    """Do what belongs together: an activity, its posts, a job."""
    await unit.received.add(received())
    for number in range(POSTS):
        await unit.posts.put(post(number))
    await unit.jobs.enqueue("receive", {"id": 1}, run_at=NOW, key="once")


def say(line: str) -> None:
    """Tell the parent."""
    print(line, flush=True)


async def told() -> None:
    """Wait for the parent."""
    await asyncio.to_thread(sys.stdin.readline)


async def uncommitted(storage: Storage) -> None:
    """Stop in the middle of a unit."""
    async with storage.unit() as unit:
        await write(unit)
        say("written")
        await told()


async def committed(storage: Storage) -> None:
    """Stop after a unit, without closing anything."""
    async with storage.unit() as unit:
        await write(unit)
    say("committed")
    await told()


async def stream(storage: Storage) -> None:
    """Commit one job after the other, saying each when it is in."""
    for number in range(100_000):
        async with storage.unit() as unit:
            await unit.jobs.enqueue("step", {"number": number}, run_at=NOW, key=str(number))
        say(str(number))


async def claim(storage: Storage) -> None:
    """Take jobs until there are none, and say which."""
    say("ready")
    await told()
    while True:
        async with storage.unit() as unit:
            jobs = await unit.jobs.claim("child", NOW, LEASE, 3)
        if not jobs:
            return
        say(" ".join(str(job.id) for job in jobs))


async def claim_deliveries(storage: Storage) -> None:
    """Take deliveries until there are none, and say which."""
    say("ready")
    await told()
    while True:
        async with storage.unit() as unit:
            rows = await unit.deliveries.claim(NOW, LEASE, 3)
        if not rows:
            return
        say(" ".join(str(row.id) for row in rows))


TASKS: dict[str, Callable[[Storage], Awaitable[None]]] = {
    task.__name__: task for task in (uncommitted, committed, stream, claim, claim_deliveries)
}


async def main() -> None:
    """Run one task on a storage that exists already."""
    task, url = sys.argv[1:]
    storage = await Storage.open(url, migrate=False)
    await TASKS[task](storage)
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main())
