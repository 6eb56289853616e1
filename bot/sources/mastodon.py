"""A hashtag's timeline by Mastodon's REST API, on servers the operator named for it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar, Self
from urllib.parse import quote, urlencode

import orjson

from activitypub.errors import ActivityPubError, Missing, Refused, Rejected
from bot.sources.asked import Asked, hashtag, origin
from bot.sources.polite import Polite, SaysNo
from bot.sources.port import Found, NotAFeed, Polled, Seen
from bot.topic import Topic

LIMIT = 40
"""Most statuses one request may ask for."""
MOST_PAGES = 5
"""Requests of one poll; what is newer still comes with the next one."""
QUIET = 90.0
"""Seconds after which a stream is dead: Mastodon sends a comment every fifteen."""


class MastodonTag(Asked):
    """`GET /api/v1/timelines/tag/NAME?min_id=`, after asking whether the timeline is public."""

    kind: ClassVar[str] = "mastodon"

    def __init__(self, bot: str, host: str, tag: str) -> None:
        self.host = host
        super().__init__(bot, f"{host}/api/v1/timelines/tag/{quote(tag)}", tag)

    @classmethod
    def of(cls, topic: Topic) -> Iterator[Self]:
        """One source for each host named for the API and each hashtag."""
        for host in topic.rest_hosts:
            for tag in topic.hashtags:
                yield cls(topic.handle, host, tag)

    @classmethod
    def named(cls, bot: str, address: str, tag: str | None) -> Self:
        """A server and a hashtag."""
        return cls(bot, origin(address), hashtag(tag, address))

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Ask for what is newer than the last status seen, page by page."""
        if polite.token(self.host) is None:
            await self._may_ask(polite)
        cursor, uris = seen.cursor, []
        for _ in range(MOST_PAGES):
            statuses = await self._page(polite, cursor)
            uris += [status["uri"] for status in statuses if isinstance(status.get("uri"), str)]
            ids = [str(status.get("id", "")) for status in statuses]
            newest = max(ids, key=_order, default=cursor)
            if len(statuses) < LIMIT or seen.cursor is None or newest == cursor:
                cursor = newest
                break
            cursor = newest
        found = tuple(Found(uri, self.tag) for uri in dict.fromkeys(uris))
        return Polled(found, cursor=cursor, listed=len(uris))

    async def stream(self, polite: Polite) -> AsyncIterator[Found]:
        """Yield posts as they come, where a token allows that. Raises the client's errors."""
        token = polite.token(self.host)
        if not await polite.allows(self.address):
            raise SaysNo(f"{self.host} asks robots to leave this alone (robots.txt)")
        url = f"{self.host}/api/v1/streaming/hashtag?{urlencode({'tag': self.tag})}"
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
        event = b""
        async for status, line in polite.client.lines(url, headers, QUIET):
            if status != 200:
                kind: type[ActivityPubError] = Refused if status in {401, 403} else Rejected
                raise kind(f"{self.host} answered {status} to streaming", url=url, status=status)
            name, _, value = line.strip().partition(b":")
            if name == b"event":
                event = value.strip()
            elif name == b"data" and event == b"update":
                found = _uri(value)
                if found:
                    yield Found(found, self.tag)

    async def _page(self, polite: Polite, cursor: str | None) -> list[dict[str, Any]]:
        query = {"limit": LIMIT} | ({"min_id": cursor} if cursor else {})
        try:
            statuses = await _json(polite, f"{self.address}?{urlencode(query)}")
        except (Refused, Rejected) as problem:
            if problem.status not in {401, 403, 422}:
                raise
            raise SaysNo(f"{self.host} shows tag timelines to its own users only") from problem
        if not isinstance(statuses, list):
            raise NotAFeed(f"{self.address} did not answer with a list of statuses")
        return [status for status in statuses if isinstance(status, dict)]

    async def _may_ask(self, polite: Polite) -> None:
        """Read the host's own word on it (Mastodon 4.5+); older hosts have none."""
        try:
            instance = await _json(polite, f"{self.host}/api/v2/instance")
        except (Missing, NotAFeed):
            return
        access: Any = instance
        for name in ("configuration", "timelines_access", "hashtag_feeds"):
            access = access.get(name) if isinstance(access, dict) else None
        if isinstance(access, dict) and access.get("local", "public") != "public":
            raise SaysNo(f"{self.host} says that its tag timelines are not public")


async def _json(polite: Polite, url: str) -> Any:
    response = await polite.get(url, accept="application/json")
    try:
        return orjson.loads(response.body)
    except orjson.JSONDecodeError:
        raise NotAFeed(f"{url} did not answer with JSON") from None


def _uri(data: bytes) -> str | None:
    try:
        status = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    uri = status.get("uri") if isinstance(status, dict) else None
    return uri if isinstance(uri, str) else None


def _order(status_id: str) -> tuple[int, str]:
    """Order status ids: numbers by value, which is by length first, then as text."""
    return len(status_id), status_id
