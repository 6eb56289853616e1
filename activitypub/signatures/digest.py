"""The digest of a body in the `Digest` header (RFC 3230), as draft-cavage signs it."""

import hashlib
import hmac
from base64 import b64decode, b64encode

from activitypub.errors import BadSignature

ALGORITHMS = {"sha-256": "sha256", "sha-512": "sha512"}


def sha256_header(body: bytes) -> str:
    """Return the header's value; the name is in capitals because Threads takes nothing else."""
    return f"SHA-256={b64encode(hashlib.sha256(body).digest()).decode()}"


def verify_digest(header: str, body: bytes) -> None:
    """Hold `body` against the header. Raises `BadSignature`.

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
            stated = b64decode(value.strip().strip('"'), validate=True)
        except ValueError:
            raise BadSignature("the Digest header is not base64") from None
        if not hmac.compare_digest(stated, hashlib.new(algorithm, body).digest()):
            raise BadSignature("the Digest header does not fit the body")
    if not known:
        raise BadSignature("the Digest header has neither SHA-256 nor SHA-512")
