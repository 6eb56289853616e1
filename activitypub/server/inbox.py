"""The inbox: cheap refusals first, then the signature, then the disk, then 202."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b

from aiohttp import web
from cachetools import TTLCache

from activitypub.addressing import host_of, same_origin
from activitypub.client import is_activity, read_json
from activitypub.errors import (
    ActivityPubError,
    BadSignature,
    BudgetSpent,
    KeyGone,
    Malformed,
    Recoverable,
    TooLarge,
)
from activitypub.ports import Directory, Inbox, Receipt
from activitypub.server.negotiate import joined_headers, problem
from activitypub.signatures import Candidate, Request, candidates
from activitypub.verify import Verifier
from activitypub.vocab import Activity
from activitypub.vocab.values import fits

log = logging.getLogger(__name__)

MAX_BODY = 1 << 20
MOST_LOOKED_UP = 20
"""Things in one Delete of a stranger's that are looked up before its signature is verified."""
PATIENCE = 20.0
"""Seconds for a body to come: who sends it byte by byte would keep us for ever."""
SMALL = 64 << 10
MOST_READING = {True: 128, False: 5000}
"""Large and small bodies that may be on their way at a time: nobody knows yet whose they are, so
large ones, which few send, must not take the room of the others."""
LATER = {"Retry-After": "60"}
MOST_AT_ONCE = 1000
MOST_AT_ONCE_PER_HOST = 400
"""Deliveries in hand: their bodies are all the memory that a flood can take."""
REPLAYED, MOST_TAKEN = 13 * 3600.0, 20_000
"""Seconds for which signatures of taken requests are remembered: none is good for longer."""
STATUS: Mapping[type[Exception], int] = {TooLarge: 413, Malformed: 400, BadSignature: 401}


class SlowBody(Recoverable):
    """The body of a request does not come to an end."""


class InboxRoute:
    """Takes activities for one bot's inbox or the shared one.

    `base` is our own scheme and host: what is signed must be meant for it.
    """

    def __init__(self, base: str, directory: Directory, inbox: Inbox, verifier: Verifier) -> None:
        self._base = base
        self._directory = directory
        self._inbox = inbox
        self._verifier = verifier
        self._present: Counter[str] = Counter()
        self._reading: Counter[bool] = Counter()
        self._taken: TTLCache[bytes, bool] = TTLCache(MOST_TAKEN, REPLAYED)

    async def post(self, request: web.Request) -> web.Response:
        """Answer 202 when the activity is on disk, or is ignored on purpose.

        400 malformed, 401 wrongly signed, 403 another actor's id or a blocked host, 404 no such
        inbox, 408 too slow, 413 too large, 415 not ActivityPub, 429 too much at once, 503 later.
        """
        handle = request.match_info.get("handle")
        if handle is not None and handle not in self._directory.handles:
            return problem(404, "there is no such account here")
        try:
            return await self._take(request, handle)
        except (TooLarge, Malformed, BadSignature) as error:
            return problem(status_of(error), str(error))
        except SlowBody as error:
            return _closed(problem(408, str(error)))
        except Recoverable as error:
            return _later(503, f"not just now: {error}")
        except Exception:  # a full disk, say: the sender keeps the activity and tries again
            log.exception("could not take an activity")
            return _later(503, "this server cannot take anything just now")

    async def _take(self, request: web.Request, handle: str | None) -> web.Response:
        if not is_activity(request.headers.get("Content-Type", "")):
            return problem(415, "the Content-Type must be application/activity+json")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return problem(415, "the body must not be compressed")
        if self._present.total() >= MOST_AT_ONCE:
            return _later(503, "too many deliveries at once")
        body = await self._body(request)
        activity = _parse(read_json(body))
        host = host_of(activity.actor)
        if await self._inbox.blocks(host):
            return problem(403, "this server does not talk to yours")
        if self._present[host] >= MOST_AT_ONCE_PER_HOST:
            return _later(429, "too many deliveries of your server at once")
        self._present[host] += 1
        try:
            return await self._judge(request, body, activity, handle)
        finally:
            self._present[host] -= 1
            if not self._present[host]:
                del self._present[host]

    async def _body(self, request: web.Request) -> bytes:
        """Read the body, when not too many are on their way. Raises `BudgetSpent`."""
        size = request.content_length
        large = size is None or size > SMALL
        if self._reading[large] >= MOST_READING[large]:
            raise BudgetSpent("too many bodies are on their way")
        self._reading[large] += 1
        try:
            return await _read(request)
        finally:
            self._reading[large] -= 1

    async def _judge(
        self, request: web.Request, body: bytes, activity: Activity, handle: str | None
    ) -> web.Response:
        if await self._concerns_nobody(activity):
            return _accepted()
        found = candidates(self._signed(request, body), self._verifier.now())
        try:
            signer, signature = await self._signer(found, activity)
        except KeyGone:
            # The account goes, and its key with it: so a Delete cannot be verified any more. What
            # it says can: we look whether the thing is still there.
            uri = activity.object_id
            if activity.type != "Delete" or uri is None or not same_origin(uri, activity.actor):
                raise
            await self._inbox.doubt(uri)
            return _accepted()
        if signature in self._taken:  # caught on its way and sent once more, by whomever
            return _accepted()
        receipt = await self._inbox.accept(activity, handle, signer)
        if receipt is Receipt.CONFLICT:
            return problem(403, "another actor has used this id")
        self._taken[signature] = True
        told = request.headers.get("Collection-Synchronization")
        if told and signer == activity.actor and receipt is Receipt.NEW:
            await self._inbox.synchronize(signer, told)
        return _accepted()

    async def _signer(self, found: list[Candidate], activity: Activity) -> tuple[str, bytes]:
        """Return who signed, and a digest of the signature.

        That is the activity's actor, or someone we hear who passes it on.
        """
        error = BadSignature("the key is on another server than the actor")
        for candidate in found:
            own = same_origin(candidate.key_id, activity.actor)
            if not own and not await self._inbox.hears(candidate.key_id):
                continue
            try:
                signer = await self._verifier.signer(candidate)
            except BadSignature as problem:
                error = problem
                continue
            if signer == activity.actor or await self._inbox.hears(signer):
                # With the key's name, since all accounts of a server may sign with one key.
                signed = candidate.key_id.encode() + b" " + candidate.signature
                return signer, blake2b(signed, digest_size=16).digest()
            error = BadSignature("the key belongs to another actor")
        raise error

    def _signed(self, request: web.Request, body: bytes) -> Request:
        return Request(
            request.method,
            f"{self._base}{request.path_qs}",
            joined_headers(request),
            body,
            tuple(request.headers.getall("Signature", ())),
        )

    async def _concerns_nobody(self, activity: Activity) -> bool:
        """Tell a Delete or Update of an actor we never met, before any key is fetched.

        Servers send them by the hundred, and the key that signed a Delete is usually gone. So they
        do Deletes of posts, of which those count that are here, or may be on their way.
        """
        actor, named = activity.actor, activity.object_ids
        if activity.type not in {"Delete", "Update"} or not named or len(named) > MOST_LOOKED_UP:
            return False
        others = [uri for uri in named if uri != actor]
        if activity.type == "Update" and others:
            return False
        for uri in others:
            if await self._inbox.has(uri):
                return False
        return not await self._inbox.knows(actor)


def status_of(error: ActivityPubError) -> int:
    """Return the status that tells a sender what was wrong."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def _parse(document: Mapping[str, object]) -> Activity:
    try:
        activity = Activity.parse(document)
    except ValueError as error:
        raise Malformed(str(error)) from error
    if not fits(activity.id) or not fits(activity.actor):
        raise Malformed("the id of the activity or of its actor is too long")
    if not same_origin(activity.id, activity.actor):
        raise Malformed("the activity's id and its actor are on different servers")
    return activity


async def _read(request: web.Request) -> bytes:
    """Read the body up to the application's limit, whatever its length is said to be.

    Raises `TooLarge`, or `SlowBody` when it does not come to an end.
    """
    if (request.content_length or 0) > MAX_BODY:
        raise TooLarge(f"more than {MAX_BODY} bytes")
    try:
        async with asyncio.timeout(PATIENCE):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(f"more than {MAX_BODY} bytes") from None
    except TimeoutError:
        raise SlowBody(f"the body did not come within {PATIENCE:g} s") from None


def _accepted() -> web.Response:
    return web.Response(status=202)


def _closed(response: web.Response) -> web.Response:
    """Hang up after this answer, since the rest of the request is not waited for."""
    response.force_close()
    return response


def _later(status: int, error: str) -> web.Response:
    response = problem(status, error)
    response.headers.update(LATER)
    return response
