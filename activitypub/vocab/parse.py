"""From a document to the right class."""

from activitypub.errors import Malformed
from activitypub.vocab.activity import Activity
from activitypub.vocab.actor import ACTOR_TYPES, Actor
from activitypub.vocab.collection import COLLECTION_TYPES, Collection
from activitypub.vocab.object import POST_TYPES, Object
from activitypub.vocab.values import Document, string, values


def parse(document: object) -> Actor | Activity | Collection | Object:
    """Read any document that a server may send.

    An actor, collection or post is known by its type, an activity by having an `actor`; all else
    is an object. Raises `Malformed` when it is not a JSON object or lacks what its kind must have.
    """
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    kinds = {kind for kind in values(document.get("type")) if isinstance(kind, str)}
    try:
        return _reader(kinds, document).parse(document)
    except ValueError as problem:
        raise Malformed(str(problem), url=string(document.get("id"))) from problem


def _reader(
    kinds: set[str], document: Document
) -> type[Actor] | type[Activity] | type[Collection] | type[Object]:
    if kinds & ACTOR_TYPES:
        return Actor
    if kinds & COLLECTION_TYPES:
        return Collection
    # Pleroma and Mobilizon put an `actor` into posts as well.
    if document.get("actor") is not None and not kinds & POST_TYPES:
        return Activity
    return Object
