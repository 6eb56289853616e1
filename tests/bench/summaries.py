"""The extractive engine against known methods: `python -m tests.bench.summaries FILE --words N`.

FILE has a thread a line: `{"lang", "posts": [{"id", "author", "parent", "text"}], "refs"}`, and
for key points `kps` beside a `kp` in each post. All methods choose among the same sentences within
the same N words, authors' names included.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from rouge_score.rouge_scorer import RougeScorer

from bot.summary.candidates import Candidate, candidates
from bot.summary.choosing import choose, read
from bot.summary.discourse import author_of
from bot.summary.extractive import main_language
from bot.summary.model import Length, SourcePost
from bot.summary.reading import read_json
from bot.summary.text import stems, tokens
from tests.bench import scale
from tests.bench.rankers import RANKERS, Ranker, at_random

PICKED = 8
"""Posts picked for key points; sentences and discussions of a mix."""
MIXES = 12
MANY = 10**6
KINDS = {"r1": "rouge1", "r2": "rouge2", "rl": "rougeL"}

Row = Mapping[str, Any]
Method = Callable[[Sequence[SourcePost], Length, str], list[Candidate]]


class _Words:
    """Splits as `text.tokens` does: the scorer's own tokenizer breaks words at accents."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


@dataclass(frozen=True)
class Thread:
    """A row of the file, as an engine reads it."""

    row: Row
    posts: list[SourcePost]
    language: str


def fedigest(posts: Sequence[SourcePost], length: Length, language: str) -> list[Candidate]:
    """Choose as the engine does, the gist apart."""
    thread = read(posts, main_language(posts), length)
    if thread is None:
        return []
    return [thread.sentences[i] for i in sorted(choose(thread, length, named=True))]


def ranked(ranker: Ranker) -> Method:
    """Make a method of a ranker: take what fits, best first."""

    def method(posts: Sequence[SourcePost], length: Length, language: str) -> list[Candidate]:
        sentences = candidates(posts)
        order = ranker(sentences, language) if sentences else []
        return sorted(_fill(order, sentences, posts, length), key=lambda s: (s.post, s.place))

    return method


METHODS: dict[str, Method] = {
    "fedigest": fedigest,
    **{name: ranked(ranker) for name, ranker in RANKERS.items()},
}


def rendered(chosen: Sequence[Candidate], posts: Sequence[SourcePost], words: int) -> str:
    """Return "Author: sentence" for each, in the order of the thread, cut at `words` words."""
    lines = (
        f"{posts[s.post].author}: {s.text}" if posts[s.post].author else s.text for s in chosen
    )
    return " ".join(" ".join(lines).split()[:words])


def score(name: str, threads: Sequence[Thread], words: int) -> dict[str, Any]:
    """Return one method's figures: ROUGE F1 in percent, speed, and key points if there are any."""
    method = METHODS[name]
    method(threads[0].posts, Length(MANY, words), threads[0].language)  # loads the frequencies
    started = time.perf_counter()
    summaries = [method(t.posts, Length(MANY, words), t.language) for t in threads]
    seconds = time.perf_counter() - started
    texts = [rendered(s, t.posts, words) for s, t in zip(summaries, threads, strict=True)]
    found: dict[str, Any] = {"method": name, **_rouge(threads, texts)}
    found["posts_per_s"] = round(sum(len(t.posts) for t in threads) / seconds)
    if any(thread.row.get("kps") for thread in threads):
        found |= _key_points(method, threads)
    return found


def mixes(threads: Sequence[Thread], *, parents: bool = False) -> Iterator[dict[str, Any]]:
    """Yield what each method covers of 8 discussions in one shuffled thread, over 12 mixes."""
    mixed = [_mix(threads, seed, parents=parents) for seed in range(MIXES)]
    for name, method in {**METHODS, "random": ranked(at_random)}.items():
        chosen = [method(posts, Length(PICKED, MANY), "en") for posts in mixed]
        pairs = list(zip(chosen, mixed, strict=True))
        yield {
            "method": name,
            "discussions": round(
                fmean(len({p[s.post].id.split("/")[0] for s in c}) for c, p in pairs), 2
            ),
            "redundancy": round(fmean(_redundancy(c) for c in chosen), 3),
            "speakers": round(fmean(len({author_of(p[s.post]) for s in c}) for c, p in pairs), 2),
        }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and print; without a file, how the cost grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.summaries")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--words", type=int, default=75)
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--mix", action="store_true", help="8 discussions in one thread")
    parser.add_argument("--parents", action="store_true", help="with --mix: keep who answers whom")
    parser.add_argument("--scale", action="store_true", help="100 to 10,000 posts")
    parser.add_argument("--method", choices=METHODS, action="append")
    wanted = parser.parse_args(arguments)
    if wanted.scale or wanted.file is None:
        scale.main()
        return
    threads = list(_threads(wanted.file))
    names = wanted.method or list(METHODS)
    figures = (
        mixes(threads, parents=wanted.parents)
        if wanted.mix
        else (score(name, threads, wanted.words) for name in names)
    )
    for figure in figures:
        print(json.dumps(figure) if wanted.json else _line(figure), flush=True)


def _line(figure: Mapping[str, Any]) -> str:
    return " ".join(f"{key} {value:<7}" for key, value in figure.items() if key != "method").join(
        (f"{figure['method']:<14}", "")
    )


def _threads(path: Path) -> Iterator[Thread]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Thread(row, read_json(row), str(row.get("lang") or "en"))


def _fill(
    order: Sequence[int],
    sentences: Sequence[Candidate],
    posts: Sequence[SourcePost],
    length: Length,
) -> Iterator[Candidate]:
    words = number = 0
    for i in order:
        cost = sentences[i].words + len(posts[sentences[i].post].author.split())
        if number >= length.sentences:
            return
        if words + cost <= length.words or not number:
            words += cost
            number += 1
            yield sentences[i]


def _rouge(threads: Sequence[Thread], texts: Sequence[str]) -> dict[str, float]:
    english = RougeScorer(list(KINDS.values()), use_stemmer=True)
    other = RougeScorer(list(KINDS.values()), tokenizer=_Words())
    sums: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for thread, text in zip(threads, texts, strict=True):
        references = thread.row.get("refs") or []
        scorer = english if thread.language == "en" else other
        scores = [scorer.score(reference, text) for reference in references]
        for kind, name in KINDS.items():
            if scores:
                sums[kind].append(fmean(s[name].fmeasure for s in scores))
    return {kind: round(100 * fmean(found), 2) for kind, found in sums.items() if found}


def _key_points(method: Method, threads: Sequence[Thread]) -> dict[str, float]:
    """Return the key points covered by 8 posts, and the posts that make only points made before."""
    covered, redundant = [], []
    for thread in threads:
        if not (keys := thread.row.get("kps")):
            continue
        chosen = method(thread.posts, Length(PICKED, MANY), thread.language)
        made: set[str] = set()
        again = 0
        for sentence in chosen:
            points = set(thread.row["posts"][sentence.post].get("kp") or [])
            again += points <= made and bool(points)
            made |= points
        covered.append(len(made & set(keys)) / len(keys))
        redundant.append(again / max(1, len(chosen)))
    return {
        "coverage": round(100 * fmean(covered), 2),
        "redundant": round(100 * fmean(redundant), 2),
    }


def _mix(threads: Sequence[Thread], seed: int, *, parents: bool) -> list[SourcePost]:
    chance = random.Random(seed)  # noqa: S311
    posts = [
        SourcePost(
            id=f"{number}/{post.id}",
            author=post.author,
            text=post.text,
            parent=f"{number}/{post.parent}" if parents and post.parent else None,
            language=post.language,
        )
        for number, thread in enumerate(chance.sample(list(threads), PICKED))
        for post in thread.posts
    ]
    chance.shuffle(posts)
    return posts


def _redundancy(chosen: Sequence[Candidate]) -> float:
    """Return the mean share of a sentence's words that the one most like it has too."""
    words = [set(stems(tokens(s.text), "en")) for s in chosen]
    most = [
        max((len(a & b) / max(1, len(a)) for j, b in enumerate(words) if j != i), default=0.0)
        for i, a in enumerate(words)
    ]
    return fmean(most) if most else 0.0


if __name__ == "__main__":
    main()
