"""A relay's firehose: is all of it taken in, does memory stay flat, does the rest go on?

    python -m tests.bench.relay [--json] [--rate 200] [--seconds 60]

A relay that is followed hands on posts of 50 authors, every twentieth with a watched hashtag.
Meanwhile pages are asked for, someone follows the bot and is accepted, and, in the middle, a digest
is published and someone asks under a thread that the bot has never read. `digest_arrived_s`
and `answer_arrived_s` are the seconds until the follower had the one and who asked the other.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import orjson

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.demo.fediverse import free_port
from storage import Storage, tables
from tests.bench.parts import HANDLE, JSON, Senders, Served, ask, load, prepare, serving, start_ours

EVERY = 20
FOLLOWER, ASKER = 1, 2
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
SAYING = (
    "The {} weights run on a laptop with sixteen gigabytes of memory, which surprised me.",
    "Nobody published the training data of the {} model, so I would not call it open source.",
    "The licence of {} forbids commercial use above a certain number of users.",
    "Our school uses the {} model offline, because pupils' data must not leave the building.",
    "A quantized version of {} loses hardly anything in the reading tests that we made.",
    "I measured {} against two others: it is slower, and it answers in Polish much better.",
    "Who pays for the electricity that training {} took is a question worth asking.",
    "The tokenizer of {} was fixed last night; whoever downloaded it before should do so again.",
)


def read_and_wait(folder: Path) -> None:
    """Set up the bot to read a hashtag, and to make no digest by itself during this run."""
    settings, later = folder / "fedigest.toml", datetime.now(UTC) + timedelta(hours=6)
    more = f'hashtags = ["openweights"]\ndigest_at = "{later:%H:%M}"\n'
    settings.write_text(settings.read_text() + more)


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


def a_thread(origin: str, name: str, posts: int) -> dict[str, bytes]:
    """Return the documents of a thread by path: a post, and answers of many to it."""
    ids = [f"/t/{name}/{number}" for number in range(posts)]
    found = {}
    for number, path in enumerate(ids):
        when = datetime.now(UTC) - timedelta(minutes=posts - number)
        note = {
            "id": origin + path,
            "type": "Note",
            "attributedTo": f"{origin}/u/{3 + number % 40}",
            "content": f"<p>{SAYING[number % len(SAYING)].format(f'{name} {number}')}</p>",
            "published": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "to": PUBLIC,
        }
        answers = {"type": "Collection", "items": [origin + other for other in ids[1:]]}
        tags = [{"type": "Hashtag", "name": "#openweights"}]
        more = {"inReplyTo": origin + ids[0]} if number else {"replies": answers, "tag": tags}
        found[path] = orjson.dumps(note | more)
    return found


def documents(senders: Senders) -> dict[str, bytes]:
    """Return what the others' server serves: people who may be quoted, and two threads."""
    people = {
        path: orjson.dumps({**orjson.loads(body), "indexable": True})
        for path, body in senders.documents().items()
    }
    return {
        **people,
        **a_thread(senders.origin, "found", 40),
        **a_thread(senders.origin, "asked", 40),
    }


def the_bot(served: Served) -> str:
    """Return the id of the bot."""
    resource = f"acct:{HANDLE}@{served.origin.partition('://')[2]}"
    found = ask(f"{served.origin}/.well-known/webfinger?resource={resource}")
    return next(str(link["href"]) for link in found["links"] if link["rel"] == "self")


def signed(senders: Senders, number: int, inbox: str, activity: dict[str, object]) -> bytes:
    """Return a signed request of one of the people, ready to be sent."""
    me = f"{senders.origin}/u/{number}"
    body = orjson.dumps({"actor": me, **activity})
    key = SigningKey(f"{me}#main-key", senders.private[number])
    headers = cavage.sign(key, "POST", inbox, now=datetime.now(UTC), body=body)
    headers |= {"Content-Type": JSON, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /ap/inbox HTTP/1.1\r\n{head}\r\n".encode() + body


def a_question(senders: Senders, bot: str) -> dict[str, object]:
    """Return the Create of a post that asks for a summary of the second thread."""
    me = f"{senders.origin}/u/{ASKER}"
    note = {
        "id": f"{me}/asked",
        "type": "Note",
        "attributedTo": me,
        "content": f"<p>@{HANDLE} summarize please</p>",
        "inReplyTo": f"{senders.origin}/t/asked/0",
        "published": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "to": PUBLIC,
        "cc": [bot],
        "tag": [{"type": "Mention", "href": bot, "name": f"@{HANDLE}"}],
    }
    return {"id": f"{me}/asked#create", "type": "Create", "to": PUBLIC, "cc": [bot], "object": note}


async def order_digest(folder: Path) -> None:
    """Have a digest made now, as the clock does at its hour."""
    storage = await Storage.open(f"sqlite:///{folder}/b.sqlite3", migrate=False)
    now = datetime.now(UTC)
    since = (now - timedelta(days=1)).isoformat()
    job = {"bot": HANDLE, "period": "bench", "since": since, "until": now.isoformat()}
    async with storage.unit() as unit:
        await unit.jobs.enqueue("digest", job, run_at=now, key="digest:bench")
    await storage.close()


def measure(rate: int, seconds: int) -> dict[str, object]:
    """Run it once."""
    senders = Senders(50)
    with tempfile.TemporaryDirectory() as name, serving(senders.port, documents(senders)):
        folder, port = Path(name), free_port(0)
        prepare(folder, port)
        read_and_wait(folder)
        asyncio.run(follow_relay(folder, f"{senders.origin}/u/0"))
        with start_ours(folder, port) as served:
            return run(folder, served, senders, rate, seconds)


def begin(served: Served, senders: Senders, inbox: str, bot: str) -> None:
    """Have the relay hand on what the digest will be of, and somebody follow."""
    relayed = orjson.loads(a_thread(senders.origin, "found", 40)["/t/found/0"])
    author, root = relayed["attributedTo"], relayed["id"]
    create = {"id": f"{root}#c", "type": "Create", "actor": author, "object": relayed}
    follow: dict[str, object] = {"id": f"{senders.origin}/f", "type": "Follow", "object": bot}
    for number, activity in ((0, create), (FOLLOWER, follow)):
        load(served.origin, [signed(senders, number, inbox, activity)], 1)


def run(
    folder: Path, served: Served, senders: Senders, rate: int, seconds: int
) -> dict[str, object]:
    """Let the relay send, and see what becomes of it."""
    inbox, pages, answers = f"{served.origin}/ap/inbox", [], []
    memory, bot = [], the_bot(served)
    begin(served, senders, inbox, bot)
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
            ordered = time.time()
            asyncio.run(order_digest(folder))
            load(served.origin, [signed(senders, ASKER, inbox, a_question(senders, bot))], 1)
        memory.append(rss(served.process.pid))
        time.sleep(max(0.0, 1 - (time.perf_counter() - began)))
    end = time.monotonic() + 120
    while rows(folder, "SELECT count(*) FROM received_activity WHERE handled_at IS NULL"):
        if time.monotonic() > end:
            raise RuntimeError("not all was handled")
        time.sleep(0.1)
    late = time.monotonic() - end + 120
    digest = arrival(senders, FOLLOWER, "digest") - ordered
    answer = arrival(senders, ASKER, "answer") - ordered
    cut = statistics.quantiles(answers, n=100)
    return {
        "sent": rate * seconds,
        "stored": rows(folder, "SELECT count(*) FROM received_activity WHERE id LIKE '%/n/%'"),
        "found": rows(folder, "SELECT count(*) FROM finding WHERE post_id LIKE '%/n/%'"),
        "expected": seconds * -(-rate // EVERY),
        "handled_after_s": round(late, 1),
        "answer_p50_ms": round(cut[49] * 1000, 1),
        "answer_p99_ms": round(cut[98] * 1000, 1),
        "page_worst_ms": round(max(pages) * 1000),
        "digest_arrived_s": round(digest, 2),
        "answer_arrived_s": round(answer, 2),
        "mb_at_a_sixth": memory[len(memory) // 6],
        "mb_at_end": memory[-1],
    }


def arrival(senders: Senders, number: int, kind: str, seconds: float = 120) -> float:
    """Return when the first digest or answer reached somebody, in seconds since 1970."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        came = ask(f"{senders.origin}/count?inbox=/u/{number}/inbox&kind={kind}")
        if came["count"]:
            return float(came["first"])
        time.sleep(0.1)
    raise RuntimeError(f"no {kind} came to u/{number}")


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
