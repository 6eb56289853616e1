"""The shapes in which one and the same value arrives, made equal."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Document = Mapping[str, Any]
"""Undecoded JSON-LD, as it came off the wire."""

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{CONTEXT}#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})
"""Three spellings of the public collection (ActivityPub §5.6); Threads sends `as:Public`."""

LONGEST_ID = 2048
"""In bytes: as characters of other scripts, no index of PostgreSQL takes as many."""
MANY = 1000
"""How many values of one property are read; no honest document has more."""


def values(value: object) -> Iterator[Any]:
    """Yield the members of `value`, which may be absent, a single value or a list."""
    if value is None:
        return
    if isinstance(value, list):
        yield from value[:MANY]
    else:
        yield value


def one_id(value: object) -> str | None:
    """Return the id in `value`: a bare URI, an object with an `id` (or `href`), or a list."""
    return next(iter(ids(value)), None)


def ids(value: object) -> tuple[str, ...]:
    """Return every id in `value`, in order, each once; what is none, or too long, is left out.

    The spellings of the public collection all become `PUBLIC`.
    """
    if isinstance(value, str):  # as it mostly is
        return (PUBLIC if value in PUBLIC_NAMES else value,) if fits(value) else ()
    found: dict[str, None] = {}
    for member in values(value):
        uri = member
        if isinstance(member, Mapping):
            uri = member.get("id") or member.get("@id") or member.get("href")
        if isinstance(uri, str) and fits(uri):
            found[PUBLIC if uri in PUBLIC_NAMES else uri] = None
    return tuple(found)


def fits(uri: str) -> bool:
    """Tell whether an id is neither empty nor longer than any honest one."""
    if uri.isascii() or len(uri) > LONGEST_ID:
        return 0 < len(uri) <= LONGEST_ID
    return len(uri.encode("utf-8", "surrogatepass")) <= LONGEST_ID


def text(document: Document, name: str) -> str | None:
    """Return a natural-language property: `name`, else the first entry of `nameMap`.

    A Mastodon-like server states the language by `nameMap` and repeats the text in `name`.
    """
    value = document.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return value
    by_language = document.get(f"{name}Map")
    if isinstance(by_language, Mapping):
        return next((entry for entry in by_language.values() if isinstance(entry, str)), None)
    return None


def languages(document: Document, name: str) -> tuple[str, ...]:
    """Return the language tags under which `nameMap` has a text."""
    by_language = document.get(f"{name}Map")
    if not isinstance(by_language, Mapping):
        return ()
    return tuple(tag for tag in by_language if isinstance(tag, str) and tag not in {"und", "@none"})


def string(value: object) -> str | None:
    """Return `value` if it is a non-empty string (the first one, if it is a list)."""
    for member in values(value):
        return member if isinstance(member, str) and member else None
    return None


def strings(value: object) -> tuple[str, ...]:
    """Return every string in `value`, which may be a single one or a list of anything."""
    return tuple(member for member in values(value) if isinstance(member, str))


def web_host(value: object) -> str | None:
    """Return host and port of `value` if it is a web address that can be read, else None."""
    if not isinstance(value, str) or not fits(value):
        return None
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  raises when it is no number
    except ValueError:
        return None
    return parts.netloc.lower() or None if parts.scheme in {"https", "http"} else None


def flag(value: object) -> bool | None:
    """Return a boolean, or None where the document does not say."""
    return value if isinstance(value, bool) else None


def count(value: object) -> int | None:
    """Return a non-negative integer, or None; `true` is not a number here."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= 0 else None


def time(value: object) -> datetime | None:
    """Return an xsd:dateTime in UTC, or None if it is absent or unreadable.

    Threads writes the offset as `+0000`; a time without an offset is taken as UTC.
    """
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # year 1 or 9999 with an offset
        return None


def stamp(moment: datetime) -> str:
    """Write `moment` the way every server reads it: UTC, whole seconds, `Z`."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"  # strftime leaves years before 1000 short


def without_empty(document: dict[str, Any]) -> dict[str, Any]:
    """Drop the members that say nothing: None, empty strings, lists and objects."""
    return {
        name: value
        for name, value in document.items()
        if value is not None and value not in ("", [], {}, ())
    }
