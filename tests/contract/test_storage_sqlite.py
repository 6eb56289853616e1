"""What holds for the SQLite file alone."""

import asyncio
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from storage import Storage
from storage.errors import StorageBusy, StorageCorrupt, StorageFull
from storage.translate import translate
from tests.contract.conftest import ENGINES
from tests.contract.samples import NOW, post, received, summary

SECRET = "sencha-under-the-old-pine"


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest) -> str:
    """URL of an empty SQLite database."""
    return ENGINES[str(request.param)](request)


@pytest.fixture
def file(url: str) -> Path:
    """The database file."""
    return Path(url.removeprefix("sqlite:///"))


def everything_in(folder: Path) -> bytes:
    """Return the bytes of the file, its log and whatever lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_only_the_owner_can_read_it(url: str, file: Path) -> None:
    storage = await Storage.open(url)
    async with storage.unit() as unit:
        await unit.posts.put(post())
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    await storage.close()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_commit_is_on_the_disk(storage: Storage) -> None:
    async with storage._writer.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        found = [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in names]
    assert found == ["wal", 2, 1, 1, 10_000]


async def test_erased_words_are_gone_from_the_file(storage: Storage, file: Path) -> None:
    async with storage.unit() as unit:
        for number in range(30):
            words = f"<p>{SECRET} {number} {'x' * 3000}</p>"
            await unit.posts.put(post(number, content=words, text=SECRET, title=SECRET))
        await unit.received.add(received(document={"content": SECRET}))
        await unit.digests.add_summary(summary(), [("gist", SECRET, [post(1).id])])
    assert SECRET.encode() in everything_in(file.parent)
    async with storage.unit() as unit:
        for number in range(30):
            await unit.posts.erase([post(number).id], NOW)
        await unit.received.settle(received().id, "stored", NOW)
        for sentence in await unit.digests.sentences(summary().id):
            await unit.digests.redact(sentence.id, NOW)
    assert await storage.checkpoint()
    assert SECRET.encode() not in everything_in(file.parent)
    assert post(1).id.encode() in everything_in(file.parent)


async def test_a_full_disk_is_told_and_survived(storage: Storage) -> None:
    async def fill() -> None:
        async with storage.unit() as unit:
            await unit.jobs.enqueue("read", {}, run_at=NOW)
            for number in range(200):
                await unit.posts.put(post(number, content="x" * 3000))

    await limit_pages(storage, 1)
    with pytest.raises(StorageFull) as caught:
        await fill()
    assert caught.value.retry_after.total_seconds() > 0
    async with storage.view() as view:
        assert await view.posts.count() == 0
        assert (await view.jobs.counts())["ready"] == 0
    await limit_pages(storage, 1_000_000)
    async with storage.unit() as unit:
        assert await unit.posts.put(post())


async def test_after_a_full_disk_nothing_of_the_unit_is_committed(storage: Storage) -> None:
    async def careless() -> None:
        async with storage.unit() as unit:
            await unit.jobs.enqueue("before", {}, run_at=NOW)
            with suppress(StorageFull):
                await unit.posts.put(post(content="x" * 3_000_000))
            await unit.jobs.release()

    await limit_pages(storage, 1)
    with pytest.raises(StorageFull):
        await careless()
    async with storage.view() as view:
        assert (await view.jobs.counts())["ready"] == 0


async def limit_pages(storage: Storage, pages: int) -> None:
    """Allow the file no more pages than that (SQLite never goes below those in use)."""
    async with storage._writer.connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_another_writer_makes_us_busy(storage: Storage, file: Path) -> None:
    async with storage._writer.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute("PRAGMA busy_timeout=1")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy):
        async with storage.unit() as unit:
            await unit.posts.put(post())
    other.execute("ROLLBACK")
    other.close()
    async with storage.unit() as unit:
        assert await unit.posts.put(post())


async def test_a_damaged_file_is_told(url: str, file: Path) -> None:
    storage = await Storage.open(url)
    async with storage.unit() as unit:
        for number in range(300):
            await unit.posts.put(post(number, content="x" * 2000))
    await storage.close()
    damage(file)
    storage = await Storage.open(url)
    with pytest.raises(StorageCorrupt):
        async with storage.view() as view:
            await view.posts.get_many([post(number).id for number in range(300)])
    await storage.close()


def damage(file: Path) -> None:
    """Overwrite the second half of a file."""
    data = file.read_bytes()
    half = len(data) // 2
    file.write_bytes(data[:half] + b"\xff" * (len(data) - half))


async def test_a_checkpoint_with_a_reader_in_its_way_keeps_nobody_from_writing(
    tmp_path: Path,
) -> None:
    """It waits with the write lock in hand, in the driver's thread, even when it is cancelled."""
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    async with storage.unit() as unit:
        await unit.posts.put(post(1))
    async with storage.view() as view:
        assert await view.posts.get(post(1).id)
        async with storage.unit() as unit:
            await unit.posts.put(post(2))
        folding = asyncio.create_task(storage.checkpoint())
        await asyncio.sleep(0.05)
        folding.cancel()
        await asyncio.gather(folding, return_exceptions=True)
        async with asyncio.timeout(60), storage.unit() as unit:
            await unit.posts.put(post(3))
        assert not await storage.checkpoint()
    assert await storage.checkpoint()
    await storage.close()


async def test_closing_takes_back_what_a_cancelled_reader_still_holds(url: str, file: Path) -> None:
    storage = await Storage.open(url)
    reading = asyncio.Event()

    async def read() -> None:
        async with storage.view() as view:
            await view.jobs.failed(1)
            reading.set()
            await asyncio.sleep(60)

    async with storage.unit() as unit:
        await unit.posts.put(post())
    reader = asyncio.ensure_future(read())
    await reading.wait()
    reader.cancel()
    await storage.close()
    # The last connection to close folds the log into the file and removes it.
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with suppress(asyncio.CancelledError):
        await reader


def test_a_file_that_cannot_be_opened_comes_with_advice(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/none/x.sqlite3")
    with pytest.raises(OperationalError) as caught:
        engine.connect()
    assert "can it be written?" in str(translate(caught.value))


async def test_a_first_start_waits_for_whoever_writes_the_new_file(url: str, file: Path) -> None:
    """SQLite changes to a write-ahead log at once or not at all, whatever its own patience."""
    file.parent.mkdir()
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("CREATE TABLE other (id)")
    writer.execute("BEGIN IMMEDIATE")
    opening = asyncio.create_task(Storage.open(url))
    await asyncio.sleep(0.3)
    assert not opening.done()
    writer.close()
    await (await opening).close()
