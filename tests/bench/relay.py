"""A relay's firehose: is all of it taken in, does memory stay flat, does the rest go on?

    python -m tests.bench.relay [--json] [--rate 200] [--seconds 60]

A relay that is followed hands on posts of 50 authors, every twentieth with a watched hashtag.
Meanwhile pages are asked for, and someone follows the bot and is accepted.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import orjson

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.demo.fediverse import free_port
from storage import Storage, tables
from tests.bench.parts import HANDLE, JSON, Senders, Served, ask, load, prepare, serving, start_ours

EVERY = 20


async def follow_relay(folder: Path, relay: str) -> None:
    """Write down that the bot follows the relay, and that it accepted."""
    storage = await Storage.open(f"sqlite:///{folder}/b.sqlite3")
    now = datetime.now(UTC)
    async with storage.unit() as unit:
        asked = tables.Following(
            bot=HANDLE, actor_id=relay, follow_id="https://x.example/f", inbox=f"{relay}/inbox",
            state="accepted", asked_at=now,
        )  # fmt: skip
        await unit.follows.ask(asked)
        source = tables.SourceState(
            key=f"relay:{HANDLE}:{relay}", bot=HANDLE, kind="relay", address=relay,
            origin="operator", actor_id=relay, due_at=now, interval_s=900,
        )  # fmt: skip
        await unit.sources.put(source)
    await storage.close()


def a_follow(senders: Senders, served: Served, inbox: str) -> bytes:
    """Return a signed Follow of the bot."""
    me = f"{senders.origin}/u/1"
    resource = f"acct:{HANDLE}@{served.origin.partition('://')[2]}"
    bot = ask(f"{served.origin}/.well-known/webfinger?resource={resource}")
    target = next(link["href"] for link in bot["links"] if link["rel"] == "self")
    body = orjson.dumps({"id": f"{me}#f", "type": "Follow", "actor": me, "object": target})
    key = SigningKey(f"{me}#main-key", senders.private[1])
    headers = cavage.sign(key, "POST", inbox, now=datetime.now(UTC), body=body)
    headers |= {"Content-Type": JSON, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /ap/inbox HTTP/1.1\r\n{head}\r\n".encode() + body


def measure(rate: int, seconds: int) -> dict[str, object]:
    """Run it once."""
    senders = Senders(50)
    with tempfile.TemporaryDirectory() as name, serving(senders.port, senders.documents()):
        folder, port = Path(name), free_port(0)
        prepare(folder, port)
        text = (folder / "fedigest.toml").read_text()
        (folder / "fedigest.toml").write_text(f'{text}hashtags = ["openweights"]\n')
        asyncio.run(follow_relay(folder, f"{senders.origin}/u/0"))
        with start_ours(folder, port) as served:
            return run(folder, served, senders, rate, seconds)


def run(
    folder: Path, served: Served, senders: Senders, rate: int, seconds: int
) -> dict[str, object]:
    """Let the relay send, and see what becomes of it."""
    inbox, pages, answers = f"{served.origin}/ap/inbox", [], []
    memory = []
    for second in range(seconds):
        began = time.perf_counter()
        result = load(served.origin, senders.creates(inbox, rate, relay=0, tagged=EVERY), 8)
        if result.statuses != {202: rate}:
            raise RuntimeError(f"not all were taken: {result.statuses}")
        answers += result.latencies
        asked = time.perf_counter()
        with urlopen(f"{served.origin}/sources", timeout=10) as page:  # noqa: S310
            page.read()
        pages.append(time.perf_counter() - asked)
        if second == seconds // 2:
            load(served.origin, [a_follow(senders, served, inbox)], 1)
        memory.append(rss(served.process.pid))
        time.sleep(max(0.0, 1 - (time.perf_counter() - began)))
    end = time.monotonic() + 120
    while rows(folder, "SELECT count(*) FROM received_activity WHERE handled_at IS NULL"):
        if time.monotonic() > end:
            raise RuntimeError("not all was handled")
        time.sleep(0.1)
    late = time.monotonic() - end + 120
    cut = statistics.quantiles(answers, n=100)
    return {
        "sent": rate * seconds,
        "stored": rows(folder, "SELECT count(*) FROM received_activity WHERE type = 'Create'"),
        "found": rows(folder, "SELECT count(*) FROM finding"),
        "expected": seconds * -(-rate // EVERY),
        "handled_after_s": round(late, 1),
        "answer_p50_ms": round(cut[49] * 1000, 1),
        "answer_p99_ms": round(cut[98] * 1000, 1),
        "page_worst_ms": round(max(pages) * 1000),
        "followed": rows(folder, "SELECT count(*) FROM delivery WHERE state = 'delivered'"),
        "mb_at_a_sixth": memory[len(memory) // 6],
        "mb_at_end": memory[-1],
    }


def rss(pid: int) -> int:
    """Return the resident size of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def rows(folder: Path, question: str) -> int:
    """Ask the database a number."""
    connection = sqlite3.connect(f"file:{folder}/b.sqlite3?mode=ro", uri=True)
    try:
        return int(connection.execute(question).fetchone()[0])
    finally:
        connection.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    given, _ = parser.parse_known_args()
    found = measure(given.rate, given.seconds)
    print(json.dumps(found) if given.json else "\n".join(f"{k:18} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
