"""What is said about posts and people: Create, Follow, Delete and the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activitypub.vocab.object import one_or_many
from activitypub.vocab.values import (
    CONTEXT,
    Document,
    ids,
    one_id,
    stamp,
    string,
    time,
    values,
    without_empty,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity. `object` is what the document holds: a bare URI, a document, or None.

    On the wire `actor` is always a bare URI (Misskey and Threads take nothing else).
    """

    id: str
    type: str
    actor: str
    object: str | Document | None = None
    target: str | None = None
    result: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: datetime | None = None
    document: Document = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, document: Document) -> "Activity":
        """Read an activity. Raises ValueError when it has no id, type or single actor."""
        activity_id, actor = string(document.get("id")), ids(document.get("actor"))
        kind = next((t for t in values(document.get("type")) if isinstance(t, str)), None)
        if not activity_id or not kind or len(actor) != 1:
            raise ValueError("an activity needs an id, a type and one actor")
        return cls(
            id=activity_id,
            type=kind,
            actor=actor[0],
            object=_object(document.get("object")),
            target=one_id(document.get("target")),
            result=one_id(document.get("result")),
            to=ids(document.get("to")),
            cc=ids(document.get("cc")),
            published=time(document.get("published")),
            document=document,
        )

    @property
    def object_id(self) -> str | None:
        """The id of what it is about, embedded or not."""
        return one_id(self.object)

    @property
    def object_ids(self) -> tuple[str, ...]:
        """The ids of all that it is about, where a document names more than one thing."""
        named = ids(self.document.get("object"))
        return named or ids(self.object)

    @property
    def embedded(self) -> Document | None:
        """The embedded object, or None when it is named by its id only."""
        return self.object if isinstance(self.object, Mapping) else None

    def to_document(self) -> dict[str, Any]:
        """Write the activity. The object's own `@context` moves up to the activity."""
        context: Any = CONTEXT
        content: Any = self.object
        if isinstance(content, Mapping):
            context = content.get("@context", CONTEXT)
            content = {name: value for name, value in content.items() if name != "@context"}
        return without_empty(
            {
                "@context": context,
                "id": self.id,
                "type": self.type,
                "actor": self.actor,
                "object": content,
                "target": self.target,
                "result": self.result,
                "to": one_or_many(self.to) if len(self.to) < 2 else list(self.to),
                "cc": list(self.cc),
                "published": stamp(self.published) if self.published else None,
            }
        )


def _object(value: object) -> str | Document | None:
    """Return the first object; some servers send a list of one."""
    for member in values(value):
        if isinstance(member, str | Mapping):
            return member
    return None
