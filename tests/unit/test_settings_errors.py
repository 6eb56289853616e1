"""Settings: what is wrong is named, what is secret is not."""

from pathlib import Path

import pytest

from bot import settings, settings_file
from bot.errors import AlreadyThere, KeyFileError, SettingsError
from bot.keys import create_missing, load_rsa

GOOD = """
[instance]
base_url = "https://digest.example"
[[bots]]
handle = "news"
name = "News"
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "fedigest.toml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        (
            GOOD.replace("https://digest.example", "digest"),
            ["instance.base_url", "'digest'", "https://"],
        ),
        (GOOD.replace('"news"', '"No Way"'), ["bots.0.handle", "'No Way'", "a-z"]),
        (GOOD + 'timezone = "Mars/Base"', ["bots.0.timezone", "Mars/Base", "Europe/Berlin"]),
        (GOOD + 'digest_at = "25:00"', ["bots.0.digest_at", "25:00", "such as 08:00"]),
        (GOOD + 'digest_at = "08:00Z"', ["bots.0.digest_at", "08:00Z", "such as 08:00"]),
        ('bots = []\n[instance]\nbase_url = "https://x.example"', ["bots", "[[bots]] table"]),
        (GOOD + 'colour = "red"', ["bots.0.colour", "is not a setting"]),
        (GOOD + 'hashtags = ["a b"]', ["bots.0.hashtags.0", "a b"]),
        (GOOD + "[server]\nport = 70000", ["server.port", "70000", "65535"]),
        (GOOD + "[digest]\nsentences = 9", ["digest.sentences", "9", "5"]),
        (
            GOOD + '[network]\nblocked_hosts = ["https://spam.example/x"]',
            ["network.blocked_hosts", "https://spam.example/x", "such as spam.example"],
        ),
        (
            GOOD + '[network]\nblocked_accounts = ["ada"]',
            ["network.blocked_accounts", "'ada'", "@name@social.example"],
        ),
        ("[instance]\n", ["instance.base_url is missing", "FEDIGEST_INSTANCE__BASE_URL"]),
        ("[[[", ["not valid TOML"]),
        (GOOD + '[[bots]]\nhandle = "news"\nname = "Twice"', ["two bots share the handle news"]),
    ],
)
def test_a_wrong_setting_names_key_value_and_choice(
    tmp_path: Path, wrong: str, parts: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load(write(tmp_path, wrong))
    assert [part for part in parts if part not in str(caught.value)] == []


def test_a_community_may_be_named_as_lemmy_does(tmp_path: Path) -> None:
    groups = 'groups = ["!openweights@forum.example", "@openai@forum.example"]'
    found = settings.load(write(tmp_path, GOOD + groups)).bots[0].groups
    assert found == ("openweights@forum.example", "openai@forum.example")


def test_one_mistake_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load(write(tmp_path, GOOD + 'timezone = "Mars/Base"'))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "parts"),
    [
        ("FEDIGEST_SERVR__PORT", "9001", ["FEDIGEST_SERVR__PORT", "SERVER"]),
        ("FEDIGEST_SERVER__PROT", "9001", ["server.prot", "is not a setting"]),
        ("FEDIGEST_INSTANCE", "nonsense", ['"instance"', "JSON"]),
    ],
)
def test_a_wrong_variable_is_named_and_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, parts: list[str]
) -> None:
    monkeypatch.setenv("FEDIGEST_PORT_80_TCP_ADDR", "10.0.0.1")  # Kubernetes sets such ones
    settings.load(write(tmp_path, GOOD))
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings.load(tmp_path / "fedigest.toml")
    assert [part for part in parts if part not in str(caught.value)] == []
    assert "TOML" not in str(caught.value)


def test_a_mistake_about_the_whole_does_not_print_the_whole(tmp_path: Path) -> None:
    twice = '[llm]\napi_key = "hunter2"\n' + GOOD + '[[bots]]\nhandle = "news"\nname = "N"'
    with pytest.raises(SettingsError, match="two bots share") as caught:
        settings.load(write(tmp_path, twice))
    assert "hunter2" not in str(caught.value)
    wrong = GOOD + '[llm]\napi_key = "hunter2"\ntokens = 1'
    with pytest.raises(SettingsError, match=r"llm\.tokens = 1") as caught:
        settings.load(write(tmp_path, wrong))
    assert "hunter2" not in str(caught.value)


def test_secrets_are_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEDIGEST_STORAGE__DATABASE", "postgresql://me:hunter2@db/x")
    loaded = settings.load(write(tmp_path, GOOD + '[reading.tokens]\n"a.example" = "s3cret"'))
    assert loaded.storage.database.get_secret_value().endswith("hunter2@db/x")
    shown = f"{loaded!r} {loaded} {loaded.model_dump()}"
    assert "hunter2" not in shown
    assert "s3cret" not in shown
    monkeypatch.setenv("FEDIGEST_STORAGE__DATABASE", '{"hunter2": 1}')
    monkeypatch.setenv("FEDIGEST_STORAGE__KEEP_DAYS", "0")
    with pytest.raises(SettingsError) as caught:
        settings.load(write(tmp_path, GOOD))
    assert "hunter2" not in str(caught.value)


def test_variables_win_and_paths_start_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEDIGEST_SERVER__PORT", "9001")
    loaded = settings.load(write(tmp_path, GOOD))
    assert loaded.server.port == 9001
    assert loaded.storage.keys == tmp_path / "data/keys"
    assert str(tmp_path) in loaded.storage.database.get_secret_value()


def test_a_missing_file_leads_to_init(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="fedigest init"):
        settings.load(tmp_path / "none.toml")


def test_init_writes_what_loads_again_whatever_is_typed(tmp_path: Path) -> None:
    name = 'He said "hi" \\ and\nleft\x00'
    file = tmp_path / "sub" / "fedigest.toml"
    answers = settings_file.Answers("https://digest.example", name=name, hashtags=("#OpenAI",))
    written = settings_file.write(file, answers)
    loaded = settings.load(file)
    assert loaded.bots[0].name == name
    assert loaded.bots[0].hashtags == ("openai",)
    assert [oct(path.stat().st_mode & 0o777) for path in written] == ["0o600"] * 3
    with pytest.raises(AlreadyThere):
        settings_file.write(file, answers)


def test_a_bot_that_is_added_later_gets_its_keys(tmp_path: Path) -> None:
    file = tmp_path / "fedigest.toml"
    settings_file.write(file, settings_file.Answers("https://digest.example"))
    before = load_rsa(tmp_path / "data/keys/bot-news.pem").private_numbers()
    file.write_text(file.read_text() + '\n[[bots]]\nhandle = "second"\nname = "Zweiter"\n')
    assert [key.name for key in settings_file.add_keys(file)] == ["bot-second.pem"]
    assert settings_file.add_keys(file) == []
    assert load_rsa(tmp_path / "data/keys/bot-news.pem").private_numbers() == before


def test_init_leaves_nothing_behind_when_an_answer_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        settings_file.write(tmp_path / "fedigest.toml", settings_file.Answers("nonsense"))
    assert list(tmp_path.iterdir()) == []


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    key = create_missing(tmp_path, ("news",))[0]
    load_rsa(key)
    key.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_rsa(key)
    key.unlink()
    with pytest.raises(KeyFileError, match="fedigest init"):
        load_rsa(key)
    key.write_text("not a key")
    key.chmod(0o600)
    with pytest.raises(KeyFileError, match="RSA private key"):
        load_rsa(key)
