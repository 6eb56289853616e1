"""Deliveries: one row per inbox, nothing lost, nothing twice."""

from storage import Storage, UnitOfWork
from storage.deliveries import Attempt
from tests.contract.samples import LEASE, NOW, minutes, number_of

ACTIVITY = "https://digest.example/a/1"
INBOXES = ["https://tea.example/inbox", "https://pot.example:8443/inbox"]


async def claim_one(unit: UnitOfWork) -> int:
    """Claim the delivery that is due, and return its id."""
    [row] = await unit.deliveries.claim(NOW, LEASE, 1)
    return number_of(row)


async def test_one_row_per_inbox(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.deliveries.add(ACTIVITY, "tea", [*INBOXES, INBOXES[0]], NOW) == 2
        more = [*INBOXES, "https://cup.example/inbox"]
        assert await unit.deliveries.add(ACTIVITY, "tea", more, NOW) == 1
        assert await unit.deliveries.add("https://digest.example/a/2", "tea", INBOXES, NOW) == 2
        assert await unit.deliveries.add(ACTIVITY, "tea", [], NOW) == 0
    async with storage.view() as view:
        rows = await view.deliveries.waiting(10)
        assert len(rows) == 5
        assert [row.host for row in rows[:3]] == [
            "tea.example",
            "pot.example:8443",
            "cup.example",
        ]


async def test_many_inboxes_at_once(storage: Storage) -> None:
    inboxes = [f"https://{number}.example/inbox" for number in range(5000)]
    async with storage.unit() as unit:
        assert await unit.deliveries.add(ACTIVITY, "tea", inboxes[:100], NOW) == 100
        assert await unit.deliveries.add(ACTIVITY, "tea", inboxes, NOW) == 4900


async def test_claimed_once_until_the_lease_ends(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.deliveries.add(ACTIVITY, "tea", INBOXES, NOW)
        rows = await unit.deliveries.claim(NOW, LEASE, 10)
        assert [row.inbox for row in rows] == INBOXES
        assert {(row.state, row.attempts, row.lease_until) for row in rows} == {
            ("claimed", 1, NOW + LEASE)
        }
        assert await unit.deliveries.claim(NOW, LEASE, 10) == []
        done = Attempt(number_of(rows[0]), "delivered", 202)
        await unit.deliveries.record_all([done], at=NOW)
        assert await unit.deliveries.sweep(NOW) == 0
        assert await unit.deliveries.sweep(NOW + LEASE) == 1
        [again] = await unit.deliveries.claim(NOW, LEASE, 10)
    assert (again.inbox, again.attempts) == (INBOXES[1], 2)


async def test_a_retry_waits_for_its_time(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.deliveries.add(ACTIVITY, "tea", INBOXES[:1], NOW)
        busy = Attempt(await claim_one(unit), "waiting", 503, "busy", minutes(5))
        await unit.deliveries.record_all([busy], at=NOW)
        assert await unit.deliveries.next_due() == minutes(5)
        assert await unit.deliveries.claim(minutes(4), LEASE, 1) == []
        [row] = await unit.deliveries.claim(minutes(5), LEASE, 1)
    assert (row.status, row.error, row.attempts, row.finished_at) == (503, "busy", 2, None)


async def test_the_end_is_kept(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.deliveries.add(ACTIVITY, "tea", INBOXES, NOW)
        first, second = await claim_one(unit), await claim_one(unit)
        ends = [Attempt(first, "delivered", 202), Attempt(second, "failed", 410, "gone")]
        await unit.deliveries.record_all(ends[:1], at=minutes(1))
        await unit.deliveries.record_all(ends[1:], at=minutes(2))
        assert await unit.deliveries.next_due() is None
        assert await unit.deliveries.counts() == {
            "waiting": 0,
            "claimed": 0,
            "delivered": 1,
            "failed": 1,
        }
        keys = await unit.pruning.find("deliveries", minutes(2), 9)
        assert await unit.pruning.drop("deliveries", minutes(2), keys, NOW) == 1
        again = [Attempt(row, "delivered") for row in (first, second)]
        await unit.deliveries.record_all(again, at=NOW)
        kept = await unit.deliveries.counts()
    assert (kept["delivered"], kept["failed"]) == (0, 1)


async def test_what_nobody_claimed_cannot_be_recorded(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.deliveries.add(ACTIVITY, "tea", INBOXES[:1], NOW)
        [row] = await unit.deliveries.waiting(1)
        early = Attempt(number_of(row), "delivered")
        await unit.deliveries.record_all([early], at=NOW)
        [still] = await unit.deliveries.waiting(1)
    assert (still.state, still.finished_at) == ("waiting", None)


async def test_a_sole_process_takes_everything_back_at_its_start(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.deliveries.add(ACTIVITY, "tea", INBOXES, NOW)
        await unit.deliveries.claim(NOW, LEASE, 10)
        assert await unit.deliveries.release_all() == 2
        assert len(await unit.deliveries.claim(NOW, LEASE, 10)) == 2
