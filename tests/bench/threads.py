"""How long it takes to read a thread from 20 servers, 20 ms away, with all their faults.

`python -m tests.bench.threads [--json]`. Signed requests, from a process other than the servers'.
"""

import argparse
import asyncio
import json
import resource
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.ports import SigningKey
from activitypub.thread import ThreadBudget, read_thread
from activitypub.transport import Limits, Transport
from bot.building import SystemClock
from tests.federation.forest import planted

SIZES = (10, 100, 1000, 10_000)
KEY = SigningKey("http://127.0.0.1/actor#main-key", rsa.generate_private_key(65537, 2048))


async def read(posts: int, per_host: int, seconds: float) -> dict[str, Any]:
    """Read one thread, and say how much of it was read in what time."""
    limits = Limits(per_host=per_host, host_window=100_000, host_pages=100_000)
    guard = AddressGuard(allow_loopback=True)
    budget = ThreadBudget(
        posts=20_000, requests=60_000, per_host=10_000, megabytes=500, seconds=seconds
    )
    async with planted(posts) as forest, Transport(guard, user_agent="b", limits=limits) as out:
        began = time.perf_counter()
        thread = await read_thread(Client(out, KEY, SystemClock()), forest.root, budget)
        took = time.perf_counter() - began
    return {
        "posts": posts,
        "per_host": per_host,
        "budget_s": seconds,
        "seconds": round(took, 2),
        "read": len(thread.posts),
        "reachable": len(forest.read),
        "known": thread.report.posts_known,
        "refused": dict(thread.report.refused),
        "ms_per_post": round(1000 * took / len(thread.posts), 2),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


async def main() -> None:
    """Run all sizes, and the same thread in three seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_known_args()[0].json
    plans = [(size, 8, 300.0) for size in SIZES] + [(1000, 8, 3.0), (1000, 2, 300.0)]
    for posts, per_host, seconds in plans:
        found = await read(posts, per_host, seconds)
        print(json.dumps(found) if as_json else "  ".join(f"{k} {v}" for k, v in found.items()))


if __name__ == "__main__":
    asyncio.run(main())
