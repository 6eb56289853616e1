"""HTTP signatures after draft-cavage-http-signatures-12, as the fediverse uses them.

What a signature must cover and how old it may be follows Mastodon's verifier.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import keys
from activitypub.signatures.digest import sha256_header, verify_digest
from activitypub.signatures.request import Candidate, Request, check_fresh, check_key_id

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
    request = Request(method, url, {})
    headers = {"Host": request.authority, "Date": http_date(now)}
    covered = ["(request-target)", "host", "date"]
    if body is not None:
        headers["Digest"] = sha256_header(body)
        covered.append("digest")
    lower = {name.lower(): value for name, value in headers.items()}
    base = signing_string(covered, method, request.target, lower, None)
    algorithm = "rsa-sha256" if isinstance(key.private, RSAPrivateKey) else "hs2019"
    headers["Signature"] = (
        f'keyId="{key.key_id}",algorithm="{algorithm}",headers="{" ".join(covered)}",'
        f'signature="{b64encode(keys.sign(key.private, base)).decode()}"'
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
        key_id=check_key_id(parameters["keyid"]),
        signature=signature,
        headers=tuple(parameters.get("headers", "date").lower().split()),
        algorithm=parameters.get("algorithm", "").lower() or None,
        created=_unix(parameters.get("created")),
        expires=_unix(parameters.get("expires")),
    )


def candidates(request: Request, now: datetime) -> list[Candidate]:
    """Return the signatures that cover enough and are fresh. Raises `BadSignature` without any.

    Several Signature headers may come (a proxy adds its own); one good one is enough, and one
    that is not readable spoils nothing but itself.
    """
    found: list[Candidate] = []
    problem = BadSignature("the request is not signed")
    for header in request.signature_headers():
        try:
            found.append(_candidate(parse(header), request, now))
        except BadSignature as error:
            problem = error
    if not found:
        raise problem
    return found


def _candidate(signed: SignatureHeader, request: Request, now: datetime) -> Candidate:
    check_strength(signed, request.method)
    check_time(signed, request.headers, now)
    if request.body is not None:
        if "digest" not in request.headers:
            raise BadSignature("the request has no Digest header")
        verify_digest(request.headers["digest"], request.body)
    # A signature for another host is none for us, whatever the Host header says.
    headers = {**request.headers, "host": request.authority}
    target = request.target
    # Old Mastodon signs the path without the query; both forms are taken.
    forms = dict.fromkeys((target, target.partition("?")[0]))
    bases = tuple(
        signing_string(signed.headers, request.method, form, headers, signed) for form in forms
    )
    return Candidate(signed.key_id, signed.signature, bases, signed.algorithm)


def check_strength(signed: SignatureHeader, method: str) -> None:
    """Insist that the signature covers what makes it one for this request and no other."""
    covered = set(signed.headers)
    if len(covered) != len(signed.headers):
        raise BadSignature("the signature covers a header twice")
    needed = {"(request-target)", "host"} | ({"digest"} if method.upper() == "POST" else set())
    if not needed <= covered:
        raise BadSignature(f"the signature must cover {', '.join(sorted(needed - covered))}")
    if not covered & {"date", "(created)"}:
        raise BadSignature("the signature must cover date or (created)")


def check_time(signed: SignatureHeader, headers: Mapping[str, str], now: datetime) -> None:
    """Refuse what is too old or from the future."""
    made = signed.created if "(created)" in signed.headers else _date(headers.get("date"))
    check_fresh(made, signed.expires if "(expires)" in signed.headers else None, now)


def signing_string(
    covered: Sequence[str],
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
    # Headers come with bytes that are no UTF-8 as surrogates: signed was what came.
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def http_date(moment: datetime) -> str:
    """Write an HTTP date (RFC 9110 §5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _parameters(header: str) -> dict[str, str]:
    text = header.strip().removeprefix("Signature ")
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


@lru_cache(maxsize=512)
def _date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError):
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
