"""Asking other servers: signed GET that trusts nothing but the id it asked for, signed POST."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

import orjson

from activitypub.addressing import host_of, same_origin
from activitypub.aside import Aside
from activitypub.budget import Budget
from activitypub.errors import (
    ActivityPubError,
    Busy,
    Gone,
    Malformed,
    Missing,
    Refused,
    Rejected,
)
from activitypub.guard import AddressGuard
from activitypub.ports import Clock, SigningKey
from activitypub.restraint import Restraint
from activitypub.schemes import HostSchemes, Scheme, Signing
from activitypub.transport import Response, Transport
from activitypub.vocab import Activity, Actor, Collection, Document, Object, parse
from activitypub.vocab.values import string

ACTIVITY_JSON = "application/activity+json"
LD_JSON = "application/ld+json"
PROFILE = "https://www.w3.org/ns/activitystreams"
ACCEPT = f'{ACTIVITY_JSON}, {LD_JSON}; profile="{PROFILE}"'
DEEPEST = 32
"""Nesting of a document; the deepest honest one, a group's announce of a reply, has about 12."""
A_DAY = 86_400
RECOVERABLE = frozenset({408, 425, 429})
RESTING = frozenset({429, 503})
UNREAD = frozenset({400, 401, 403})


class Client:
    """Asks as the instance actor, whose `key` signs every GET; None asks unsigned.

    At most `transport.limits.per_host` requests are under way to one host. A host that seems not
    to read our signature is asked once more in the other scheme, and what worked is remembered.
    """

    def __init__(self, transport: Transport, key: SigningKey | None, clock: Clock) -> None:
        self._transport = transport
        self._key = key
        self._clock = clock
        self._schemes = HostSchemes()
        self._restraint = Restraint(transport.limits.host_window, transport.limits.host_pages)
        self._aside = Aside()
        self._gates: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @property
    def per_host(self) -> int:
        """Return how many requests to one host may be under way."""
        return self._transport.limits.per_host

    @property
    def guard(self) -> AddressGuard:
        """What says which addresses may be asked."""
        return self._transport.guard

    @property
    def allows_http(self) -> bool:
        """Tell whether plain http is open (development on loopback)."""
        return self._transport.guard.allow_loopback

    def now(self) -> datetime:
        """Return the clock's time."""
        return self._clock.now()

    async def fetch(self, url: str, budget: Budget | None = None) -> Document:
        """Return the document whose id is `url`.

        When another id comes back (a web page's URL was asked, say), that id is fetched itself,
        once, and must then be its own. So nobody can speak for another server, nor pose as a
        document by uploading a file (FEP-fe34). Raises the errors of `errors`.
        """
        url = url.partition("#")[0]
        document, final = await self._document(url, budget)
        identity = string(document.get("id"))
        if identity is None:
            raise Malformed("the document has no id", url=url)
        # Who answered must be of the same server as the id: an open redirect there is not its word.
        if identity.partition("#")[0] in (url, final) and same_origin(identity, final):
            return document
        again, answered = await self._document(identity, budget)
        if string(again.get("id")) != identity or not same_origin(identity, answered):
            raise Malformed(f"the document says it is {identity[:200]}, which denies it", url=url)
        return again

    async def any(
        self, url: str, budget: Budget | None = None
    ) -> Actor | Activity | Collection | Object:
        """Fetch and parse whatever is at `url`. A Tombstone raises `Gone`."""
        document = await self.fetch(url, budget)
        if document.get("type") == "Tombstone":
            raise Gone("it was deleted", url=url)
        return parse(document)

    async def object(self, url: str, budget: Budget | None = None) -> Object:
        """Fetch a post; of a Create, the post in it."""
        found = await self.any(url, budget)
        if isinstance(found, Activity) and found.type == "Create" and found.object_id:
            found = await self.any(found.object_id, budget)
        if not isinstance(found, Object):
            raise Malformed(f"expected a post, found {found.type}", url=url)
        return found

    async def actor(self, url: str, budget: Budget | None = None) -> Actor:
        """Fetch an actor."""
        found = await self.any(url, budget)
        if not isinstance(found, Actor):
            raise Malformed(f"expected an actor, found {found.type}", url=url)
        return found

    async def collection(self, url: str, budget: Budget | None = None) -> Collection:
        """Fetch a collection or one page of it; a page need not have an id of its own.

        So nothing but the server that answers vouches for it: it must be the one that was asked.
        """
        document, final = await self._document(url, budget)
        if not same_origin(url, final):
            raise Malformed("the collection is on another server", url=url)
        found = parse(document)
        if not isinstance(found, Collection):
            raise Malformed(f"expected a collection, found {found.type}", url=url)
        return found

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
        """Ask for something that is not ActivityPub (a feed, an API, a page), unsigned.

        304 is returned; other statuses outside 2xx raise. `max_bytes` replaces the usual limit;
        with `cut` a longer answer is read that far.
        """
        async with self._gate(url):
            asked = {"Accept": accept, **(headers or {})}

            async def prepare(method: str, url: str) -> Mapping[str, str]:
                self._spend(url, budget)
                return {}

            response = await self._transport.request(
                "GET",
                url,
                headers=asked,
                prepare=prepare,
                max_bytes=max_bytes,
                cut=cut,
                on_bytes=budget.read if budget else None,
            )
        self._heed(response)
        if response.status != HTTPStatus.NOT_MODIFIED:
            check_status(response, self._clock.now())
        return response

    def lines(
        self, url: str, headers: Mapping[str, str], idle: float
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Yield status and lines of an answer that goes on; see `Transport.lines`."""
        return self._transport.lines(url, headers, idle)

    async def post(
        self,
        inbox: str,
        body: bytes,
        key: SigningKey,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Deliver an activity, signed with `key`; return the status. Raises on all but 2xx."""
        sent = {"Content-Type": ACTIVITY_JSON, "Accept": ACCEPT, **(headers or {})}
        response = await self._signed("POST", inbox, sent, key, body=body)
        check_status(response, self._clock.now())
        return response.status

    async def _document(self, url: str, budget: Budget | None) -> tuple[Document, str]:
        headers = {"Accept": ACCEPT}
        response = await self._signed("GET", url, headers, self._key, budget=budget)
        check_status(response, self._clock.now())
        if not is_activity(response.headers.get("Content-Type", "")):
            raise Malformed("the answer is not an ActivityPub document", url=url)
        return read_json(response.body, url), response.url

    async def _signed(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        key: SigningKey | None,
        *,
        body: bytes | None = None,
        budget: Budget | None = None,
    ) -> Response:
        """Send a request, signed if there is a key, with at most one extra knock."""
        host, now = host_of(url), self._clock.now()
        scheme = self._schemes.first(host, now)
        answer = await self._once(method, url, headers, key, scheme, body, budget)
        if key is None:
            return answer
        if "Accept-Signature" in answer.headers:
            self._schemes.asked(host, answer.headers["Accept-Signature"], key, now)
        if answer.status < 400:
            self._schemes.worked(host, scheme, now)
            return answer
        other = self._schemes.second(host, answer.status, now)
        if scheme is Scheme.CAVAGE and self._schemes.first(host, now) is Scheme.RFC9421:
            other = Scheme.RFC9421  # as its Accept-Signature just said
        if other is None:
            return answer
        again = await self._once(method, url, headers, key, other, body, budget)
        if again.status < 400:
            self._schemes.worked(host, other, now)
            return again
        self._schemes.refused(host, now)
        # Who says 401 to one scheme and 410 to the other has read the second signature.
        return again if answer.status in UNREAD and again.status not in UNREAD else answer

    async def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        key: SigningKey | None,
        scheme: Scheme,
        body: bytes | None,
        budget: Budget | None,
    ) -> Response:
        async def prepare(method: str, url: str) -> Mapping[str, str]:
            self._spend(url, budget)
            if key is None:
                return {}
            now = self._clock.now()
            signing = Signing(key, scheme, self._schemes.wanted(host_of(url), now))
            # In a thread: signing takes a quarter of a millisecond and releases the lock.
            return await self._aside.run(lambda: signing.headers(method, url, now, body))

        # Deliveries have a gate of their own, where hosts take turns.
        async with self._gate(url) if body is None else contextlib.nullcontext():
            response = await self._transport.request(
                method,
                url,
                headers=headers,
                body=body,
                prepare=prepare,
                on_bytes=budget.read if budget else None,
            )
        self._heed(response)
        return response

    def _spend(self, url: str, budget: Budget | None) -> None:
        """Account for a request or for one hop of it: a redirect is a request to its target."""
        if budget is None:
            return
        now = self._clock.now()
        self._restraint.check(url, now)
        budget.spend(url, now)
        self._restraint.count(url, now)

    def _heed(self, response: Response) -> None:
        """Let a host rest that asks for it."""
        if response.status in RESTING:
            now = self._clock.now()
            self._restraint.rest(response.url, retry_after(response.headers, now), now)

    def _gate(self, url: str) -> asyncio.Semaphore:
        host = host_of(url)
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = asyncio.Semaphore(self._transport.limits.per_host)
        return gate


def is_activity(content_type: str) -> bool:
    """Tell whether a Content-Type is one of the two of ActivityPub (§3.2)."""
    name, _, parameters = content_type.partition(";")
    name = name.strip().lower()
    return name == ACTIVITY_JSON or (name == LD_JSON and PROFILE in parameters)


def read_json(body: bytes, url: str | None = None) -> dict[str, Any]:
    """Read a JSON object of bounded depth. Raises `Malformed`."""
    try:
        document = orjson.loads(body)  # refuses more than 1,024 levels by itself
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"not JSON: {problem}"[:200], url=url) from None
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object", url=url)
    # Nothing nests deeper than it has brackets, and most documents have few.
    if body.count(b"{") + body.count(b"[") > DEEPEST and too_deep(document):
        raise Malformed(f"the document is nested more than {DEEPEST} deep", url=url)
    return document


def too_deep(document: object) -> bool:
    """Tell whether objects and lists nest too deep; level by level, since recursion could fail."""
    level = [document]
    for _ in range(DEEPEST):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: object) -> list[object]:
    """Return what is nested in `node` and may nest further."""
    members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [member for member in members if isinstance(member, dict | list)]


def check_status(response: Response, now: datetime) -> None:
    """Raise the error that a status outside 2xx stands for."""
    status, url = response.status, response.url
    if 200 <= status < 300:
        return
    message = f"{host_of(url)} answered {status}"
    if status in RECOVERABLE or status >= 500:
        after = retry_after(response.headers, now)
        raise Busy(message, url=url, status=status, retry_after=after)
    kinds: dict[int, type[ActivityPubError]] = {
        401: Refused,
        403: Refused,
        404: Missing,
        410: Gone,
    }
    raise kinds.get(status, Rejected)(message, url=url, status=status)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After (seconds or a date) or X-RateLimit-Reset, at most a day.

    Mastodon writes a date into the latter, others the seconds since 1970 or from now on. Dates are
    by the clock of the server, which its Date header tells: it may be an hour off.
    """
    with contextlib.suppress(ValueError, TypeError):
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else now
    value = headers.get("Retry-After", "").strip()
    reset = (headers.get("X-RateLimit-Reset") or headers.get("RateLimit-Reset", "")).strip()
    try:
        if value.isdigit():
            wait = timedelta(seconds=min(int(value), A_DAY))
        elif value:
            wait = parsedate_to_datetime(value) - now
        elif reset.isascii() and reset.replace(".", "", 1).isdigit():
            seconds = float(reset)
            wait = timedelta(seconds=seconds - (now.timestamp() if seconds > A_DAY else 0))
        elif reset:
            moment = datetime.fromisoformat(reset)
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
        else:
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), timedelta(days=1))
