"""The command line with good and bad input: output for scripts, sentences for people."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.demo.fediverse import free_port

COMMENTS = """The open model answers slowly on our old laptop, but it answers well.

The closed model answers quickly, and the laptop sends everything to a server abroad.

With an open model on the laptop nothing leaves the building, which the law requires here.
"""


def fedigest(
    *arguments: str, stdin: str = "", cwd: Path | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env={**os.environ, **variables},
        check=False,
    )


def test_summarize_prints_cited_sentences_as_json(tmp_path: Path) -> None:
    file = tmp_path / "comments.txt"
    file.write_text(COMMENTS)
    done = fedigest("summarize", str(file), "--sentences", "2", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(found) == {"gist", "sentences", "posts_read", "engine"}
    assert found["posts_read"] == 3
    assert 1 <= len(found["sentences"]) <= 2
    for sentence in found["sentences"]:
        assert set(sentence) == {"text", "post", "author", "url"}
        assert sentence["text"] in COMMENTS


def test_summarize_reads_json_and_standard_input() -> None:
    lines = [line for line in COMMENTS.split("\n") if line]
    data = {"posts": [{"id": n, "author": "ada", "text": t} for n, t in enumerate(lines)]}
    done = fedigest("summarize", "-", "--json", stdin=json.dumps(data))
    assert json.loads(done.stdout)["sentences"][0]["author"] == "ada"


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("empty.txt", b"", 4, "nothing to summarize"),
        ("emoji.txt", "👍\n\n🎉".encode(), 4, "nothing to summarize"),
        ("broken.json", b'{"posts": [', 1, "not JSON"),
        ("other.json", b'{"a": 1}', 1, '"posts"'),
        ("unknown.txt", ("ꦲꦏ꧀ꦱꦫꦗꦮ " * 12).encode(), 0, ""),  # no rules for Javanese script
        ("binary.txt", b"\xff\xfe\x00\x81", 1, "not UTF-8"),
    ],
)
def test_bad_files_get_a_sentence(
    tmp_path: Path, name: str, content: bytes, code: int, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = fedigest("summarize", str(tmp_path / name))
    assert (done.returncode, said in done.stderr) == (code, True)
    assert "Traceback" not in done.stderr


def test_missing_files_unreachable_hosts_and_missing_settings(tmp_path: Path) -> None:
    missing = fedigest("summarize", str(tmp_path / "none.txt"))
    odd = fedigest("summarize", "ftp://a.example/x")
    closed = fedigest("summarize", "http://127.0.0.1:1/x", cwd=tmp_path)
    loopback = {"FEDIGEST_NETWORK__ALLOW_LOOPBACK": "true"}
    down = fedigest("summarize", "http://127.0.0.1:1/x", cwd=tmp_path, **loopback)
    unset = fedigest("status", cwd=tmp_path)
    assert [d.returncode for d in (missing, odd, closed, down, unset)] == [1, 1, 1, 1, 3]
    assert missing.stderr == f"{tmp_path / 'none.txt'}: No such file or directory\n"
    assert "not an https address" in odd.stderr
    assert "not allowed" in closed.stderr
    assert "cannot reach 127.0.0.1:1" in down.stderr
    assert "fedigest init" in unset.stderr
    assert "Traceback" not in missing.stderr + closed.stderr + down.stderr + unset.stderr


def test_init_without_a_terminal_then_status_and_sources(tmp_path: Path) -> None:
    needs = fedigest("init", cwd=tmp_path)
    made = fedigest(
        "init",
        *("--base-url", "https://digest.example", "--hashtag", "openai", "--host", "a.example"),
        cwd=tmp_path,
    )
    again = fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    status = fedigest("status", "--json", cwd=tmp_path)
    sources = fedigest("sources", "--json", cwd=tmp_path)
    migrated = fedigest("migrate", "--json", cwd=tmp_path)
    empty = fedigest("digest", cwd=tmp_path)
    misused = fedigest("lists", "block", "planet", "mars", cwd=tmp_path)
    nobody = fedigest("unfollow", "@a@b.example", cwd=tmp_path)
    assert (needs.returncode, made.returncode, again.returncode) == (3, 0, 3)
    assert "--base-url" in needs.stderr
    assert "not overwritten" in again.stderr
    assert json.loads(status.stdout)["bots"]["news"]["address"] == "@news@digest.example"
    assert json.loads(sources.stdout)[0]["address"] == "https://a.example/tags/openai.rss"
    assert json.loads(migrated.stdout)["before"] == json.loads(migrated.stdout)["after"]
    assert (empty.returncode, nobody.returncode, misused.returncode) == (4, 4, 2)
    assert empty.stderr.startswith("nothing to say")  # and nothing of a progress bar before it


def test_a_wish_under_an_address_that_leads_to_nobody_is_refused(tmp_path: Path) -> None:
    fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path)
    wish = ("consent", "set", "https://nowhere.invalid/@typo", "exclude")
    refused = fedigest(*wish, cwd=tmp_path)
    erased = fedigest("data", "erase", wish[2], "--yes", cwd=tmp_path)
    forced = fedigest(*wish, "--force", cwd=tmp_path)
    assert [done.returncode for done in (refused, erased, forced)] == [1, 1, 0]
    assert "leads to no actor" in refused.stderr
    assert "--force" in erased.stderr


def test_init_asks_on_a_terminal_and_asks_again_what_is_not_allowed(tmp_path: Path) -> None:
    first = (
        "",
        "nonsense",
        "https://digest.example",
        "Two Words",
        "ai",
        "Ærø 日本",
        "#OpenWeights, localllm,",
        "",
        "",
        "",
    )
    answers = (*first, "Mars/Base", "Europe/Paris", "25", "07:30", "")
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "init"],
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, done.stdout.count("allowed:") + done.stderr.count("allowed:")) == (
        0,
        4,
    )
    written = settings.load(tmp_path / "fedigest.toml")
    bot = written.bots[0]
    assert written.instance.base_url == "https://digest.example"
    assert (bot.handle, bot.name) == ("ai", "Ærø 日本")
    assert bot.schedule == "07:30 Europe/Paris"
    assert bot.hashtags == ("openweights", "localllm")


def test_ctrl_c_ends_the_demo_in_the_middle_of_its_work() -> None:
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", str(free_port(0))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        while "is up at" not in demo.stdout.readline():
            assert demo.poll() is None
        demo.send_signal(signal.SIGINT)
        said, errors = demo.communicate(timeout=60)
    assert (demo.returncode, errors) == (130, "")
    assert "The digest:" not in said


def test_every_command_explains_itself() -> None:
    commands = [
        "init",
        "run",
        "demo",
        "migrate",
        "summarize",
        "digest",
        "sources",
        "follow",
        "unfollow",
        "status",
        "deliveries",
        "lists",
        "consent",
        "data",
        "llm",
    ]
    shown = fedigest("--help").stdout
    assert [command for command in commands if command not in shown] == []
    assert "\n  Set it up:" in shown
    for command in commands:
        assert len(fedigest(command, "--help").stdout) > 200
