"""How long people wait for an answer: threads of 100 posts on hosts 20 ms away.

`python -m tests.bench.answering [--json] [--requests 20]`: each request is a thread that the bot
has never read; the time runs from the request's POST to the answer's arrival.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.settings import Answering
from tests.federation.forest import planted
from tests.federation.instance import running
from tests.federation.talking import Talk

POSTS, SERVERS, LATENCY = 100, 10, 0.02
PEOPLE = ("marek", "ines", "paul")
"""On three servers: one whose people ask a lot at once takes turns."""
LIMITS = Answering(seconds=3, per_person=10_000, per_host=10_000, per_day=10_000)


async def wait_for_answer(talk: Talk, root: str, person: str) -> tuple[float, int]:
    """Ask under one thread; return the seconds until the answer arrived, and the posts read."""
    note = talk.note(person, "summarize please", under=root)
    create = {"id": f"{note['id']}#c", "type": "Create", "actor": note["attributedTo"]}
    signed = talk.sender.signed(create | {"object": note}, person)
    began = time.perf_counter()
    await talk.sender.post(*signed)
    while True:
        for arrived in talk.fediverse.arrived("Create"):
            found = arrived.document["object"]
            if found.get("inReplyTo") == note["id"]:
                took = time.perf_counter() - began
                async with talk.app.storage.view() as view:
                    answer = await view.answers.get(note["id"])
                    thread = await view.threads.get(answer.thread_id or "") if answer else None
                return took, thread.posts_read if thread else 0
        await asyncio.sleep(0.005)


async def measure(requests: int) -> dict[str, Any]:
    """Ask one after the other, then several side by side."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        fediverse, app, _ = await stack.enter_async_context(running(Path(folder), answers=LIMITS))
        talk = Talk(fediverse, app)
        await talk.read_all()
        forests = [
            await stack.enter_async_context(planted(POSTS, SERVERS, LATENCY, whole=False))
            for _ in range(requests)
        ]
        half = requests // 2
        asked = [(forest.root, who) for forest, who in zip(forests, cycle(PEOPLE), strict=False)]
        alone = [await wait_for_answer(talk, root, who) for root, who in asked[:half]]
        beside = await asyncio.gather(
            *(wait_for_answer(talk, root, who) for root, who in asked[half:])
        )
    found: dict[str, Any] = {"posts": POSTS, "requests": requests}
    for name, times in (("one_by_one", alone), ("at_once", beside)):
        seconds = sorted(took for took, _ in times)
        found |= {
            f"{name}_p50_s": round(statistics.median(seconds), 2),
            f"{name}_p95_s": round(seconds[max(0, round(len(seconds) * 0.95) - 1)], 2),
            f"{name}_read": statistics.median(read for _, read in times),
        }
    return found


def main() -> None:
    """Print the waits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--requests", type=int, default=20)
    given = parser.parse_known_args()[0]
    found = asyncio.run(measure(given.requests))
    print(json.dumps(found) if given.json else "  ".join(f"{k} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
