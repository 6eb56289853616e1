"""Looks at what somebody says has changed or gone: soon, but not at each word of it."""

from datetime import datetime, timedelta

from storage import UnitOfWork

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def look_soon(unit: UnitOfWork, uri: str, now: datetime, every: timedelta) -> None:
    """Queue a look at a stored post or actor, one in each period of `every` at most.

    Whoever is told of a second change within the same period looks once more when that is over:
    what the first look saw may be older than what is told now.
    """
    whole = int(every.total_seconds())
    period = int(now.timestamp()) // whole
    for number, due in ((period, now), (period + 1, now + every)):
        key = f"recheck:{uri}:{whole}:{number}"
        if await unit.jobs.enqueue("recheck", {"uri": uri}, run_at=due, key=key):
            return
