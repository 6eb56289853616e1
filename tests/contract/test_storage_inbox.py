"""Received activities: stored once, handled once."""

import pytest

from storage import Storage
from storage.errors import TransitionRefused
from storage.received import Arrived
from tests.contract.samples import LEASE, NOW, minutes, received


async def test_new_duplicate_conflict(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.received.add(received()) == "new"
    async with storage.unit() as unit:
        assert await unit.received.add(received(type="Update")) == "duplicate"
        forged = received(actor_id="https://evil.example/users/eve")
        assert await unit.received.add(forged) == "conflict"
    async with storage.view() as view:
        kept = await view.received.get(received().id)
        assert kept is not None
        assert (kept.type, kept.actor_id) == ("Create", received().actor_id)
        assert kept.document == received().document


async def test_what_may_come_again_counts_once_it_was_handled(storage: Storage) -> None:
    """Some servers give a post's Create, Update and Delete one id, or each Follow of an account."""
    uri, actor = "https://p.example/posts/1", "https://p.example/u"

    def arrived(kind: str, words: str, by: str = actor) -> Arrived:
        return Arrived(uri, by, kind, {"words": words}, NOW, again=kind != "Create")

    async def arrive(*batch: Arrived) -> list[str]:
        async with storage.unit() as unit:
            return [*await unit.received.add_all(batch)]

    assert await arrive(arrived("Create", "a"), arrived("Update", "b")) == ["new", "new"]
    assert await arrive(arrived("Create", "c"), arrived("Update", "d")) == ["duplicate"] * 2
    other = "https://p.example/other"
    assert await arrive(arrived("Delete", "e", by=other)) == ["conflict"]
    async with storage.unit() as unit:
        rows = await unit.received.claim(NOW, LEASE, 9)
        assert {row.type: row.document["words"] for row in rows} == {"Create": "a", "Update": "b"}
        await unit.received.settle_all({row.id: "done" for row in rows}, NOW)
    again = arrived("Create", "f"), arrived("Update", "g"), arrived("Update", "h")
    assert await arrive(*again) == ["duplicate", "new", "duplicate"]
    async with storage.unit() as unit:
        [row] = await unit.received.claim(NOW, LEASE, 9)
    assert (row.type, row.document["words"], row.attempts, row.outcome) == ("Update", "g", 1, None)


async def test_what_is_not_handled_is_counted(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (3, 1, 2):
            await unit.received.add(received(number))
        await unit.received.settle(received(2).id, "ok", NOW)
        assert list((await unit.received.waiting()).values()) == [2]


async def test_a_handled_one_keeps_its_outcome_not_its_words(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.received.add(received())
        await unit.received.settle(received().id, "stored", NOW)
        row = await unit.received.get(received().id)
        assert row is not None
        assert (row.outcome, row.handled_at, row.document) == ("stored", NOW, {})
        assert await unit.received.add(received()) == "duplicate"


async def test_handled_twice_is_refused(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.received.add(received())
        await unit.received.settle(received().id, "stored", NOW)
    for activity_id in (received().id, "https://tea.example/activities/unknown"):
        with pytest.raises(TransitionRefused):
            async with storage.unit() as unit:
                await unit.received.settle(activity_id, "stored", NOW)


async def test_prune_keeps_what_is_not_handled(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (1, 2, 3):
            await unit.received.add(received(number))
        await unit.received.settle(received(1).id, "ok", minutes(1))
        await unit.received.settle(received(2).id, "ok", minutes(5))
        keys = await unit.pruning.find("received", minutes(5), 9)
        assert await unit.pruning.drop("received", minutes(5), keys, NOW) == 1
        assert await unit.received.get(received(1).id) is None
        assert sum((await unit.received.waiting()).values()) == 1


async def test_hosts_take_turns(storage: Storage) -> None:
    """One that sent hundreds does not keep another waiting for all of them."""
    async with storage.unit() as unit:
        for number in range(200):
            await unit.received.add(received(number, host="loud.example"))
        quiet = received(900, host="quiet.example")
        await unit.received.add(quiet)
        rows = await unit.received.claim(minutes(1000), LEASE, 10)
    assert quiet.id in {row.id for row in rows}
    assert len(rows) == 10


async def test_a_batch_is_stored_at_once_or_not_at_all(storage: Storage) -> None:
    def arrived(number: int) -> Arrived:
        return Arrived(f"https://p.example/{number}", "https://p.example/u", "Like", {}, NOW)

    assert await storage.receive([arrived(1), arrived(2)])
    assert not await storage.receive([arrived(3), arrived(2)])
    async with storage.unit() as unit:
        assert await unit.received.get("https://p.example/3") is None
        batch = [arrived(3), arrived(2), arrived(3)]
        assert await unit.received.add_all(batch) == ["new", "duplicate", "duplicate"]
        outcomes = dict.fromkeys((f"https://p.example/{n}" for n in (1, 2, 3)), "liked")
        await unit.received.settle_all(outcomes, NOW)
        assert await unit.received.next_due() is None
        assert await unit.received.outcomes(NOW) == {"liked": 3}


async def test_what_is_set_aside_keeps_its_place_and_its_attempts(storage: Storage) -> None:
    first, second = received(1), received(2)
    async with storage.unit() as unit:
        for row in (first, second):
            await unit.received.add(row)
        claimed = await unit.received.claim(minutes(5), LEASE, 10)
        assert [row.attempts for row in claimed] == [1, 1]
        await unit.received.set_aside([first.id], minutes(6))
        assert [row.id for row in await unit.received.held_up(first.actor_id)] == [first.id]
        assert await unit.received.claim(minutes(5), LEASE, 10) == []
        await unit.received.resume([first.id])
        [again] = await unit.received.claim(minutes(5), LEASE, 10)
        assert (again.id, again.attempts) == (first.id, 1)


async def test_what_is_set_aside_is_due_at_once_after_a_restart(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (1, 2, 3):
            await unit.received.add(received(number))
        await unit.received.claim(minutes(5), LEASE, 10)
        await unit.received.set_aside([received(1).id], minutes(60))
        await unit.received.again(received(2).id, minutes(60), "its server is down")
        await unit.received.settle(received(3).id, "ok", NOW)
        assert await unit.received.release(minutes(5)) == 1
        [freed] = await unit.received.claim(minutes(5), LEASE, 10)
        assert freed.id == received(1).id


async def test_what_is_handled_is_neither_resumed_nor_changed(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (1, 2):
            await unit.received.add(received(number))
        await unit.received.settle(received(1).id, "deleted", NOW)
        for number in (1, 2):
            await unit.received.set_aside([received(number).id], minutes(6))
            await unit.received.resume([received(number).id])
            await unit.received.revise(received(number).id, {"object": "changed"})
        one, two = [await unit.received.get(received(number).id) for number in (1, 2)]
        assert one is not None
        assert (one.due_at, one.document) == (None, {})
        assert two is not None
        assert two.document == {"object": "changed"}
