"""What the application supplies: the clock, keys, and somewhere to put things.

Protocols only. `storage` and `bot` implement them without this package knowing.
"""

from collections.abc import Collection as Sized
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activitypub.vocab import Activity, Actor, Document, PublicKey


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """Return the current time, in UTC and aware of it."""
        ...


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of ours under the id that peers fetch its public half by."""

    key_id: str
    private: RSAPrivateKey | Ed25519PrivateKey


class RemoteKeys(Protocol):
    """Public keys of peers, kept between requests."""

    async def find(self, key_id: str) -> PublicKey | None:
        """Return the key stored under `key_id`, or None."""
        ...

    async def remember(self, key_id: str, actor: Actor) -> None:
        """Keep `actor`, whose key was just fetched by `key_id` and found in its document."""
        ...


class Receipt(StrEnum):
    """What became of an activity handed to the inbox."""

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


class Inbox(Protocol):
    """Where verified activities go. `accept` returns only when they are on disk."""

    async def blocks(self, host: str) -> bool:
        """Tell whether the operator blocks `host`."""
        ...

    async def knows(self, actor_id: str) -> bool:
        """Tell whether anything of this actor is stored; if not, its Delete concerns nobody."""
        ...

    async def has(self, uri: str) -> bool:
        """Tell whether a Delete of the post `uri` may change anything, whoever it is of.

        It does if the post is stored, asked something, or may be being fetched at the moment.
        """
        ...

    async def hears(self, uri: str) -> bool:
        """Tell whether we follow the actor `uri`, and so take what it passes on (a relay, a group).

        Of a key, whether we follow anyone on its server.
        """
        ...

    async def accept(self, activity: Activity, handle: str | None, signer: str) -> Receipt:
        """Store a verified activity, addressed to the inbox of `handle` or the shared one.

        `signer` is the actor whose key signed the request: the activity's own, or one we hear who
        passes it on, in which case nothing in it is to be believed but its ids. CONFLICT: another
        actor has used this id before. May raise any error of the application; the sender is then
        told to try later.
        """
        ...

    async def synchronize(self, actor_id: str, header: str) -> None:
        """Compare whom we follow with what a verified delivery says of it (FEP-8fcf)."""
        ...

    async def doubt(self, uri: str) -> None:
        """Look for yourself whether `uri`, a post or an actor, still exists.

        Called for a Delete that cannot be verified, since the key went with the account.
        """
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a collection: its items, and the cursor of the next page if there is one."""

    items: Sequence[str | Document]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A collection of posts around one of ours: who keeps it, how many, and one page of it."""

    owner: str
    total: int
    page: Page


@dataclass(frozen=True, slots=True)
class Usage:
    """Figures for NodeInfo."""

    bots: int
    posts: int


class Directory(Protocol):
    """What this instance shows to peers."""

    @property
    def handles(self) -> Sized[str]:
        """Handles of all bots."""
        ...

    async def actor(self, handle: str) -> Actor | None:
        """Return the actor of a bot; None if there is no such bot."""
        ...

    async def instance_actor(self) -> Actor:
        """Return the actor that signs our fetches."""
        ...

    async def document(self, uri: str) -> Document | None:
        """Return an object or activity of ours by id, or the Tombstone of a withdrawn one.

        None also for what is not public: to a stranger, missing and forbidden look the same.
        """
        ...

    async def total(self, handle: str, name: str) -> int:
        """Count a collection, one of `uris.COLLECTIONS`."""
        ...

    async def page(self, handle: str, name: str, cursor: str | None) -> Page:
        """Return one page of a collection; followers are counted but not listed."""
        ...

    async def thread(self, uri: str, cursor: str | None) -> Thread | None:
        """Return the context collection of ours with that id, or the replies of a post of ours.

        None when there is no such collection that all may see.
        """
        ...

    async def followers_on(self, handle: str, host: str) -> Sequence[str]:
        """Return the ids of a bot's followers on one host, for that host alone (FEP-8fcf)."""
        ...

    async def stamp(self, identifier: str) -> Document | None:
        """Return our word that someone may quote a post of ours (FEP-044f)."""
        ...

    async def usage(self) -> Usage:
        """Return figures for NodeInfo."""
        ...
