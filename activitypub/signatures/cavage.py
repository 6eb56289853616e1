"""HTTP signatures after draft-cavage-http-signatures-12, as the fediverse uses them.

What a signature must cover and how old it may be follows Mastodon's verifier.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures.digest import sha256_header

ALGORITHMS = frozenset({"rsa-sha256", "hs2019"})
SKEW = timedelta(hours=1)
LIFE = timedelta(minutes=5)
LONGEST_LIFE = timedelta(hours=12)
KEY_BITS = range(1024, 8193)
"""Sizes of RSA keys we verify with: old actors have 1024, and an absurd size costs seconds."""
LONGEST_PEM = 8192
LONGEST_HEADER = 8192

_PARAMETER = re.compile(r'\s*([A-Za-z]{1,20})\s*=\s*(?:"([^"]*)"|([^\s,"]+))\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class SignatureHeader:
    """The parsed `Signature` header; times are None where absent."""

    key_id: str
    signature: bytes
    headers: tuple[str, ...] = ("date",)
    algorithm: str | None = None
    created: datetime | None = None
    expires: datetime | None = None


def sign(
    key: SigningKey, method: str, url: str, *, now: datetime, body: bytes | None = None
) -> dict[str, str]:
    """Return the headers that make a request signed: Host, Date, Signature and, for a body, Digest.

    `url` is the whole target; its query string is signed with the path. `body` is None for a GET.
    """
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    headers = {"Host": parts.netloc.rpartition("@")[2], "Date": http_date(now)}
    covered = ["(request-target)", "host", "date"]
    if body is not None:
        headers["Digest"] = sha256_header(body)
        covered.append("digest")
    lower = {name.lower(): value for name, value in headers.items()}
    base = signing_string(covered, method, target, lower, None)
    signature = key.private.sign(base, padding.PKCS1v15(), hashes.SHA256())
    headers["Signature"] = (
        f'keyId="{key.key_id}",algorithm="rsa-sha256",headers="{" ".join(covered)}",'
        f'signature="{b64encode(signature).decode()}"'
    )
    return headers


def parse(header: str) -> SignatureHeader:
    """Read a `Signature` header. Raises `BadSignature`, also for a parameter given twice."""
    parameters = _parameters(header)
    if "keyid" not in parameters or "signature" not in parameters:
        raise BadSignature("the Signature header lacks keyId or signature")
    try:
        signature = b64decode(parameters["signature"], validate=True)
    except ValueError:
        raise BadSignature("the signature is not base64") from None
    return SignatureHeader(
        key_id=parameters["keyid"],
        signature=signature,
        headers=tuple(parameters.get("headers", "date").lower().split()),
        algorithm=parameters.get("algorithm", "").lower() or None,
        created=_unix(parameters.get("created")),
        expires=_unix(parameters.get("expires")),
    )


def verify(
    signed: SignatureHeader,
    public_pem: str,
    *,
    method: str,
    target: str,
    headers: Mapping[str, str],
    now: datetime,
) -> None:
    """Verify a request against a key. Raises `BadSignature` that says why.

    `target` is path and query as they came; `headers` have lower-case names, repeated ones joined
    by ", ". That the Digest header fits the body is checked apart (`digest.verify_digest`).
    """
    check_strength(signed, method)
    check_time(signed, headers, now)
    key = load_key(public_pem)
    # Old Mastodon signs the path without the query; both forms are taken.
    for form in dict.fromkeys((target, target.partition("?")[0])):
        base = signing_string(signed.headers, method, form, headers, signed)
        try:
            key.verify(signed.signature, base, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return
    raise BadSignature("the signature is wrong")


def check_strength(signed: SignatureHeader, method: str) -> None:
    """Insist that the signature covers what makes it one for this request and no other."""
    if signed.algorithm is not None and signed.algorithm not in ALGORITHMS:
        raise BadSignature(f"the algorithm {signed.algorithm[:30]!r} is not taken")
    covered = set(signed.headers)
    if len(covered) != len(signed.headers):
        raise BadSignature("the signature covers a header twice")
    needed = {"(request-target)", "host"} | ({"digest"} if method.upper() == "POST" else set())
    if not needed <= covered:
        raise BadSignature(f"the signature must cover {', '.join(sorted(needed - covered))}")
    if not covered & {"date", "(created)"}:
        raise BadSignature("the signature must cover date or (created)")


def check_time(signed: SignatureHeader, headers: Mapping[str, str], now: datetime) -> None:
    """Refuse what is too old or from the future, with an hour for clocks that are wrong."""
    made = signed.created if "(created)" in signed.headers else _date(headers.get("date"))
    if made is None:
        raise BadSignature("the signature has no readable time")
    if made > now + SKEW:
        raise BadSignature("the signature is from the future")
    expires = signed.expires if "(expires)" in signed.headers else None
    end = min(expires or made + LIFE, made + LONGEST_LIFE)
    if now > end + SKEW:
        raise BadSignature("the signature is too old")


def signing_string(
    covered: tuple[str, ...] | list[str],
    method: str,
    target: str,
    headers: Mapping[str, str],
    signed: SignatureHeader | None,
) -> bytes:
    """Build what is signed (draft §2.3). Raises `BadSignature` when a covered header is absent."""
    lines = []
    for name in covered:
        if name == "(request-target)":
            value: str | None = f"{method.lower()} {target}"
        elif name in {"(created)", "(expires)"}:
            moment = getattr(signed, name.strip("()"), None)
            value = str(int(moment.timestamp())) if moment else None
        else:
            value = headers.get(name)
        if value is None:
            raise BadSignature(f"the signature covers {name[:40]!r}, which is not there")
        lines.append(f"{name}: {value.strip()}")
    return "\n".join(lines).encode()


@lru_cache(maxsize=4096)
def load_key(public_pem: str) -> RSAPublicKey:
    """Load a public key. Raises `BadSignature` for anything but RSA of a usual size."""
    if len(public_pem) > LONGEST_PEM:
        raise BadSignature("the public key is too large")
    try:
        key = serialization.load_pem_public_key(public_pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadSignature("the public key cannot be read") from None
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("the public key is not an RSA key")
    if key.key_size not in KEY_BITS:
        raise BadSignature(f"an RSA key of {key.key_size} bits is not taken")
    return key


def http_date(moment: datetime) -> str:
    """Write an HTTP date (RFC 9110 §5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _parameters(header: str) -> dict[str, str]:
    text = header.strip().removeprefix("Signature ")
    if len(text) > LONGEST_HEADER:
        raise BadSignature("the Signature header is too long")
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None:
            raise BadSignature("the Signature header cannot be read")
        name = match.group(1).lower()
        if name in found:
            raise BadSignature(f"the Signature header has {name} twice")
        found[name] = match.group(2) if match.group(2) is not None else match.group(3)
        position = match.end()
    return found


def _unix(value: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        raise BadSignature("created or expires is not a time") from None


def _date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError):
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
