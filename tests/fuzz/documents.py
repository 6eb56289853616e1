"""Documents out of any bytes: JSON as it came, or grown from them, so that few are wasted."""

from collections.abc import Iterator
from typing import Any

from activitypub.client import read_json
from activitypub.errors import Malformed

NAMES = (
    *("id", "type", "actor", "object", "to", "cc", "bto", "tag", "name", "href", "content"),
    *("contentMap", "nameMap", "attributedTo", "url", "items", "orderedItems", "first", "next"),
    *("inbox", "publicKey", "publicKeyPem", "owner", "assertionMethod", "publicKeyMultibase"),
    *("controller", "endpoints", "sharedInbox", "replies", "totalItems", "published", "updated"),
    *("attachment", "value", "mediaType", "summary", "icon", "alsoKnownAs", "movedTo", "audience"),
    *("searchableBy", "interactionPolicy", "context", "conversation", "inReplyTo", "language"),
    *("sensitive", "discoverable", "target", "result", "proof", "cryptosuite", "proofPurpose"),
    *("verificationMethod", "proofValue", "expires", "subject", "links", "rel", "@context", "@id"),
)
WORDS: tuple[Any, ...] = (
    *("Create", "Follow", "Delete", "Note", "Page", "Person", "Group", "Service", "Collection"),
    *("OrderedCollectionPage", "Hashtag", "Mention", "Link", "Image", "PropertyValue", "Multikey"),
    *("https://a.example/u", "https://a.example/u#main-key", "https://b.example/1", "https://["),
    *("as:Public", "2026-11-01T10:00:00Z", "0001-01-01T00:00:00+14:00", "text/html", "", " "),
    *("<p>Hello <a href='https://c.example/?utm_source=x'>there</a></p>", "self", "zz", "z6Mk"),
    *("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod", "acct:u@a.example", "en", "und"),
    *(None, True, False, 0, -1, 2**63, 1.5, 1e308, [], {}, [[]], [None], {"id": {}}),
)
DEEPEST, WIDEST = 8, 12


def document_of(data: bytes) -> dict[str, Any]:
    """Return a document that `data` spells or chooses. Raises `Malformed` for broken JSON."""
    if data[:1] in (b"{", b"["):
        return read_json(data)
    grown = _members(iter(data), DEEPEST)
    return {"id": "https://a.example/u", "type": "Note", **grown}


def _value(data: Iterator[int], depth: int) -> Any:
    choice = next(data, 0)
    if choice < 160 or depth == 0:
        return WORDS[choice % len(WORDS)]
    if choice < 190:
        return bytes(next(data, 97) for _ in range(next(data, 0) % 40)).decode("utf-8", "ignore")
    if choice < 215:
        return [_value(data, depth - 1) for _ in range(next(data, 0) % WIDEST)]
    return _members(data, depth - 1)


def _members(data: Iterator[int], depth: int) -> dict[str, Any]:
    count = next(data, 0) % WIDEST
    return {NAMES[next(data, 0) % len(NAMES)]: _value(data, depth) for _ in range(count)}


__all__ = ["Malformed", "document_of"]
