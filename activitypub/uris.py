"""Our own URLs, built and parsed in one place."""

import re
from dataclasses import dataclass

HANDLE = re.compile(r"[a-z0-9_]{1,30}")
"""Handles of our actors. Mastodon allows more; this much every server takes."""

COLLECTIONS = ("outbox", "followers", "following", "featured")


@dataclass(frozen=True, slots=True)
class Uris:
    """Builds every URL of an instance from its base (scheme and host, no trailing slash).

    `domain` is the host in handles; it may differ from the server's host (WebFinger then leads
    from one to the other).
    """

    base: str
    domain: str

    @property
    def host(self) -> str:
        """Host and port of the server itself."""
        return self.base.partition("://")[2]

    @property
    def shared_inbox(self) -> str:
        """The one inbox for all our actors."""
        return f"{self.base}/ap/inbox"

    @property
    def instance_actor(self) -> str:
        """The actor that signs our fetches."""
        return f"{self.base}/ap/instance"

    def actor(self, handle: str) -> str:
        """Id of a bot's actor."""
        return f"{self.base}/ap/actors/{handle}"

    def inbox(self, handle: str) -> str:
        """Inbox of one bot."""
        return f"{self.actor(handle)}/inbox"

    def collection(self, handle: str, name: str) -> str:
        """One of `COLLECTIONS` of a bot."""
        return f"{self.actor(handle)}/{name}"

    def key(self, actor_id: str) -> str:
        """Id of an actor's RSA key; the fragment makes the actor document the key document."""
        return f"{actor_id}#main-key"

    def activity(self, identifier: str) -> str:
        """Id of an activity of ours."""
        return f"{self.base}/ap/activities/{identifier}"

    def object(self, identifier: str) -> str:
        """Id of a post of ours."""
        return f"{self.base}/ap/objects/{identifier}"

    def replies(self, object_id: str) -> str:
        """Collection of the replies to a post of ours."""
        return f"{object_id}/replies"

    def synchronization(self, handle: str) -> str:
        """Where a host reads which followers it has, as far as we know (FEP-8fcf)."""
        return f"{self.actor(handle)}/followers_synchronization"

    def stamp(self, identifier: str) -> str:
        """Id of our word that someone may quote a post of ours (FEP-044f)."""
        return f"{self.base}/ap/stamps/{identifier}"

    def multikey(self, actor_id: str) -> str:
        """Id of an actor's Ed25519 key (FEP-521a)."""
        return f"{actor_id}#ed25519-key"

    def context(self, identifier: str) -> str:
        """Id of the collection of one of our discussions."""
        return f"{self.base}/ap/contexts/{identifier}"

    def profile(self, handle: str) -> str:
        """The bot's web page."""
        return f"{self.base}/@{handle}"

    def archive(self, handle: str) -> str:
        """The bot's list of digests."""
        return f"{self.profile(handle)}/archive"

    def feed(self, handle: str) -> str:
        """The bot's Atom feed."""
        return f"{self.profile(handle)}/feed.atom"

    def digest(self, slug: str) -> str:
        """Web page of a digest."""
        return f"{self.base}/digests/{slug}"

    def answer(self, slug: str) -> str:
        """Web page of an answer."""
        return f"{self.base}/answers/{slug}"

    @property
    def subscribe(self) -> str:
        """Page to which other servers send people who want to follow someone from here."""
        return f"{self.base}/authorize_interaction"

    @property
    def about(self) -> str:
        """Web page that says who runs this, what is read, and how to be left out."""
        return f"{self.base}/about"

    @property
    def consent(self) -> str:
        """Web page where people say whether they are left out or included."""
        return f"{self.base}/consent"

    def address(self, handle: str) -> str:
        """The handle as people write it."""
        return f"@{handle}@{self.domain}"

    def handle_of(self, actor_id: str) -> str | None:
        """Return the handle in one of our actor ids, or None for any other URL."""
        prefix = f"{self.base}/ap/actors/"
        handle = actor_id.removeprefix(prefix)
        return handle if actor_id.startswith(prefix) and HANDLE.fullmatch(handle) else None

    def is_ours(self, uri: str) -> bool:
        """Tell whether `uri` is on this server."""
        return uri == self.base or uri.startswith(f"{self.base}/")
