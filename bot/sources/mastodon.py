"""A hashtag's timeline by Mastodon's REST API, on servers the operator named for it."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self
from urllib.parse import quote, urlencode

import orjson

from activitypub.client import Client
from activitypub.errors import Missing, Refused
from bot.sources.port import Found, NotAFeed, Polled, SourceRefused
from bot.topic import Topic
from storage import tables

LIMIT = 40
"""Most statuses one request may ask for."""


class MastodonTag:
    """`GET /api/v1/timelines/tag/NAME?min_id=`, after asking whether the timeline is public."""

    kind: ClassVar[str] = "mastodon"

    def __init__(self, bot: str, host: str, tag: str) -> None:
        self.bot = bot
        self.tag = tag
        self.host = host
        self.address = f"{host}/api/v1/timelines/tag/{quote(tag)}"
        self.key = f"{self.kind}:{bot}:{self.address}"

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each host named for the API and each hashtag."""
        for host in topic.rest_hosts:
            for tag in topic.hashtags:
                yield cls(topic.handle, host, tag)

    async def poll(self, client: Client, state: tables.SourceState) -> Polled:
        """Ask for what is newer than the last status seen."""
        await self._may_ask(client)
        query = {"limit": LIMIT} | ({"min_id": state.cursor} if state.cursor else {})
        try:
            statuses = await _json(client, f"{self.address}?{urlencode(query)}")
        except Refused as problem:
            raise SourceRefused(
                f"{self.host} shows tag timelines to its own users only"
            ) from problem
        if not isinstance(statuses, list):
            raise NotAFeed(f"{self.address} did not answer with a list of statuses")
        seen = [status for status in statuses if isinstance(status, dict)]
        uris = [status["uri"] for status in seen if isinstance(status.get("uri"), str)]
        cursor = max(
            (str(status.get("id", "")) for status in seen), key=_order, default=state.cursor
        )
        return Polled(tuple(Found(uri, self.tag) for uri in uris), cursor=cursor)

    async def _may_ask(self, client: Client) -> None:
        """Read the host's own word on it (Mastodon 4.5+); older hosts have none."""
        try:
            instance = await _json(client, f"{self.host}/api/v2/instance")
        except Missing:
            return
        access: Any = instance
        for name in ("configuration", "timelines_access", "hashtag_feeds"):
            access = access.get(name) if isinstance(access, dict) else None
        if isinstance(access, dict) and access.get("local", "public") != "public":
            raise SourceRefused(f"{self.host} says that its tag timelines are not public")


async def _json(client: Client, url: str) -> Any:
    response = await client.get(url, accept="application/json")
    try:
        return orjson.loads(response.body)
    except orjson.JSONDecodeError:
        raise NotAFeed(f"{url} did not answer with JSON") from None


def _order(status_id: str) -> tuple[int, str]:
    """Order status ids: numbers by value, which is by length first, then as text."""
    return len(status_id), status_id
