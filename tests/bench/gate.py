"""How well the gate tells what posts say from what they do not: `python -m tests.bench.gate FILE`.

True: sentences of people's own summaries against the post of their thread that says them best.
False: against a post of another thread, by chance. Changed: a name swapped for another
participant's, a number for another, a "not" put in.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from bot.summary.grounding import ENOUGH, NUMBER, Evidence
from bot.summary.model import SourcePost
from bot.summary.reading import read_json
from bot.summary.text import split_sentences


def rows(file: Path) -> Iterator[tuple[list[SourcePost], list[str]]]:
    """Yield the posts of each thread, and the sentences of its first summary."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        sentences = [s for s in split_sentences(row["refs"][0], row["lang"]) if len(s) > 30]
        yield read_json(row), sentences


def best(evidence: Evidence, posts: list[SourcePost], text: str) -> tuple[float, str]:
    """Return the score and id of the post that says a sentence best."""
    return max((evidence.score(text, post.id), post.id) for post in posts)


def share(hits: list[bool]) -> str:
    """Write a share in percent, with what it is a share of."""
    return f"{100 * sum(hits) / max(1, len(hits)):.1f}% of {len(hits)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    threads = list(rows(parser.parse_args().file))
    chance = random.Random(5)  # noqa: S311
    reasons: Counter[str] = Counter()
    true: list[float] = []
    false: list[float] = []
    passed: list[bool] = []
    names: list[bool] = []
    numbers: list[bool] = []
    negations: list[bool] = []
    for number, (posts, sentences) in enumerate(threads):
        evidence = Evidence(posts)
        others, _ = threads[(number + chance.randrange(1, len(threads))) % len(threads)]
        unrelated = Evidence(others)
        people = sorted({post.author for post in posts if len(post.author) > 2})
        for text in sentences:
            score, post = best(evidence, posts, text)
            true.append(score)
            false.append(unrelated.score(text, chance.choice(others).id))
            grounds = evidence.check(text, [post])
            reasons[grounds.reason] += 1
            passed.append(grounds.ok)
            if not grounds.ok:
                continue
            named = [name for name in people if name.casefold() in text.casefold()]
            elsewhere = [
                name
                for name in people
                if name not in named
                and name.casefold() not in next(p.text for p in posts if p.id == post).casefold()
                and name != next(p.author for p in posts if p.id == post)
            ]
            if named and elsewhere:
                swapped = re.sub(re.escape(named[0]), chance.choice(elsewhere), text, flags=re.I)
                names.append(not evidence.check(swapped, [post]).ok)
            if found := NUMBER.search(text):
                changed = text.replace(found.group(), str(chance.randrange(1000, 9999)))
                numbers.append(not evidence.check(changed, [post]).ok)
            denied = re.sub(
                r"\b(is|are|was|were|should|can|will|would)\b", r"\1 not", text, count=1
            )
            if denied != text:
                negations.append(not evidence.check(denied, [post]).ok)
    at_five = quantiles(false, n=20)[-1]
    print(
        f"true sentences that score {at_five:.2f}, which 5% of false ones do:",
        share([score >= at_five for score in true]),
    )
    print(
        f"at the bound of {ENOUGH}: true",
        share([score >= ENOUGH for score in true]),
        "| false",
        share([score >= ENOUGH for score in false]),
    )
    print("true sentences that pass the whole gate:", share(passed))
    for reason, times in reasons.most_common():
        print(f"  {times} {reason or 'passed'}")
    print(
        "caught: swapped names",
        share(names),
        "| numbers",
        share(numbers),
        "| negations",
        share(negations),
    )


if __name__ == "__main__":
    main()
