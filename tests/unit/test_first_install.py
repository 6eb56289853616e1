"""A first install: what cannot work is refused before anybody has seen it, what is missing said."""

import asyncio
import io
import json
import os
import pty
import signal
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import settings, settings_file
from bot.demo.fediverse import free_port
from bot.errors import SettingsError
from bot.source_code import packed
from storage import Storage
from storage.deliveries import Attempt
from tests.unit.test_cli_input import fedigest

IMPOSSIBLE = [
    "http://digest.example",
    "https://localhost",
    "https://127.0.0.1",
    "https://192.168.1.2",
    "https://8.8.8.8",
    "https://[2606:4700::1111]",
    "https://server.local",
    "https://digest.example:8443",
    "https://someone@digest.example",
]


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_an_address_that_nobody_can_reach_is_refused_and_nothing_written(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(SettingsError, match="public name"):
        settings_file.check("base_url", address)
    with pytest.raises(SettingsError, match="public name"):
        settings_file.write(tmp_path / "fedigest.toml", settings_file.Answers(address))
    assert list(tmp_path.iterdir()) == []


def test_for_development_they_are_allowed(tmp_path: Path) -> None:
    file = tmp_path / "fedigest.toml"
    written = settings_file.render(settings_file.Answers("http://localhost:8080"))
    file.write_text(written.replace("# allow_loopback = false", "allow_loopback = true"))
    assert settings.load(file).instance.base_url == "http://localhost:8080"


def test_init_and_status_say_what_is_missing(tmp_path: Path) -> None:
    address = ("--base-url", "https://digest.example")
    bare = fedigest("init", *address, cwd=tmp_path)
    status = fedigest("status", cwd=tmp_path)
    rest = ("--host", "a.example", "--operator", "Ada", "--contact", "ada@a.example")
    whole = fedigest("init", *address, *rest, "--file", "whole.toml", cwd=tmp_path)
    fine = fedigest("-c", "whole.toml", "status", cwd=tmp_path)
    for said in (bare.stdout, status.stdout):
        assert "no source yet" in said.casefold()
    assert "set operator and contact" in bare.stdout
    assert "no source" not in whole.stdout.casefold() + fine.stdout.casefold()
    assert "operator" not in whole.stdout
    assert "3 sources" in fine.stdout


def test_paths_are_shown_as_they_are_typed(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    made = fedigest(
        "init", "--base-url", "https://a.example", "--file", str(there / "x.toml"), cwd=here
    )
    inside = fedigest("init", "--base-url", "https://a.example", "--file", "y.toml", cwd=here)
    wrote = [line for line in made.stdout.splitlines() if line.startswith("wrote ")]
    assert len(wrote) == 3
    assert all(line.startswith(f"wrote {there}/") for line in wrote)
    assert inside.stdout.splitlines()[0] == "wrote y.toml"


def test_run_says_that_nothing_is_read_and_logs_no_migrations(tmp_path: Path) -> None:
    fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "FEDIGEST_SERVER__PORT": str(free_port(0)), "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline() + server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, logged = server.communicate(timeout=60)
    assert "Fedigest listens on" in said
    assert "no source yet" in said
    assert server.returncode == 0
    assert [line for line in logged.splitlines() if "alembic" in line] == []


def test_ctrl_c_at_a_question_is_no_failure(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "init"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as asking:
        assert asking.stdout is not None
        assert asking.stdout.read(6) == b"Public"
        asking.send_signal(signal.SIGINT)
        _, errors = asking.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (asking.returncode, errors.strip()) == (130, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("sources", "add", "nokind", "x"), "there is no kind 'nokind'"),
        (("sources", "add", "tag-rss", "a.example"), "name the hashtag"),
        (("sources", "add", "tag-rss", "a.example", "#a b"), "'#a b' is not a hashtag"),
        (("sources", "add", "feed", "https://127.0.0.1/feed"), "is never asked"),
        (("sources", "add", "account", "@a@localhost"), "is never asked"),
        (("sources", "test", "feed", "https://10.0.0.1/feed"), "is never asked"),
        (("digest", "--bot", "nobody"), "there is no bot 'nobody'"),
    ],
)
def test_wrong_use_ends_with_2(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    done = fedigest(*command, cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True)
    assert json.loads(fedigest("status", "--json", cwd=tmp_path).stdout)["sources"] == 0


def test_a_source_is_added_once(tmp_path: Path) -> None:
    fedigest("init", "--base-url", "https://digest.example", "--host", "b.example", cwd=tmp_path)
    added, again, of_settings = (
        fedigest("sources", "add", "tag-rss", host, tag, cwd=tmp_path).stdout
        for host, tag in (("a.example", "ai"), ("a.example", "ai"), ("b.example", "localllm"))
    )
    assert added.startswith("added ")
    assert again.endswith("is there already\n")
    assert of_settings.endswith("is there already\n")


def test_a_host_that_cannot_be_reached_is_said_once(tmp_path: Path) -> None:
    fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    done = fedigest("sources", "test", "feed", "https://nowhere.invalid/feed", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("cannot reach nowhere.invalid: ")
    assert done.stderr.count("nowhere.invalid") == 1


def test_one_post_by_one_person_is_counted_so(tmp_path: Path) -> None:
    text = "An open model answers slowly on an old laptop, but it answers all the same."
    posts = {"posts": [{"id": 1, "author": "ada", "text": text}]}
    done = fedigest("summarize", "-", stdin=json.dumps(posts))
    assert "\n1 post, 1 person." in done.stdout


def test_the_source_archive_holds_the_program_and_nothing_of_the_operator(tmp_path: Path) -> None:
    for name in ("bot/app.py", "storage/x.py", "activitypub/y.py", "bot/__pycache__/app.pyc",
                 "fedigest.toml", "data/keys/bot-news.pem", "LICENSE", ".env"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    with tarfile.open(fileobj=io.BytesIO(packed(tmp_path))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        owners = {(member.uname, member.uid) for member in archive.getmembers()}
    assert names == {"bot/app.py", "storage/x.py", "activitypub/y.py", "LICENSE"}
    assert owners == {("", 0)}


async def test_deliveries_are_shown_whole_on_a_narrow_terminal(tmp_path: Path) -> None:
    fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    inbox = "https://a-server-with-a-long-name.social.example/users/somebody/inbox"
    error = "a-server-with-a-long-name.social.example answered 503 Service Unavailable"
    url = settings.load(tmp_path / "fedigest.toml").storage.database.get_secret_value()
    now = datetime.now(UTC)
    storage = await Storage.open(url)
    async with storage.unit() as unit:
        await unit.deliveries.add("https://digest.example/a/1", "news", [inbox], now)
        [row] = await unit.deliveries.claim(now, timedelta(minutes=1), 1)
        later = now + timedelta(hours=1)
        attempt = Attempt(row.id or 0, "waiting", 503, error, later)
        await unit.deliveries.record_all([attempt], at=now)
    await storage.close()
    shown = await asyncio.to_thread(fedigest, "deliveries", cwd=tmp_path, COLUMNS="40")
    assert f"waiting: {inbox}\n" in shown.stdout
    assert error in shown.stdout
    assert shown.stdout.count(f"next {later:%Y-%m-%d %H:%M} UTC") == 2
    assert "1 waiting, 0 failed" in shown.stdout
