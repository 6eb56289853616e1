"""Short pieces of work in threads, together: going there and back costs as much as they do."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

AT_ONCE = 2
"""Threads at work: each takes all that has come up meanwhile, so more would only share it out."""
MOST = 32


class Aside:
    """Runs functions that release the interpreter lock (signing) beside the event loop."""

    def __init__(self) -> None:
        self._pending: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread and return what it returns, or raise what it raises."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._pending.append((work, result))
        if self._running < AT_ONCE:
            self._running += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await result

    async def _work(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending[:MOST], self._pending[MOST:]
                done = await asyncio.to_thread(_all, [work for work, _ in batch])
                for (_, result), (value, problem) in zip(batch, done, strict=True):
                    if result.done():  # nobody waits any more
                        continue
                    if problem is not None:
                        result.set_exception(problem)
                    else:
                        result.set_result(value)
        finally:
            self._running -= 1


def _all(works: list[Callable[[], Any]]) -> list[tuple[Any, Exception | None]]:
    found: list[tuple[Any, Exception | None]] = []
    for work in works:
        try:
            found.append((work(), None))
        except Exception as problem:
            found.append((None, problem))
    return found
