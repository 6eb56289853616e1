"""Who sends and receives: people, bots, groups, servers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from activitypub.vocab.values import (
    CONTEXT,
    Document,
    flag,
    ids,
    one_id,
    stamp,
    string,
    strings,
    text,
    time,
    values,
    web_host,
    without_empty,
)

ACTOR_TYPES = frozenset({"Person", "Service", "Application", "Group", "Organization"})

LARGEST = 200_000
"""Bytes of an actor's document. Mastodon's limits allow half of it; each one met is kept."""

ACTOR_CONTEXT: list[Any] = [
    CONTEXT,
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v1",
    # What defines `assertionMethod`, without which JSON-LD readers see no Multikey.
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://purl.archive.org/socialweb/webfinger",
    {
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id"},
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canFeature": {"@id": "https://w3id.org/fep/7aa9#canFeature", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
    },
]

CAN_FEATURE = {"canFeature": {"automaticApproval": f"{CONTEXT}#Public"}}
"""FEP-7aa9: anyone may put our accounts into a collection of theirs."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as an actor document states it, under its own id, and whose it is.

    `text` is SPKI PEM (`publicKey`) or multibase, which starts with "z" (a Multikey, FEP-521a).
    """

    id: str
    owner: str
    text: str


@dataclass(frozen=True, slots=True)
class Property:
    """One row of the profile table (schema.org PropertyValue); `value` is HTML."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor document (ActivityPub §4) with what Fedigest reads of it.

    Booleans are None where the document does not say; `document` is the whole of what was
    received, for signals that have no member here.
    """

    id: str
    type: str
    inbox: str
    preferred_username: str = ""
    name: str = ""
    summary: str = ""
    url: str | None = None
    outbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    shared_inbox: str | None = None
    public_keys: tuple[PublicKey, ...] = ()
    generator: Document | None = None
    icon: str | None = None
    properties: tuple[Property, ...] = ()
    manually_approves_followers: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    searchable_by: tuple[str, ...] | None = None
    memorial: bool | None = None
    suspended: bool | None = None
    moved_to: str | None = None
    also_known_as: tuple[str, ...] = ()
    published: datetime | None = None
    webfinger: str | None = None
    document: Document = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, document: Document) -> "Actor":
        """Read an actor document.

        Raises ValueError when it is too large to be kept, has no id, type or inbox, or its inbox is
        not on its own server: what is meant for it would go to someone else. Such a shared inbox is
        left out.
        """
        if len(orjson.dumps(dict(document))) > LARGEST:
            raise ValueError("the actor's document is too large")
        actor_id, inbox = one_id(string(document.get("id"))), one_id(document.get("inbox"))
        kind = next((t for t in strings(document.get("type")) if t in ACTOR_TYPES), None)
        if not actor_id or not inbox or not kind:
            raise ValueError("an actor needs an id, an actor type and an inbox")
        host = web_host(actor_id)
        if host is None or web_host(inbox) != host:
            raise ValueError("the actor and its inbox are not on one server")
        endpoints = document.get("endpoints")
        shared = one_id(endpoints.get("sharedInbox")) if isinstance(endpoints, Mapping) else None
        searchable = document.get("searchableBy")
        return cls(
            id=actor_id,
            type=kind,
            inbox=inbox,
            preferred_username=string(document.get("preferredUsername")) or "",
            name=text(document, "name") or "",
            summary=text(document, "summary") or "",
            url=one_id(document.get("url")),
            outbox=one_id(document.get("outbox")),
            followers=one_id(document.get("followers")),
            following=one_id(document.get("following")),
            featured=one_id(document.get("featured")),
            shared_inbox=shared if web_host(shared) == host else None,
            public_keys=tuple(_keys(document, actor_id)),
            icon=_image(document.get("icon")),
            properties=tuple(_properties(document)),
            manually_approves_followers=flag(document.get("manuallyApprovesFollowers")),
            discoverable=flag(document.get("discoverable")),
            indexable=flag(document.get("indexable")),
            searchable_by=None if searchable is None else ids(searchable),
            memorial=flag(document.get("memorial")),
            suspended=flag(document.get("suspended")),
            moved_to=one_id(document.get("movedTo")),
            also_known_as=ids(document.get("alsoKnownAs")),
            published=time(document.get("published")),
            webfinger=string(document.get("webfinger")),
            document=document,
        )

    @property
    def delivery_inbox(self) -> str:
        """Where to send what is meant for many: the shared inbox if there is one."""
        return self.shared_inbox or self.inbox

    def to_document(self) -> dict[str, Any]:
        """Write the document that we serve for an actor of our own."""
        document: dict[str, Any] = {
            "@context": ACTOR_CONTEXT,
            "id": self.id,
            "type": self.type,
            "preferredUsername": self.preferred_username,
            "name": self.name,
            "summary": self.summary,
            "url": self.url,
            "inbox": self.inbox,
            "outbox": self.outbox,
            "followers": self.followers,
            "following": self.following,
            "featured": self.featured,
            "endpoints": without_empty({"sharedInbox": self.shared_inbox}),
            "published": stamp(self.published) if self.published else None,
            "discoverable": self.discoverable,
            "indexable": self.indexable,
            # Pixelfed shows the account as private when this is absent.
            "manuallyApprovesFollowers": bool(self.manually_approves_followers),
            "webfinger": self.webfinger,
            "movedTo": self.moved_to,
            "alsoKnownAs": list(self.also_known_as),
            "generator": self.generator,
            "interactionPolicy": CAN_FEATURE if self.type != "Application" else None,
        }
        if self.icon:
            document["icon"] = {"type": "Image", "mediaType": "image/png", "url": self.icon}
        for key in self.public_keys:
            if key.text.startswith("z"):
                document.setdefault("assertionMethod", []).append(
                    {
                        "id": key.id,
                        "type": "Multikey",
                        "controller": key.owner,
                        "publicKeyMultibase": key.text,
                    }
                )
            else:
                document["publicKey"] = {"id": key.id, "owner": key.owner, "publicKeyPem": key.text}
        document["attachment"] = [
            {"type": "PropertyValue", "name": row.name, "value": row.value}
            for row in self.properties
        ]
        return without_empty(document)


def _keys(document: Document, actor_id: str) -> Iterator[PublicKey]:
    """Yield the keys that are the actor's own and on its server: nobody lists another's key."""
    host = web_host(actor_id)
    for key in _listed_keys(document):
        if key.owner == actor_id and web_host(key.id) == host:
            yield key


def _listed_keys(document: Document) -> Iterator[PublicKey]:
    for entry in list(values(document.get("publicKey")))[:10]:
        if not isinstance(entry, Mapping):
            continue
        key_id, pem = string(entry.get("id")), string(entry.get("publicKeyPem"))
        if key_id and pem:
            yield PublicKey(key_id, one_id(entry.get("owner")) or "", pem)
    for entry in list(values(document.get("assertionMethod")))[:10]:
        if not isinstance(entry, Mapping) or entry.get("type") != "Multikey":
            continue
        key_id, multibase = string(entry.get("id")), string(entry.get("publicKeyMultibase"))
        if key_id and multibase and multibase.startswith("z"):
            yield PublicKey(key_id, one_id(entry.get("controller")) or "", multibase)


def _properties(document: Document) -> Iterator[Property]:
    for entry in list(values(document.get("attachment")))[:50]:
        if isinstance(entry, Mapping) and entry.get("type") == "PropertyValue":
            yield Property(text(entry, "name") or "", string(entry.get("value")) or "")


def _image(value: object) -> str | None:
    for entry in values(value):
        if isinstance(entry, Mapping):
            return one_id(entry.get("url"))
        return string(entry)
    return None
