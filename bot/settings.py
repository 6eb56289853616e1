"""All settings, read once: `fedigest.toml`, overridden by `FEDIGEST_*` variables.

A nested key is written with two underscores in a variable: `FEDIGEST_SERVER__PORT=9000`.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as VariableError

from activitypub.errors import Forbidden
from activitypub.guard import AddressGuard
from bot.errors import SettingsError, WrongUse
from bot.topic import Topic

DEFAULT_FILE = Path("fedigest.toml")
PREFIX = "FEDIGEST_"
SECRETS = {("storage", "database"), ("reading", "tokens"), ("llm", "api_key")}


REACHABLE = (
    "allowed: https and a public name, such as https://digest.example; others, for development, "
    "with network.allow_loopback"
)
NUMBERS = re.compile(r"[0-9.]+|.*:.*")
"""An address of numbers: nobody has a handle there."""
NEVER_PUBLIC = (".localhost", ".local", ".internal", ".home.arpa", ".invalid", ".test")
"""Names that no public server has (RFC 6761, 6762, 8375)."""


class Section(BaseModel):
    """A table of the settings file: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Instance(Section):
    """Who we are: the public address, the handle's domain if it differs, who answers for it."""

    base_url: str
    domain: str = ""
    name: str = "Fedigest"
    operator: str = ""
    contact: str = ""
    source_url: str = ""

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("allowed: an origin such as https://digest.example, without a path")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def source(self) -> str:
        """Where the source code of what runs can be had; we give it ourselves if nobody else."""
        return self.source_url or f"{self.base_url}/source"

    @property
    def handle_domain(self) -> str:
        """The part of handles after the second @."""
        return self.domain or self.base_url.partition("://")[2]


class Server(Section):
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class Memory(Section):
    """Where things are kept, and how long. `database` is a secret: a URL may hold a password.

    `keep_days` is for what others wrote, what it led to, and whom it is by; a published sentence
    keeps its posts. The ids of activities outlast every second try, so that no replay gets through.
    What was said to one person alone goes after `keep_requests_days`; for `keep_traces_days` it can
    still be taken back from their server, by the ids of its posts and without any words.
    """

    database: SecretStr = SecretStr("sqlite:///data/fedigest.sqlite3")
    keys: Path = Path("data/keys")
    keep_days: int = Field(default=30, ge=1, le=3650)
    keep_activities_days: int = Field(default=14, ge=8, le=3650)
    keep_requests_days: int = Field(default=30, ge=2, le=3650)
    keep_reports_days: int = Field(default=180, ge=1, le=3650)
    keep_traces_days: int = Field(default=365, ge=1, le=3650)


def _listed(kind: Literal["host", "account"], allowed: str) -> AfterValidator:
    """Take what the operator's lists take as an entry of that kind."""

    def check(value: str) -> str:
        from bot.consent.lists import KEYS, NotAList  # noqa: PLC0415  start fast

        try:
            KEYS[kind](value)
        except NotAList:
            raise ValueError(f"allowed: {allowed}") from None
        return value

    return AfterValidator(check)


Host = Annotated[str, _listed("host", "a host such as spam.example")]
Account = Annotated[str, _listed("account", "an account such as @name@social.example")]


class Network(Section):
    """How we go out.

    For development only: `allow_loopback` opens loopback, any port and plain http; `retry_scale`
    shortens the waits before another try.
    """

    allow_loopback: bool = False
    seconds: float = Field(default=10, gt=0, le=60)
    deliveries_at_once: int = Field(default=64, ge=1, le=1000)
    deliveries_per_host: int = Field(default=4, ge=1, le=1000)
    requests_per_host: int = Field(default=2, ge=1, le=1000)
    retry_scale: float = Field(default=1.0, gt=0, le=1)
    blocked_hosts: frozenset[Host] = frozenset()
    blocked_accounts: frozenset[Account] = frozenset()


class Reading(Section):
    """How much of a thread is read, and how often sources are asked."""

    posts: int = Field(default=500, ge=1, le=20000)
    requests: int = Field(default=1200, ge=1, le=100000)
    requests_per_host: int = Field(default=150, ge=1, le=20000)
    seconds: float = Field(default=60, gt=0, le=3600)
    poll_minutes: float = Field(default=15, gt=0, le=1440)
    tokens: dict[str, SecretStr] = Field(default_factory=dict)


class Digests(Section):
    """What a digest holds: at most this many threads, each of at least so many posts."""

    threads: int = Field(default=5, ge=1, le=20)
    sentences: int = Field(default=4, ge=3, le=5)
    words: int = Field(default=120, ge=30, le=500)
    min_posts: int = Field(default=3, ge=2, le=100)


class Answering(Section):
    """Requests answered in a day, and how long their threads are read for and followed.

    `seconds` is how long a request waits for its thread to be read; `edit_days` for how long its
    answer is edited as the thread grows (0: never).
    """

    per_person: int = Field(default=20, ge=0, le=10_000)
    per_thread: int = Field(default=20, ge=0, le=10_000)
    per_host: int = Field(default=200, ge=0, le=100_000)
    per_day: int = Field(default=1000, ge=0, le=1_000_000)
    seconds: float = Field(default=3, gt=0, le=60)
    edit_days: float = Field(default=3, ge=0, le=30)


class Consent(Section):
    """`strict` uses the words of those only who said so (CONSENT.md, row 4)."""

    mode: Literal["table", "strict"] = "table"


class Model(Section):
    """A language model that writes summaries, where `base_url` and `name` are given."""

    base_url: str = ""
    name: str = ""
    api_key: SecretStr = SecretStr("none")
    seconds: float = Field(default=60, gt=0, le=600)
    tokens: int = Field(default=700, ge=100, le=8000)
    tokens_per_day: int = Field(default=200_000, ge=0)

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("allowed: an address such as http://127.0.0.1:8000/v1")
        return value


class Settings(BaseSettings):
    """Every setting of an instance, frozen; secrets print as stars."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
    )

    instance: Instance
    server: Server = Server()
    storage: Memory = Memory()
    network: Network = Network()
    reading: Reading = Reading()
    digest: Digests = Digests()
    answers: Answering = Answering()
    consent: Consent = Consent()
    llm: Model = Model()
    bots: tuple[Topic, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        problem = "" if self.network.allow_loopback else unreachable(self.instance.base_url)
        if problem:
            raise ValueError(f"instance.base_url = {self.instance.base_url!r}: {problem}")
        return self

    @model_validator(mode="after")
    def _handles_differ(self) -> Self:
        handles = [bot.handle for bot in self.bots]
        twice = {handle for handle in handles if handles.count(handle) > 1}
        if twice:
            raise ValueError(f"two bots share the handle {', '.join(sorted(twice))}")
        return self

    def bot(self, handle: str | None) -> Topic:
        """Return the bot called `handle`, or the first one. Raises `WrongUse`."""
        for topic in self.bots:
            if handle in (None, topic.handle):
                return topic
        known = ", ".join(topic.handle for topic in self.bots)
        raise WrongUse(f"there is no bot {handle!r}; the settings name: {known}")


def unreachable(base_url: str) -> str:
    """Say why other servers cannot reach an address, or would not; else "".

    It can never be changed later, so it is looked at before anybody has seen it.
    """
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    try:
        AddressGuard().check_url(base_url)
    except Forbidden as problem:
        return f"{problem}; {REACHABLE}"
    if NUMBERS.fullmatch(host) or host.endswith(NEVER_PUBLIC):
        return REACHABLE
    return ""


def named(path: Path | None) -> Path | None:
    """Return the settings file that is asked for, by `path` or by FEDIGEST_CONFIG, if one is."""
    by_variable = os.environ.get("FEDIGEST_CONFIG")
    return path or (Path(by_variable) if by_variable else None)


def load(path: Path | None = None) -> Settings:
    """Read the settings from `path`, or FEDIGEST_CONFIG, or ./fedigest.toml, and the environment.

    Raises `SettingsError` with one line for each wrong setting: key, value, and what is allowed.
    """
    wanted = named(path)
    file = wanted or DEFAULT_FILE
    if not file.is_file() and (wanted or "FEDIGEST_INSTANCE__BASE_URL" not in os.environ):
        raise SettingsError(f"there is no settings file {file}: run `fedigest init` to write one")
    _refuse_unknown_variables()
    try:
        return _placed(_from_file(file)(), file.resolve().parent)
    except ValidationError as problem:
        raise SettingsError("\n".join(_explain(problem, file))) from None
    except VariableError as problem:
        raise SettingsError(f"{problem}: there lists and tables are written as JSON") from None
    except ValueError as problem:  # broken TOML
        raise SettingsError(f"{file} is not valid TOML: {problem}") from None
    except OSError as problem:
        raise SettingsError(f"{file} cannot be read: {problem.strerror}") from None


def _refuse_unknown_variables() -> None:
    """Raise `SettingsError` for a variable of no section, which would otherwise do nothing.

    Only names with two underscores are looked at: others may come from the surroundings, such as
    the addresses that Kubernetes tells of a service of our name.
    """
    sections = {name.upper() for name in Settings.model_fields}
    unknown = [
        name
        for name in os.environ
        if name.upper().startswith(PREFIX)
        and "__" in name
        and name.upper().removeprefix(PREFIX).partition("__")[0] not in sections
    ]
    if unknown:
        known = ", ".join(sorted(sections))
        raise SettingsError(f"{', '.join(unknown)}: no such setting; {PREFIX} goes on with {known}")


def _placed(settings: Settings, folder: Path) -> Settings:
    """Take relative paths from the settings file's folder, wherever the command is called."""
    memory, sqlite = settings.storage, "sqlite:///"
    url = memory.database.get_secret_value()
    if url.startswith(sqlite):
        url = f"{sqlite}{folder / url.removeprefix(sqlite)}"
    placed = memory.model_copy(update={"keys": folder / memory.keys, "database": SecretStr(url)})
    return settings.model_copy(update={"storage": placed})


def _from_file(file: Path) -> type[Settings]:
    class FileSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    return FileSettings


def _explain(problem: ValidationError, file: Path) -> list[str]:
    lines = []
    wrong = [error["loc"] for error in problem.errors()]
    for error in problem.errors():
        location = error["loc"]
        key = ".".join(str(part) for part in location)
        allowed = error["msg"].removeprefix("Value error, ")
        if error["type"] == "missing":
            lines.append(f"{key} is missing (in {file} or as {_variable(location)})")
        elif error["type"] == "extra_forbidden":
            lines.append(f"{key} is not a setting; a file that `fedigest init` writes names all")
        elif error["type"] == "too_short":
            # Said of a list as well when it is one of its items that is wrong.
            if not any(other[: len(location)] == location != other for other in wrong):
                lines.append(f"{key}: allowed: at least one, as a [[{key}]] table")
        elif not location:
            lines.append(allowed)
        else:
            lines.append(f"{key} = {_shown(error.get('input'), location)}: {allowed}")
    return lines


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + "__".join(str(part).upper() for part in location)


def _shown(value: Any, location: tuple[int | str, ...]) -> str:
    """Show a wrong value, unless it is a secret or may hold one, as a whole section may."""
    secret = location[:2] in SECRETS or (len(location) == 1 and location[0] != "bots")
    return "(hidden)" if secret else repr(value)[:80]
