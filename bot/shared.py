"""One piece of work for all who want the same at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class _Work(Generic[T]):
    """Work under way, and how many wait for it."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.task = asyncio.create_task(work)
        self.waiting = 0


class Shared(Generic[K]):
    """Whoever comes while the work for a key is under way gets what comes of it, or its error.

    It goes on as long as anybody waits: one who gives up does not take it from the others.
    """

    def __init__(self) -> None:
        self._works: dict[K, _Work[Any]] = {}

    async def run(self, key: K, begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the work for `key` returns, begun with `begin` unless it is under way."""
        work = self._works.get(key)
        if work is None:
            work = self._works[key] = _Work(begin())
            work.task.add_done_callback(lambda task: self._ended(key, task))
        return cast("T", await self._wait(key, work))

    async def join(self, key: K) -> Any:
        """Return what the work for `key` returns that is under way; None if none is."""
        work = self._works.get(key)
        return None if work is None else await self._wait(key, work)

    async def _wait(self, key: K, work: _Work[Any]) -> Any:
        work.waiting += 1
        try:
            return await asyncio.shield(work.task)
        finally:
            work.waiting -= 1
            if not work.waiting and not work.task.done():
                self._ended(key, work.task)
                work.task.cancel()
                # It may hold a transaction: nobody goes on before that is rolled back.
                await asyncio.wait({work.task})

    def _ended(self, key: K, task: "asyncio.Task[Any]") -> None:
        work = self._works.get(key)
        if work is not None and work.task is task:
            del self._works[key]
        if task.done() and not task.cancelled():
            task.exception()  # whoever waited has it; if nobody does any more, it is no news
