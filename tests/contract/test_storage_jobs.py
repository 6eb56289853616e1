"""What every queue has to keep, whichever database it is in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from storage import Storage, UnitOfWork, tables
from storage.errors import TransitionRefused
from tests.contract.samples import LEASE, NOW, minutes


async def claim_one(unit: UnitOfWork, worker: str = "w") -> int:
    """Claim the job that is due, and return its id."""
    [job] = await unit.jobs.claim(worker, NOW, LEASE, 1)
    assert job.id is not None
    return job.id


async def put(unit: UnitOfWork, *kinds: str) -> None:
    """Queue a job of each kind, one minute apart, all due."""
    for number, kind in enumerate(kinds):
        await unit.jobs.enqueue(kind, {"n": number}, run_at=minutes(number - len(kinds)))


async def counts(storage: Storage) -> dict[str, int]:
    """Return the jobs in states that have any."""
    async with storage.view() as view:
        return {state: n for state, n in (await view.jobs.counts()).items() if n}


async def test_a_job_comes_back_as_it_was_given(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.jobs.enqueue("read", {"ids": [1, "é"]}, run_at=NOW, key="k")
        [job] = await unit.jobs.claim("w", NOW, LEASE, 10)
    assert (job.kind, job.payload, job.key) == ("read", {"ids": [1, "é"]}, "k")
    assert (job.worker, job.attempts, job.lease_until) == ("w", 1, NOW + LEASE)


async def test_a_key_makes_one_job_even_when_done(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.jobs.enqueue("read", {}, run_at=NOW, key="k")
        assert not await unit.jobs.enqueue("read", {}, run_at=NOW, key="k")
        await unit.jobs.done(await claim_one(unit), NOW)
        assert not await unit.jobs.enqueue("read", {}, run_at=NOW, key="k")
        assert await unit.jobs.enqueue("read", {}, run_at=NOW)
        assert await unit.jobs.enqueue("read", {}, run_at=NOW)
    assert await counts(storage) == {"ready": 2, "done": 1}


async def test_jobs_are_claimed_in_order_when_due_and_once(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.jobs.enqueue("later", {}, run_at=minutes(1))
        await unit.jobs.enqueue("second", {}, run_at=minutes(-1))
        await unit.jobs.enqueue("first", {}, run_at=minutes(-2))
        assert await unit.jobs.next_due() == minutes(-2)
        jobs = await unit.jobs.claim("w", NOW, LEASE, 10)
        assert [job.kind for job in jobs] == ["first", "second"]
        assert await unit.jobs.claim("w", NOW, LEASE, 10) == []
        assert await unit.jobs.next_due() == minutes(1)
        assert len(await unit.jobs.claim("w", minutes(1), LEASE, 10)) == 1
        assert await unit.jobs.next_due() is None


async def test_a_worker_may_choose_kinds_and_a_limit(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "read", "send", "read", "send")
        jobs = await unit.jobs.claim("w", NOW, LEASE, 10, ["send"])
        assert [job.payload["n"] for job in jobs] == [1, 3]
        assert [job.payload["n"] for job in await unit.jobs.claim("w", NOW, LEASE, 1)] == [0]
        assert await unit.jobs.claim("w", NOW, LEASE, 10, []) == []


async def test_a_retry_waits_for_its_time_and_keeps_the_reason(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "send")
        await unit.jobs.retry(await claim_one(unit), minutes(5), "503")
        assert await unit.jobs.claim("w", minutes(4), LEASE, 1) == []
        [job] = await unit.jobs.claim("w", minutes(5), LEASE, 1)
    assert (job.attempts, job.error) == (2, "503")


async def test_an_expired_lease_gives_the_job_back(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "read")
        await claim_one(unit)
        assert await unit.jobs.sweep(NOW + LEASE - timedelta(microseconds=1)) == 0
        assert await unit.jobs.claim("other", minutes(9), LEASE, 1) == []
        assert await unit.jobs.sweep(NOW + LEASE) == 1
        [job] = await unit.jobs.claim("other", NOW + LEASE, LEASE, 1)
    assert (job.worker, job.attempts) == ("other", 2)


async def test_many_are_queued_at_once_and_none_twice(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.jobs.enqueue("look", {}, run_at=minutes(9), key="k:1")
        many = [
            tables.Job(kind="look", key=f"k:{n}", payload={"n": n}, run_at=minutes(-n))
            for n in range(3)
        ]
        assert await unit.jobs.enqueue_all(many) == 2
        assert await unit.jobs.enqueue_all([]) == 0
        jobs = await unit.jobs.claim("w", NOW, LEASE, 10)
    assert [(job.key, job.payload) for job in jobs] == [("k:2", {"n": 2}), ("k:0", {"n": 0})]


async def test_release_gives_back_what_a_worker_holds(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "a", "b", "c")
        await claim_one(unit, "one")
        await claim_one(unit, "two")
        await claim_one(unit, "two")
        assert await unit.jobs.release("one") == 1
        assert await unit.jobs.release() == 2
    assert await counts(storage) == {"ready": 3}


async def test_a_failed_job_stays_with_its_error(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "a", "b")
        await unit.jobs.fail(await claim_one(unit), "first", minutes(1))
        await unit.jobs.fail(await claim_one(unit), "second", minutes(2))
        assert await unit.jobs.prune(minutes(60)) == 0
    async with storage.view() as view:
        failed = await view.jobs.failed(10)
        assert [(job.error, job.finished_at) for job in failed] == [
            ("second", minutes(2)),
            ("first", minutes(1)),
        ]
        assert len(await view.jobs.failed(1)) == 1


async def test_prune_forgets_old_done_jobs_only(storage: Storage) -> None:
    async with storage.unit() as unit:
        await put(unit, "a", "b", "c")
        await unit.jobs.done(await claim_one(unit), minutes(1))
        await unit.jobs.done(await claim_one(unit), minutes(2))
        assert await unit.jobs.prune(minutes(2)) == 1
    assert await counts(storage) == {"ready": 1, "done": 1}


async def finish(unit: UnitOfWork, job_id: int) -> None:
    await unit.jobs.done(job_id, NOW)


async def fail(unit: UnitOfWork, job_id: int) -> None:
    await unit.jobs.fail(job_id, "no", NOW)


async def retry(unit: UnitOfWork, job_id: int) -> None:
    await unit.jobs.retry(job_id, NOW, "no")


Step = Callable[[UnitOfWork, int], Awaitable[None]]


@pytest.mark.parametrize("step", [finish, fail, retry])
@pytest.mark.parametrize("first", [finish, fail, retry])
async def test_only_a_claimed_job_changes(storage: Storage, first: Step, step: Step) -> None:
    async with storage.unit() as unit:
        await put(unit, "read")
        job_id = await claim_one(unit)
        await first(unit, job_id)
    with pytest.raises(TransitionRefused):
        async with storage.unit() as unit:
            await step(unit, job_id)
    with pytest.raises(TransitionRefused):
        async with storage.unit() as unit:
            await step(unit, job_id + 1)
