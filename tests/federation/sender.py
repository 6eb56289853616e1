"""Someone from the sample fediverse who talks to our inbox, well or badly."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.app import Fedigest
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from storage.received import passed_on

JSON = "application/activity+json"


class Sender:
    """Signs and sends to the bot's inbox as people of the sample fediverse."""

    def __init__(self, fediverse: SampleFediverse, app: Fedigest) -> None:
        self.documents = fediverse.documents
        self.servers = fediverse.servers
        self.app = app
        self.inbox = app.uris.inbox(HANDLE)

    def key(self, person: str) -> SigningKey:
        server = self.servers[self.documents.world.people[person].server]
        return SigningKey(self.documents.key_id(person), server._private)

    def follow(self, person: str = "ines", number: int = 1) -> dict[str, Any]:
        me = self.documents.actor_id(person)
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{me}#follow-{number}",
            "type": "Follow",
            "actor": me,
            "object": self.app.uris.actor(HANDLE),
        }

    def signed(
        self, activity: Any, person: str = "ines", now: datetime | None = None, url: str = ""
    ) -> tuple[dict[str, str], bytes]:
        body = orjson.dumps(activity)
        moment = now or datetime.now(UTC)
        headers = cavage.sign(self.key(person), "POST", url or self.inbox, now=moment, body=body)
        return {**headers, "Content-Type": JSON}, body

    async def post(self, headers: Mapping[str, str], body: Any, url: str = "") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url or self.inbox, headers=headers, data=body) as response,
        ):
            return response.status, await response.text()

    async def stored(self, *ids: str) -> list[str]:
        async with self.app.storage.view() as view:
            return [found.id for uri in ids if (found := await view.received.get(uri))]


async def handled(app: Fedigest, activity_id: str, by: str = "") -> str:
    """Wait until a stored activity, passed on `by` somebody, is handled; return what came of it."""
    activity_id = passed_on(activity_id, by) if by else activity_id
    for _ in range(3000):
        async with app.storage.view() as view:
            row = await view.received.get(activity_id)
        if row is not None and row.handled_at is not None:
            return row.outcome or ""
        await asyncio.sleep(0.02)
    raise AssertionError(f"{activity_id} was not handled")
