"""What it takes to publish to 100,000 followers on 20,000 inboxes.

    python -m tests.bench.fanout

Seconds to plan the fan-out (one row for each inbox, in one transaction), memory it takes, and how
long the inbox needs to answer meanwhile.
"""

import asyncio
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.fanout import plan
from storage import Storage, tables
from storage.received import Arrived

FOLLOWERS, INBOXES = 100_000, 20_000


async def main() -> None:
    """Fill a database with followers, plan one publication, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        storage = await Storage.open(f"sqlite:///{Path(folder)}/b.sqlite3")
        now = datetime.now(UTC)
        for start in range(0, FOLLOWERS, 5000):
            rows = [follower(number, now) for number in range(start, start + 5000)]
            async with storage.unit() as unit:
                await unit.follows._transaction.add_all(rows)
        before = peak_mb()
        waits: list[float] = []
        stop = asyncio.Event()
        arriving = asyncio.create_task(arrive(storage, waits, stop))
        await asyncio.sleep(0.5)
        began = time.perf_counter()
        async with storage.unit() as unit:
            inboxes = await unit.follows.inboxes("news")
            await plan(unit, "https://d.example/a/1", "news", inboxes, now)
        async with storage.unit() as unit:
            first = await unit.deliveries.claim(datetime.now(UTC), timedelta(minutes=1), 64)
        claim = time.perf_counter() - began
        while True:  # as the workers do
            async with storage.unit() as unit:
                jobs = await unit.jobs.claim("b", datetime.now(UTC), timedelta(minutes=1), 1)
            if not jobs:
                break
            async with storage.unit() as unit:
                piece = jobs[0].payload["inboxes"]
                await unit.deliveries.add("https://d.example/a/1", "news", piece, now)
        seconds = time.perf_counter() - began
        stop.set()
        await arriving
        async with storage.view() as view:
            planned = sum((await view.deliveries.counts()).values())
        await storage.close()
    p99 = statistics.quantiles(waits, n=100)[98]
    print(f"fan-out: {FOLLOWERS} followers on {planned} inboxes")
    print(f"  planned in        {seconds:.2f} s")
    print(f"  memory            +{peak_mb() - before:.0f} MB")
    print(f"  first {len(first)} claimed  after {claim:.2f} s")
    print(f"  a commit meanwhile took at most {max(waits):.2f} s, p99 {p99:.2f} s")


async def arrive(storage: Storage, waits: list[float], stop: asyncio.Event) -> None:
    """Store activities as the inbox does, and note how long each commit took."""
    number = 0
    while not stop.is_set():
        number += 1
        row = Arrived(f"https://p.example/{number}", "https://p.example/u", "Like", {}, now())
        began = time.perf_counter()
        await storage.receive([row])
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def follower(number: int, since: datetime) -> tables.Follower:
    """Return one of the followers."""
    host = f"h{number % INBOXES}.example"
    me = f"https://{host}/u/{number}"
    return tables.Follower(
        bot="news",
        actor_id=me,
        inbox=f"{me}/inbox",
        shared_inbox=f"https://{host}/inbox",
        host=host,
        follow_id=f"{me}#follow",
        since=since,
    )


def peak_mb() -> float:
    """Return the largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main())
