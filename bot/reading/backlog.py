"""How much of one source may wait to be read, so that one that floods does not hold up the rest."""

from datetime import datetime, timedelta

from storage import UnitOfWork

MOST_WAITING = 2000
RECENT = timedelta(hours=6)
"""Older ones were tried and given up: their servers do not answer."""
TOO_MUCH = f"it sends more than is read: {MOST_WAITING} posts wait, further ones are left out"


async def is_full(unit: UnitOfWork, source: str, now: datetime, most: int = MOST_WAITING) -> bool:
    """Tell whether `most` posts of a source wait already."""
    return await unit.findings.waiting(source, now - RECENT) >= most
