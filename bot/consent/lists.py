"""What the operator lists: hosts, accounts and words that are neither read nor quoted.

An allowed host or account is an exception to a blocked one: a server of a blocked domain, say.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from activitypub.addressing import host_of
from bot.errors import BotError
from bot.profile_page import handle_on
from storage import Storage, tables
from storage.tables import ListingKind

HOST = re.compile(r"[a-z0-9.\-\[\]:]{3,255}")
ACCOUNT = re.compile(r"[^@\s/]{1,255}@[^@\s/]{3,255}")
HARMLESS = frozenset({"noop", "none"})
"""Severities of Mastodon's export that keep a host's media away, not its words."""


class NotAList(BotError):
    """What is to be imported is not a list of hosts, accounts or words."""


class Lists:
    """The operator's lists in memory: those of the settings and those of the database."""

    def __init__(self, hosts: Iterable[str] = (), accounts: Iterable[str] = ()) -> None:
        self._fixed = [("host", host_key(host), "block") for host in hosts]
        self._fixed += [("account", account_key(account), "block") for account in accounts]
        self._version: tuple[int, str] | None = None
        self._by: dict[tuple[str, str], frozenset[str]] = {}
        self._words: re.Pattern[str] | None = None
        self._take(self._fixed)

    async def refresh(self, storage: Storage) -> bool:
        """Read the lists anew if they have changed; return whether they had."""
        async with storage.view() as view:
            version = await view.listings.version()
            if version == self._version:
                return False
            rows = await view.listings.all()
        self._version = version
        self._take([*self._fixed, *((row.kind, row.value, row.verdict) for row in rows)])
        return True

    def is_listed(self, actor_id: str, handle: str = "") -> bool:
        """Tell whether an account is blocked, or its host is and the account is not allowed."""
        names = {actor_id, _handle_key(handle)}
        if not self._by_kind("account", "allow").isdisjoint(names):
            return False
        return not self._by_kind("account", "block").isdisjoint(names) or self.is_listed_host(
            host_of(actor_id)
        )

    def is_listed_host(self, host: str) -> bool:
        """Tell whether a host (with its port, if any) or a parent of it is blocked.

        The closest entry counts: an allowed subdomain of a blocked domain is allowed.
        """
        blocked, allowed = self._by_kind("host", "block"), self._by_kind("host", "allow")
        if not blocked:
            return False
        names = host.partition(":")[0].split(".")
        for name in (host, *(".".join(names[i:]) for i in range(len(names)))):
            if name in allowed:
                return False
            if name in blocked:
                return True
        return False

    @property
    def has_words(self) -> bool:
        """Whether any word is blocked."""
        return self._words is not None

    def has_listed_word(self, text: str) -> bool:
        """Tell whether a text holds a blocked word, as a word of its own where words are spaced."""
        return self._words is not None and self._words.search(text.casefold()) is not None

    def with_listed_words(self, texts: Sequence[str]) -> list[int]:
        """Return the places of those texts that hold a blocked word; many take their time."""
        return [place for place, text in enumerate(texts) if self.has_listed_word(text)]

    def _by_kind(self, kind: str, verdict: str) -> frozenset[str]:
        return self._by.get((kind, verdict), frozenset())

    def _take(self, entries: Iterable[tuple[str, str, str]]) -> None:
        found: dict[tuple[str, str], set[str]] = {}
        for kind, value, verdict in entries:
            found.setdefault((kind, verdict), set()).update(_names(kind, value))
        self._by = {key: frozenset(values) for key, values in found.items()}
        words = sorted(self._by_kind("word", "block"), key=len, reverse=True)
        self._words = re.compile("|".join(map(_whole, words))) if words else None


def _whole(word: str) -> str:
    """Match a word as a whole, unless its script writes without spaces."""
    escaped = re.escape(word)
    return (
        rf"(?<!\w){escaped}(?!\w)"
        if word.isascii() or (word[0].isalpha() and _spaced(word))
        else escaped
    )


def _spaced(word: str) -> bool:
    return not any("\u2e80" <= char <= "\u9fff" or "\u3040" <= char <= "\u30ff" for char in word)


def host_key(value: str) -> str:
    """Return a host as lists hold it. Raises `NotAList`."""
    host = value.strip().casefold().removeprefix("https://").removeprefix("*.").rstrip("/")
    if not HOST.fullmatch(host):
        raise NotAList(f"{value[:80]!r} is not a host such as spam.example")
    return host


def account_key(value: str) -> str:
    """Return an account as lists hold it: `name@host` in lower case, or an address as it is.

    Raises `NotAList` for anything else, such as a name alone, which would keep nobody out.
    """
    value = value.strip()
    if value.startswith(("https://", "http://")):
        return value
    handle = _handle_key(value)
    if not ACCOUNT.fullmatch(handle):
        raise NotAList(f"{value[:80]!r} is not an account such as @name@social.example")
    return handle


KEYS: Mapping[str, Callable[[str], str]] = {"host": host_key, "account": account_key}
"""How an entry of each kind is held; words are held in lower case."""


def _handle_key(handle: str) -> str:
    return handle.casefold().lstrip("@!")


def _names(kind: str, value: str) -> Iterator[str]:
    """Yield an entry, and the handle of one that is the address of a profile page."""
    yield value
    if kind == "account" and (handle := handle_on(value)):
        yield _handle_key(handle)


def entry(
    kind: ListingKind,
    value: str,
    at: datetime,
    verdict: Literal["block", "allow"] = "block",
    reason: str = "",
) -> tables.Listing:
    """Return an entry of a list. Raises `NotAList`."""
    key = KEYS[kind](value) if kind in KEYS else value.strip().casefold()
    if not key:
        raise NotAList("an empty entry would block everything")
    return tables.Listing(kind=kind, value=key, verdict=verdict, reason=reason[:500], at=at)


def is_obfuscated(host: str) -> bool:
    """Tell whether letters of a host are hidden, as lists for the public have it: `ba*.example`."""
    return "*" in host.removeprefix("*.")


def read_csv(text: str, at: datetime) -> Iterator[tables.Listing]:
    """Read what Mastodon exports: blocked domains, muted or blocked accounts; or one to a line.

    Domain blocks have a severity and a comment; `noop` changes nothing here either, and a domain
    that is obfuscated names nobody. Raises `NotAList` with the line that is wrong.
    """
    rows = csv.reader(text.lstrip("\ufeff").splitlines())
    header: list[str] = []
    for number, row in enumerate(rows, 1):
        if not row or not row[0].strip():
            continue
        first = row[0].strip()
        if number == 1 and (
            first.startswith("#") or first.casefold() in {"domain", "account address"}
        ):
            header = [name.strip().casefold().lstrip("#") for name in row]
            continue
        named = dict(zip(header, row, strict=False))
        if named.get("severity", "").strip().casefold() in HARMLESS or is_obfuscated(first):
            continue
        reason = named.get("public_comment", "") or named.get("private_comment", "")
        kind: ListingKind = "account" if "@" in first else "host"
        try:
            yield entry(kind, first, at, reason=reason)
        except NotAList as problem:
            raise NotAList(f"line {number}: {problem}") from None
