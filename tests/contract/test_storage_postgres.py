"""What holds for PostgreSQL alone."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from storage import Storage, connect, sole
from storage.errors import InUse, StatementRefused, StorageBusy, StorageError
from storage.received import Arrived
from tests.contract.samples import LEASE, NOW, post, received, summary
from tests.postgres import OWNER, PASSWORD, Cluster

asyncpg = pytest.importorskip("asyncpg")  # the other contract tests say that it is missing
SECRET = "sencha-under-the-old-pine"


@pytest.fixture
def url(migrated_postgres_url: str) -> str:
    """URL of an empty PostgreSQL database."""
    return migrated_postgres_url


@pytest.fixture
async def other(url: str) -> AsyncIterator[Storage]:
    """The same database, as another process would open it."""
    opened = await Storage.open(url)
    yield opened
    await opened.close()


def name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


async def test_two_storages_side_by_side_never_claim_the_same(
    storage: Storage, other: Storage
) -> None:
    async with storage.unit() as unit:
        for number in range(60):
            await unit.jobs.enqueue("step", {}, run_at=NOW, key=str(number))
            await unit.received.add(received(number, received_at=NOW))
        inboxes = [f"https://{number}.example/inbox" for number in range(60)]
        await unit.deliveries.add("https://digest.example/a/1", "tea", inboxes, NOW)
    claimed: list[tuple[str, object]] = []

    async def claim(of: Storage) -> None:
        while True:
            async with of.unit() as unit:
                jobs = await unit.jobs.claim("w", NOW, LEASE, 7)
                deliveries = await unit.deliveries.claim(NOW, LEASE, 7)
                activities = await unit.received.claim(NOW, LEASE, 7)
            if not (jobs or deliveries or activities):
                return
            claimed.extend(("job", job.id) for job in jobs)
            claimed.extend(("delivery", row.id) for row in deliveries)
            claimed.extend(("activity", activity.id) for activity in activities)

    await asyncio.gather(claim(storage), claim(other), claim(storage), claim(other))
    assert len(claimed) == 180
    assert len(set(claimed)) == 180


async def test_a_claim_passes_over_what_somebody_else_holds(storage: Storage) -> None:
    """Whoever locks rows past us (a dump, an operator) does not hold up the queue."""
    async with storage.unit() as unit:
        for number in range(3):
            await unit.jobs.enqueue("step", {"n": number}, run_at=NOW)
    async with storage._writer.connect() as connection:
        await connection.execute(text("SELECT id FROM job ORDER BY id LIMIT 1 FOR UPDATE"))
        async with storage.unit() as unit:
            jobs = await unit.jobs.claim("w", NOW, LEASE, 10)
    assert [job.payload["n"] for job in jobs] == [1, 2]


async def test_the_inbox_does_not_wait_for_a_unit_of_work(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post())
        arrived = Arrived("https://p.example/1", "https://p.example/u", "Like", {}, NOW)
        async with asyncio.timeout(60):
            assert await storage.receive([arrived])
    async with storage.view() as view:
        assert await view.received.get("https://p.example/1") is not None


async def test_who_waits_too_long_for_its_turn_is_told_to_come_again(
    storage: Storage, other: Storage
) -> None:
    for connection in await all_connections(other):
        await connection.execute("SET lock_timeout = '50ms'")
    async with storage.unit() as unit:
        await unit.posts.put(post())
        with pytest.raises(StorageBusy, match="lock timeout"):
            async with other.unit() as late:
                await late.posts.put(post(2))
    async with asyncio.timeout(60), other.unit() as unit:  # nothing is held after the failure
        await unit.posts.put(post(2))


async def all_connections(storage: Storage) -> list[Any]:
    """Open one connection for writing, and return all there are."""
    async with storage._writer.connect():
        pass
    return list(connect._opened[storage._writer.sync_engine])


async def test_a_deadlock_with_somebody_else_may_be_tried_again(
    storage: Storage, url: str, cluster: Cluster
) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post(1))
        await unit.posts.put(post(2))
    statement = "UPDATE post SET via = 'x' WHERE id = $1"
    stranger = await asyncpg.connect(url)
    await stranger.execute("SET deadlock_timeout = '10s'")  # we are the one who is refused
    transaction = stranger.transaction()
    await transaction.start()
    await stranger.execute(statement, post(1).id)

    async def cross() -> None:
        async with storage.unit() as unit:
            await unit.posts.erase([post(2).id], NOW)
            waiting.append(asyncio.create_task(stranger.execute(statement, post(2).id)))
            await unit.posts.erase([post(1).id], NOW)

    waiting: list[asyncio.Task[str]] = []
    with pytest.raises(StorageBusy, match="deadlock"):
        await cross()
    await waiting[0]
    await transaction.rollback()
    await stranger.close()
    async with storage.unit() as unit:
        assert await unit.posts.erase([post(2).id], NOW), "nothing of the refused unit was kept"


async def test_documents_keep_the_order_of_their_keys(storage: Storage) -> None:
    document = {"@context": "x", "id": "y", "content": "z", "a": 1.0}
    async with storage.unit() as unit:
        await unit.received.add(received(document=document))
    async with storage.view() as view:
        row = await view.received.get(received().id)
    assert row is not None
    assert list(row.document.items()) == list(document.items())


async def test_erased_words_are_nowhere_in_the_tables(
    storage: Storage, cluster: Cluster, url: str
) -> None:
    """PostgreSQL keeps what was overwritten until it is vacuumed."""
    database = name_of(url)
    cluster.sql("CREATE EXTENSION pgstattuple", "VACUUM", database=database)
    dead = "SELECT sum((pgstattuple(relid)).dead_tuple_count) FROM pg_stat_user_tables"
    async with storage.unit() as unit:
        for number in range(30):
            words = f"<p>{SECRET} {number}</p>"
            await unit.posts.put(post(number, content=words, text=SECRET, title=SECRET))
        await unit.received.add(received(document={"content": SECRET}))
        await unit.digests.add_summary(summary(), [("gist", SECRET, [post(1).id])])
    async with storage.unit() as unit:
        for number in range(30):
            await unit.posts.erase([post(number).id], NOW)
        await unit.received.settle(received().id, "stored", NOW)
        for sentence in await unit.digests.sentences(summary().id):
            await unit.digests.redact(sentence.id, NOW)
    assert int(cluster.sql(dead, database=database)) == 32
    assert await storage.checkpoint(now_and_then=True)
    assert int(cluster.sql(dead, database=database)) == 0
    async with storage.unit() as unit:
        await unit.posts.put(post(1, content="", fetched_at=NOW, erased_at=NOW))
        await unit.jobs.enqueue("read", {}, run_at=NOW)
        await unit.jobs.release()
        await unit.jobs.claim("w", NOW, LEASE, 1)
    assert await storage.checkpoint(now_and_then=True)
    assert int(cluster.sql(dead, database=database)) > 0, "not again within minutes"
    assert await storage.checkpoint()
    assert int(cluster.sql(dead, database=database)) == 0, "but at once when it is asked for"


async def test_the_server_may_be_restarted_at_any_time(storage: Storage, cluster: Cluster) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post(1))
    async with storage.view() as view:
        assert await view.posts.count() == 1

    async def interrupted() -> None:
        async with storage.unit() as unit:
            await unit.posts.put(post(2))
            await asyncio.to_thread(cluster.down)
            await unit.posts.put(post(3))

    try:
        with pytest.raises(StorageBusy, match="no answer from the database"):
            await interrupted()
        for _ in range(2):
            with pytest.raises(StorageBusy, match="is the server up"):
                async with storage.view() as view:
                    await view.posts.count()
        arrived = Arrived("https://p.example/1", "https://p.example/u", "Like", {}, NOW)
        with pytest.raises(StorageBusy):
            await storage.receive([arrived])
        with pytest.raises(StorageBusy):
            await storage.checkpoint()
    finally:
        await asyncio.to_thread(cluster.up)
    async with storage.unit() as unit:
        assert await unit.posts.count() == 1, "what was not committed is not there"
        await unit.posts.put(post(2))
    assert await storage.receive([arrived])


@pytest.mark.parametrize("writes", [True, False])
async def test_a_session_that_the_server_ends_is_an_error_of_ours_at_any_moment(
    storage: Storage, cluster: Cluster, url: str, *, writes: bool
) -> None:
    """It once broke out as one of the driver's, when the transaction was given back."""
    mine = f"FROM pg_stat_activity WHERE datname = '{name_of(url)}'"

    async def interrupted(*, asks_again: bool) -> None:
        async with storage.unit() if writes else storage.view() as unit:
            await unit.posts.count()
            await asyncio.to_thread(cluster.sql, f"SELECT pg_terminate_backend(pid) {mine}")
            while await asyncio.to_thread(cluster.sql, f"SELECT count(*) {mine}") != "0":
                pass
            if asks_again:
                await unit.posts.count()

    for asks_again in (True, False, True):
        if asks_again or writes:
            with pytest.raises(StorageBusy):
                await interrupted(asks_again=asks_again)
        else:
            await interrupted(asks_again=False)  # all was read
    for _ in range(9):  # no connection is missing from its pool
        async with asyncio.timeout(60), storage.unit() as unit, storage.view() as view:
            assert await unit.posts.count() == await view.posts.count() == 0


async def test_one_service_at_a_time_whatever_process(
    storage: Storage, other: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sole, "START_S", 0.2)

    async def second() -> None:
        async with other.sole(lambda: None):
            raise AssertionError("two services at once")

    async with storage.sole(lambda: None):
        with pytest.raises(InUse, match="works on this database already"):
            await second()
        async with other.unit() as unit:  # commands work beside it
            await unit.posts.put(post())
    async with other.sole(lambda: None):
        pass


async def test_the_service_keeps_its_place_when_its_session_is_lost(
    storage: Storage, other: Storage, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("LOOK_S", 0.05), ("START_S", 0.2), ("TAKEN_S", 0.3)):
        monkeypatch.setattr(sole, name, seconds)
    lost = asyncio.Event()
    ending = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"

    async def held() -> int:
        found = await asyncio.to_thread(
            cluster.sql, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
        return int(found)

    async with storage.sole(lost.set):
        assert await held() == 1
        await asyncio.to_thread(cluster.sql, ending)
        async with asyncio.timeout(60):
            while not await held():  # noqa: ASYNC110  the state is in the server
                await asyncio.sleep(0.05)
        assert not lost.is_set()
        # Another service comes in while ours cannot be reached.
        monkeypatch.setattr(sole, "LOOK_S", 1.0)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(cluster.sql, ending)
        async with other.sole(lambda: None), asyncio.timeout(60):
            await lost.wait()


WRONG = {
    "password": ("postgresql://{owner}:wrong-cup@127.0.0.1:{port}/postgres", "password in"),
    "user": ("postgresql://nobody:jasmine-tea@127.0.0.1:{port}/postgres", "password in"),
    "database": ("postgresql://{owner}:jasmine-tea@127.0.0.1:{port}/none", "CREATE DATABASE"),
    "port": ("postgresql://{owner}:jasmine-tea@127.0.0.1:1/postgres", "is the server up"),
    "host": ("postgresql://{owner}:jasmine-tea@none.invalid/postgres", "is the server up"),
    "socket": ("postgresql://{owner}:jasmine-tea@/postgres?host=/none", "is the server up"),
    "parameter": ("postgresql://{owner}:jasmine-tea@127.0.0.1:{port}/postgres?tea=1", "tea"),
    "number": ("postgresql://{owner}:jasmine-tea@127.0.0.1:port/postgres", "cannot be read"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_is_wrong_with_a_connection_is_one_line_without_the_password(
    cluster: Cluster, what: str
) -> None:
    pattern, said = WRONG[what]
    with pytest.raises(StorageError) as caught:
        await Storage.open(pattern.format(owner=OWNER, port=cluster.port))
    line = str(caught.value)
    assert said in line
    assert "\n" not in line
    assert PASSWORD not in line
    assert "wrong-cup" not in line


async def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StatementRefused, match=r"driver asyncpg; .*fedigest\[postgres\]"):
        await Storage.open("postgresql://ada:jasmine-tea@127.0.0.1/tea")


async def test_a_user_that_may_not_create_tables_is_told_what_to_do(
    cluster: Cluster, postgres_url: str
) -> None:
    database = name_of(postgres_url)
    cluster.sql("CREATE ROLE guest LOGIN PASSWORD 'jasmine-tea'", database=database)
    try:
        with pytest.raises(StatementRefused, match=r"permission denied.*OWNER TO"):
            await Storage.open(f"postgresql://guest@/{database}?{postgres_url.partition('?')[2]}")
    finally:
        cluster.sql("DROP ROLE guest")


async def test_a_database_in_another_encoding_is_refused(cluster: Cluster) -> None:
    made = "CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'"
    cluster.sql(f"{made} LOCALE_PROVIDER libc")
    try:
        with pytest.raises(StatementRefused, match=r"LATIN1.*UTF8"):
            await Storage.open(cluster.url("latin"))
    finally:
        cluster.sql("DROP DATABASE latin WITH (FORCE)")


async def test_the_url_of_libpq_is_understood(cluster: Cluster, url: str) -> None:
    storage = await Storage.open(f"{cluster.by_network(name_of(url))}?sslmode=disable")
    async with storage.view() as view:
        assert await view.posts.count() == 0
    await storage.close()
