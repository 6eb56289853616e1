"""Lists that may come in pages: outboxes, followers, replies, contexts."""

from dataclasses import dataclass, field
from typing import Any

from activitypub.vocab.values import (
    CONTEXT,
    Document,
    count,
    one_id,
    string,
    strings,
    values,
    without_empty,
)

COLLECTION_TYPES = frozenset(
    {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection or one page of it. `items` are bare URIs or documents, as they came.

    `first` is a URI or an embedded page; `total_items` is what the server says, never a fact.
    """

    id: str | None
    type: str
    total_items: int | None = None
    items: tuple[str | Document, ...] = ()
    first: str | Document | None = None
    next: str | None = None
    prev: str | None = None
    part_of: str | None = None
    attributed_to: str | None = None
    document: Document = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, document: Document) -> "Collection":
        """Read a collection or a page. Raises ValueError when it is neither."""
        kind = next((t for t in strings(document.get("type")) if t in COLLECTION_TYPES), None)
        if not kind:
            raise ValueError("not a collection")
        members = document.get("orderedItems", document.get("items"))
        first = document.get("first")
        return cls(
            id=string(document.get("id")),
            type=kind,
            total_items=count(document.get("totalItems")),
            items=tuple(item for item in values(members) if isinstance(item, str | dict)),
            first=first if isinstance(first, str | dict) else None,
            next=one_id(document.get("next")),
            prev=one_id(document.get("prev")),
            part_of=one_id(document.get("partOf")),
            attributed_to=one_id(document.get("attributedTo")),
            document=document,
        )

    def to_document(self) -> dict[str, Any]:
        """Write a collection or page of ours."""
        ordered = self.type.startswith("Ordered")
        is_page = self.type.endswith("Page")
        document = without_empty(
            {
                "@context": CONTEXT,
                "id": self.id,
                "type": self.type,
                "totalItems": self.total_items,
                "partOf": self.part_of,
                "attributedTo": self.attributed_to,
                "first": self.first,
                "next": self.next,
                "prev": self.prev,
            }
        )
        if self.items or is_page or not self.first:
            document["orderedItems" if ordered else "items"] = list(self.items)
        return document
