"""A relay (FEP-ae0c): hands on what many servers publish; only what carries our tags is read."""

from collections.abc import Iterator
from typing import ClassVar, Self
from urllib.parse import urlsplit

from activitypub.addressing import host_of
from activitypub.vocab import PUBLIC
from bot.sources.polite import Polite
from bot.sources.port import Badly, Followee, Polled, Seen
from bot.topic import Topic


class Relay:
    """Mastodon's style where the address is an inbox, LitePub's where it is an actor.

    To the inbox goes a Follow of the public collection; whoever accepts it on that host is the
    relay. An actor is followed as anyone is, and follows back, which we accept without counting
    it among the followers: a relay would spread our posts over servers that did not ask for them.
    """

    kind: ClassVar[str] = "relay"
    follows: ClassVar[bool] = True
    tag: str | None = None

    def __init__(self, bot: str, address: str) -> None:
        self.bot = bot
        self.address = address
        self.key = f"{self.kind}:{bot}:{address}"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each relay."""
        for address in topic.relays:
            yield cls(topic.handle, address)

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """An inbox or an actor."""
        if not address.startswith(("https://", "http://")) or not host_of(address):
            raise Badly(
                f"{address[:100]!r} is neither a relay's inbox (https://relay.example/inbox) "
                "nor its actor (https://relay.example/actor)"
            )
        return cls(bot, address)

    @property
    def is_inbox(self) -> bool:
        """Tell whether the address is an inbox (Mastodon's style)."""
        return urlsplit(self.address).path.rstrip("/").endswith("/inbox")

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Say whom to follow; an actor is looked at, an inbox cannot be."""
        if self.is_inbox:
            known = seen.actor_id or self.address
            return Polled(follows=Followee(known, self.address, PUBLIC, host_of(self.address)))
        actor = await polite.client.actor(self.address)
        return Polled(follows=Followee(actor.id, actor.inbox, actor.id, actor.name or ""))

    async def preview(self, polite: Polite) -> Polled:
        """Show the relay itself: what it will hand on, nobody can say."""
        return await self.poll(polite, Seen())
