"""How well the gate tells what posts say from what they do not: `python -m tests.bench.gate FILE`.

Only pairs whose source is known. Of threads with summaries: a sentence that names one participant,
who wrote one post of the thread, rests on that post ("Ann asks ..."). Of arguments: a key point
rests on each argument that people found to make it. False: the same sentence with a post of
another thread, and with another post of its own. Changed: a name put for another participant's, a
number for another, a "not" put in or left out.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.summary.grounding import ENOUGH, NUMBER, Evidence, called, whole_word
from bot.summary.model import SourcePost
from bot.summary.reading import read_json
from bot.summary.text import split_sentences

SHORTEST = 30
"""Characters of a sentence that says enough to be judged."""
EACH = 3
"""Arguments taken for each key point."""
AFFIRMED = re.compile(r"\b(is|are|was|were|should|can|will|would)\b(?! not)")
DENIED = re.compile(r"\b(is|are|was|were|should|could|will|would|do|does|did) not\b|\bcannot\b")


@dataclass(frozen=True)
class Pair:
    """A sentence, the post it rests on, another post of its thread, and one of another thread."""

    text: str
    evidence: Evidence
    posts: Sequence[SourcePost]
    source: SourcePost
    other: SourcePost


def summarized(row: dict[str, Any], posts: list[SourcePost]) -> Iterator[tuple[str, set[str]]]:
    """Yield the sentences of a row's summary that have a known source, with its id."""
    wrote = Counter(post.author for post in posts)
    for text in split_sentences(row["refs"][0], row["lang"]):
        named = {
            p.author for p in posts if any(whole_word(name, text) for name in called(p.author))
        }
        if len(text) > SHORTEST and len(named) == 1 and wrote[next(iter(named))] == 1:
            yield text, {post.id for post in posts if post.author in named}


def argued(row: dict[str, Any], posts: list[SourcePost]) -> Iterator[tuple[str, set[str]]]:
    """Yield a row's key points, each with the arguments that make it."""
    for key, text in row["kps"].items():
        yield (
            text,
            {p.id for p, given in zip(posts, row["posts"], strict=True) if key in given["kp"]},
        )


def pairs(file: Path, chance: random.Random) -> Iterator[Pair]:
    """Yield the pairs of a file."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        posts = read_json(row)
        evidence = Evidence(posts)
        for text, sources in (argued if row.get("kps") else summarized)(row, posts):
            right = [post for post in posts if post.id in sources]
            wrong = [post for post in posts if post.id not in sources]
            for source in chance.sample(right, min(EACH, len(right))) if wrong else []:
                yield Pair(text, evidence, posts, source, chance.choice(wrong))


def area(true: Sequence[float], false: Sequence[float]) -> float:
    """Return the area under the ROC curve: how often a true pair scores higher than a false one."""
    wins = sum((t > f) + (t == f) / 2 for t in true for f in false)
    return wins / max(1, len(true) * len(false))


def share(hits: Sequence[bool]) -> str:
    """Write a share in percent, with what it is a share of."""
    return f"{100 * sum(hits) / max(1, len(hits)):.1f}% of {len(hits)}"


def separated(name: str, true: Sequence[float], false: Sequence[float]) -> None:
    """Print how far the scores of true pairs are above those of false ones."""
    bound = sorted(false)[int(0.95 * len(false))]
    kept = share([score > bound for score in true])
    print(f"{name}: kept at 5% false accepts {kept}; AUC {area(true, false):.3f}")
    false_kept = share([s >= ENOUGH for s in false])
    print(
        f"  at the bound of {ENOUGH}: kept {share([s >= ENOUGH for s in true])}, false {false_kept}"
    )


def changed(pair: Pair, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what a sentence is turned into, and how."""
    said = f"{pair.source.author} {pair.source.text}".casefold()
    people = sorted({post.author for post in pair.posts})
    named = [name for name in called(pair.source.author) if whole_word(name, pair.text)]
    others = [
        name
        for author in people
        for name in called(author)[1:2]
        if name.casefold() not in said and not whole_word(name, pair.text)
    ]
    if named and others:
        yield "names", pair.text.replace(named[0], chance.choice(others))
    if found := NUMBER.search(pair.text):
        yield "numbers", pair.text.replace(found.group(), str(chance.randrange(1000, 9999)))
    if AFFIRMED.search(pair.text):
        yield "negations put in", AFFIRMED.sub(r"\1 not", pair.text, count=1)
    if DENIED.search(pair.text):
        yield (
            "negations left out",
            DENIED.sub(lambda found: found.group(1) or "can", pair.text, count=1),
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    chance = random.Random(5)  # noqa: S311
    found = list(pairs(parser.parse_args().file, chance))
    true = [pair.evidence.score(pair.text, pair.source.id) for pair in found]
    same = [pair.evidence.score(pair.text, pair.other.id) for pair in found]
    far = [chance.choice(found) for _ in found]
    unrelated = [
        other.evidence.score(pair.text, other.source.id)
        for pair, other in zip(found, far, strict=True)
        if other.posts is not pair.posts
    ]
    print(f"{len(found)} sentences whose source is known")
    separated("against posts of other threads", true, unrelated)
    separated("against other posts of the thread", true, same)
    # Sentences found by the name in them all have its bonus; their words alone are a harder test.
    said = [pair.evidence.contained(pair.text, pair.source.id) for pair in found]
    far_said = [
        other.evidence.contained(pair.text, other.source.id)
        for pair, other in zip(found, far, strict=True)
        if other.posts is not pair.posts
    ]
    same_said = [pair.evidence.contained(pair.text, pair.other.id) for pair in found]
    separated("by words alone, against posts of other threads", said, far_said)
    separated("by words alone, against other posts of the thread", said, same_said)
    reasons: Counter[str] = Counter()
    caught: dict[str, list[bool]] = {}
    for pair in found:
        grounds = pair.evidence.check(pair.text, [pair.source.id])
        reasons[grounds.reason or "passed"] += 1
        for kind, text in changed(pair, chance) if grounds.ok else ():
            refused = not pair.evidence.check(text, [pair.source.id]).ok
            caught.setdefault(kind, []).append(refused)
    print("the whole gate, on true sentences:")
    for reason, times in reasons.most_common():
        print(f"  {100 * times / len(found):.1f}% {reason}")
    for kind, hits in caught.items():
        print(f"caught {kind}: {share(hits)}")


if __name__ == "__main__":
    main()
