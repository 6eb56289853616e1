"""Our actors, posts, activities and collections, by id."""

from urllib.parse import urlencode

from aiohttp import web

from activitypub.ports import Directory
from activitypub.server.negotiate import activity_response, problem, wants_activity
from activitypub.uris import COLLECTIONS, Uris
from activitypub.vocab import Collection, one_id


class Objects:
    """Serves documents to peers and sends people on to the page.

    No signature is asked for: everything served here is public, and a server that cannot read an
    actor without a signature may wait for ours while we wait for its.
    """

    def __init__(self, uris: Uris, directory: Directory) -> None:
        self._uris = uris
        self._directory = directory

    async def instance_actor(self, request: web.Request) -> web.Response:
        """Return the actor that signs our fetches."""
        actor = await self._directory.instance_actor()
        return activity_response(actor.to_document())

    async def actor(self, request: web.Request) -> web.Response:
        """Return a bot's actor, or send people to its page."""
        actor = await self._directory.actor(request.match_info["handle"])
        if actor is None:
            return problem(404, "there is no such account here")
        if not wants_activity(request) and actor.url:
            return _to_page(actor.url)
        return activity_response(actor.to_document())

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
