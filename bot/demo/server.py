"""One sample server: a small ActivityPub instance that verifies what it gets."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import nh3
import orjson
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.client import ACTIVITY_JSON, Client, read_json
from activitypub.errors import ActivityPubError, BadSignature, Malformed
from activitypub.ports import Clock, SigningKey
from activitypub.server import wants_activity
from activitypub.signatures import Request, candidates
from activitypub.verify import Verifier
from activitypub.vocab import Activity, Actor, PublicKey
from bot.demo.documents import Documents
from bot.demo.world import Person, Post

TRIES, PAUSE = 100, 0.3


@dataclass(frozen=True, slots=True)
class Arrived:
    """A verified activity in an inbox here."""

    document: Mapping[str, Any]
    at: datetime


class KnownKeys:
    """Keys of peers, in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, PublicKey] = {}

    async def find(self, key_id: str) -> PublicKey | None:
        """Return a key met before."""
        return self._keys.get(key_id)

    async def remember(self, key_id: str, actor: Actor) -> None:
        """Keep the keys of `actor`."""
        self._keys.update({key.id: key for key in actor.public_keys})


class SampleServer:
    """Serves its people and their posts, and keeps what is delivered to them.

    `closed`: it has blocked who asks, and shows nothing, as servers do with authorized fetch.
    All of its people sign with `key`.
    """

    def __init__(
        self,
        name: str,
        origin: str,
        documents: Documents,
        client: Client,
        clock: Clock,
        key: rsa.RSAPrivateKey,
    ) -> None:
        self.name = name
        self.origin = origin
        self.received: list[Arrived] = []
        self.requests: Counter[str] = Counter()
        self.closed = False
        self._documents = documents
        self._world = documents.world
        self._client = client
        self._clock = clock
        self._keys = KnownKeys()
        self._verifier = Verifier(client, self._keys, clock)
        self._private = key
        self._sending: set[asyncio.Task[None]] = set()
        public = self._private.public_key()
        self._pem = public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    def app(self) -> web.Application:
        """Return the server's web application."""
        app = web.Application(middlewares=[self._counted])
        app.add_routes(
            [
                web.get("/", self.home),
                web.get("/.well-known/webfinger", self.webfinger),
                web.get("/users/{name}", self.actor),
                web.get("/users/{name}/main-key", self.actor),
                web.get("/@{name}", self.profile),
                web.get("/@{name}/home", self.timeline),
                web.get("/@{name}/{number}", self.post),
                web.get("/users/{name}/statuses/{number}", self.post),
                web.get("/{kind:post|comment}/{number}", self.post),
                web.get("/users/{name}/statuses/{number}/replies", self.replies),
                web.get("/{kind:post|comment}/{number}/replies", self.replies),
                web.get("/post/{number}/context", self.context),
                web.get("/tags/{tag}.rss", self.tag_rss),
                web.get("/api/v2/instance", self.instance),
                web.get("/api/v1/timelines/tag/{tag}", self.tag_timeline),
                web.get("/api/v1/statuses/{number}/context", self.status_context),
                web.get("/articles/{name}", self.article),
                web.post("/inbox", self.inbox),
                web.post("/users/{name}/inbox", self.inbox),
            ]
        )
        return app

    def send(self, person: str, inbox: str, activity: Mapping[str, Any]) -> None:
        """Deliver an activity in the background, trying again for a while like a real server."""
        task = asyncio.create_task(self._deliver(person, inbox, activity))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Stop what is still being sent."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _deliver(self, person: str, inbox: str, activity: Mapping[str, Any]) -> None:
        key = SigningKey(self._documents.key_id(person), self._private)
        for _ in range(TRIES):
            with contextlib.suppress(ActivityPubError):
                await self._client.post(inbox, orjson.dumps(activity), key)
                return
            await asyncio.sleep(PAUSE)

    # What peers ask.

    async def webfinger(self, request: web.Request) -> web.Response:
        """From a handle to an actor."""
        resource = request.query.get("resource", "")
        name = resource.removeprefix("acct:").partition("@")[0]
        person = self._person(name)
        links = [{"rel": "self", "type": ACTIVITY_JSON, "href": self._documents.actor_id(name)}]
        subject = f"acct:{person.name}@{self.origin.partition('//')[2]}"
        return web.json_response({"subject": subject, "links": links})

    async def actor(self, request: web.Request) -> web.Response:
        """An actor; readable unsigned, since its key is in it."""
        person = self._person(request.match_info["name"])
        if not wants_activity(request):
            raise web.HTTPSeeOther(f"/@{person.name}")
        return _document(self._documents.actor(person, self._pem))

    async def post(self, request: web.Request) -> web.Response:
        """A post: the document for servers, a page for people."""
        post = self._post(request)
        if not wants_activity(request):
            return self._post_page(post)
        await self._require_signature(request)
        return _document(self._documents.post(post), 410 if post.deleted else 200)

    async def replies(self, request: web.Request) -> web.Response:
        """A page of replies."""
        await self._require_signature(request)
        page = int(request.query.get("page", "0"))
        return _document(self._documents.replies_page(self._post(request), page))

    async def context(self, request: web.Request) -> web.Response:
        """The context collection of a forum thread."""
        return _document(self._documents.context(self._post(request)))

    async def tag_rss(self, request: web.Request) -> web.Response:
        """A hashtag's feed, with a validator for conditional requests."""
        posts = self._tagged(request.match_info["tag"])
        etag = f'"{len(posts)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        items = "".join(
            f"<item><guid>{(url := self._documents.page(p))}</guid><link>{url}</link>"
            f"<description>{escape(self._documents.html(p))}</description></item>"
            for p in posts
        )
        return web.Response(
            text=f'<?xml version="1.0"?><rss version="2.0"><channel><title>tag</title>'
            f"<link>{self.origin}</link>{items}</channel></rss>",
            content_type="application/rss+xml",
            headers={"ETag": etag},
        )

    async def instance(self, request: web.Request) -> web.Response:
        """Say that tag timelines are public here."""
        access = {"hashtag_feeds": {"local": "public", "remote": "authenticated"}}
        return web.json_response({"configuration": {"timelines_access": access}})

    async def tag_timeline(self, request: web.Request) -> web.Response:
        """A hashtag's timeline by the Mastodon API."""
        newest = int(request.query.get("min_id", "0"))
        posts = [p for p in self._tagged(request.match_info["tag"]) if self._number(p) > newest]
        return web.json_response(
            [{"id": str(self._number(p)), "uri": self._documents.post_id(p)} for p in posts]
        )

    async def status_context(self, request: web.Request) -> web.Response:
        """What this server knows below a post, by the Mastodon API; also below a deleted one."""
        root = self._post(request)
        below = [p for p in self._world.posts.values() if self._world.root(p) is root]
        known = [p for p in below if p is not root and _is_open(p)] if self.name == "models" else []
        uris = [{"uri": self._documents.post_id(post)} for post in known]
        return web.json_response({"ancestors": [], "descendants": uris})

    async def inbox(self, request: web.Request) -> web.Response:
        """Take an activity if its signature is right."""
        body = await request.read()
        try:
            activity = Activity.parse(read_json(body))
            headers = {name.lower(): value for name, value in request.headers.items()}
            url = f"http://{request.host}{request.path_qs}"
            signed = Request("POST", url, headers, body)
            signer = await self._verifier.signer(candidates(signed, self._clock.now())[0])
            if signer != activity.actor:
                raise BadSignature("signed by someone else")
        except (Malformed, ValueError) as problem:
            raise web.HTTPBadRequest(text=str(problem)) from problem
        except ActivityPubError as problem:
            raise web.HTTPUnauthorized(text=str(problem)) from problem
        self.received.append(Arrived(activity.document, self._clock.now()))
        await self._react(activity)
        return web.Response(status=202)

    async def _react(self, activity: Activity) -> None:
        """A community accepts whoever follows it, and announces what is new (FEP-1b12)."""
        group = (activity.object_id or "").rpartition("/")[2]
        if activity.type != "Follow" or group not in self._world.people:
            return
        follower = await self._client.actor(activity.actor)
        me = self._documents.actor_id(group)
        accept = {"id": f"{me}#accept", "type": "Accept", "actor": me, "object": activity.document}
        self.send(group, follower.inbox, accept)
        for post in self._world.posts.values():
            if post.group == group and post.reply_to is None:
                create = {
                    "id": f"{self._documents.post_id(post)}#create",
                    "type": "Create",
                    "actor": self._documents.actor_id(post.by),
                    "object": self._documents.post(post),
                }
                announce = {"id": f"{me}/announce/{self._number(post)}", "type": "Announce"}
                self.send(group, follower.inbox, {**announce, "actor": me, "object": create})

    # What people see.

    async def home(self, request: web.Request) -> web.Response:
        """List the people here."""
        names = [p for p in self._world.people.values() if p.server == self.name]
        items = "".join(f'<li><a href="/@{p.name}">{escape(p.display)}</a></li>' for p in names)
        return _page(self.name, f"<ul>{items}</ul>")

    async def profile(self, request: web.Request) -> web.Response:
        """Show a person and their posts."""
        person = self._person(request.match_info["name"])
        if wants_activity(request):
            return _document(self._documents.actor(person, self._pem))
        posts = [p for p in self._world.posts.values() if p.by == person.name and _is_open(p)]
        body = "".join(self._article(post) for post in posts)
        return _page(person.display, f"{nh3.clean(person.bio)}{body}")

    async def timeline(self, request: web.Request) -> web.Response:
        """Show what has been delivered to someone here, as a client would."""
        person = self._person(request.match_info["name"])
        notes = [
            arrived.document["object"]
            for arrived in self.received
            if arrived.document.get("type") in {"Create", "Update"}
        ]
        body = "".join(_note(note) for note in notes)
        return _page(f"Home of {person.display}", body or "<p>Nothing yet.</p>")

    async def article(self, request: web.Request) -> web.Response:
        """Serve a page that people link to."""
        page = self._world.pages.get(request.match_info["name"])
        if page is None:
            raise web.HTTPNotFound
        title, site = escape(page["title"]), escape(page["site"])
        return web.Response(
            text=f"<!doctype html><html><head><title>{title}</title>"
            f'<meta property="og:site_name" content="{site}"></head>'
            f"<body><h1>{title}</h1><p>A sample article.</p></body></html>",
            content_type="text/html",
        )

    def _post_page(self, post: Post) -> web.Response:
        if not _is_open(post):
            raise web.HTTPNotFound
        parent = self._documents.parent(post)
        above = f'<p><a href="{escape(parent)}">in reply to</a></p>' if parent else ""
        return _page(self._world.people[post.by].display, above + self._article(post))

    def _article(self, post: Post) -> str:
        url = escape(self._documents.page(post))
        return f'<article>{nh3.clean(self._documents.html(post))}<a href="{url}">link</a></article>'

    # Shared.

    async def _require_signature(self, request: web.Request) -> None:
        """The GoToSocial-like server shows posts to servers only that say who they are."""
        if self.name != "plaza":
            return
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = Request("GET", f"http://{request.host}{request.path_qs}", headers)
        try:
            await self._verifier.signer(candidates(signed, self._clock.now())[0])
        except ActivityPubError as problem:
            raise web.HTTPUnauthorized(text=str(problem)) from problem

    def _person(self, name: str) -> Person:
        person = self._world.people.get(name)
        if person is None or person.server != self.name:
            raise web.HTTPNotFound
        return person

    def _post(self, request: web.Request) -> Post:
        number = request.match_info["number"]
        for post in self._world.posts.values():
            here = self._world.people[post.by].server == self.name
            if here and str(self._number(post)) == number and post.audience != "narrow":
                return post
        raise web.HTTPNotFound

    def _number(self, post: Post) -> int:
        return self._documents.number(post)

    def _tagged(self, tag: str) -> list[Post]:
        people = self._world.people
        return [
            post
            for post in self._world.posts.values()
            if people[post.by].server == self.name
            and tag.lower() in {t.lower() for t in post.tags}
            and _is_open(post)
        ]

    @web.middleware
    async def _counted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests[request.path] += 1
        if self.closed and request.method == "GET":
            raise web.HTTPForbidden
        response: web.StreamResponse = await handler(request)
        return response


def _is_open(post: Post) -> bool:
    return post.audience == "public" and not post.deleted


def _document(document: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(document), status=status, content_type=ACTIVITY_JSON)


def _note(note: Mapping[str, Any]) -> str:
    """Show a delivered Note as clients do: folded behind its content warning, if it has one."""
    content = nh3.clean(str(note.get("content")))
    if warning := note.get("summary"):
        content = f"<details><summary>{escape(str(warning))}</summary>{content}</details>"
    return f"<article>{content}</article>"


def _page(title: str, body: str) -> web.Response:
    style = "body{font:1rem/1.5 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}"
    style += ":root{color-scheme:light dark}body{overflow-wrap:break-word}"
    style += "p,li{unicode-bidi:plaintext}"  # as Mastodon does: each paragraph by its first letter
    style += "article{border:1px solid #ccc;border-radius:8px;padding:.2rem 1rem;margin:1rem 0}"
    return web.Response(
        text=f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f'</title><meta name="viewport" content="width=device-width">'
        f'<link rel="icon" href="data:,"><style>{style}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>",
        content_type="text/html",
    )
