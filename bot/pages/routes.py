"""The web pages: reads views from storage, renders, serves with headers that keep readers safe."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from activitypub.ports import Directory
from activitypub.server import LASTING, activity_response, wants_activity
from activitypub.uris import Uris
from bot.pages.atom import digest_feed
from bot.pages.build import Views
from bot.pages.render import Pages
from bot.pages.responses import page
from bot.pages.views import AboutView
from storage import Storage
from storage.errors import StorageError

STATIC = Path(__file__).parent / "static"
FEED_LENGTH = 20
log = logging.getLogger(__name__)
TOLD = {
    404: ("error.missing", "error.missing_how"),
    405: ("error.failed", "error.read_only"),
    410: ("error.withdrawn", "error.withdrawn_how"),
    503: ("error.failed", "error.busy"),
}
"""Heading and text of an error, by its status; each a phrase of ours."""
OTHER = ("error.failed", "error.failed_how")


class PageRoutes:
    """Handlers of all pages."""

    def __init__(
        self,
        storage: Storage,
        uris: Uris,
        directory: Directory,
        views: Views,
        pages: Pages,
        about: Callable[[], Awaitable[AboutView]],
    ) -> None:
        self._storage = storage
        self._uris = uris
        self._directory = directory
        self._views = views
        self._pages = pages
        self._about = about

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes."""
        return [
            web.get("/", self.home),
            web.get("/about", self.about),
            web.get("/sources", self.sources),
            web.get("/robots.txt", self.robots),
            web.get("/authorize_interaction", self.subscribe),
            web.get("/@{handle}", self.bot),
            web.get("/@{handle}/archive", self.archive),
            web.get("/@{handle}/feed.atom", self.feed),
            web.get("/digests/{slug}", self.digest),
            web.get("/answers/{slug}", self.answer),
            web.static("/static", STATIC),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Front page: the bots and the latest digests."""
        async with self._storage.view() as view:
            return page(self._pages.home(await self._views.site(view)))

    async def about(self, request: web.Request) -> web.StreamResponse:
        """Who runs this, what is read and kept, and how to be left out."""
        return page(self._pages.about(await self._about()))

    async def sources(self, request: web.Request) -> web.StreamResponse:
        """How each source is doing."""
        async with self._storage.view() as view:
            sources = await self._views.sources(view)
            return page(self._pages.sources(sources, await self._views.site(view)))

    async def robots(self, request: web.Request) -> web.StreamResponse:
        """Everything public may be read; nothing here is worth guarding by a bot wall."""
        return web.Response(text="User-agent: *\nDisallow: /ap/\n")

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        """Where other servers send people who want to follow from here: nobody has an account."""
        said = self._pages.said
        addresses = ", ".join(self._uris.address(handle) for handle in self._directory.handles)
        text = said.say("error.no_accounts_how", addresses=addresses)
        return page(self._pages.error(said.say("error.no_accounts"), text), 404)

    async def bot(self, request: web.Request) -> web.StreamResponse:
        """A bot's page; its actor for those who ask for ActivityPub."""
        handle = self._handle(request)
        if wants_activity(request):
            actor = await self._directory.actor(handle)
            return activity_response(actor.to_document() if actor else {}, max_age=LASTING)
        async with self._storage.view() as view:
            bot = await self._views.bot(view, handle)
            lines = tuple(await self._views.lines(view, handle, 10))
            site = await self._views.site(view)
        return page(self._pages.bot(bot, lines, site))

    async def archive(self, request: web.Request) -> web.StreamResponse:
        """All digests of a bot, page by page."""
        handle = self._handle(request)
        async with self._storage.view() as view:
            archive = await self._views.archive(view, handle, moment(request.query.get("before")))
            site = await self._views.site(view)
        return page(self._pages.archive(archive, site))

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """The Atom feed of a bot's digests."""
        handle = self._handle(request)
        async with self._storage.view() as view:
            bot = await self._views.bot(view, handle)
            digests = await self._views.digests(view, handle, FEED_LENGTH)
        response = web.Response(
            body=digest_feed(bot, digests, self._uris),
            content_type="application/atom+xml",
            charset="utf-8",
        )
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    async def digest(self, request: web.Request) -> web.StreamResponse:
        """One digest."""
        slug = request.match_info["slug"]
        if wants_activity(request):
            raise web.HTTPSeeOther(self._uris.object(slug))
        async with self._storage.view() as view:
            digest = await self._views.digest(view, slug)
            publication = await view.publications.get(self._uris.object(slug))
            if digest is None or publication is None:
                raise web.HTTPNotFound
            if digest.withdrawn:
                raise web.HTTPGone
            return page(self._pages.digest(digest, await self._views.site(view)))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One public answer; those sent directly have no page."""
        slug = request.match_info["slug"]
        if wants_activity(request):
            raise web.HTTPSeeOther(self._uris.object(slug))
        async with self._storage.view() as view:
            publication = await view.publications.by_slug(slug)
            if (
                publication is None
                or publication.audience == "direct"
                or publication.kind != "answer"
            ):
                raise web.HTTPNotFound
            if publication.withdrawn_at:
                raise web.HTTPGone
            answer = await self._views.answer(view, publication.in_reply_to or "", quiet=True)
            if answer is None:
                raise web.HTTPNotFound
            return page(self._pages.answer(answer, await self._views.site(view)))

    def _handle(self, request: web.Request) -> str:
        handle = request.match_info["handle"].casefold().removesuffix(f"@{self._uris.domain}")
        if handle not in self._directory.handles:
            raise web.HTTPNotFound
        return handle

    def _error(self, status: int, text: str | None = None) -> web.Response:
        """Show an error, with `text` where the program has more to say of it than its status."""
        said = self._pages.said
        heading, usual = (said.say(key, status=status) for key in TOLD.get(status, OTHER))
        return page(self._pages.error(heading, text or usual), status)

    @web.middleware
    async def errors(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Show errors as pages to people, and never a stack trace to anyone."""
        try:
            response = await handler(request)
        except web.HTTPException as problem:
            if problem.status < 400 or request.path.startswith(
                ("/ap/", "/.well-known", "/nodeinfo")
            ):
                raise
            said = problem.text != f"{problem.status}: {problem.reason}"
            response = self._error(problem.status, problem.text if said else None)
        except StorageError as problem:
            # For the operator: it may name the database's host and user.
            log.warning("could not show a page", extra={"problem": str(problem)})
            response = self._error(503)
        if not response.prepared:
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response


def moment(value: str | None) -> datetime | None:
    """Read the cursor of an archive page; nonsense means the first page."""
    try:
        return datetime.fromtimestamp(float(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None
