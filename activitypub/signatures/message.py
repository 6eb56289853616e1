"""HTTP Message Signatures (RFC 9421), in the profile of the fediverse.

Structured fields are read and written by `http_sf`; what must be covered follows Mastodon.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import http_sf
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import keys
from activitypub.signatures.cavage import http_date
from activitypub.signatures.digest import content_digest, verify_digest
from activitypub.signatures.request import (
    LONGEST_HEADER,
    MOST_SIGNATURES,
    Candidate,
    Request,
    check_fresh,
    check_key_id,
)

LABEL = "sig1"
NEEDED = ("@method", "@target-uri")
DIGEST = "content-digest"
MOST_COMPONENTS = 50

Component = tuple[str, Mapping[str, Any]]
"""A covered component's name and its parameters."""


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """One member of `Signature-Input`: what is covered, and the parameters as they came."""

    label: str
    components: tuple[Component, ...]
    parameters: Mapping[str, Any]

    @property
    def names(self) -> frozenset[str]:
        """Names of the covered components."""
        return frozenset(name for name, _ in self.components)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a peer's `Accept-Signature` asks of our next request (RFC 9421 §5.1)."""

    label: str = LABEL
    components: tuple[str, ...] = ()
    nonce: str | None = None
    tag: str | None = None


def sign(
    key: SigningKey,
    method: str,
    url: str,
    *,
    now: datetime,
    body: bytes | None = None,
    wanted: Wanted = Wanted(),
) -> dict[str, str]:
    """Return the headers that make a request signed: Host, Date, Signature-Input, Signature.

    With a body, Content-Digest too. Our own minimum is covered whatever `wanted` leaves out.
    """
    headers = {"Host": Request(method, url, {}).authority, "Date": http_date(now)}
    if body is not None:
        headers["Content-Digest"] = content_digest(body)
    lower = {name.lower(): value for name, value in headers.items()}
    request = Request(method, url, lower, body)
    minimum = (*NEEDED, DIGEST) if body is not None else NEEDED
    extra = [name for name in wanted.components if name in SUPPLIED or name in lower]
    covered: list[Component] = [(name, {}) for name in dict.fromkeys((*minimum, *extra))]
    is_rsa = isinstance(key.private, RSAPrivateKey)
    parameters: dict[str, Any] = {
        # Any order is right, but some verifiers write the parameters again in just this one.
        "created": int(now.timestamp()),
        "alg": "rsa-v1_5-sha256" if is_rsa else "ed25519",
        "keyid": key.key_id,
    }
    parameters |= {n: v for n, v in (("nonce", wanted.nonce), ("tag", wanted.tag)) if v}
    entry = SignatureInput(wanted.label, tuple(covered), parameters)
    signature = keys.sign(key.private, signature_base(entry, request))
    headers["Signature-Input"] = f"{wanted.label}={_params(entry)}"
    headers["Signature"] = f"{wanted.label}=:{b64encode(signature).decode()}:"
    return headers


def candidates(request: Request, now: datetime) -> list[Candidate]:
    """Return the signatures that cover enough and are fresh. Raises `BadSignature` without any."""
    inputs = parse_inputs(request.headers.get("signature-input", ""))
    signatures = _dictionary(request.headers.get("signature", ""), "Signature")
    found: list[Candidate] = []
    problem = BadSignature("no signature fits its Signature-Input")
    for entry in inputs[:MOST_SIGNATURES]:
        signature = signatures.get(entry.label)
        if not isinstance(signature, tuple) or not isinstance(signature[0], bytes):
            continue
        try:
            found.append(_candidate(entry, signature[0], request, now))
        except BadSignature as error:
            problem = error
    if not found:
        raise problem
    return found


def parse_inputs(header: str) -> list[SignatureInput]:
    """Read `Signature-Input`. Raises `BadSignature`, also for a label given twice."""
    return [
        SignatureInput(label, tuple(_components(member[0])), member[1])
        for label, member in _dictionary(header, "Signature-Input").items()
        if isinstance(member, tuple) and isinstance(member[0], list)
    ]


def wanted(header: str, key: SigningKey) -> Wanted | None:
    """Return the first request in `Accept-Signature` that `key` can fulfil, or None.

    A request for another key or algorithm cannot be; nor can an unreadable one.
    """
    try:
        members = _dictionary(header, "Accept-Signature")
    except BadSignature:
        return None
    own = "rsa-v1_5-sha256" if isinstance(key.private, RSAPrivateKey) else "ed25519"
    for label, member in members.items():
        if not (isinstance(member, tuple) and isinstance(member[0], list)):
            continue
        asked = member[1]
        if asked.get("alg", own) not in (own, True) or asked.get("keyid") not in (
            None,
            True,
            key.key_id,
        ):
            continue
        names = tuple(str(item[0]) for item in member[0] if not item[1])
        nonce, tag = asked.get("nonce"), asked.get("tag")
        return Wanted(
            label,
            names[:MOST_COMPONENTS],
            nonce if isinstance(nonce, str) else None,
            tag if isinstance(tag, str) else None,
        )
    return None


def signature_base(entry: SignatureInput, request: Request) -> bytes:
    """Build what is signed (RFC 9421 §2.5). Raises `BadSignature` when a component is absent."""
    lines = [
        f"{http_sf.ser((name, dict(parameters)))}: {_value(name, parameters, request)}"
        for name, parameters in entry.components
    ]
    lines.append(f'"@signature-params": {_params(entry)}')
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _candidate(
    entry: SignatureInput, signature: bytes, request: Request, now: datetime
) -> Candidate:
    needed = set(NEEDED) | ({DIGEST} if request.body is not None else set())
    if not needed <= entry.names:
        missing = ", ".join(sorted(needed - entry.names))
        raise BadSignature(f"the signature must cover {missing}")
    key_id = check_key_id(entry.parameters.get("keyid"))
    algorithm = entry.parameters.get("alg")
    if not isinstance(algorithm, str | None):
        raise BadSignature("the algorithm of the signature is no text")
    made = _unix(entry.parameters.get("created"))
    check_fresh(made, _unix(entry.parameters.get("expires")), now)
    if request.body is not None:
        verify_digest(request.headers.get(DIGEST, ""), request.body)
    return Candidate(key_id, signature, (signature_base(entry, request),), algorithm)


def _value(name: str, parameters: Mapping[str, Any], request: Request) -> str:
    derive = DERIVED.get(name)
    if name == "@query-param":
        return _query_parameter(parameters, request)
    if parameters:
        # sf, key, bs, tr and req: nobody in the fediverse sends them, so nobody may hide in them.
        raise BadSignature(f"the component {name[:40]!r} has parameters that are not taken")
    if derive is not None:
        return derive(request)
    value = None if name.startswith("@") else request.headers.get(name)
    if value is None:
        raise BadSignature(f"the signature covers {name[:40]!r}, which is not there")
    return " ".join(line.strip() for line in value.strip().splitlines())


def _query(request: Request) -> str:
    return "?" + urlsplit(request.url).query


def _query_parameter(parameters: Mapping[str, Any], request: Request) -> str:
    """Return the one value of a query parameter, percent-encoded again (RFC 9421 §2.2.8)."""
    name = parameters.get("name")
    pairs = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    values = [value for key, value in pairs if quote(key, safe="") == name]
    if len(values) != 1 or set(parameters) != {"name"}:
        raise BadSignature("the signature covers a query parameter that is not there once")
    return quote(values[0], safe="")


DERIVED: Mapping[str, Callable[[Request], str]] = {
    "@method": lambda request: request.method.upper(),
    "@target-uri": lambda request: request.url,
    "@authority": lambda request: request.authority,
    "@scheme": lambda request: urlsplit(request.url).scheme,
    "@request-target": lambda request: request.target,
    "@path": lambda request: urlsplit(request.url).path or "/",
    "@query": _query,
}
SUPPLIED = frozenset(DERIVED)


def _params(entry: SignatureInput) -> str:
    """Write the inner list of components with its parameters, as `@signature-params` has it."""
    members = [(name, dict(parameters)) for name, parameters in entry.components]
    try:
        inner: Any = (members, dict(entry.parameters))
        text = http_sf.ser([inner])
    except (ValueError, TypeError, AttributeError):
        raise BadSignature("the Signature-Input cannot be written again") from None
    return str(text)


def _components(members: Sequence[Any]) -> list[Component]:
    if len(members) > MOST_COMPONENTS:
        raise BadSignature("the signature covers too much")
    found = [(name, parameters) for name, parameters in members if isinstance(name, str)]
    marks = {(name, repr(sorted(parameters.items()))) for name, parameters in found}
    if len(found) != len(members) or len(marks) != len(found):
        raise BadSignature("the signature covers something twice, or nothing with a name")
    return found


def _dictionary(header: str, name: str) -> Mapping[str, Any]:
    if len(header) > LONGEST_HEADER:
        raise BadSignature(f"the {name} header is too long")
    twice: list[str] = []
    try:
        found = http_sf.parse(
            header.encode("ascii"),
            tltype="dictionary",
            on_duplicate_key=lambda key, *_: twice.append(str(key)),
        )
    except (http_sf.StructuredFieldError, ValueError, RecursionError):
        raise BadSignature(f"the {name} header cannot be read") from None
    if twice or not isinstance(found, dict):
        raise BadSignature(f"the {name} header names a label twice")
    return found


def _unix(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadSignature("created or expires is not a time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature("created or expires is not a time") from None
