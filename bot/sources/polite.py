"""Asking hosts in the way they like: robots.txt, rate limits, their tokens, and a no is a no."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from cachetools import TTLCache
from protego import Protego

from activitypub.addressing import host_of, origin_of
from activitypub.budget import Budget
from activitypub.client import Client, retry_after
from activitypub.errors import ActivityPubError, Busy, Final, Recoverable, Unreachable
from activitypub.ports import Clock
from activitypub.transport import Response
from bot.errors import BotError

AGENT = "Fedigest"
"""Our name in a robots.txt."""
ROBOTS_BYTES = 500 << 10
"""What RFC 9309 §2.5 asks a reader to take at least."""
ROBOTS_SECONDS = 24 * 3600
HOSTS = 2000
LOW = 0.1
"""The share of a rate limit that we leave to others behind the same address."""


class SaysNo(BotError):
    """A host asks not to be asked: it is left alone, and `fedigest sources` says so."""


class Polite:
    """GETs of pages, feeds and APIs. `tokens` are by host, and sent to its API only.

    Fetching ActivityPub documents does not go through here: robots.txt rules polling and pages
    (CONSENT.md, signal 8), while documents are asked for by id, signed, in our name.
    """

    def __init__(
        self, client: Client, clock: Clock, tokens: Mapping[str, str] | None = None
    ) -> None:
        self.client = client
        self._clock = clock
        self._tokens = {host.lower(): token for host, token in (tokens or {}).items()}
        self._robots: TTLCache[str, Protego] = TTLCache(HOSTS, ROBOTS_SECONDS)
        self._paused: TTLCache[str, datetime] = TTLCache(HOSTS, ROBOTS_SECONDS)

    def token(self, url: str) -> str | None:
        """Return the token that the operator has for the host of `url`."""
        return self._tokens.get(host_of(url))

    async def get(
        self,
        url: str,
        *,
        accept: str,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        cut: bool = False,
        budget: Budget | None = None,
    ) -> Response:
        """Ask for something, unless its host does not want that, or not now.

        What a redirect led to on another host is not used if that host does not want it.
        Raises `SaysNo`, `Busy` while the host is to be left alone, and the client's errors.
        """
        self._check_pause(url)
        await self._check_robots(url)
        asked = dict(headers or {})
        token = self.token(url)
        if token and "/api/" in url:
            asked["Authorization"] = f"Bearer {token}"
        try:
            response = await self.client.get(
                url, accept=accept, headers=asked, max_bytes=max_bytes, cut=cut, budget=budget
            )
        except Recoverable as problem:
            if problem.retry_after:
                self._pause(url, problem.retry_after)
            raise
        self._note_limit(url, response)
        if host_of(response.url) != host_of(url):
            await self._check_robots(response.url)
        return response

    async def allows(self, url: str) -> bool:
        """Tell what the host's robots.txt says of our asking for `url`. Raises `Recoverable`."""
        origin = "://".join(origin_of(url))
        rules = self._robots.get(origin)
        if rules is None:
            rules = self._robots[origin] = await self._rules(origin)
        return bool(rules.can_fetch(url, AGENT))

    async def _rules(self, origin: str) -> Protego:
        try:
            answer = await self.client.get(
                f"{origin}/robots.txt", accept="text/plain", max_bytes=ROBOTS_BYTES, cut=True
            )
        except Final:  # no rules are no ban (RFC 9309 §2.3.1.3)
            return Protego.parse("")
        return Protego.parse(answer.body.decode("utf-8", "replace"))

    async def _check_robots(self, url: str) -> None:
        try:
            allowed = await self.allows(url)
        except Unreachable:
            raise  # no host, no rules
        except ActivityPubError as problem:
            # Rules that cannot be read now are to be taken for a ban (§2.3.1.4), for now.
            raise Busy(
                f"{host_of(url)} did not tell its robots.txt: {problem}", url=url, status=None
            ) from problem
        if not allowed:
            raise SaysNo(f"{host_of(url)} asks robots to leave this alone (robots.txt)")

    def _check_pause(self, url: str) -> None:
        until = self._paused.get(host_of(url))
        wait = until - self._clock.now() if until else timedelta()
        if wait > timedelta():
            raise Busy(f"{host_of(url)} asked us to wait", url=url, retry_after=wait)

    def _pause(self, url: str, wait: timedelta) -> None:
        self._paused[host_of(url)] = self._clock.now() + wait

    def _note_limit(self, url: str, response: Response) -> None:
        """Stop before a limit is reached: others may share our address."""
        try:
            left = int(header(response, "Remaining") or "")
            whole = int(header(response, "Limit") or "300")
        except ValueError:
            return
        wait = retry_after(response.headers, self._clock.now())
        if left <= whole * LOW and wait:
            self._pause(url, wait)


def header(response: Response, name: str) -> str | None:
    """Return a header of a rate limit, which some write without the X-."""
    return response.headers.get(f"X-RateLimit-{name}") or response.headers.get(f"RateLimit-{name}")
