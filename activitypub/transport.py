"""The one way out: an aiohttp session with the guard, and limits of size, time and redirects."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from activitypub.errors import ActivityPubError, Forbidden, Malformed, TooLarge, Unreachable
from activitypub.guard import AddressGuard
from activitypub.names import NameResolver

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request, redirects included: bytes after inflating, seconds in all.

    `per_host` bounds the GETs under way to one host, `posts_per_host` the deliveries, and
    `host_window` what reading in bulk asks of one host in a quarter of an hour, and `host_pages`
    how many pages of lists and answers of an API that may be; see `Restraint`.
    """

    max_bytes: int = 1 << 20
    seconds: float = 10.0
    redirects: int = 3
    per_host: int = 2
    posts_per_host: int = 4
    host_window: int = 600
    host_pages: int = 250


@dataclass(frozen=True, slots=True)
class Response:
    """An answer read to its end. `url` is the one that answered, after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


Prepare = Callable[[str, str], Awaitable[Mapping[str, str]]]
"""Given method and URL, returns further headers: called for each hop, so each is signed anew."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an answer is read: to `most` bytes, `cut` there or refused.

    `on_bytes` is told of every piece, those of answers that are refused or break off included.
    """

    most: int
    cut: bool = False
    on_bytes: Callable[[int], None] | None = None


class GuardedResolver(AbstractResolver):
    """Resolves names and lets only allowed addresses through, at the moment of dialling."""

    def __init__(self, guard: AddressGuard, inner: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._inner = inner or NameResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raises OSError when none of them is allowed."""
        if self._guard.allow_loopback and (host == "localhost" or host.endswith(".localhost")):
            return [_loopback(host, port)]  # RFC 6761 §6.3: never asked of the network
        found = await self._inner.resolve(host, port, family)
        allowed = [entry for entry in found if self._allows(entry["host"])]
        if not allowed:
            raise NotPublic(f"{host} has no public address")
        return allowed

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()

    def _allows(self, address: str) -> bool:
        try:
            self._guard.check_address(address)
        except Forbidden:
            return False
        return True


class NotPublic(OSError):
    """A name that leads to closed addresses only; aiohttp wraps it, `Transport` unwraps it."""


class Transport:
    """Sends requests. Use as `async with Transport(...) as transport`.

    `resolver` replaces the system's one (tests name their loopback servers with it).
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        user_agent: str,
        limits: Limits = Limits(),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.guard = guard
        self.limits = limits
        self._user_agent = user_agent
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._names: GuardedResolver | None = None

    async def __aenter__(self) -> Self:
        self._names = GuardedResolver(self.guard, self._resolver)
        connector = aiohttp.TCPConnector(
            resolver=self._names,
            limit=1000,
            limit_per_host=self.limits.per_host + self.limits.posts_per_host,
            ttl_dns_cache=60,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            requote_redirect_url=False,
            timeout=aiohttp.ClientTimeout(total=None),  # ours bounds redirects and signing too
            auto_decompress=True,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._names is not None:
            await self._names.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        prepare: Prepare | None = None,
        max_bytes: int | None = None,
        cut: bool = False,
        on_bytes: Callable[[int], None] | None = None,
    ) -> Response:
        """Send a request and read the answer, following up to three redirects of a GET.

        With `cut` a longer answer is read to the limit and no further, instead of refused.
        `on_bytes` is told how many bytes came, piece by piece, whatever becomes of the answer.

        Raises `Forbidden`, `TooLarge`, `Unreachable` or `Malformed`; an answer of any status is
        returned as it is.
        """
        try:
            async with asyncio.timeout(self.limits.seconds):
                how = Reading(max_bytes or self.limits.max_bytes, cut, on_bytes)
                return await self._follow(method, url, dict(headers or {}), body, prepare, how)
        except TimeoutError:
            raise Unreachable(f"no answer within {self.limits.seconds:g} s", url=url) from None
        except ActivityPubError:
            raise
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise _translated(problem, url) from problem

    async def lines(
        self, url: str, headers: Mapping[str, str], idle: float
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Yield status and each line of an answer that goes on (server-sent events).

        No redirect is followed. Raises `Unreachable` after `idle` seconds without a line,
        `TooLarge` for a line beyond the limit of an answer.
        """
        self.guard.check_url(url)
        if self._session is None:
            raise RuntimeError("the transport is not open")
        try:
            async with (
                asyncio.timeout(self.limits.seconds) as patience,
                self._session.get(
                    URL(url, encoded=True),
                    headers=headers,
                    allow_redirects=False,
                    read_bufsize=self.limits.max_bytes,
                ) as answer,
            ):
                while True:
                    patience.reschedule(asyncio.get_running_loop().time() + idle)
                    line = await answer.content.readline()
                    if not line:
                        return
                    yield answer.status, line
        except TimeoutError:
            raise Unreachable(f"nothing came for {idle:g} s", url=url) from None
        except ValueError as problem:  # aiohttp's word for a line that is too long
            raise TooLarge(str(problem), url=url) from None
        except (aiohttp.ClientError, OSError) as problem:
            raise _translated(problem, url) from problem

    async def _follow(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        prepare: Prepare | None,
        how: Reading,
    ) -> Response:
        seen = set()
        for _ in range(self.limits.redirects + 1):
            self.guard.check_url(url)
            seen.add(url)
            extra = await prepare(method, url) if prepare else {}
            response = await self._once(method, url, {**headers, **extra}, body, how)
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or method != "GET" or not location:
                return response
            target = urljoin(url, location).partition("#")[0]
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                raise Forbidden("a redirect leads from https to http", url=target)
            if urlsplit(target).netloc != urlsplit(url).netloc:
                headers.pop("Authorization", None)  # a token is for the host it was given by
            if target in seen:
                raise TooLarge("the redirects turn in a circle", url=target)
            url = target
        raise TooLarge(f"more than {self.limits.redirects} redirects", url=url)

    async def _once(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        how: Reading,
    ) -> Response:
        if self._session is None:
            raise RuntimeError("the transport is not open")
        async with self._session.request(
            method, URL(url, encoded=True), headers=headers, data=body, allow_redirects=False
        ) as answer:
            content = await _read(answer, how)
            return Response(
                answer.status, CIMultiDictProxy(CIMultiDict(answer.headers)), content, url
            )


async def _read(answer: aiohttp.ClientResponse, how: Reading) -> bytes:
    """Read the inflated body piece by piece, so that a bomb is dropped at the limit."""
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_chunked(1 << 16):
        size += len(piece)
        if how.on_bytes is not None:
            how.on_bytes(len(piece))
        if size > how.most:
            answer.close()
            if how.cut:
                return b"".join([*pieces, piece])[: how.most]
            raise TooLarge(f"more than {how.most} bytes", url=str(answer.url))
        pieces.append(piece)
    return b"".join(pieces)


def _translated(problem: Exception, url: str) -> ActivityPubError:
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, NotPublic):
            return Forbidden(str(cause), url=url)
        cause = cause.__cause__ or cause.__context__
    if isinstance(problem, aiohttp.InvalidURL | ValueError) and not isinstance(problem, OSError):
        return Malformed(f"not an address: {problem}"[:200], url=url)
    return Unreachable(f"cannot reach {urlsplit(url).netloc}: {_reason(problem)}"[:300], url=url)


def _reason(problem: Exception) -> str:
    """Say what went wrong; of a connection only that, since the host was named already."""
    if isinstance(problem, aiohttp.ClientConnectorError):
        return problem.os_error.strerror or str(problem.os_error)
    return str(problem) or type(problem).__name__


def _loopback(host: str, port: int) -> ResolveResult:
    return {
        "hostname": host,
        "host": "127.0.0.1",
        "port": port,
        "family": socket.AF_INET,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST,
    }
