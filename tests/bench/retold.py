"""What the gate makes of sentences about invented threads: `python -m tests.bench.retold [-v]`.

`retold.txt` has threads in thirteen languages. Under each stand sentences as a model could write
them of one of its posts: true to it (`+`), or changed in one thing (`-`, with what was done). A
true one should pass and a changed one should not. Printed for the threads that were looked at
while the rules were made, and for those that were not.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.summary.grounding import Evidence, Grounds
from bot.summary.model import SourcePost

FILE = Path(__file__).with_name("retold.txt")
WRITTEN = re.compile(r"[+-] (\d+) (?:(.+) \| )?(.+)")


@dataclass(frozen=True)
class Retold:
    """A sentence about post `cited` of a thread, and how it was changed; "" if it is true."""

    language: str
    part: str
    evidence: Evidence
    cited: str
    change: str
    text: str

    def judged(self) -> Grounds:
        """Return what the gate says."""
        return self.evidence.check(self.text, [self.cited], language=self.language)


def cases(text: str) -> Iterator[Retold]:
    """Yield the sentences of a file of threads."""
    for block in text.split("\n== ")[1:]:
        head, *lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        language, part = head.split()
        posts: list[SourcePost] = []
        for line in lines:
            if written := WRITTEN.fullmatch(line):
                evidence = Evidence(posts)
                yield Retold(language, part, evidence, written[1], written[2] or "", written[3])
            else:
                author, _, said = line.partition(": ")
                posts.append(SourcePost(str(len(posts) + 1), author, said, language=language))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what went wrong, too")
    parser.add_argument("--part", choices=("develop", "held"), action="append")
    given = parser.parse_args()
    refused: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for case in cases(FILE.read_text("utf-8")):
        if given.part and case.part not in given.part:
            continue
        found = case.judged()
        refused[case.part, case.change].append(not found.ok)
        if given.verbose and found.ok == bool(case.change):
            why = found.reason or "passed"
            print(f"{case.language} {case.part} {case.change or 'true'}: {why}: {case.text}")
    for part in dict.fromkeys(part for part, _ in refused):
        of_part = {change: hits for (its, change), hits in refused.items() if its == part}
        lost = of_part.pop("", [])
        caught = sum(sum(hits) for hits in of_part.values())
        print(f"{part}: {sum(lost)} of {len(lost)} true sentences refused")
        for change, hits in sorted(of_part.items()):
            print(f"  {change}: {sum(hits)} of {len(hits)} caught")
        changed = sum(map(len, of_part.values()))
        precision = caught / max(1, caught + sum(lost))
        print(f"  all: recall {caught / max(1, changed):.1%}, precision {precision:.1%}")


if __name__ == "__main__":
    main()
