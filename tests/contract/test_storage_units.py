"""A unit of work is all or nothing, and units queue, those of another process too."""

import asyncio
import random
from contextlib import suppress

import pytest

from storage import Storage
from storage.errors import StatementRefused, StorageError
from tests.contract.samples import NOW, post


class Interruption(Exception):
    """Raised inside a unit by the tests."""


async def test_a_unit_commits_at_its_end(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post())
        async with storage.view() as view:
            assert await view.posts.count() == 0
    async with storage.view() as view:
        assert await view.posts.count() == 1


async def test_an_exception_rolls_everything_back(storage: Storage) -> None:
    async def interrupted() -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post())
            await unit.jobs.enqueue("read", {}, run_at=NOW)
            raise Interruption

    with pytest.raises(Interruption):
        await interrupted()
    async with storage.view() as view:
        assert await view.posts.count() == 0
        assert (await view.jobs.counts())["ready"] == 0


async def test_cancelling_rolls_back_and_lets_the_next_unit_in(storage: Storage) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post(1))
            inside.set()
            while True:
                await unit.posts.put(post(2))

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with storage.unit() as unit:
        assert await unit.posts.count() == 0
        await unit.posts.put(post(3))
    async with storage.view() as view:
        assert await view.posts.count() == 1


async def test_units_queue_instead_of_colliding(storage: Storage) -> None:
    async def add(number: int) -> None:
        async with storage.unit() as unit:
            before = await unit.posts.count()
            await asyncio.sleep(0)
            await unit.posts.put(post(number))
            assert await unit.posts.count() == before + 1

    await asyncio.gather(*(add(number) for number in range(40)))
    async with storage.view() as view:
        assert await view.posts.count() == 40


async def test_a_cancelled_unit_leaves_the_next_one_its_turn(storage: Storage) -> None:
    """Cancelled in the middle of a statement, it once took the connection and its lock along."""
    chance = random.Random(7)  # noqa: S311

    async def add(number: int) -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post(number))

    for number in range(300):
        unlucky = asyncio.create_task(add(number))
        await asyncio.sleep(chance.random() / 500)
        unlucky.cancel()
        await asyncio.gather(unlucky, return_exceptions=True)
        async with asyncio.timeout(60):
            await add(1000 + number)
    async with storage.view() as view:
        assert await view.posts.count() >= 300


async def test_a_unit_inside_a_unit_is_an_error_not_a_deadlock(storage: Storage, url: str) -> None:
    async def nested() -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post())
            async with storage.unit():
                raise AssertionError("two writers at once")

    if url.startswith("sqlite"):  # whose writers queue
        with pytest.raises(StatementRefused, match="inside"):
            await nested()
    async with storage.unit() as unit:
        assert await unit.posts.count() == 0


async def test_a_view_is_one_snapshot(storage: Storage) -> None:
    async with storage.view() as view:
        assert await view.posts.count() == 0
        async with storage.unit() as unit:
            await unit.posts.put(post())
        assert await view.posts.get_many([post().id]) == {}


async def test_a_view_cannot_write(storage: Storage) -> None:
    with pytest.raises(StorageError):
        async with storage.view() as view:
            await view.posts.put(post())
    async with storage.view() as view:
        assert await view.posts.count() == 0


async def test_rows_are_values(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post())
        known = await unit.posts.get(post().id)
        assert known is not None
        known.text = "changed, not put"
    async with storage.view() as view:
        again = await view.posts.get(post().id)
        assert again is not None
        assert again.text == "words of post 1"
        assert again.published.utcoffset() == post().published.utcoffset()


async def test_a_naive_time_is_refused(storage: Storage) -> None:
    with pytest.raises(StatementRefused, match="timezone"):
        async with storage.unit() as unit:
            await unit.posts.put(post(published=NOW.replace(tzinfo=None)))


async def test_after_a_failed_statement_nothing_is_committed(storage: Storage) -> None:
    async def careless() -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post())
            with suppress(StorageError):
                await unit.posts.put(post(2, text=None))
            await unit.posts.put(post(3))

    with pytest.raises(StorageError):
        await careless()
    async with storage.view() as view:
        assert await view.posts.count() == 0


async def test_the_error_does_not_quote_words(storage: Storage) -> None:
    with pytest.raises(StatementRefused) as caught:
        async with storage.unit() as unit:
            await unit.posts.put(post(text="a secret", url=None))
    assert "a secret" not in f"{caught.value}{caught.value.__cause__}"


async def test_units_of_two_processes_queue(storage: Storage, url: str) -> None:
    """What one reads and then writes, no other changes meanwhile: a redaction is not undone."""
    other = await Storage.open(url)

    async def add(into: Storage, number: int) -> None:
        async with into.unit() as unit:
            before = await unit.posts.count()
            await unit.posts.put(post(number))
            assert await unit.posts.count() == before + 1

    both = [storage, other]
    await asyncio.gather(*(add(both[number % 2], number) for number in range(40)))
    async with other.view() as view:
        assert await view.posts.count() == 40
    await other.close()
