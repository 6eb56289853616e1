"""What is signed, and what a signature claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from activitypub.errors import BadSignature

SKEW = timedelta(hours=1)
LIFE = timedelta(minutes=5)
LONGEST_LIFE = timedelta(hours=12)
LONGEST_HEADER = 8192
LONGEST_KEY_ID = 2048
MOST_SIGNATURES = 3
"""Signatures of one request that are looked at; each costs a key."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its receiver should know it.

    `url` is built from the receiver's own base, never from the Host header: so a signature made
    for another host does not verify here. `headers` have lower-case names, repeated ones joined by
    ", "; `signatures` are the Signature headers apart. `body` is None for a GET.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    signatures: tuple[str, ...] = ()

    @property
    def authority(self) -> str:
        """Host and, unless it is the default one, port, in lower case (RFC 9110 §4.2.3)."""
        return authority(self.url)

    @property
    def target(self) -> str:
        """Path and query."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def signature_headers(self) -> tuple[str, ...]:
        """Return the Signature headers, at most `MOST_SIGNATURES`. Raises `BadSignature`."""
        found = self.signatures or (self.headers.get("signature", ""),)
        if any(len(header) > LONGEST_HEADER for header in found):
            raise BadSignature("the Signature header is too long")
        return found[:MOST_SIGNATURES]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A signature that covers enough and is fresh, under a key that is still to be asked.

    `bases` are the texts it may sign: one, or one for each dialect of the same scheme.
    """

    key_id: str
    signature: bytes = field(repr=False)
    bases: tuple[bytes, ...] = field(repr=False)
    algorithm: str | None = None


def check_key_id(key_id: object) -> str:
    """Return the id of a key if it may be one. Raises `BadSignature`.

    Bytes that are no UTF-8 come as surrogates, which nothing can store or ask for.
    """
    if not isinstance(key_id, str) or not key_id:
        raise BadSignature("the signature names no keyid")
    if len(key_id) > LONGEST_KEY_ID or not key_id.isprintable():
        raise BadSignature("the signature names a keyid that is no address")
    return key_id


def authority(url: str) -> str:
    """Return the host of `url` and its port unless that is the default one."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    default = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return host.removesuffix(default) if default else host


def check_fresh(made: datetime | None, expires: datetime | None, now: datetime) -> None:
    """Refuse what is too old or from the future, with an hour for clocks that are wrong."""
    if made is None:
        raise BadSignature("the signature has no readable time")
    if made > now + SKEW:
        raise BadSignature("the signature is from the future")
    end = min(expires or made + LIFE, made + LONGEST_LIFE)
    if now > end + SKEW:
        raise BadSignature("the signature is too old")
