"""What it takes to publish to 100,000 followers on 20,000 inboxes.

    python -m tests.bench.fanout

First in one process: seconds to plan the fan-out (one row for each inbox, in pieces), and the
memory it takes. Then over sockets: `fedigest run` makes a digest for as many, who are all on one
server with many names: when the first of them has it, and how long the inbox needs to answer
meanwhile.
"""

import asyncio
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.fediverse import free_port
from bot.publishing.fanout import plan
from storage import Storage, tables
from storage.received import Arrived
from tests.bench import relay
from tests.bench.parts import HANDLE, Senders, ask, load, prepare, serving, start_ours

FOLLOWERS, INBOXES = 100_000, 20_000
RATE, SECONDS = 50, 20
"""How much comes to the inbox in a second, and for how long."""


async def main() -> None:
    """Print the figures of both."""
    await planning()
    await asyncio.to_thread(publishing)


def publishing() -> None:
    """Have a digest published by a service of its own, while others send to its inbox."""
    senders = Senders(50)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(senders.port, relay.documents(senders)),
    ):
        folder, port = Path(name), free_port(0)
        prepare(folder, port)
        relay.read_and_wait(folder)
        asyncio.run(relay.follow_relay(folder, f"{senders.origin}/u/0"))
        with start_ours(folder, port):
            pass  # it introduces itself, to nobody yet
        asyncio.run(fill(folder, senders.port))
        with start_ours(folder, port) as served:
            inbox = f"{served.origin}/ap/inbox"
            relay.begin(served, senders, inbox, relay.the_bot(served))
            while not relay.rows(folder, "SELECT count(*) FROM thread WHERE posts_read >= 40"):
                time.sleep(0.2)
            load(served.origin, senders.creates(inbox, RATE), 8)  # keys are fetched
            before = paced(served.origin, senders, 5)
            asyncio.run(relay.order_digest(folder))
            answers = paced(served.origin, senders, SECONDS)
            came = ask(f"{senders.origin}/count?kind=digest")
            # By the clock in the database: another process ordered it, and it was looked for.
            said = "SELECT (julianday(published) - 2440587.5) * 86400000 FROM publication"
            published = relay.rows(folder, f"{said} WHERE kind = 'digest'") / 1000
    print(f"  over sockets: first delivery, after publishing: {came['first'] - published:.2f} s,")
    print(f"  {came['count']} in {SECONDS} s, beside {RATE} arrivals a second;")
    for when, times in (("before", before), ("meanwhile", answers)):
        cut = statistics.quantiles(times, n=100)
        print(
            f"  the inbox answered {when} in {cut[49] * 1000:.0f} ms, p99 {cut[98] * 1000:.0f} ms"
        )


def paced(origin: str, senders: Senders, seconds: int) -> list[float]:
    """Send to the inbox each second, and return how long each answer took."""
    times = []
    for _ in range(seconds):
        began = time.perf_counter()
        times += load(origin, senders.creates(f"{origin}/ap/inbox", RATE), 8).latencies
        time.sleep(max(0.0, 1 - (time.perf_counter() - began)))
    return times


async def fill(folder: Path, port: int) -> None:
    """Give the bot its followers, whose inboxes are all at this port."""
    storage = await Storage.open(f"sqlite:///{folder}/b.sqlite3")
    for start in range(0, FOLLOWERS, 5000):
        rows = [
            follower(number, now(), HANDLE, "http", f"localhost:{port}")
            for number in range(start, start + 5000)
        ]
        async with storage.unit() as unit:
            await unit.follows._transaction.add_all(rows)
    await storage.close()


async def planning() -> None:
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


def follower(
    number: int, since: datetime, bot: str = "news", scheme: str = "https", domain: str = "example"
) -> tables.Follower:
    """Return one of the followers."""
    host = f"h{number % INBOXES}.{domain}"
    me = f"{scheme}://{host}/u/{number}"
    return tables.Follower(
        bot=bot,
        actor_id=me,
        inbox=f"{me}/inbox",
        shared_inbox=f"{scheme}://{host}/inbox",
        host=host,
        follow_id=f"{me}#follow",
        since=since,
    )


def peak_mb() -> float:
    """Return the largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main())
