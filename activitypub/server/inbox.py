"""The inbox: cheap refusals first, then the signature, then the disk, then 202."""

import logging
from collections.abc import Mapping

from aiohttp import web

from activitypub.addressing import host_of, same_origin
from activitypub.client import is_activity, read_json
from activitypub.errors import BadSignature, Malformed, Recoverable, TooLarge
from activitypub.ports import Directory, Inbox, Receipt
from activitypub.server.negotiate import problem
from activitypub.verify import Verifier
from activitypub.vocab import Activity

log = logging.getLogger(__name__)

MAX_BODY = 1 << 20
LATER = {"Retry-After": "60"}
STATUS: Mapping[type[Exception], int] = {TooLarge: 413, Malformed: 400, BadSignature: 401}


class InboxRoute:
    """Takes activities for one bot's inbox or the shared one."""

    def __init__(self, directory: Directory, inbox: Inbox, verifier: Verifier) -> None:
        self._directory = directory
        self._inbox = inbox
        self._verifier = verifier

    async def post(self, request: web.Request) -> web.Response:
        """Answer 202 when the activity is on disk, or is ignored on purpose.

        400 malformed, 401 wrongly signed, 403 another actor's id, 404 no such inbox, 413 too
        large, 415 not ActivityPub, 503 try later.
        """
        handle = request.match_info.get("handle")
        if handle is not None and handle not in self._directory.handles:
            return problem(404, "there is no such account here")
        try:
            return await self._take(request, handle)
        except (TooLarge, Malformed, BadSignature) as error:
            return problem(STATUS[type(error)], str(error))
        except Recoverable as error:
            return _later(f"the sender's key cannot be fetched now: {error}")
        except Exception:  # a full disk, say: the sender keeps the activity and tries again
            log.exception("could not take an activity")
            return _later("this server cannot take anything just now")

    async def _take(self, request: web.Request, handle: str | None) -> web.Response:
        if not is_activity(request.headers.get("Content-Type", "")):
            return problem(415, "the Content-Type must be application/activity+json")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return problem(415, "the body must not be compressed")
        body = await _read(request)
        activity = _parse(read_json(body))
        if await self._inbox.blocks(host_of(activity.actor)):
            return problem(403, "this server does not talk to yours")
        if await self._concerns_nobody(activity):
            return _accepted()
        await self._verifier.verify(request.path_qs, _headers(request), body, activity)
        receipt = await self._inbox.accept(activity, handle)
        if receipt is Receipt.CONFLICT:
            return problem(403, "another actor has used this id")
        return _accepted()

    async def _concerns_nobody(self, activity: Activity) -> bool:
        """Tell a Delete or Update of an actor we never met, before any key is fetched.

        Servers send them by the hundred, and the key that signed a Delete is usually gone.
        """
        if activity.type not in {"Delete", "Update"} or activity.object_id != activity.actor:
            return False
        return not await self._inbox.knows(activity.actor)


def _parse(document: Mapping[str, object]) -> Activity:
    try:
        activity = Activity.parse(document)
    except ValueError as error:
        raise Malformed(str(error)) from error
    if not same_origin(activity.id, activity.actor):
        raise Malformed("the activity's id and its actor are on different servers")
    return activity


async def _read(request: web.Request) -> bytes:
    """Read the body up to the limit, whatever its length is said to be."""
    if (request.content_length or 0) > MAX_BODY:
        raise TooLarge(f"more than {MAX_BODY} bytes")
    pieces, size = [], 0
    async for piece in request.content.iter_chunked(1 << 16):
        size += len(piece)
        if size > MAX_BODY:
            raise TooLarge(f"more than {MAX_BODY} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _headers(request: web.Request) -> dict[str, str]:
    """Return headers by lower-case name, repeated ones joined as the draft says (§2.3)."""
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


def _accepted() -> web.Response:
    return web.Response(status=202)


def _later(error: str) -> web.Response:
    response = problem(503, error)
    response.headers.update(LATER)
    return response
