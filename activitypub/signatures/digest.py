"""The digest of a body: `Digest` (RFC 3230), which draft-cavage signs, and `Content-Digest`."""

import hashlib
import hmac
from base64 import b64decode, b64encode

from activitypub.errors import BadSignature

ALGORITHMS = {"sha-256": "sha256", "sha-512": "sha512"}


def sha256_header(body: bytes) -> str:
    """Return `Digest`; the name is in capitals because Threads takes nothing else."""
    return f"SHA-256={b64encode(hashlib.sha256(body).digest()).decode()}"


def content_digest(body: bytes) -> str:
    """Return `Content-Digest` (RFC 9530 §2)."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def verify_digest(header: str, body: bytes) -> None:
    """Hold `body` against a header of either kind. Raises `BadSignature`.

    Several digests may stand in one header; unknown algorithms are skipped, but at least one known
    one must be there, and every known one must fit.
    """
    known = 0
    for entry in header.split(","):
        name, _, value = entry.strip().partition("=")
        algorithm = ALGORITHMS.get(name.strip().lower())
        if algorithm is None:
            continue
        known += 1
        try:
            stated = b64decode(value.strip().strip('":'), validate=True)
        except ValueError:
            raise BadSignature("the digest is not base64") from None
        if not hmac.compare_digest(stated, hashlib.new(algorithm, body).digest()):
            raise BadSignature("the digest does not fit the body")
    if not known:
        raise BadSignature("the digest is neither SHA-256 nor SHA-512")
