"""What other servers have to be asked before an activity can be handled: beside everything else."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

from activitypub.client import Client
from activitypub.errors import Final, Unreachable
from activitypub.vocab import Object
from bot.consent.authors import Authors

SECONDS = 45.0
"""For one activity. What is not answered by then is tried again later."""
MOST = 2000
MOST_OF_HOST = 200
"""Questions under way: a host that is slow holds up its own activities, not those of others."""
KEPT = 600
"""Seconds for which an answer waits for its activity."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who the sender is, and what the post says that an activity names by its id only."""

    actor: str
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question; the sender's profile is stored."""

    post: Object | None = None
    problem: Exception | None = None


class Lookups:
    """Asks, for stored activities by their id; calls `wake` at each answer."""

    def __init__(self, authors: Authors, client: Client, wake: Callable[[], None]) -> None:
        self._authors = authors
        self._client = client
        self._wake = wake
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._of_host: Counter[str] = Counter()
        self._answers: TTLCache[str, Answer] = TTLCache(MOST, KEPT)
        self._answered: list[str] = []

    def begin(self, activity_id: str, host: str, question: Question) -> None:
        """Ask for an activity that `host` sent, unless too much is asked for already."""
        if activity_id in self._tasks or len(self._tasks) >= MOST:
            return
        if self._of_host[host] < MOST_OF_HOST:
            self._of_host[host] += 1
            self._tasks[activity_id] = asyncio.create_task(self._run(activity_id, host, question))

    def answered(self) -> list[str]:
        """Return the activities whose questions were answered since the last call."""
        ids, self._answered = self._answered, []
        return ids

    def take(self, activity_id: str) -> Answer | None:
        """Return the answer for an activity, once."""
        answer: Answer | None = self._answers.pop(activity_id, None)
        return answer

    async def close(self) -> None:
        """Stop asking; the activities are still stored."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, activity_id: str, host: str, question: Question) -> None:
        try:
            self._answers[activity_id] = await self._ask(question)
            self._answered.append(activity_id)
        finally:
            del self._tasks[activity_id]
            self._of_host[host] -= 1
            if not self._of_host[host]:
                del self._of_host[host]
        self._wake()

    async def _ask(self, question: Question) -> Answer:
        try:
            async with asyncio.timeout(SECONDS):
                with contextlib.suppress(Final):  # who is not to be had is not answered
                    await self._authors.meet(question.actor)
                return Answer(await self._client.object(question.post) if question.post else None)
        except TimeoutError:
            return Answer(problem=Unreachable(f"no answer within {SECONDS:g} s"))
        except Exception as problem:  # it is the activity's: to be tried again, or given up
            return Answer(problem=problem)
