"""What is posted: notes, articles, pages, questions and their like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activitypub.vocab.values import (
    CONTEXT,
    Document,
    count,
    flag,
    ids,
    languages,
    one_id,
    stamp,
    string,
    text,
    time,
    values,
    without_empty,
)

POST_TYPES = frozenset(
    {"Note", "Article", "Page", "Question", "Event", "Video", "Audio", "Image", "Document"}
)

NOTE_CONTEXT: list[Any] = [
    CONTEXT,
    {
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "ostatus": "http://ostatus.org#",
        "conversation": "ostatus:conversation",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    },
]


@dataclass(frozen=True, slots=True)
class Tag:
    """A Hashtag, Mention, Emoji or Link in `tag`; `href` may be absent."""

    type: str
    name: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, a file or a linked page; `description` is the alt text."""

    type: str
    url: str | None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """A post (ActivityStreams Object) with what Fedigest reads and writes of it.

    `cw` is the content warning (`summary` on the wire); `content` is HTML as it came. `replies`
    and `context` are ids; an embedded first page of replies stays in `document`.
    """

    id: str
    type: str
    attributed_to: tuple[str, ...] = ()
    content: str = ""
    name: str | None = None
    cw: str | None = None
    sensitive: bool = False
    language: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    url: str | None = None
    in_reply_to: str | None = None
    context: str | None = None
    conversation: str | None = None
    replies: str | None = None
    replies_count: int | None = None
    tags: tuple[Tag, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    audience: tuple[str, ...] = ()
    searchable_by: tuple[str, ...] | None = None
    interaction_policy: Document | None = None
    source: str | None = None
    document: Document = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, document: Document) -> "Object":
        """Read a post. Raises ValueError when it has no id or no type."""
        object_id = one_id(string(document.get("id")))
        kinds = [kind for kind in values(document.get("type")) if isinstance(kind, str)]
        if not object_id or not kinds:
            raise ValueError("an object needs an id and a type")
        replies = document.get("replies")
        searchable = document.get("searchableBy")
        policy = document.get("interactionPolicy")
        tags = languages(document, "content") or languages(document, "name")
        return cls(
            id=object_id,
            type=next((kind for kind in kinds if kind in POST_TYPES), kinds[0]),
            attributed_to=ids(document.get("attributedTo")),
            content=text(document, "content") or "",
            name=text(document, "name"),
            cw=text(document, "summary"),
            sensitive=bool(flag(document.get("sensitive"))),
            language=tags[0] if tags else _language(document),
            to=ids(document.get("to")),
            cc=ids(document.get("cc")),
            published=time(document.get("published")),
            updated=time(document.get("updated")),
            url=_page(document.get("url")),
            in_reply_to=one_id(document.get("inReplyTo")),
            context=one_id(document.get("context")),
            conversation=string(document.get("conversation")),
            replies=one_id(replies),
            replies_count=count(replies.get("totalItems"))
            if isinstance(replies, Mapping)
            else None,
            tags=tuple(_tags(document)),
            attachments=tuple(_attachments(document)),
            audience=ids(document.get("audience")),
            searchable_by=None if searchable is None else ids(searchable),
            interaction_policy=policy if isinstance(policy, Mapping) else None,
            document=document,
        )

    @property
    def author(self) -> str | None:
        """The first of `attributed_to`: the account that posted it."""
        return self.attributed_to[0] if self.attributed_to else None

    @property
    def hashtags(self) -> tuple[str, ...]:
        """Names of its hashtags without `#`, in lower case, each once."""
        names = (t.name.lstrip("#").strip().casefold() for t in self.tags if t.type == "Hashtag")
        return tuple(dict.fromkeys(name for name in names if name))

    def to_document(self) -> dict[str, Any]:
        """Write the document of a post of our own; anyone may quote it (FEP-044f)."""
        content_map = {self.language: self.content} if self.language and self.content else None
        return without_empty(
            {
                "@context": NOTE_CONTEXT,
                "id": self.id,
                "type": self.type,
                "attributedTo": one_or_many(self.attributed_to),
                "name": self.name,
                "summary": self.cw,
                "sensitive": self.sensitive,
                "content": self.content,
                "contentMap": content_map,
                "to": list(self.to),
                "cc": list(self.cc),
                "published": stamp(self.published) if self.published else None,
                "updated": stamp(self.updated) if self.updated else None,
                "url": self.url,
                "inReplyTo": self.in_reply_to,
                "context": self.context,
                "conversation": self.conversation,
                "replies": self.replies,
                "tag": [without_empty(vars_of(tag)) for tag in self.tags],
                "attachment": [_attachment(item) for item in self.attachments],
                "interactionPolicy": self.interaction_policy,
                "source": {"content": self.source, "mediaType": "text/markdown"}
                if self.source
                else None,
            }
        )


def one_or_many(members: tuple[str, ...]) -> str | list[str] | None:
    """Write a property the way most servers expect it: one value bare, several as a list."""
    if not members:
        return None
    return members[0] if len(members) == 1 else list(members)


def vars_of(tag: Tag) -> dict[str, Any]:
    """Return the members of `tag` as JSON."""
    return {"type": tag.type, "href": tag.href, "name": tag.name}


def _attachment(item: Attachment) -> dict[str, Any]:
    key = "href" if item.type == "Link" else "url"
    return without_empty({"type": item.type, key: item.url, "name": item.description})


def _language(document: Document) -> str | None:
    """Return the language that Lemmy, PieFed, PeerTube (`language`) or Mobilizon name apart."""
    stated = document.get("language")
    if isinstance(stated, Mapping):
        stated = stated.get("identifier")
    found = string(stated) or string(document.get("inLanguage"))
    return found if found not in {"und", "zxx"} else None


def _page(value: object) -> str | None:
    """Pick the web page among several `url` links (Threads and PeerTube send a list)."""
    members = list(values(value))
    for member in members:
        if isinstance(member, Mapping) and member.get("mediaType") == "text/html":
            members.insert(0, member)
            break
    return next((uri for uri in ids(members) if uri.startswith(("https://", "http://"))), None)


def _tags(document: Document) -> Iterator[Tag]:
    for entry in values(document.get("tag")):
        if isinstance(entry, Mapping) and (kind := string(entry.get("type"))):
            yield Tag(kind, text(entry, "name") or "", string(entry.get("href")))


def _attachments(document: Document) -> Iterator[Attachment]:
    for entry in values(document.get("attachment")):
        if isinstance(entry, Mapping) and (kind := string(entry.get("type"))):
            target = entry.get("href") or entry.get("url")
            alt = text(entry, "summary") or text(entry, "name")
            yield Attachment(kind, one_id(target), alt)
