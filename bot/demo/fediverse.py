"""The sample fediverse: four servers on loopback, and what its people do."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.ports import Clock
from activitypub.transport import Transport
from activitypub.vocab import CONTEXT, PUBLIC
from bot.demo.documents import Documents
from bot.demo.server import Arrived, SampleServer
from bot.demo.world import Post, World, load

SERVERS = ("models", "plaza", "forum", "press")
PORTS = (8081, 8082, 8083, 8084)
OTHER_PORTS = range(10_000, 32_000)
"""Below those that outgoing connections get, which could take one before it is listened on."""


class SampleFediverse:
    """Servers called models (Mastodon-like), plaza (GoToSocial-like), forum and press."""

    def __init__(
        self,
        world: World,
        documents: Documents,
        servers: dict[str, SampleServer],
        client: Client,
        clock: Clock,
    ) -> None:
        self.world = world
        self.servers = servers
        self.documents = documents
        self._client = client
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        clock: Clock,
        ports: Sequence[int] = PORTS,
        keys: Sequence[rsa.RSAPrivateKey] = (),
    ) -> AsyncIterator["SampleFediverse"]:
        """Start the servers on `ports`, or on free ones where these are taken.

        They sign with `keys`, one each; with new ones if there are none.
        """
        world = load(clock.now())
        async with AsyncExitStack() as stack:
            transport = Transport(AddressGuard(allow_loopback=True), user_agent="SampleFediverse/1")
            await stack.enter_async_context(transport)
            client = Client(transport, None, clock)
            chosen = {name: free_port(port) for name, port in zip(SERVERS, ports, strict=True)}
            origins = {name: f"http://{name}.localhost:{port}" for name, port in chosen.items()}
            documents = Documents(world, origins)
            servers = {}
            keys = keys or [rsa.generate_private_key(65537, 2048) for _ in SERVERS]
            for (name, port), key in zip(chosen.items(), keys, strict=True):
                server = SampleServer(name, origins[name], documents, client, clock, key)
                runner = web.AppRunner(server.app(), access_log=None)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                stack.push_async_callback(server.close)
                await web.TCPSite(runner, "127.0.0.1", port).start()
                servers[name] = server
            yield cls(world, documents, servers, client, clock)

    async def follow(self, bot_actor_id: str) -> str:
        """Let the follower follow the bot; return the id of the Follow."""
        person = self.world.parts["follower"]
        me = self.documents.actor_id(person)
        activity = {
            "@context": CONTEXT,
            "id": f"{me}#follow-{bot_actor_id.rpartition('/')[2]}",
            "type": "Follow",
            "actor": me,
            "object": bot_actor_id,
        }
        await self._send(person, bot_actor_id, activity)
        return str(activity["id"])

    async def ask(
        self,
        bot_actor_id: str,
        address: str,
        text: str = "what did people say so far?",
        under: str | None = None,
    ) -> str:
        """Let the requester mention the bot under the long thread; return the post's id."""
        person = self.world.parts["requester"]
        post = Post(
            id=f"ask{len(self.world.posts)}",
            by=person,
            text=text,
            published=self._clock.now(),
            reply_to=under or "d15",
            mentions=((bot_actor_id, address),),
        )
        return await self._post(post, bot_actor_id)

    async def delete(self, name: str, bot_actor_id: str) -> str:
        """Let an author delete a post, telling the bot; return the post's id."""
        post = self.world.posts[name]
        post.deleted = True
        me, uri = self.documents.actor_id(post.by), self.documents.post_id(post)
        activity = {
            "@context": CONTEXT,
            "id": f"{uri}#delete",
            "type": "Delete",
            "actor": me,
            "to": [PUBLIC],
            "object": {"id": uri, "type": "Tombstone"},
        }
        await self._send(post.by, bot_actor_id, activity)
        return uri

    def arrived(self, kind: str | None = None) -> list[Arrived]:
        """Return what was delivered to anyone, of one type or of all."""
        everything = [a for server in self.servers.values() for a in server.received]
        return [a for a in everything if kind in (None, a.document.get("type"))]

    async def wait_for(self, wanted: Callable[[Arrived], bool], seconds: float = 60) -> Arrived:
        """Wait until something wanted is delivered. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                for arrived in self.arrived():
                    if wanted(arrived):
                        return arrived
                await asyncio.sleep(0.05)

    async def _post(self, post: Post, bot_actor_id: str) -> str:
        self.world.posts[post.id] = post
        document = self.documents.post(post)
        activity = {
            "@context": document.pop("@context"),
            "id": f"{document['id']}/activity",
            "type": "Create",
            "actor": self.documents.actor_id(post.by),
            "to": document["to"],
            "cc": document["cc"],
            "object": document,
        }
        await self._send(post.by, bot_actor_id, activity)
        return str(document["id"])

    async def _send(self, person: str, actor_id: str, activity: dict[str, Any]) -> None:
        inbox = (await self._client.actor(actor_id)).delivery_inbox
        server = self.servers[self.world.people[person].server]
        server.send(person, inbox, activity)


def free_port(port: int) -> int:
    """Return `port` if it can be listened on, else one of the others that is free."""
    others = (random.choice(OTHER_PORTS) for _ in range(100))  # noqa: S311
    for candidate in (*([port] if port else []), *others):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on loopback")
