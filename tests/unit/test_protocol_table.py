"""The table of rules names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "protocol-tests.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_rule_has_a_test_that_exists() -> None:
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    rules = [row for row in rows if row != "| rule | tests |"]
    assert len(rules) > 60
    for row in rules:
        named = NAMED.findall(row)
        assert named, row
        for file, name in named:
            assert re.search(
                rf"^(async )?def {name}\(", (TESTS / file).read_text(), re.MULTILINE
            ), f"{file} has no {name}"
