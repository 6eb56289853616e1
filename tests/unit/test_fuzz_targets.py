"""The targets of `make fuzz` take what is really sent, and what broke them once."""

from datetime import UTC, datetime

import pytest

from activitypub.vocab.values import stamp, time
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_odd_bytes_break_no_target(name: str) -> None:
    for data in (*seeds(name), b"", b"\x00", b"\x1e" * 5, b"{" * 2000, bytes(range(256)) * 3):
        TARGETS[name](data)


def test_a_year_before_1000_reads_back() -> None:
    """Found by fuzzing: strftime writes such years without their zeros."""
    early = datetime(930, 11, 20, 8, tzinfo=UTC)
    assert stamp(early) == "0930-11-20T08:00:00Z"
    assert time(stamp(early)) == early
