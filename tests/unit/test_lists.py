"""The operator's lists: what they keep out, and how they are imported."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.consent.lists import Lists, NotAList, entry, read_csv
from storage import Storage
from tests.unit.test_cli_input import fedigest

NOW = datetime(2026, 11, 23, tzinfo=UTC)
EXPORTED = """\ufeff#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
spam.example,suspend,true,true,"Spam, and more of it",false
loud.example,silence,false,false,,false
pictures.example,noop,true,false,,false
b**.example,suspend,false,false,,true
*.w*ld.example,suspend,false,false,,true

*.wild.example,suspend,false,false,,false
"""


async def lists(tmp_path: Path, *rows: tuple[str, str, str]) -> Lists:
    storage = await Storage.open(f"sqlite:///{tmp_path}/l.sqlite3")
    made = Lists(["fixed.example"], ["@Eve@Social.example"])
    async with storage.unit() as unit:
        for kind, value, verdict in rows:
            await unit.listings.put(entry(kind, value, NOW, verdict))  # type: ignore[arg-type]
    assert await made.refresh(storage) is bool(rows) or not rows
    assert await made.refresh(storage) is False, "nothing has changed since"
    await storage.close()
    return made


async def test_a_host_stands_for_all_below_it_and_the_closest_word_counts(tmp_path: Path) -> None:
    found = await lists(
        tmp_path,
        ("host", "spam.example", "block"),
        ("host", "good.spam.example", "allow"),
        ("account", "@Kim@spam.example", "allow"),
    )
    for host in ("spam.example", "a.b.spam.example", "fixed.example", "spam.example:8443"):
        assert found.is_listed_host(host), host
    for host in ("good.spam.example", "x.good.spam.example", "notspam.example", "example"):
        assert not found.is_listed_host(host), host
    assert found.is_listed("https://spam.example/u/1", "lee@spam.example")
    assert not found.is_listed("https://spam.example/u/2", "kim@spam.example")
    assert found.is_listed("https://social.example/u/3", "eve@social.example")


async def test_an_account_is_named_by_handle_profile_page_or_id(tmp_path: Path) -> None:
    found = await lists(
        tmp_path,
        ("account", "https://social.example/@Ada", "block"),
        ("account", "https://hollo.example/@Bo", "block"),
        ("account", "https://social.example/users/chen", "block"),
    )
    assert found.is_listed("https://social.example/users/ada", "ada@social.example")
    assert found.is_listed("https://hollo.example/@Bo"), "its id is such an address"
    assert found.is_listed("https://social.example/users/chen", "chen@social.example")
    assert not found.is_listed("https://social.example/users/lena", "lena@social.example")


@pytest.mark.parametrize("name", ["ada", "@ada", "ada@", "@ada @bo", "social.example/@ada"])
def test_what_would_keep_nobody_out_is_no_account(name: str) -> None:
    with pytest.raises(NotAList, match="not an account"):
        entry("account", name, NOW)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Buy COINS now", True),
        ("coincidence", False),
        ("(coins)", True),
        ("今すぐ仮想通貨を買う", True),
        ("Ölpreis", False),
        ("öl!", True),
        ("c++ is fine", False),
    ],
)
async def test_words(tmp_path: Path, text: str, listed: bool) -> None:  # noqa: FBT001
    words = (("word", "Coins", "block"), ("word", "仮想通貨", "block"), ("word", "Öl", "block"))
    found = await lists(tmp_path, *words)
    assert found.has_listed_word(text) is listed


def test_mastodons_export_is_read_as_it_is() -> None:
    rows = list(read_csv(EXPORTED, NOW))
    assert [(row.kind, row.value, row.verdict) for row in rows] == [
        ("host", "spam.example", "block"),
        ("host", "loud.example", "block"),
        ("host", "wild.example", "block"),
    ]
    assert rows[0].reason == "Spam, and more of it"
    accounts = "Account address,Hide notifications\nEve@social.example,true\n"
    assert [(r.kind, r.value) for r in read_csv(accounts, NOW)] == [
        ("account", "eve@social.example")
    ]
    assert [row.value for row in read_csv("a.example\nb.example\n", NOW)] == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize("text", ["a.example\nnot a host\n", "<html>", "#domain\n../x\n"])
def test_a_wrong_line_is_named(text: str) -> None:
    with pytest.raises(NotAList, match="line"):
        list(read_csv(text, NOW))


@pytest.mark.parametrize("kind", ["host", "account", "word"])
def test_an_empty_entry_would_block_all(kind: str) -> None:
    with pytest.raises(NotAList):
        entry(kind, "  ", NOW)  # type: ignore[arg-type]


def test_the_commands(tmp_path: Path) -> None:
    assert fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path).returncode == 0
    (tmp_path / "blocks.csv").write_text(EXPORTED)

    def say(*words: str) -> str:
        found = fedigest("lists", *words, cwd=tmp_path)
        assert found.returncode == 0, found.stderr
        return found.stdout

    assert "3 new of 3" in say("import", "blocks.csv")
    assert "0 new of 3" in say("import", "blocks.csv")
    say("block", "word", "Coins", "--reason", "spam")
    say("allow", "host", "good.spam.example")
    say("remove", "host", "loud.example")
    shown = say()
    assert "4 entries" in shown
    assert "block  word     coins  spam" in shown
    for kind, value in (("account", "ada"), ("host", "https://a.example/x"), ("word", " ")):
        assert fedigest("lists", "block", kind, value, cwd=tmp_path).returncode == 2
    (tmp_path / "wrong.csv").write_text("a.example\nnot a host\n")
    for wrong in (("import", "wrong.csv"), ("block", "planet", "x"), ("remove", "word", "none")):
        found = fedigest("lists", *wrong, cwd=tmp_path)
        assert found.returncode in {1, 2, 4}
        assert "Traceback" not in found.stderr


def test_sources_are_added_paused_and_removed(tmp_path: Path) -> None:
    assert fedigest("init", "--base-url", "https://digest.example", cwd=tmp_path).returncode == 0

    def say(*words: str) -> tuple[int, str]:
        found = fedigest("sources", *words, cwd=tmp_path)
        assert "Traceback" not in found.stderr
        return found.returncode, found.stdout + found.stderr

    assert say("add", "tag-rss", "social.example", "#OpenWeights")[0] == 0
    assert say("add", "feed", "https://blog.example/feed")[0] == 0
    assert say("add", "relay", "https://relay.example/inbox")[0] == 0
    address = "https://social.example/tags/openweights.rss"
    assert say("pause", address)[0] == 0
    shown = json.loads(say("--json")[1])
    assert {(row["kind"], row["state"]) for row in shown} == {
        ("tag-rss", "paused"),
        ("feed", "new"),
        ("relay", "new"),
    }
    assert say("resume", address)[0] == 0
    assert say("remove", "https://blog.example/feed")[0] == 0
    assert len(json.loads(say("--json")[1])) == 2
    for wrong, why in (
        (("add", "telepathy", "x"), "there is no kind"),
        (("add", "tag-rss", "social.example"), "name the hashtag"),
        (("add", "group", "not a handle"), "neither a handle"),
        (("add", "relay", "relay.example"), "neither a relay's inbox"),
        (("remove", "https://unknown.example"), "no source has"),
    ):
        code, said = say(*wrong)
        assert code in {2, 4}
        assert why in " ".join(said.split())
