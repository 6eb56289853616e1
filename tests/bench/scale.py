"""How the extractive engine's cost grows with the length of a thread."""

import random
import time

from bot.summary.extractive import Extractive
from bot.summary.model import Length, SourcePost

WORDS = [
    "weights",
    "licence",
    "model",
    "data",
    "training",
    "laptop",
    "memory",
    "open",
    "source",
    "cost",
    "compute",
    "benchmark",
    "question",
    "answer",
    "library",
    "paper",
    "list",
    "rule",
    "court",
    "people",
    "small",
    "large",
    "version",
    "translate",
    "language",
    "publish",
    "check",
    "trust",
    "release",
    "safety",
    "risk",
    "measure",
    "token",
    "second",
    "euro",
    "month",
]
SIZES = (100, 1_000, 10_000)


def thread(size: int) -> list[SourcePost]:
    """Return a made-up thread of `size` posts of one to four sentences by `size / 5` people."""
    chance = random.Random(size)  # noqa: S311
    return [
        SourcePost(
            id=str(n),
            author=f"p{n % max(1, size // 5)}",
            text=_text(chance),
            parent=str(chance.randrange(n)) if n else None,
            language="en",
        )
        for n in range(size)
    ]


def main() -> None:
    """Print posts, seconds, posts a second, and the cost of a post against the smallest thread."""
    engine = Extractive()
    engine.summarize(thread(10), Length())  # loads the word frequencies
    first = 0.0
    print(f"{'posts':>7} {'seconds':>8} {'posts/s':>8} {'cost of a post':>15}")
    for size in SIZES:
        posts = thread(size)
        started = time.perf_counter()
        engine.summarize(posts, Length())
        seconds = time.perf_counter() - started
        first = first or seconds / size
        print(f"{size:>7} {seconds:>8.3f} {size / seconds:>8.0f} {seconds / size / first:>15.2f}")


def _text(chance: random.Random) -> str:
    sentences = (
        " ".join(chance.choices(WORDS, k=chance.randint(5, 18))).capitalize() + "."
        for _ in range(chance.randint(1, 4))
    )
    return " ".join(sentences)
