"""The schema: made by migrations, equal to the tables, never older or newer than the program."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import Storage, connect, schema, upgrading
from storage.engine import migrate, revision
from storage.errors import SchemaTooNew, SchemaTooOld, StatementRefused, StorageCorrupt
from storage.received import passed_on
from storage.types import Row
from tests.contract.samples import post

SCRIPTS = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
HEAD = SCRIPTS.get_current_head()
POST = (
    "id, url, author_id, host, thread_id, audience, kind, content, text, sensitive, publication,"
    " hashtags, links, mentions, replies_known, published, fetched_at, via"
)


async def differences(url: str) -> list[object]:
    """Compare the database with the tables, as Alembic does for a new migration."""

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Row.metadata))

    engine = connect.connect(connect.parse(url), "writer")
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def execute(url: str, statement: str) -> None:
    """Run a statement past the storage."""
    engine = connect.connect(connect.parse(url), "writer")
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def test_a_fresh_database_equals_the_tables(url: str) -> None:
    assert await revision(url) is None
    await migrate(url)
    assert await revision(url) == HEAD
    assert await differences(url) == []


async def test_the_comparison_would_see_a_difference(url: str) -> None:
    await migrate(url)
    await execute(url, "DROP INDEX ix_post_thread_id")
    assert len(await differences(url)) == 1


async def test_migrating_again_changes_nothing(url: str) -> None:
    storage = await Storage.open(url)
    async with storage.unit() as unit:
        await unit.posts.put(post())
    await storage.close()
    await migrate(url)
    storage = await Storage.open(url, migrate=False)
    async with storage.view() as view:
        assert await view.posts.get(post().id) == post()
    await storage.close()


async def test_from_the_first_revision_up_to_the_last(url: str) -> None:
    await _step(url, "0001")
    assert await revision(url) == "0001"
    await migrate(url)
    assert await revision(url) == HEAD
    assert await differences(url) == []


async def test_down_and_up_again(url: str) -> None:
    await migrate(url)
    await _step(url, "base")
    assert await revision(url) is None
    await migrate(url)
    assert await differences(url) == []


async def test_a_newer_schema_is_refused_and_left_alone(url: str) -> None:
    await migrate(url)
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    for may_migrate in (True, False):
        with pytest.raises(SchemaTooNew, match=r"9999.*newer version"):
            await Storage.open(url, migrate=may_migrate)
    assert await revision(url) == "9999"


async def test_an_older_schema_is_refused_when_we_may_not_migrate(url: str) -> None:
    with pytest.raises(SchemaTooOld):
        await Storage.open(url, migrate=False)
    assert await revision(url) is None


async def test_two_starts_at_once_migrate_once(url: str) -> None:
    await asyncio.gather(migrate(url), migrate(url))
    assert await revision(url) == HEAD
    assert await differences(url) == []


@pytest.mark.parametrize("bad", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "nonsense"])
async def test_a_database_that_we_cannot_use_is_refused(bad: str) -> None:
    with pytest.raises(StatementRefused):
        await Storage.open(bad)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letter.sqlite3"
    file.write_text("Dear reader, this is not a database. " * 100)
    with pytest.raises(StorageCorrupt):
        await Storage.open(f"sqlite:///{file}")


async def _step(url: str, target: str) -> None:
    """Migrate to a certain revision; downwards if it is "base"."""
    await schema._run(url, lambda connection: upgrading.move(connection, target))


def test_the_schema_that_the_program_states_is_the_latest() -> None:
    assert schema.HEAD == HEAD


async def test_what_waited_in_the_inbox_survives_the_upgrade_to_its_own_queue(url: str) -> None:
    """Until 0002 a job stood for each activity; from then on the activity itself waits."""
    await _step(url, "0001")
    for number, handled in ((1, "NULL"), (2, "'2026-11-20 08:00:00.000000'")):
        await execute(
            url,
            "INSERT INTO received_activity (id, actor_id, type, document, received_at, handled_at)"  # noqa: S608
            f" VALUES ('https://p.example/{number}', 'https://p.example/u', 'Follow', '{{}}',"
            f" '2026-11-19 08:00:00.000000', {handled})",
        )
    await execute(
        url,
        "INSERT INTO job (kind, key, payload, state, run_at, attempts, created_at) VALUES"
        " ('receive', 'receive:1', '{}', 'ready', '2026-11-19 08:00:00.000000', 0,"
        " '2026-11-19 08:00:00.000000')",
    )
    storage = await Storage.open(url)
    async with storage.unit() as unit:
        rows = await unit.received.claim(datetime.now(UTC), timedelta(minutes=1), 10)
        assert [row.id for row in rows] == ["https://p.example/1"]
        assert (await unit.jobs.counts())["ready"] == 0
        again = await unit.received.claim(datetime.now(UTC), timedelta(minutes=1), 10)
        assert again == [], "nobody else gets it meanwhile"
        await unit.received.release(datetime.now(UTC))
        assert len(await unit.received.claim(datetime.now(UTC), timedelta(minutes=1), 10)) == 1
    await storage.close()


async def test_a_block_is_kept_apart_from_what_was_said_in_words(url: str) -> None:
    """Until 0010 one replaced the other."""
    await _step(url, "0009")
    for name, how in (("ada", "blocked us"), ("bo", "told us")):
        await execute(
            url,
            "INSERT INTO choice (actor_id, choice, how, at) VALUES"  # noqa: S608
            f" ('{name}', 'exclude', '{how}', '2026-11-19 08:00:00.000000')",
        )
    storage = await Storage.open(url)
    async with storage.view() as view:
        assert list(await view.choices.get_many(["al", "bo"])) == ["bo"]
        assert await view.choices.blocking(["ada", "bo"]) == {"ada"}
    await storage.close()


async def test_links_of_old_summaries_and_policies_of_old_posts_survive_the_upgrade(
    url: str,
) -> None:
    """Until 0005 links did not name their posts, and whether one may be quoted was not kept."""
    await _step(url, "0004")
    old = "'2026-11-19 08:00:00.000000'"
    page = "https://l.example/1"
    for name, links in (("a", f'["{page}"]'), ("b", "[]")):
        await execute(
            url,
            f"INSERT INTO post ({POST}) VALUES"  # noqa: S608
            f" ('https://p.example/{name}', '', 'x', '', 't', 'public', 'Note', '', 'Words.',"
            f" false, false, '[]', '{links}', '[]', 0, {old}, {old}, 'thread')",
        )
    await execute(
        url,
        "INSERT INTO summary (id, thread_id, position, engine, facts, made_at) VALUES"  # noqa: S608
        f""" ('s', 't', 0, 'e', '{{"links": [{{"url"\\: "{page}", "people"\\: 1}}]}}', {old})""",
    )
    storage = await Storage.open(url)
    async with storage.view() as view:
        [summary] = await view.digests.about_thread("t")
        jobs = await view.jobs.naming("look:")
    await storage.close()
    assert [link["posts"] for link in summary.facts["links"]] == [["https://p.example/a"]]
    assert [(job.kind, job.payload["uri"]) for job in jobs] == [
        ("look", "https://p.example/a"),
        ("look", "https://p.example/b"),
    ]


async def test_policies_that_nobody_has_looked_at_are_unknown_after_the_upgrade(url: str) -> None:
    """As long as the look that 0005 queued is not done; what was looked at stays as it is."""
    await _step(url, "0004")
    old = "'2026-11-19 08:00:00.000000'"
    for name in "abc":
        await execute(
            url,
            f"INSERT INTO post ({POST}) VALUES"  # noqa: S608
            f" ('https://p.example/{name}', '', 'x', '', 't', 'public', 'Note', '', 'Words.',"
            f" false, false, '[]', '[]', '[]', 0, {old}, {old}, 'thread')",
        )
    await _step(url, "0011")
    for name, state in (("a", "done"), ("b", "failed")):
        await execute(url, f"UPDATE job SET state = '{state}' WHERE key LIKE '%/{name}%'")  # noqa: S608
    storage = await Storage.open(url)
    async with storage.view() as view:
        posts = await view.posts.in_thread("t")
    await storage.close()
    assert {post.id[-1]: post.quote_unknown for post in posts} == {"a": False, "b": True, "c": True}


async def test_what_was_passed_on_makes_room_for_what_its_actor_says(url: str) -> None:
    """Until 0013 both had one id, and whoever came first had it."""
    await _step(url, "0012")
    for name, signer in (("1", "NULL"), ("2", "'https://relay.example/actor'")):
        await execute(
            url,
            "INSERT INTO received_activity (id, actor_id, type, document, received_at, signer,"  # noqa: S608
            f" host, attempts) VALUES ('https://p.example/{name}', 'https://p.example/u', 'Delete',"
            f" '{{}}', '2026-11-19 08:00:00.000000', {signer}, 'p.example', 0)",
        )
    await execute(
        url, "INSERT INTO block (actor_id, at) VALUES ('ada', '2026-11-19 08:00:00.000000')"
    )
    storage = await Storage.open(url)
    async with storage.view() as view:
        kept = passed_on("https://p.example/2", "https://relay.example/actor")
        assert await view.received.get("https://p.example/1") is not None
        assert await view.received.get("https://p.example/2") is None
        assert await view.received.get(kept) is not None
        block = await view.choices.blocked_by("ada")
        assert block is not None
        assert block.told == {}
    await storage.close()
