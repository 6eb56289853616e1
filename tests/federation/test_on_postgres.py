"""The service on PostgreSQL: the main job, taking back, a server that is restarted, commands."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import keys
from bot.app import Fedigest
from bot.cli.main import main
from bot.demo.show import HANDLE
from bot.reading import watching
from bot.settings import Memory
from storage import sole
from storage.errors import InUse
from tests.federation.bot_process import TEMPLATE
from tests.federation.instance import fetch, is_idle, running
from tests.federation.sender import Sender
from tests.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WORDS = "With open weights I can fine-tune a model on my own laptop"


def on(url: str, folder: Path) -> dict[str, Any]:
    return {"storage": Memory.model_validate({"database": url, "keys": folder / "keys"})}


def dump(cluster: Cluster, url: str) -> str:
    """Return all that is in a database, as a backup would hold it."""
    return cluster.dump(url.partition("@/")[2].partition("?")[0])


async def until_idle(app: Fedigest) -> None:
    async with asyncio.timeout(60):
        while True:
            async with app.storage.view() as view:
                if await is_idle(view):
                    return
            await asyncio.sleep(0.05)


async def test_from_a_hashtag_to_a_digest_and_back_without_a_trace(
    tmp_path: Path, migrated_postgres_url: str, cluster: Cluster
) -> None:
    url = migrated_postgres_url
    async with running(tmp_path, **on(url, tmp_path)) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        assert figures["uncited_sentences"] == 0
        assert figures["sentences"] >= 15
        assert WORDS in (await fetch(figures["digest_url"]))[1]
        assert WORDS in dump(cluster, url)
        await fediverse.delete("d2", app.uris.actor(HANDLE))
        updated = app.uris.object("news-demo")
        arrived = await fediverse.wait_for(
            lambda a: a.document["type"] == "Update" and a.document["object"]["id"] == updated
        )
        for page in (figures["digest_url"], figures["answer_url"], app.uris.feed(HANDLE)):
            assert WORDS not in (await fetch(page))[1]
        outbox = app.uris.collection(HANDLE, "outbox") + "?cursor="
        assert WORDS not in (await fetch(outbox, "application/activity+json"))[1]
        await until_idle(app)
        async with app.storage.view() as view:
            assert (await view.jobs.counts())["failed"] == 0
    assert WORDS not in arrived.document["object"]["content"]
    left = dump(cluster, url)
    assert "Every bill of a 7B model" in left
    assert WORDS not in left


async def test_it_goes_on_when_the_database_was_away(
    tmp_path: Path,
    migrated_postgres_url: str,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sole, "LOOK_S", 0.2)
    monkeypatch.setattr(watching, "STREAMS_EVERY", 0.1)
    sections = on(migrated_postgres_url, tmp_path)
    async with running(tmp_path, **sections) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        await asyncio.to_thread(cluster.down)
        try:
            status, page = await fetch(figures["digest_url"])
            outbox = app.uris.collection(HANDLE, "outbox")
            outbox_status, _ = await fetch(outbox, "application/activity+json")
            sender = Sender(fediverse, app)
            refused, _ = await sender.post(*sender.signed(sender.follow(number=2)))
        finally:
            await asyncio.to_thread(cluster.up)
        assert status == outbox_status == 503
        assert "Try again" in page
        assert "Errno" not in page, "where the database is, is nobody's business"
        assert refused == 503, "the sender keeps it, and tries again"
        await fediverse.delete("d2", app.uris.actor(HANDLE))
        await fediverse.wait_for(
            lambda a: (
                a.document["type"] == "Update"
                and a.document["object"]["id"] == app.uris.object("news-demo")
            )
        )
        assert WORDS not in (await fetch(figures["digest_url"]))[1]
        actor, address = app.uris.actor(HANDLE), app.uris.address(HANDLE)
        request = await fediverse.ask(actor, address, text="summary please", under="d1")
        await fediverse.wait_for(
            lambda a: (
                isinstance(a.document["object"], dict)
                and a.document["object"].get("inReplyTo") == request
            )
        )
        monkeypatch.setattr(sole, "START_S", 0.2)
        with pytest.raises(InUse):
            async with Fedigest.open(app.config) as second, second.serve():
                raise AssertionError("two services at once")
        assert app.problem is None


class Commands:
    """`fedigest` with settings in a folder, on a database: its exit code, output and errors."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.captured = captured
        keys.create_missing(folder / "keys", (HANDLE,))

    def on(self, url: str) -> "Commands":
        names = {"port": 1, "models": "https://a.example", "plaza": "https://b.example"}
        text = TEMPLATE.format(**names, forum="c.example", digest_at="08:00")
        (self.folder / "fedigest.toml").write_text(text.replace("sqlite:///bot.sqlite3", url))
        return self

    def __call__(self, *words: str) -> tuple[int, str, str]:
        config = ["-c", str(self.folder / "fedigest.toml")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["fedigest", *words, *config])
            with pytest.raises(SystemExit) as ended:
                main()
        said = self.captured.readouterr()
        return int(ended.value.code or 0), said.out, said.err


def test_the_commands_work_and_say_in_a_line_what_is_wrong(
    tmp_path: Path, postgres_url: str, cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    database = postgres_url.partition("@/")[2].partition("?")[0]
    fedigest = Commands(tmp_path, capsys).on(cluster.by_network(database))
    ada = "https://tea.example/u/ada"
    for words, code, said in (
        (("migrate",), 0, "migrated to"),
        (("status",), 0, f"@{HANDLE}@localhost"),
        (("consent", "set", ada, "exclude", "--force"), 0, ada),
        (("consent", "show", ada), 0, "exclude"),
        (("data", "export", ada), 0, "exclude"),
        (("data", "erase", ada, "--yes"), 0, "erased"),
        (("consent", "show", ada), 0, "exclude"),
        (("sources", "--json"), 0, "["),
        (("deliveries",), 0, "0 waiting"),
        (("answers",), 0, ""),
        (("lists", "block", "host", "spam.example"), 0, "spam.example"),
        (("digest",), 4, ""),
    ):
        ended, out, err = fedigest(*words)
        assert (ended, said in out) == (code, True), f"{words}: {out} {err}"
    for wrong, said in (
        (cluster.by_network(database, "wrong-cup"), "is the password"),
        (cluster.by_network("none"), "make it: CREATE DATABASE"),
        ("postgresql://ada:wrong-cup@127.0.0.1:1/none", "is the server up"),
    ):
        ended, out, err = fedigest.on(wrong)("status")
        assert (ended, out, err.count("\n")) == (1, "", 1)
        assert said in err
        assert "wrong-cup" not in err
