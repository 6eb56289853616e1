"""What `fedigest init` writes: a commented settings file, and keys."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot import keys, settings
from bot.errors import AlreadyThere, SettingsError
from bot.topic import Topic


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` asks; `hashtags` and `hosts` are lists of words."""

    base_url: str
    handle: str = "news"
    name: str = "Open AI news"
    hashtags: tuple[str, ...] = ("openweights", "opensourceai", "localllm")
    hosts: tuple[str, ...] = ()
    operator: str = ""
    contact: str = ""
    timezone: str = "UTC"
    digest_at: str = "08:00"
    language: str = "en"


def check(key: str, answer: object) -> None:
    """Check one answer by itself. Raises `SettingsError`, which says what is allowed."""
    if key in settings.Instance.model_fields:
        section: type[BaseModel] = settings.Instance
        given: dict[str, object] = {"base_url": "https://digest.example", key: answer}
    else:
        section = Topic
        given = {"handle": "news", "name": "News", key: answer}
    try:
        checked = section.model_validate(given)
    except ValidationError as problem:
        raise SettingsError(problem.errors()[0]["msg"].removeprefix("Value error, ")) from None
    if key == "base_url" and isinstance(checked, settings.Instance):
        why = settings.unreachable(checked.base_url)
        if why:
            raise SettingsError(why)


def write(file: Path, answers: Answers) -> list[Path]:
    """Write the settings file and the missing keys beside it; return what was written.

    Raises `AlreadyThere` if the file exists and `SettingsError` if an answer is not allowed (then
    nothing is left behind).
    """
    if file.exists():
        raise AlreadyThere(f"{file} exists and is not overwritten; edit it, or name another file")
    file.parent.mkdir(parents=True, exist_ok=True)
    keys.write_new(file, render(answers).encode())
    try:
        made = add_keys(file)
    except Exception:
        file.unlink()
        raise
    return [file, *made]


def add_keys(file: Path) -> list[Path]:
    """Create the keys that are missing, those of bots added to `file`; return what was written.

    Raises `SettingsError`.
    """
    loaded = settings.load(file)
    return keys.create_missing(loaded.storage.keys, tuple(topic.handle for topic in loaded.bots))


def render(answers: Answers) -> str:
    """Return the settings file with every setting in it, the rarely needed ones commented out."""
    return TEMPLATE.format(
        base_url=quoted(answers.base_url),
        operator=quoted(answers.operator),
        contact=quoted(answers.contact),
        handle=quoted(answers.handle),
        name=quoted(answers.name),
        hashtags=listed(answers.hashtags),
        hosts=listed(answers.hosts),
        digest_at=quoted(answers.digest_at),
        timezone=quoted(answers.timezone),
        language=quoted(answers.language),
    )


def quoted(value: str) -> str:
    """Return `value` as a TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + '"'


def listed(values: tuple[str, ...]) -> str:
    """Return `values` as a TOML array of strings."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"


TEMPLATE = """\
# Settings of Fedigest. Each can also be given as a variable, which wins over this file:
# FEDIGEST_INSTANCE__BASE_URL, FEDIGEST_SERVER__PORT and so on (two underscores for a dot).

[instance]
# Where the world reaches this server. It becomes part of every id: never change it later.
base_url = {base_url}
# The part of handles after the second @, if it is not the host above (needs WebFinger there).
# domain = "example.org"
# name = "Fedigest"
# Who answers for this instance, shown on /about and in the bots' profiles.
operator = {operator}
contact = {contact}
# Where the source code is, if you changed the program (AGPL). Else /source gives what runs.
# source_url = "https://code.example/fedigest"

[server]
# A reverse proxy that speaks https stands in front of this address.
# host = "127.0.0.1"
# port = 8080

[storage]
# database = "sqlite:///data/fedigest.sqlite3"
# Or PostgreSQL: needs `fedigest[postgres]`, and an empty database that its user owns.
# database = "postgresql://fedigest:password@127.0.0.1/fedigest"
# keys = "data/keys"
# keep_days = 30            # words, threads, links, profiles; what is quoted stays longer
# keep_activities_days = 14 # ids of what reached the inbox
# keep_requests_days = 30   # what was asked of the bot
# keep_reports_days = 180   # complaints
# keep_traces_days = 365    # what takes back answers to one person, without their words

[network]
# seconds = 10              # for one request
# deliveries_at_once = 64
# deliveries_per_host = 4
# requests_per_host = 2
# Hosts (with their subdomains) and accounts that are neither read nor answered nor served.
# blocked_hosts = ["spam.example"]
# blocked_accounts = ["@someone@social.example"]
# allow_loopback = false    # development only: opens loopback, any port and plain http
# retry_scale = 1.0         # development only: shortens the waits before another try

[reading]
# posts = 500               # of one thread
# requests = 1200
# requests_per_host = 150   # of one thread: Mastodon allows 300 in 15 minutes
# seconds = 60
# poll_minutes = 15         # the shortest time between two requests to a source
# [reading.tokens]          # where a host wants a token for its API
# "social.example" = "..."

[digest]
# threads = 5
# sentences = 4             # 3 to 5 for each thread
# words = 120
# min_posts = 3

[answers]
# Requests that are answered within a day.
# per_person = 20
# per_thread = 20
# per_host = 200
# per_day = 1000
# seconds = 3               # how long a request waits for its thread to be read
# edit_days = 3             # how long its answer is edited as the thread grows

[consent]
# "table": as documented on /about. "strict": words only of those who said so.
# mode = "table"

[llm]
# A language model may write summaries, of posts whose authors allow it (about says whose). Every
# sentence is checked against the posts it cites; what fails is dropped. Needs `fedigest[llm]`.
# base_url = "http://127.0.0.1:8000/v1"   # any server that speaks OpenAI's chat API
# name = "some-model"
# api_key = "..."
# seconds = 60
# tokens = 700              # of one answer
# tokens_per_day = 200000

[[bots]]
# The bot is @handle@host. Add another [[bots]] table for another topic; `fedigest init --keys`
# makes its keys.
handle = {handle}
name = {name}
# summary = "What this bot is about, in a sentence."
hashtags = {hashtags}
# Servers whose tag feeds (https://HOST/tags/NAME.rss) are read: ask their admins first.
hosts = {hosts}
# Servers asked by the Mastodon API; only where that is welcome.
# rest_hosts = []
# Groups and communities (Lemmy, PieFed, NodeBB), accounts, and servers of tag actors to follow.
# groups = ["@community@forum.example"]
# accounts = ["@newspaper@social.example"]
# tag_hosts = ["tags.example"]
# Relays, by inbox (Mastodon's style) or actor (LitePub's); only what has the hashtags is read.
# relays = ["https://relay.example/inbox"]
# Feeds whose articles are named when a discussion links to them.
# feeds = ["https://blog.example/feed.xml"]
# Languages of the discussions that a digest may hold; all, if none is named.
# languages = ["en", "de"]
digest_at = {digest_at}
timezone = {timezone}
# What it speaks: its digests, profile and pages. docs/asking.md names the languages.
language = {language}
# The hashtag on the bot's own posts (the watched ones are never used).
# hashtag = "fedigest"
"""
