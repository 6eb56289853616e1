"""The ledger of a language model in the database, for the thread that writes a summary."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from activitypub.ports import Clock
from bot.summary.llm import Spent
from storage import Storage, tables

T = TypeVar("T")
PATIENCE = 30.0


class StoredLedger:
    """Implements `bot.summary.llm.Ledger`. `per_day` is the bound in tokens, over 24 hours."""

    def __init__(self, storage: Storage, clock: Clock, per_day: int) -> None:
        self._storage = storage
        self._clock = clock
        self._per_day = per_day
        self._loop: asyncio.AbstractEventLoop | None = None

    def started(self) -> None:
        """Note the loop that owns the database; called in it."""
        self._loop = asyncio.get_running_loop()

    def left_today(self) -> int:
        """Return how many tokens may still be used."""
        return max(0, self._per_day - self._wait(self._used()))

    def note(self, spent: Spent) -> None:
        """Write a use down."""
        self._wait(self._add(spent))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise RuntimeError("the ledger was not started")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _used(self) -> int:
        async with self._storage.view() as view:
            return await view.model_uses.tokens_since(self._clock.now() - timedelta(days=1))

    async def _add(self, spent: Spent) -> None:
        row = tables.ModelUse(
            at=self._clock.now(),
            model=spent.model,
            requests=spent.requests,
            prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens,
            kept=spent.kept,
            dropped=spent.dropped,
            fallback=spent.fallback,
        )
        async with self._storage.unit() as unit:
            await unit.model_uses.add(row)
