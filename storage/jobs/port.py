"""What the rest of the program expects of a queue."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from storage.tables import Job

Ended = Literal["done", "failed"]


class Jobs(Protocol):
    """A durable queue, bound to one unit of work: a job exists when the unit is committed.

    A job is ready, claimed, done or failed; a change of state that is not declared raises
    TransitionRefused. A job may run more than once (its worker may die after the work and before
    `done`), never twice at a time within its lease: handlers have to bear repetition.
    """

    async def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, run_at: datetime, key: str | None = None
    ) -> bool:
        """Queue a job, to run at `run_at` or later.

        False when there is a job with that `key` already, even one that is done.
        """
        ...

    async def enqueue_all(self, jobs: Sequence[Job]) -> int:
        """Queue many jobs at once, but for those whose key is taken; return their number."""
        ...

    async def claim(
        self,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        kinds: Sequence[str] | None = None,
        besides: Sequence[str] = (),
    ) -> list[Job]:
        """Take up to `limit` due jobs until `now + lease`, longest due first.

        `kinds`, where given, are all that are taken; those `besides` are never.

        No two callers get the same job, in whatever process. Each claim counts as an attempt.
        """
        ...

    async def forget(self, key: str) -> bool:
        """Drop the job with this key, unless it is being done. False when there is none."""
        ...

    async def naming(self, text: str) -> list[Job]:
        """Return the jobs whose key or payload holds a text, such as a person's id."""
        ...

    async def forget_naming(self, text: str, besides: Sequence[str] = ()) -> int:
        """Drop those jobs, but for claimed ones; return their number.

        Of the kinds `besides` only those that have ended are dropped.
        """
        ...

    async def done(self, job_id: int, at: datetime) -> None:
        """Finish a claimed job. Its payload, which may hold someone's words, is dropped."""
        ...

    async def retry(self, job_id: int, run_at: datetime, error: str) -> None:
        """Put a claimed job back, to run again at `run_at`; `error` says why."""
        ...

    async def fail(self, job_id: int, error: str, at: datetime) -> None:
        """Give a claimed job up. It stays, with its error but without its payload."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Make claimed jobs ready whose lease ran out, and return their number.

        Attempts are kept, so that a job that kills its worker does not run for ever.
        """
        ...

    async def release(self, worker: str | None = None) -> int:
        """Make the claimed jobs of a worker ready, or those of all; return their number."""
        ...

    async def next_due(
        self, kinds: Sequence[str] | None = None, besides: Sequence[str] = ()
    ) -> datetime | None:
        """Return when the next ready job is due, of those that `claim` would take."""
        ...

    async def counts(self) -> dict[str, int]:
        """Return the number of jobs in each state."""
        ...

    async def failed(self, limit: int) -> list[Job]:
        """Return failed jobs, newest first."""
        ...

    async def prune(self, before: datetime, state: Ended = "done") -> int:
        """Forget jobs that ended so before that time, with their keys; return their number."""
        ...
