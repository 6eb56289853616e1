"""Who may see something: the public collection, and visibility as people know it."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from activitypub.vocab import PUBLIC


class Audience(StrEnum):
    """Visibility of a post. Mastodon calls `QUIET` "quiet public", formerly "unlisted"."""

    PUBLIC = "public"
    QUIET = "quiet"
    NARROW = "narrow"


def audience_of(to: Iterable[str], cc: Iterable[str]) -> Audience:
    """Tell the audience by where the public collection stands: in `to`, in `cc`, or nowhere."""
    if PUBLIC in to:
        return Audience.PUBLIC
    return Audience.QUIET if PUBLIC in cc else Audience.NARROW


def public(followers: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (to, cc) of a public post; Discourse ignores posts without Public in `to`."""
    return (PUBLIC,), (followers,)


def quiet(followers: str, *mentioned: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (to, cc) of a quiet public reply: the people answered in `to`, the rest in `cc`."""
    return mentioned or (followers,), (PUBLIC, followers) if mentioned else (PUBLIC,)


def direct(*recipients: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (to, cc) of a message that only `recipients` (actor ids) get."""
    return recipients, ()


NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
"""A host as ids and links write it. Other spellings of the same (a dot at the end, letters beyond
ASCII, which two libraries may encode in two ways) would pass by lists and pose as others."""


@lru_cache(maxsize=8192)
def host_of(uri: str) -> str:
    """Return host and, unless it is the default one, port of `uri` in lower case; else ""."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.username is not None or (":" not in host and not NAME.fullmatch(host)):
        return ""
    default = {"https": 443, "http": 80}.get(parts.scheme)
    name = f"[{host}]" if ":" in host else host
    return name if port in (None, default) else f"{name}:{port}"


@lru_cache(maxsize=8192)
def origin_of(uri: str) -> tuple[str, str]:
    """Return (scheme, host) of `uri`, for the same-origin rules of FEP-fe34."""
    try:
        return urlsplit(uri).scheme, host_of(uri)
    except ValueError:
        return "", ""


def same_origin(one: str, other: str) -> bool:
    """Tell whether two ids belong to the same server; an id without a host belongs to none."""
    end = other.find("/", 8)  # mostly the same text up to the path: no need to take it apart
    if end > 8 and other.startswith(("https://", "http://")) and one.startswith(other[: end + 1]):
        return host_of(other) != ""
    return host_of(one) != "" and origin_of(one) == origin_of(other)
