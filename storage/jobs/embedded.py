"""The queue as a table beside the others: durable without a server."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlmodel import col

from storage import transitions
from storage.jobs.port import Ended
from storage.substring import holds
from storage.tables import Job, JobState
from storage.transaction import ONCE, Transaction

ENDS = ('"', "/", "#", ":", "?", "\\")
"""What may come behind an id in a key or in JSON, besides the end."""


class EmbeddedJobs:
    """`storage.jobs.port.Jobs` in the table `job`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, run_at: datetime, key: str | None = None
    ) -> bool:
        """Queue a job; False when its key is taken."""
        job = Job(kind=kind, payload=dict(payload), run_at=run_at, key=key)
        return await self._transaction.add(job)

    async def enqueue_all(self, jobs: Sequence[Job]) -> int:
        """Queue those jobs whose key is not taken; return their number."""
        return await self._transaction.add_all(jobs)

    async def claim(
        self,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        kinds: Sequence[str] | None = None,
        besides: Sequence[str] = (),
    ) -> list[Job]:
        """Take due jobs, longest due first, in one atomic statement."""
        conditions = [*_ready(kinds, besides), col(Job.run_at) <= now]
        chosen = (
            select(col(Job.id))
            .where(*conditions)
            .order_by(col(Job.run_at), col(Job.id))
            .limit(limit)
            # Ignored by SQLite, whose writers queue anyway.
            .with_for_update(skip_locked=True)
            .cte()
            .prefix_with(ONCE, dialect="postgresql")
        )
        statement = (
            update(Job)
            .where(col(Job.id).in_(select(chosen.c.id)))
            .values(
                state="claimed",
                worker=worker,
                lease_until=now + lease,
                attempts=col(Job.attempts) + 1,
            )
            .returning(Job)
        )
        rows = await self._transaction.all(Job, statement)
        return sorted(rows, key=lambda job: (job.run_at, job.id or 0))

    async def forget(self, key: str) -> bool:
        """Drop the job with this key, unless it is claimed."""
        statement = delete(Job).where(col(Job.key) == key, col(Job.state) != "claimed")
        return await self._transaction.run(statement) == 1

    async def naming(self, text: str) -> list[Job]:
        """Return the jobs whose key or payload holds a text, such as a person's id."""
        statement = select(Job).where(self._holds(text)).order_by(col(Job.id))
        return await self._transaction.all(Job, statement)

    async def forget_naming(self, text: str, besides: Sequence[str] = ()) -> int:
        """Drop those jobs, but for claimed ones and `besides` that wait; return their number."""
        waits = col(Job.kind).in_(besides) & (col(Job.state) == "ready")
        statement = delete(Job).where(self._holds(text), col(Job.state) != "claimed", ~waits)
        return await self._transaction.run(statement)

    @staticmethod
    def _holds(text: str) -> ColumnElement[bool]:
        return or_(
            col(Job.key).endswith(text, autoescape=True),
            *(
                holds(column, whole)
                for column in (col(Job.key), col(Job.payload))
                for whole in whole_ids(text)
            ),
        )

    async def done(self, job_id: int, at: datetime) -> None:
        """Finish a claimed job."""
        await self._settle(job_id, "done", finished_at=at, error=None, payload={})

    async def retry(self, job_id: int, run_at: datetime, error: str) -> None:
        """Put a claimed job back, with a time and a reason."""
        await self._settle(job_id, "ready", run_at=run_at, error=error)

    async def fail(self, job_id: int, error: str, at: datetime) -> None:
        """Give a claimed job up; it keeps its error."""
        await self._settle(job_id, "failed", finished_at=at, error=error, payload={})

    async def sweep(self, now: datetime) -> int:
        """Make jobs ready whose lease ran out."""
        return await self._release(col(Job.lease_until) <= now)

    async def release(self, worker: str | None = None) -> int:
        """Make the claimed jobs of a worker ready, or those of all."""
        return await self._release(*([] if worker is None else [col(Job.worker) == worker]))

    async def next_due(
        self, kinds: Sequence[str] | None = None, besides: Sequence[str] = ()
    ) -> datetime | None:
        """Return when the next ready job is due."""
        statement = (
            select(col(Job.run_at))
            .where(*_ready(kinds, besides))
            .order_by(col(Job.run_at))
            .limit(1)
        )
        due: datetime | None = await self._transaction.value(statement)
        return due

    async def counts(self) -> dict[str, int]:
        """Return the number of jobs in each state."""
        statement = select(col(Job.state), func.count()).group_by(col(Job.state))
        rows = await self._transaction.tuples(statement)
        return dict.fromkeys(transitions.JOB, 0) | {str(row[0]): int(row[1]) for row in rows}

    async def failed(self, limit: int) -> list[Job]:
        """Return failed jobs, newest first."""
        statement = (
            select(Job)
            .where(col(Job.state) == "failed")
            .order_by(col(Job.finished_at).desc(), col(Job.id).desc())
            .limit(limit)
        )
        return await self._transaction.all(Job, statement)

    async def prune(self, before: datetime, state: Ended = "done") -> int:
        """Forget jobs that ended so before that time."""
        statement = delete(Job).where(col(Job.state) == state, col(Job.finished_at) < before)
        return await self._transaction.run(statement)

    async def _settle(self, job_id: int, state: JobState, **changes: Any) -> None:
        statement = (
            update(Job)
            .where(col(Job.id) == job_id, col(Job.state) == "claimed")
            .values(state=state, lease_until=None, worker=None, **changes)
        )
        if await self._transaction.run(statement) == 0:
            raise await self._refuse(job_id, state)

    async def _refuse(self, job_id: int, state: JobState) -> Exception:
        current = await self._transaction.get(Job, job_id)
        return transitions.refuse("job", current.state if current else None, state)

    async def _release(self, *conditions: ColumnElement[bool]) -> int:
        statement = (
            update(Job)
            .where(col(Job.state) == "claimed", *conditions)
            .values(state="ready", lease_until=None, worker=None)
        )
        return await self._transaction.run(statement)


def whole_ids(text: str) -> list[str]:
    """Return an id with each of what may follow it, so that /u/al does not find /u/alice."""
    return [text] if text[-1:] in ENDS else [f"{text}{end}" for end in ENDS]


def _ready(kinds: Sequence[str] | None, besides: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions = [col(Job.state) == "ready"]
    if kinds is not None:
        conditions.append(col(Job.kind).in_(kinds))
    if besides:
        conditions.append(col(Job.kind).not_in(besides))
    return conditions
