"""`make test-llm`: a real model writes, the gate judges; prints the share that passed, and what.

The model is SmolLM2-135M-Instruct: it keeps to a JSON schema and invents freely.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.demo.fediverse import free_port
from bot.demo.world import load
from bot.summary.grounding import Evidence
from bot.summary.llm import Endpoint, Ledger, NotWritten
from bot.summary.llm.answer import Written
from bot.summary.llm.writer import Writer
from bot.summary.model import CitedSentence, Length, SourcePost
from tests.ledgers import Unlimited

FOLDER = Path(__file__).parent


class Watched(Writer):
    """Keeps what was written, and what the gate made of it, also where rules take over."""

    def __init__(self, endpoint: Endpoint, ledger: Ledger) -> None:
        super().__init__(endpoint, ledger)
        self.judged: list[tuple[str, CitedSentence | None]] = []

    def _gate(
        self,
        written: Written,
        evidence: Evidence,
        posts: Sequence[SourcePost],
        language: str,
    ) -> CitedSentence | None:
        found = super()._gate(written, evidence, posts, language)
        self.judged.append((written.text, found))
        return found


def threads(files: list[Path], each: int) -> list[tuple[str, list[SourcePost]]]:
    """Return sample threads of the demo, and the first ones of further files."""
    found: list[tuple[str, list[SourcePost]]] = []
    for file in files:
        for line in file.read_text("utf-8").splitlines()[:each]:
            row = json.loads(line)
            posts = [
                SourcePost(
                    str(p["id"]), str(p["author"]), p["text"], p.get("parent"), language="en"
                )
                for p in row["posts"]
            ]
            found.append((f"{file.stem}/{row.get('id', len(found))}", posts))
    return found or sample()


def sample() -> list[tuple[str, list[SourcePost]]]:
    """Return the threads of the sample fediverse that are in English."""
    from datetime import UTC, datetime  # noqa: PLC0415

    world = load(datetime.now(UTC))
    roots: dict[str, list[SourcePost]] = {}
    for post in world.posts.values():
        root = post
        while root.reply_to in world.posts:
            root = world.posts[str(root.reply_to)]
        if post.language == "en" and not post.deleted:
            entry = SourcePost(
                post.id, world.people[post.by].display, post.text, post.reply_to, language="en"
            )
            roots.setdefault(root.id, []).append(entry)
    return [(f"sample/{root}", posts) for root, posts in roots.items() if len(posts) >= 3]


def main() -> None:
    """Serve, write, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="JSON lines of threads, besides ours.")
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--python", default=str(FOLDER / ".venv" / "bin" / "python"))
    given = parser.parse_args()
    process = subprocess.Popen(
        [given.python, str(FOLDER / "serve.py"), str(free_port(0))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = next(line.strip() for line in process.stdout if line.startswith("http"))
    ledger = Unlimited()
    try:
        for name, posts in threads(given.files, given.each):
            endpoint = Endpoint(
                f"{address}/v1", "smollm2", seconds=240, silence=200, posts=12, rounds=2
            )
            writer = Watched(endpoint, ledger)
            try:
                writer.write(posts, Length(4, 120), "en")
                print(f"\n{name}: {len(posts)} posts; written")
            except NotWritten as problem:
                print(f"\n{name}: {len(posts)} posts; rules instead: {problem}")
            for text, found in writer.judged:
                print(f"  {'passed ' + found.author if found else 'dropped'}: {text}")
    finally:
        process.kill()
        process.wait()
    kept, dropped = (sum(getattr(e, k) for e in ledger.entries) for k in ("kept", "dropped"))
    written = sum(not entry.fallback for entry in ledger.entries)
    print(
        f"\n{kept} of {kept + dropped} sentences passed; {written} of {len(ledger.entries)} written"
    )
    if not kept + dropped:
        sys.exit("the model wrote nothing")


if __name__ == "__main__":
    main()
