"""The part of ActivityStreams 2.0 that Fedigest reads and writes, as frozen dataclasses.

JSON-LD is read as JSON with the usual shapes made equal: one value or a list, a bare URI or an
object, `name` or `nameMap`. No context is ever fetched: it would be an attack surface, and nearly
every server does without (see DESIGN.md).
"""

from activitypub.vocab.activity import Activity
from activitypub.vocab.actor import ACTOR_TYPES, Actor, Property, PublicKey
from activitypub.vocab.collection import COLLECTION_TYPES, Collection
from activitypub.vocab.object import POST_TYPES, Attachment, Object, Tag
from activitypub.vocab.parse import parse
from activitypub.vocab.values import (
    CONTEXT,
    PUBLIC,
    Document,
    ids,
    one_id,
    text,
    time,
    values,
)

__all__ = [
    "ACTOR_TYPES",
    "COLLECTION_TYPES",
    "CONTEXT",
    "POST_TYPES",
    "PUBLIC",
    "Activity",
    "Actor",
    "Attachment",
    "Collection",
    "Document",
    "Object",
    "Property",
    "PublicKey",
    "Tag",
    "ids",
    "one_id",
    "parse",
    "text",
    "time",
    "values",
]
