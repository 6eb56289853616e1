"""Sending what waits to be delivered, and recording what came of it."""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from activitypub.delivery import Delivered, GoneInbox, Outcome, Retry, Sender
from activitypub.ports import Clock
from activitypub.uris import Uris
from storage import Storage, tables

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any send takes; a crashed process's claims are free again after it, or at restart."""


class Deliverer:
    """Claims due deliveries, sends them side by side, records each outcome.

    `refuses` tells the inboxes on hosts that the operator blocks.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        uris: Uris,
        sender: Sender,
        at_once: int,
        refuses: Callable[[str], bool] = lambda inbox: False,
        on_outcome: Callable[[tables.Delivery, Outcome], None] = lambda row, outcome: None,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._uris = uris
        self._sender = sender
        self._at_once = at_once
        self._refuses = refuses
        self._on_outcome = on_outcome

    async def step(self) -> int:
        """Send what is due, at most `at_once`; return how many were sent."""
        async with self._storage.unit() as unit:
            rows = await unit.deliveries.claim(self._clock.now(), LEASE, self._at_once)
        if rows:
            await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def _deliver(self, row: tables.Delivery) -> None:
        async with self._storage.view() as view:
            activity = await view.activities.get(row.activity_id)
        if activity is None:
            await self._record(row, "failed", None, "the activity is no longer stored", None)
            return
        if self._refuses(row.inbox):
            await self._record(row, "failed", None, "the operator blocks this host", None)
            return
        outcome = await self._sender.send(
            activity.document, row.inbox, self._uris.actor(row.bot), attempts=row.attempts
        )
        match outcome:
            case Delivered(status=status):
                await self._record(row, "delivered", status, None, None)
            case Retry(after=after, error=error):
                await self._record(row, "waiting", error.status, str(error), after)
            case GoneInbox(error=error):
                await self._record(row, "failed", 410, str(error), None)
                async with self._storage.unit() as unit:
                    await unit.follows.remove_inbox(row.inbox)
            case _:
                await self._record(row, "failed", outcome.error.status, str(outcome.error), None)
        self._on_outcome(row, outcome)

    async def _record(
        self,
        row: tables.Delivery,
        state: Literal["waiting", "delivered", "failed"],
        status: int | None,
        error: str | None,
        after: timedelta | None,
    ) -> None:
        now = self._clock.now()
        async with self._storage.unit() as unit:
            await unit.deliveries.record(
                row.id or 0,
                state,
                status=status,
                error=error,
                due_at=now + after if after is not None else None,
                at=now,
            )
        log.info("delivery", extra={"inbox": row.inbox, "state": state, "status": status})


def jitter() -> float:
    """Return a random number in [0, 1) for the retry policy."""
    return random.random()  # noqa: S311  spreads load, guards nothing
