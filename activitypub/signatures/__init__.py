"""Signing and verifying, as pure modules: keys, times and headers are passed in, no I/O is done.

`cavage` is draft-cavage-http-signatures-12, which every server takes; `message` is RFC 9421. Each
reads a `Request` into `Candidate`s: signatures that would be good enough, were the key to agree.
`keys` lets it decide. `proof` signs documents instead of requests (FEP-8b32).
"""

from datetime import datetime

from activitypub.errors import BadSignature
from activitypub.signatures import cavage, message
from activitypub.signatures.request import Candidate, Request

__all__ = ["Candidate", "Request", "candidates"]


def candidates(request: Request, now: datetime) -> list[Candidate]:
    """Return the signatures of a request that cover enough and are fresh, of either scheme.

    Raises `BadSignature`, which says what is wrong, when there is none.
    """
    if "signature" not in request.headers:
        raise BadSignature("the request is not signed")
    if "signature-input" in request.headers:
        return message.candidates(request, now)
    return cavage.candidates(request, now)
