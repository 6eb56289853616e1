"""The composition root: the only place, with the command line, that builds things from settings."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from aiohttp import web

from activitypub.client import Client
from activitypub.delivery import Outcome, RetryPolicy, Sender
from activitypub.discovery import webfinger
from activitypub.errors import ActivityPubError, Forbidden
from activitypub.ports import Clock, SigningKey
from activitypub.server import Instance, routes
from activitypub.server.inbox import MAX_BODY
from activitypub.signatures import proof
from activitypub.verify import Verifier
from bot import __version__
from bot.building import SystemClock, rules_of, site_of, transport_of, uris_of, writer_of
from bot.errors import BotError, NothingFound
from bot.inbox.receiving import StoredInbox, StoredKeys
from bot.keys import KeyRing
from bot.pages.consent_table import ROWS
from bot.pages.fresh import fresh
from bot.pages.render import Pages
from bot.pages.routes import PageRoutes
from bot.pages.views import AboutView
from bot.profile_page import handle_on
from bot.publishing.delivering import Deliverer, jitter
from bot.publishing.directory import StoredDirectory
from bot.settings import Settings
from bot.source_code import SourceCode
from bot.summary.engines import ByRules
from bot.summary.ledger import StoredLedger
from bot.summary.remembering import StoredMemory
from bot.summary.summarizing import Summarizer
from bot.taking_back.consent_form import ConsentForm
from bot.taking_back.people import BY_FORM
from bot.taking_back.wishing import ToldOnTheWeb
from bot.wiring import Basics, Parts, assemble
from bot.workers import Handler, Pace, Workers
from storage import Storage, tables
from storage.errors import InUse

log = logging.getLogger(__name__)

LAST_ANSWERS = 2.0
"""Seconds for requests under way when we stop; a sender who gets no answer tries again."""


IDLE = 130.0
"""Seconds for the head of a request to come, the next one on the same connection too.

Reverse proxies hold connections in reserve, Caddy for two minutes: hanging up before they do would
lose a request now and then.
"""


class PortInUse(BotError):
    """Another program listens where we should."""


class Fedigest:
    """An instance, put together: open it, then `serve` it, or use its parts from a command."""

    def __init__(
        self,
        config: Settings,
        storage: Storage,
        client: Client,
        keys: KeyRing,
        clock: Clock,
        pace: Pace,
        *,
        on_delivery: Callable[[tables.Delivery, Outcome], None],
    ) -> None:
        self._keys = keys
        self.config = config
        self.storage = storage
        self.client = client
        self.clock = clock
        self.uris = uris_of(config)
        self.site = site_of(config)
        ledger = StoredLedger(storage, clock, config.llm.tokens_per_day)
        ledger.started()
        self.writer = writer_of(config, ledger)
        memory = StoredMemory(storage, clock) if self.writer else None
        summarizer = Summarizer(ByRules(), self.writer, memory)
        self.parts = assemble(
            Basics(
                storage, client, clock, self.uris, config.bots, self.site, summarizer, self._prove
            ),
            rules_of(config),
        )
        self.following = self.parts.following
        self.workers = Workers(storage, clock, self._handlers(self.parts), pace)
        policy = RetryPolicy(scale=pace.patience)
        sender = Sender(client, self.uris, self._key_of, policy, jitter)
        self.deliverer = Deliverer(
            storage,
            clock,
            self.uris,
            sender,
            at_once=config.network.deliveries_at_once,
            per_host=config.network.deliveries_per_host,
            refuses=self.parts.authors.is_listed,
            on_outcome=on_delivery,
            patience=pace.patience,
        )
        self.wishes = ToldOnTheWeb(
            storage,
            client,
            clock,
            self.uris,
            self.parts.authors,
            sender,
            bot=config.bots[0].handle,
            language=config.bots[0].language,
            secret=keys.secret("codes of the web form"),
            choose=lambda actor_id, choice: self.parts.people.choose(actor_id, choice, BY_FORM),
        )
        self._pace = pace
        self.ending = asyncio.Event()
        self.problem: Exception | None = None
        self.parts.inbound.patience = pace.patience
        self._inbox = StoredInbox(
            storage,
            clock,
            self.parts.authors,
            self.parts.inbound.wake,
            self.deliverer.heard_from,
            self.parts.conversations.under_way.__contains__,
        )
        self.parts.publisher.on_rewritten = self.deliverer.renew
        self.parts.inbound.on_handled = self._handled
        self.parts.handlers.on_withdrawn = self._inbox.handled
        self.parts.inbound.is_busy = self._inbox.is_busy

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        config: Settings,
        *,
        clock: Clock | None = None,
        pace: Pace | None = None,
        on_delivery: Callable[[tables.Delivery, Outcome], None] = lambda row, outcome: None,
    ) -> AsyncIterator["Fedigest"]:
        """Open database, keys and network; close them at the end."""
        uris = uris_of(config)
        handles = tuple(topic.handle for topic in config.bots)
        keys = KeyRing(config.storage.keys, uris, handles)
        time = clock or SystemClock()
        async with AsyncExitStack() as stack:
            storage = await Storage.open(config.storage.database.get_secret_value())
            stack.push_async_callback(storage.close)
            transport = await stack.enter_async_context(transport_of(config))
            client = Client(transport, keys.signing(uris.instance_actor), time)
            yield cls(config, storage, client, keys, time, pace or Pace(), on_delivery=on_delivery)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Listen, work and watch the clock; yields the address listened on.

        Raises `PortInUse`, or storage's `InUse` when another process already works on this
        database. `ending` is set when that happens later, or when a part of the service breaks:
        then it has to be left, which raises the `problem`.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.storage.sole(self._lost))
            await self.workers.release()
            await self.parts.watcher.register()
            await self.parts.lists.refresh(self.storage)
            await self.parts.review.start()
            await self._inbox.count_waiting()
            await self._introduce()
            address = await stack.enter_async_context(self._listen())
            for work in (
                self.workers.run_jobs(),
                self.parts.inbound.run(self._pace.idle),
                self.deliverer.run(self._pace.idle),
                self.workers.repeat(self._tick, self._pace.tick),
                self.parts.watcher.stream(),
            ):
                task = asyncio.create_task(work)
                task.add_done_callback(self._ended)
                stack.push_async_callback(_stopped, task)
                stack.callback(task.cancel)
            yield address
        if self.problem is not None:
            raise self.problem

    def _lost(self) -> None:
        self.problem = InUse()
        self.ending.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Have the whole stopped when a part of it ends: half a service would go unnoticed."""
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            log.critical("a part of the service broke", exc_info=problem)
            self.problem = BotError(f"a part of the service broke: {problem}")
            self.ending.set()

    def web(self) -> web.Application:
        """Return the web application: what peers ask, and the pages."""
        directory = self._directory()
        verifier = Verifier(self.client, StoredKeys(self.storage, self.clock), self.clock)
        repository = self.config.instance.source
        instance = Instance(self.uris, self.site.name, __version__, repository)
        name = self.site.name
        rendered = Pages(name, self.uris.base, self.config.bots[0].language)
        pages = PageRoutes(
            self.storage, self.uris, directory, self.parts.views, rendered, self._about
        )
        form = ConsentForm(self.uris, rendered, self.wishes)
        app = web.Application(middlewares=[fresh, pages.errors], client_max_size=MAX_BODY)
        app.add_routes(routes(instance, directory, self._inbox, verifier))
        app.add_routes([*pages.routes(), *form.routes(), *SourceCode().routes()])
        return app

    async def follow(self, handle: str, bot: str) -> str:
        """Add an account or group as a source of `bot`, which follows it; return its id.

        Raises the client's errors.
        """
        actor_id = handle if "://" in handle else await webfinger(self.client, handle)
        actor = await self.client.actor(actor_id)
        kind = "group" if actor.type == "Group" else "account"
        named = actor.id if "://" in handle else handle  # a page may have the same person's handle
        key = await self.parts.watcher.add(kind, bot, named)
        await self.parts.watcher.poll(key)
        return actor.id

    async def unfollow(self, handle: str, bot: str) -> str:
        """Remove the sources of `bot` that follow an account; return its id.

        It is named by handle, profile page or id. Raises `NothingFound` when none follows it.
        """
        actor_id = await self._known(handle, bot)
        async with self.storage.view() as view:
            sources = [row for row in await view.sources.of_actor(actor_id) if row.bot == bot]
        if not sources:
            await self.following.unfollow(actor_id, bot)
        for row in sources:
            await self.parts.watcher.remove(row.key)
        return actor_id

    async def _known(self, named: str, bot: str) -> str:
        """Return the id of an account as it is known here, else as its server says it."""
        handle = (handle_on(named) or named).lstrip("@!")
        async with self.storage.view() as view:
            known = await view.actors.by_handle(handle)
            rows = await view.sources.all(bot)
        followed = [row.actor_id for row in rows if row.address.casefold() == handle.casefold()]
        if known or any(followed):
            return known.id if known else next(filter(None, followed))
        with contextlib.suppress(ActivityPubError, NothingFound):
            return await self.parts.people.find(named)
        return named

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[str]:
        server = self.config.server
        runner = web.AppRunner(
            self.web(),
            handle_signals=False,
            access_log=None,
            shutdown_timeout=LAST_ANSWERS,
            keepalive_timeout=IDLE,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, server.host, server.port).start()
        except OSError as problem:
            await runner.cleanup()
            raise PortInUse(
                f"cannot listen on {server.host}:{server.port}: {problem.strerror}; set another "
                "server.port (`fedigest demo` takes --port), or stop what listens there"
            ) from None
        try:
            yield f"{server.host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def _handlers(self, parts: Parts) -> Mapping[str, Handler]:
        async def digest(payload: Mapping[str, Any]) -> None:
            since, until = (datetime.fromisoformat(payload[key]) for key in ("since", "until"))
            topic = self.config.bot(payload["bot"])
            await parts.digests.make(topic, payload["period"], since, until)

        async def look(payload: Mapping[str, Any]) -> None:
            await parts.recheck.look(payload["uri"], payload.get("refused", 0))

        return {
            "audit": lambda p: parts.schedule.audit(),
            "reconsider": lambda p: parts.recheck.reconsider(p["posts"]),
            "relist": lambda p: parts.review.relist(),
            "review": parts.review.review,
            "plan": self._plan,
            "recheck": look,
            "look": look,
            "move": lambda p: self.following.moved(p["old"], p["new"]),
            "compare": lambda p: self.following.compare(p["actor"], p["url"], p["digest"]),
            "poll": lambda p: parts.watcher.poll(p["key"]),
            "read": lambda p: parts.conversations.found(p["bot"], p["post"]),
            "reread": lambda p: parts.conversations.found(p["bot"], p["post"]),
            "link": lambda p: parts.links.name(p["url"]),
            "code": lambda p: self.wishes.send(p["wish"], p.get("language")),
            "answer": lambda p: parts.answers.answer(p["request"], p["note"]),
            "grown": lambda p: parts.answers.grown(p["thread"]),
            "personal": parts.answers.send,
            "hush": parts.answers.hush,
            "follow": lambda p: self.follow(p["handle"], p["bot"]),
            "digest": digest,
        }

    def _directory(self) -> StoredDirectory:
        topics = {topic.handle: topic for topic in self.config.bots}
        return StoredDirectory(
            self.storage,
            self.uris,
            self._keys,
            topics,
            self.site,
            self.parts.consenting,
            self._prove,
        )

    def _key_of(self, actor_id: str) -> SigningKey:
        """Return the key with which an actor of ours signs. Raises `Forbidden` without one."""
        if not self._keys.has(actor_id):
            raise Forbidden("there is no key of this bot any more", url=actor_id)
        return self._keys.signing(actor_id)

    def _prove(
        self, actor_id: str, document: Mapping[str, object], at: datetime
    ) -> dict[str, object]:
        if not self._keys.has(actor_id):
            return dict(document)
        return proof.add(document, self._keys.proving(actor_id), at)

    def _handled(self, rows: list[tables.ReceivedActivity]) -> None:
        """What was handled may have made jobs and deliveries."""
        self._inbox.handled(rows)
        self.workers.wake()
        self.deliverer.wake()

    async def _plan(self, payload: Mapping[str, Any]) -> None:
        """Plan a piece of a large fan-out."""
        due = payload.get("due")  # not yet in jobs of earlier versions
        when = datetime.fromisoformat(due) if due else self.clock.now()
        inboxes, uri, bot = payload["inboxes"], payload["activity"], payload["bot"]
        async with self.storage.unit() as unit:
            activity = await unit.activities.get(uri)
            if activity is None:  # superseded meanwhile by one that says the whole
                inboxes = []
            elif await unit.publications.is_withdrawn(activity.object_id or ""):
                # Whom it has not reached has nothing to forget; the Delete is harmless.
                inboxes = inboxes if activity.type == "Delete" else []
            urgent = bool(payload.get("urgent"))
            await unit.deliveries.add(uri, bot, inboxes, when, urgent=urgent)
        self.deliverer.wake()

    async def _introduce(self) -> None:
        """Tell followers of a bot whose profile has changed since the last start."""
        directory = self._directory()
        async with self.storage.unit() as unit:
            for topic in self.config.bots:
                actor = await directory.actor(topic.handle)
                if actor is not None:
                    await self.parts.publisher.introduce(unit, topic.handle, actor.to_document())

    async def _tick(self) -> int:
        queued = int(await self.parts.review.lists_changed())
        queued += await self.parts.schedule.tick()
        if queued:
            self.workers.wake()
        await self.storage.checkpoint(now_and_then=True)
        return 0

    async def _about(self) -> AboutView:
        async with self.storage.view() as view:
            site = await self.parts.views.site(view)
        model = self.writer.name if self.writer else None
        return AboutView(site, ByRules.name, model, self.parts.schedule.lifetimes.in_days(), ROWS)


async def _stopped(task: "asyncio.Task[None]") -> None:
    await asyncio.wait({task})
