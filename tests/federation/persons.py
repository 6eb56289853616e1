"""People with servers of their own who talk to a running instance, known or unknown to it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import orjson
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from activitypub.vocab import Actor
from bot.app import Fedigest
from bot.consent.authors import row_of
from bot.demo.show import HANDLE
from tests.federation.hosts import JSON, PUBLIC, Hosts
from tests.federation.instance import post_to, until
from tests.federation.sender import handled

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
WORDS = "The licence of the model forbids training another model on what it writes."
OLD = timedelta(days=2)
NUMBERS = count()


@dataclass
class Person:
    """Somebody on a server of their own, who signs what they send."""

    net: Hosts
    app: Fedigest
    host: str
    name: str = "a"

    @property
    def id(self) -> str:
        return self.net.url(self.host, f"/u/{self.name}")

    @property
    def path(self) -> str:
        return f"{self.host}/u/{self.name}"

    @property
    def bot(self) -> str:
        return self.app.uris.actor(HANDLE)

    def profile(self) -> dict[str, Any]:
        key = {"id": f"{self.id}#key", "owner": self.id, "publicKeyPem": PEM}
        known = {"id": self.id, "type": "Person", "inbox": f"{self.id}/inbox", "indexable": True}
        return {**known, "preferredUsername": self.name, "name": self.name, "publicKey": key}

    async def known(self, since: timedelta = OLD) -> "Person":
        """Let the bot have met them a while ago, and serve their profile."""
        row = row_of(Actor.parse(self.profile()), self.app.clock)
        row.fetched_at -= since
        async with self.app.storage.unit() as unit:
            await unit.actors.put(row)
        self.net.put(self.host, f"/u/{self.name}", self.profile())
        return self

    def hold(self) -> asyncio.Event:
        """Answer who asks for the profile when the returned event is set."""
        freed = asyncio.Event()

        async def slowly(request: web.Request) -> web.StreamResponse:
            await freed.wait()
            return web.json_response(self.profile(), content_type=JSON)

        self.net.put(self.host, f"/u/{self.name}", slowly)
        return freed

    def note(self, words: str = WORDS, **more: Any) -> dict[str, Any]:
        uri = f"{self.id}/{next(NUMBERS)}"
        note = {"id": uri, "type": "Note", "attributedTo": self.id, "to": PUBLIC}
        return {**note, "content": f"<p>{words}</p>", **more}

    def request(self, words: str) -> dict[str, Any]:
        tag = [{"type": "Mention", "href": self.bot, "name": f"@{HANDLE}"}]
        return self.note(f"@{HANDLE} {words}", cc=[self.bot], tag=tag)

    async def send(self, kind: str, thing: Any, **more: Any) -> str:
        """Deliver an activity, and return its id."""
        number = next(NUMBERS)
        uri = f"{self.id}#{kind}-{number}"
        activity = {"id": uri, "type": kind, "actor": self.id, "object": thing, **more}
        body, inbox = orjson.dumps(activity), self.app.uris.shared_inbox
        key = SigningKey(f"{self.id}#key", PRIVATE)
        # Each with a date of its own: the same at the same time is one request.
        moment = datetime.now(UTC) + timedelta(seconds=number % 200)
        headers = cavage.sign(key, "POST", inbox, now=moment, body=body)
        assert await post_to(inbox, {**headers, "Content-Type": JSON}, body) == 202
        return uri

    async def outcome(self, kind: str, thing: Any) -> str:
        return await handled(self.app, await self.send(kind, thing))

    async def follow(self) -> str:
        return await self.send("Follow", self.bot)

    async def asked(self, before: int = 0) -> None:
        """Wait until the profile was asked for."""
        async with asyncio.timeout(60):
            while self.net.asked[self.path] <= before:  # noqa: ASYNC110  it happens elsewhere
                await asyncio.sleep(0.01)

    async def follows(self) -> bool:
        async with self.app.storage.view() as view:
            return self.id in {row.actor_id for row in await view.follows.followers(HANDLE, 99)}


@dataclass
class Scene:
    net: Hosts
    app: Fedigest

    async def person(self, host: str, name: str = "a", since: timedelta = OLD) -> Person:
        return await Person(self.net, self.app, host, name).known(since)

    async def waits(self, activity: str) -> bool:
        async with self.app.storage.view() as view:
            row = await view.received.get(activity)
        assert row is not None
        return row.handled_at is None

    async def read(self, author: Person, note: dict[str, Any]) -> None:
        """Let the bot have read a post."""
        self.net.put(author.host, note["id"].partition(f":{self.net.port}")[2], note)
        await self.app.parts.conversations.read(note["id"], bot=HANDLE, aliases=set())
        assert await self.text(note)

    async def text(self, note: dict[str, Any]) -> str:
        async with self.app.storage.view() as view:
            row = await view.posts.get(note["id"])
        return row.text if row else ""

    async def erased(self, note: dict[str, Any]) -> None:
        """Wait until nothing is left of a post's words."""

        async def is_erased() -> bool:
            return not await self.text(note)

        await until(is_erased)
