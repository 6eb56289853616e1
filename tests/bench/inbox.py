"""How many signed deliveries the inbox takes a second, beside Fedify, in the same run.

    python -m tests.bench.inbox [--json] [--count 6000] [--rounds 3] [--ours] [--postgres]

50 actors, 32 connections, requests signed beforehand. Ours: every activity is committed to SQLite
before its 202, or to a PostgreSQL server with its usual settings. Fedify: in-memory stores, no
queue.
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.parts import HANDLE, Senders, Served, ask, fedify, load, ours, serving
from tests.postgres import Cluster

ACTORS = 50


def measure_ours(count: int, cluster: Cluster | None = None) -> tuple[float, float, float]:
    """Return deliveries a second, MB, and seconds until all were handled."""
    senders = Senders(ACTORS)
    name = cluster.create() if cluster else ""
    database = cluster.url(name) if cluster else ""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(senders.port, senders.documents()),
        ours(Path(folder), database=database) as served,
    ):

        def rows(query: str) -> int:
            if cluster:
                return int(cluster.sql(query, database=name))
            return counted(Path(folder), query)

        inbox = f"{served.origin}/ap/inbox"
        warm_up(served, senders, inbox)
        requests = senders.creates(inbox, count)
        result = load(served.origin, requests)
        stored = rows("SELECT count(*) FROM received_activity")
        if result.statuses != {202: count} or stored != count + ACTORS:
            raise RuntimeError(f"not all were taken: {result.statuses}, {stored} stored")
        began = time.perf_counter()
        while rows("SELECT count(*) FROM received_activity WHERE handled_at IS NULL"):
            time.sleep(0.05)
        handled = result.seconds + time.perf_counter() - began
        p99 = statistics.quantiles(result.latencies, n=100)[98] * 1000
        print(f"  ours: p99 {p99:.0f} ms, all handled after {handled:.1f} s") if VERBOSE else None
        return count / result.seconds, served.peak_mb(), handled


def measure_fedify(count: int) -> tuple[float, float]:
    """Return deliveries a second, and MB."""
    senders = Senders(ACTORS)
    with serving(senders.port, senders.documents()), fedify() as served:
        inbox = f"{served.origin}/inbox"
        warm_up(served, senders, inbox)
        result = load(served.origin, senders.creates(inbox, count))
        verified = ask(f"{served.origin}/control/count")["count"]
        if result.statuses != {202: count} or verified != count + ACTORS:
            raise RuntimeError(f"not all were taken: {result.statuses}, {verified} verified")
        return count / result.seconds, served.peak_mb()


def warm_up(served: Served, senders: Senders, inbox: str) -> None:
    """Let the server fetch every key once."""
    load(served.origin, senders.creates(inbox, ACTORS), connections=4)


def counted(folder: Path, query: str) -> int:
    """Count in a SQLite file, from outside."""
    with sqlite3.connect(f"file:{folder}/b.sqlite3?mode=ro", uri=True) as connection:
        return int(connection.execute(query).fetchone()[0])


VERBOSE = False


def main() -> None:
    """Read what is wanted, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", action="store_true", help="measure ours only")
    parser.add_argument("--postgres", action="store_true", help="ours on PostgreSQL")
    arguments = parser.parse_args()
    cluster = Cluster.start(settings=()) if arguments.postgres else None
    try:
        measure(arguments, cluster)
    finally:
        if cluster:
            cluster.remove()


def measure(arguments: argparse.Namespace, cluster: Cluster | None) -> None:
    """Measure both, in turn, and print the medians."""
    global VERBOSE  # noqa: PLW0603
    VERBOSE = not arguments.json
    mine, theirs = [], []
    for _ in range(arguments.rounds):
        mine.append(measure_ours(arguments.count, cluster))
        theirs.append((1.0, 1.0) if arguments.ours else measure_fedify(arguments.count))
    own, peer = (statistics.median(r[0] for r in runs) for runs in (mine, theirs))
    report = {
        "ours_per_s": round(own),
        "peer_per_s": round(peer),
        "ratio": round(own / peer, 2),
        "ours_mb": round(max(r[1] for r in mine)),
        "peer_mb": round(max(r[1] for r in theirs)),
    }
    if arguments.json:
        import json  # noqa: PLC0415

        print(json.dumps(report))
        return
    print(f"inbox of @{HANDLE}: {arguments.count} signed Creates of {ACTORS} actors")
    for name, value in report.items():
        print(f"  {name:12} {value}")


if __name__ == "__main__":
    main()
