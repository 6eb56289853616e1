"""How a host is doing, and what that means for the next delivery: a breaker as pure functions.

After a few failures in a row a host is left alone, for longer each time; after a week of them it
counts as dead: what is meant for it is dropped, except for a probe now and then. One success, or
one signed request from there, and all is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OPENS_AFTER = 5
"""Failures in a row after which a host is left alone."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
DEAD_AFTER = timedelta(days=7)
PROBE_EVERY = timedelta(days=1)


class Verdict(StrEnum):
    """What to do with a delivery to a host."""

    SEND = "send"
    WAIT = "wait"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Health:
    """Failures in a row, since when, and until when the host is left alone."""

    failures: int
    failing_since: datetime
    closed_until: datetime | None = None

    def is_dead(self, now: datetime) -> bool:
        """Tell whether the host has failed for a week."""
        return now - self.failing_since >= DEAD_AFTER


def after_failure(
    health: Health | None, now: datetime, *, random: float, scale: float = 1.0
) -> Health:
    """Return the health after one more failure; `random` in [0, 1) spreads the pause."""
    if health is None:
        return Health(1, now)
    failures = health.failures + 1
    if failures < OPENS_AFTER:
        return Health(failures, health.failing_since)
    grown = Health(failures, health.failing_since)
    pause = PROBE_EVERY
    if not grown.is_dead(now):
        pause = min(FIRST_PAUSE * 2 ** min(failures - OPENS_AFTER, 20), LONGEST_PAUSE)
    return Health(failures, grown.failing_since, now + pause * scale * (1 + 0.25 * random))


def verdict(health: Health | None, now: datetime) -> Verdict:
    """Say what to do with a delivery now. When a pause is over, the next one is the probe."""
    if health is None or health.closed_until is None or now >= health.closed_until:
        return Verdict.SEND
    return Verdict.DROP if health.is_dead(now) else Verdict.WAIT
