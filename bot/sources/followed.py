"""Sources that come to our inbox because we follow someone: accounts, groups, tag actors."""

import contextlib
from collections.abc import Iterator
from typing import ClassVar, Self

from activitypub.client import Client
from activitypub.collection import items
from activitypub.discovery import split, webfinger
from activitypub.errors import ActivityPubError, Malformed
from activitypub.vocab import Actor, one_id
from bot.sources.polite import Polite
from bot.sources.port import Badly, Followee, Found, NotAFeed, Polled, Seen
from bot.topic import Topic

SHOWN = 20
"""Entries of an outbox that a preview shows."""


class Followed:
    """A source whose address is `@name@host` or an actor's id."""

    kind: ClassVar[str]
    follows: ClassVar[bool] = True

    def __init__(self, bot: str, address: str, tag: str | None = None) -> None:
        self.bot = bot
        self.address = address
        self.tag = tag
        self.key = f"{self.kind}:{bot}:{address}"

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """A handle or an actor's id."""
        return cls(bot, account(address), tag and tag.strip().lstrip("#").casefold())

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Look whom to follow, and whether the actor is still there."""
        actor = await self.actor(polite.client)
        self.check(actor)
        name = actor.name or actor.preferred_username
        return Polled(follows=Followee(actor.id, actor.inbox, actor.id, name))

    async def preview(self, polite: Polite) -> Polled:
        """Show what the actor sent last, as far as its outbox tells; many tell nothing."""
        polled = await self.poll(polite, Seen())
        actor = await self.actor(polite.client)
        found: dict[str, None] = {}
        with contextlib.suppress(ActivityPubError):
            async for item in items(polite.client, actor.outbox or {}, pages=2):
                inner = item.get("object") if isinstance(item, dict) else None
                uri = one_id(inner) or one_id(item)
                if uri:
                    found[uri] = None
                if len(found) == SHOWN:
                    break
        return Polled(tuple(Found(uri, self.tag) for uri in found), follows=polled.follows)

    async def actor(self, client: Client) -> Actor:
        """Fetch the actor. Raises the client's errors."""
        address = self.address
        return await client.actor(address if "://" in address else await webfinger(client, address))

    def check(self, actor: Actor) -> None:
        """Raise `NotAFeed` when the actor is not what this kind follows."""


class Account(Followed):
    """An account that the operator lists: a person, a newspaper, Threads' accounts included."""

    kind: ClassVar[str] = "account"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each account."""
        for address in topic.accounts:
            yield cls(topic.handle, address)


class Group(Followed):
    """A group or community (Lemmy, PieFed, Mbin, NodeBB, a.gup.pe): it announces its posts."""

    kind: ClassVar[str] = "group"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each group."""
        for address in topic.groups:
            yield cls(topic.handle, address)

    def check(self, actor: Actor) -> None:
        """Only what announces posts: Lemmy's say Group, older guppe ones do not."""
        if actor.type == "Person":
            raise NotAFeed(f"{self.address} is a person, not a group: add it as an account")


class TagActor(Followed):
    """An actor that announces the posts with a hashtag, such as @openweights@tags.pub."""

    kind: ClassVar[str] = "tag-actor"

    def __init__(self, bot: str, address: str, tag: str | None = None) -> None:
        name = address.rstrip("/").rpartition("/")[2] if "://" in address else split(address)[0]
        super().__init__(bot, address, tag or name.casefold())

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each hashtag and server of tag actors."""
        for host in topic.tag_hosts:
            for tag in topic.hashtags:
                yield cls(topic.handle, f"{tag}@{host}", tag)


def account(address: str) -> str:
    """Return a handle without its first @, or an actor's id. Raises `Badly`."""
    if address.startswith(("https://", "http://")):
        return address
    try:
        name, host = split(address)
    except Malformed:
        raise Badly(
            f"{address[:100]!r} is neither a handle such as @name@social.example nor an id"
        ) from None
    return f"{name}@{host}"
