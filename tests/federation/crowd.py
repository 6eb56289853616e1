"""Ten thousand followers, most of whose servers take every connection and never answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import orjson

from bot.app import Fedigest
from bot.demo.show import HANDLE
from storage import tables
from tests.federation.hosts import Hosts, hosts
from tests.federation.sender import Sender

FOLLOWERS, ANSWERING = 10_000, 100


@dataclass
class Crowd:
    """The followers' servers: `net` are those that answer."""

    net: Hosts
    silent: int

    def got(self, kind: str, uri: str) -> list[dict[str, object]]:
        """Return the activities of a type about `uri` that answering servers got."""
        found = [orjson.loads(body) for _, _, body in self.net.posted]
        return [a for a in found if a["type"] == kind and uri in (a["object"], a["object"]["id"])]

    async def wait_for(self, kind: str, uri: str) -> None:
        """Wait until every answering server got one."""
        async with asyncio.timeout(90):
            while len(self.got(kind, uri)) < ANSWERING:  # noqa: ASYNC110  it happens elsewhere
                await asyncio.sleep(0.05)


@asynccontextmanager
async def crowd(app: Fedigest) -> AsyncIterator[Crowd]:
    """Let them follow the bot. Those that answer come first, as their servers are quicker."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        await reader.read()

    held: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with hosts() as (net, _):
        made = Crowd(net, silent.sockets[0].getsockname()[1])
        for number in range(ANSWERING):
            net.put(f"a{number}", "/inbox", {})
        rows = [follower(app, made, number) for number in range(FOLLOWERS)]
        async with app.storage.unit() as unit:
            await unit.follows._transaction.add_all(rows)
        try:
            yield made
        finally:
            for writer in held:
                writer.close()
            silent.close()


def follower(app: Fedigest, made: Crowd, number: int) -> tables.Follower:
    """Return one of the followers."""
    name = f"a{number}" if number < ANSWERING else f"z{number}"
    port = made.net.port if number < ANSWERING else made.silent
    me = f"http://{name}.localhost:{port}"
    return tables.Follower(
        bot=HANDLE,
        actor_id=f"{me}/u",
        inbox=f"{me}/inbox",
        host=f"{name}.localhost:{port}",
        follow_id=f"{me}/u#follow",
        since=app.clock.now(),
    )


async def published(app: Fedigest, made: Crowd) -> tuple[str, str]:
    """Publish a digest to them; return its id and a post that it cites, once those have it."""
    now = app.clock.now()
    topic = app.config.bot(HANDLE)
    name = await app.parts.digests.make(topic, "crowded", now - timedelta(days=1), now)
    assert name is not None
    app.deliverer.wake()
    uri = app.uris.object(name)
    await made.wait_for("Create", uri)
    async with app.storage.view() as view:
        summaries = await view.digests.summaries(name)
        sentences = await view.digests.sentences(summaries[0].id)
    return uri, sentences[-1].posts[0]


async def delete(sender: Sender, post: str) -> None:
    """Let the author of a post delete it, and wait for the 202."""
    async with sender.app.storage.view() as view:
        row = await view.posts.get(post)
    assert row is not None
    people = sender.documents.world.people
    author = next(name for name in people if sender.documents.actor_id(name) == row.author_id)
    activity = {
        "id": f"{post}#delete",
        "type": "Delete",
        "actor": row.author_id,
        "object": {"id": post, "type": "Tombstone"},
    }
    assert (await sender.post(*sender.signed(activity, author)))[0] == 202
