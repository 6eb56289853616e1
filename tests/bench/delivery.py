"""How many signed deliveries go out a second, beside Fedify, in the same run.

    python -m tests.bench.delivery [--json] [--count 3000] [--rounds 3]

To distinct inboxes of one server on loopback. Ours: planned in SQLite, 64 at once, each outcome
recorded there; timed by the receiver from the first arrival to the last. Fedify: through its queue
(in memory), which is what retries; `--direct` measures it without queue, retries and records, 64 at
once. It is timed from the command on, since it signs everything before the first arrival.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.fediverse import free_port
from storage import Storage, tables
from tests.bench.inbox import counted
from tests.bench.parts import HANDLE, ask, fedify, prepare, serving, start_ours

AT_ONCE = 64
NETWORK = f"deliveries_at_once = {AT_ONCE}\ndeliveries_per_host = {AT_ONCE}"


def measure_ours(count: int) -> tuple[float, float]:
    """Return deliveries a second, and MB."""
    port, sink = free_port(0), free_port(0)
    with tempfile.TemporaryDirectory() as folder, serving(sink, {}):
        prepare(Path(folder), port, NETWORK)
        asyncio.run(
            plan(Path(folder), port, [f"http://localhost:{sink}/in/{n}" for n in range(count)])
        )
        with start_ours(Path(folder), port) as served:
            seconds = arrived(sink, count)
            query = "SELECT count(*) FROM delivery WHERE state = 'delivered'"
            end = time.monotonic() + 20
            while counted(Path(folder), query) < count and time.monotonic() < end:
                time.sleep(0.05)
            recorded = counted(Path(folder), query)
            if recorded != count:
                raise RuntimeError(f"{recorded} of {count} outcomes were recorded")
            return count / seconds, served.peak_mb()


async def plan(folder: Path, port: int, inboxes: list[str]) -> float:
    """Put an activity and its deliveries into the database; return the seconds it took."""
    storage = await Storage.open(f"sqlite:///{folder}/b.sqlite3")
    base, now = f"http://localhost:{port}", datetime.now(UTC)
    actor = f"{base}/ap/actors/{HANDLE}"
    note = {"id": f"{base}/ap/objects/1", "type": "Note", "content": "<p>Measured.</p>"}
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{base}/ap/activities/1",
        "type": "Create",
        "actor": actor,
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "object": {**note, "attributedTo": actor},
    }
    row = tables.OutgoingActivity(
        id=f"{base}/ap/activities/1",
        bot=HANDLE,
        type="Create",
        document=document,
        public=True,
        published=now,
    )
    began = time.perf_counter()
    async with storage.unit() as unit:
        await unit.activities.put(row)
        await unit.deliveries.add(row.id, HANDLE, inboxes, now)
    seconds = time.perf_counter() - began
    await storage.close()
    return seconds


def measure_fedify(count: int, *, direct: bool) -> tuple[float, float]:
    """Return deliveries a second from the command on, and MB."""
    sink = free_port(0)
    with serving(sink, {}), fedify(queue=not direct) as served:
        inboxes = [f"http://localhost:{sink}/in/{n}" for n in range(count)]
        began = time.time()
        at_once = AT_ONCE if direct else count
        wanted = {"inboxes": inboxes, "atOnce": at_once, "direct": direct}
        ask(f"{served.origin}/control/fan-out", wanted)
        arrived(sink, count)
        return count / (last_arrival(sink) - began), served.peak_mb()


def last_arrival(sink: int) -> float:
    """Return when the last delivery arrived, as a Unix time."""
    return float(ask(f"http://127.0.0.1:{sink}/count")["last"])


def arrived(sink: int, count: int) -> float:
    """Wait until all arrived; return the seconds from the first to the last."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        found = ask(f"http://127.0.0.1:{sink}/count")
        if found["count"] >= count:
            return float(found["last"] - found["first"])
        time.sleep(0.1)
    raise RuntimeError(f"only {found['count']} of {count} arrived")


def main() -> None:
    """Measure both, in turn, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--direct", action="store_true", help="the peer without its queue")
    parser.add_argument("--ours", action="store_true", help="measure ours only")
    arguments = parser.parse_args()
    mine, theirs = [], []
    for _ in range(arguments.rounds):
        mine.append(measure_ours(arguments.count))
        theirs.append(
            (1.0, 1.0)
            if arguments.ours
            else measure_fedify(arguments.count, direct=arguments.direct)
        )
    own, peer = (statistics.median(r[0] for r in runs) for runs in (mine, theirs))
    report = {
        "ours_per_s": round(own),
        "peer_per_s": round(peer),
        "ratio": round(own / peer, 2),
        "ours_mb": round(max(r[1] for r in mine)),
        "peer_mb": round(max(r[1] for r in theirs)),
    }
    if arguments.json:
        print(json.dumps(report))
        return
    print(f"deliveries: {arguments.count} to distinct inboxes")
    for name, value in report.items():
        print(f"  {name:12} {value}")


if __name__ == "__main__":
    main()
