"""Planning what goes out to many: the first deliveries at once, the rest piece by piece."""

from datetime import datetime, timedelta

from storage import UnitOfWork

PIECE = 500
"""Deliveries that are planned in one transaction."""
SPREAD = timedelta(seconds=5)
"""Time between the pieces: every server that gets a post fetches the page it links to.

What takes words back does not wait for that."""


async def plan(
    unit: UnitOfWork,
    activity_id: str,
    bot: str,
    inboxes: list[str],
    now: datetime,
    *,
    urgent: bool = False,
) -> None:
    """Queue the deliveries of an activity: the first at once, the rest as jobs of a piece each.

    Twenty thousand rows in one transaction would keep the inbox waiting for seconds; a piece takes
    some hundredths. Doing a piece twice changes nothing. The pieces are due one after another, but
    for what is `urgent`.
    """
    await unit.deliveries.add(activity_id, bot, inboxes[:PIECE], now, urgent=urgent)
    for start in range(PIECE, len(inboxes), PIECE):
        due = now if urgent else now + SPREAD * (start // PIECE)
        payload = {
            "activity": activity_id,
            "bot": bot,
            "inboxes": inboxes[start : start + PIECE],
            "due": due.isoformat(),
            "urgent": urgent,
        }
        key = f"plan:{activity_id}:{'urgent:' if urgent else ''}{start}"
        await unit.jobs.enqueue("plan", payload, run_at=now, key=key)
