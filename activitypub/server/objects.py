"""Our actors, posts, activities and collections, by id."""

from urllib.parse import urlencode

from aiohttp import web

from activitypub.addressing import host_of
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Directory
from activitypub.server.negotiate import (
    LASTING,
    activity_response,
    joined_headers,
    problem,
    wants_activity,
)
from activitypub.signatures import Request, candidates
from activitypub.uris import COLLECTIONS, Uris
from activitypub.verify import Verifier
from activitypub.vocab import Collection, one_id


class Objects:
    """Serves documents to peers and sends people on to the page.

    No signature is asked for: everything served here is public, and a server that cannot read an
    actor without a signature may wait for ours while we wait for its.
    """

    def __init__(self, uris: Uris, directory: Directory, verifier: Verifier) -> None:
        self._uris = uris
        self._directory = directory
        self._verifier = verifier

    async def instance_actor(self, request: web.Request) -> web.Response:
        """Return the actor that signs our fetches."""
        actor = await self._directory.instance_actor()
        return activity_response(actor.to_document(), max_age=LASTING)

    async def actor(self, request: web.Request) -> web.Response:
        """Return a bot's actor, or send people to its page."""
        actor = await self._directory.actor(request.match_info["handle"])
        if actor is None:
            return problem(404, "there is no such account here")
        if not wants_activity(request) and actor.url:
            return _to_page(actor.url)
        return activity_response(actor.to_document(), max_age=LASTING)

    async def document(self, request: web.Request) -> web.Response:
        """Return a post or an activity; a Tombstone with 410."""
        found = await self._directory.document(f"{self._uris.base}{request.path}")
        if not found:
            return problem(404, "there is no such object here")
        if found.get("type") == "Tombstone":
            return activity_response(found, status=410)
        page = one_id(found.get("url"))
        if page and not wants_activity(request):
            return _to_page(page)
        return activity_response(found)

    async def stamp(self, request: web.Request) -> web.Response:
        """Return our approval of a quote (FEP-044f)."""
        found = await self._directory.stamp(request.match_info["id"])
        return activity_response(found) if found else problem(404, "there is no such approval")

    async def thread(self, request: web.Request) -> web.Response:
        """Return a discussion of ours, or the replies to a post of ours (FEP-7888), in pages."""
        address = f"{self._uris.base}{request.path}"
        cursor = request.query.get("cursor")
        found = await self._directory.thread(address, cursor or None)
        if found is None:
            return problem(404, "there is no such collection here")
        following = (
            f"{address}?{urlencode({'cursor': found.page.next})}" if found.page.next else None
        )
        page = Collection(
            id=f"{address}?{urlencode({'cursor': cursor or ''})}",
            type="CollectionPage",
            items=tuple(found.page.items),
            next=following,
            part_of=address,
        )
        if cursor is not None:
            return activity_response(page.to_document())
        first = {k: v for k, v in page.to_document().items() if k != "@context"}
        whole = Collection(
            id=address,
            type="Collection",
            total_items=found.total,
            attributed_to=found.owner,
            first=first,
        )
        return activity_response(whole.to_document())

    async def synchronization(self, request: web.Request) -> web.Response:
        """Tell a host which followers it has, as far as we know: nobody else (FEP-8fcf).

        The one GET whose signature is verified; everything else is public.
        """
        handle = request.match_info["handle"]
        if handle not in self._directory.handles:
            return problem(404, "there is no such account here")
        signed = Request(
            "GET", f"{self._uris.base}{request.path_qs}", joined_headers(request), None
        )
        try:
            signer = await self._verifier.signer(candidates(signed, self._verifier.now())[0])
        except Recoverable as error:
            return problem(503, str(error))
        except ActivityPubError as error:
            return problem(401, str(error))
        ids = await self._directory.followers_on(handle, host_of(signer))
        document = Collection(
            id=f"{self._uris.base}{request.path}", type="OrderedCollection", items=tuple(ids)
        )
        response = activity_response(document.to_document())
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Vary"] = "Accept, Signature"
        return response

    async def collection(self, request: web.Request) -> web.Response:
        """Return a collection of a bot: its count, or with `?cursor=` a page of it."""
        handle, name = request.match_info["handle"], request.match_info["name"]
        if handle not in self._directory.handles or name not in COLLECTIONS:
            return problem(404, "there is no such collection here")
        address = self._uris.collection(handle, name)
        if "cursor" in request.query:
            return await self._page(handle, name, address, request.query["cursor"])
        total = await self._directory.total(handle, name)
        collection = Collection(
            id=address, type="OrderedCollection", total_items=total, first=f"{address}?cursor="
        )
        return activity_response(collection.to_document())

    async def _page(self, handle: str, name: str, address: str, cursor: str) -> web.Response:
        page = await self._directory.page(handle, name, cursor or None)
        following = f"{address}?{urlencode({'cursor': page.next})}" if page.next else None
        document = Collection(
            id=f"{address}?{urlencode({'cursor': cursor})}",
            type="OrderedCollectionPage",
            items=tuple(page.items),
            next=following,
            part_of=address,
        )
        return activity_response(document.to_document())


def _to_page(url: str) -> web.Response:
    return web.Response(status=303, headers={"Location": url, "Vary": "Accept"})
