"""Asking the sources when they are due, and handing on what they found."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Iterable
from datetime import timedelta

from activitypub.errors import ActivityPubError, Forbidden, Gone, Recoverable, Refused
from activitypub.ports import Clock
from bot.consent.ingest import canonical
from bot.errors import BotError, NothingFound
from bot.reading.backlog import is_full
from bot.reading.following import Following
from bot.sources import KINDS, Badly, Found, MastodonTag, Polled, SaysNo, Seen, Source, Title
from bot.sources.polite import Polite
from bot.topic import Topic
from storage import Storage, UnitOfWork, tables
from storage.errors import StorageError

log = logging.getLogger(__name__)

SLOWEST = timedelta(hours=6)
LONGEST_PAUSE = timedelta(days=1)
LOOK_AGAIN = timedelta(days=1)
"""How often it is checked that someone we follow is still there."""
LIVELY = 0.5
"""The share of new entries from which on a source is asked as often as it may be."""
STREAMS_EVERY = 30.0


class Watcher:
    """Polls sources, each on its own schedule kept in its state.

    `interval` is how often a lively source is asked; a quiet one is asked less and less often,
    and one that fails is left alone for longer each time.
    """

    def __init__(
        self,
        storage: Storage,
        polite: Polite,
        clock: Clock,
        topics: Iterable[Topic],
        interval: timedelta,
        following: Following,
    ) -> None:
        self._storage = storage
        self._polite = polite
        self._clock = clock
        self._topics = tuple(topics)
        self._interval = interval
        self._following = following

    async def register(self) -> None:
        """Make the stored sources those of the settings and the operator's; what is known stays."""
        named = {
            source.key: source
            for topic in self._topics
            for kind in KINDS.values()
            for source in kind.of(topic)
        }
        async with self._storage.view() as view:
            stored = {state.key: state for state in await view.sources.all(None)}
        for state in stored.values():
            if state.origin == "settings" and state.key not in named:
                await self.remove(state.key)
        async with self._storage.unit() as unit:
            for source in named.values():
                if source.key not in stored:
                    await unit.sources.put(self._new(source, "settings"))

    async def add(self, kind: str, bot: str, address: str, tag: str | None = None) -> str:
        """Add a source as the operator names it, unless it is there; return its key.

        Raises `Badly`, also for an address that we would never ask.
        """
        source = self._named(kind, bot, address, tag)
        async with self._storage.unit() as unit:
            if await unit.sources.get(source.key) is None:
                await unit.sources.put(self._new(source, "operator"))
        return source.key

    async def remove(self, key: str) -> None:
        """Forget a source, and follow no longer whom it follows. Raises `NothingFound`."""
        async with self._storage.view() as view:
            state = await view.sources.get(key)
            if state is None:
                raise NothingFound(f"there is no source {key}")
            actor = state.actor_id or (state.address if state.kind == "relay" else "")
            sharing = [row for row in await view.sources.of_actor(actor) if row.bot == state.bot]
        if actor and not [row for row in sharing if row.key != key]:
            with contextlib.suppress(NothingFound):
                await self._following.unfollow(actor, state.bot)
        async with self._storage.unit() as unit:
            await unit.sources.remove(key)

    async def pause(self, key: str, *, paused: bool) -> None:
        """Ask a source no more, or again. Raises `NothingFound`."""
        async with self._storage.unit() as unit:
            state = await unit.sources.get(key)
            if state is None:
                raise NothingFound(f"there is no source {key}")
            state.paused = paused
            state.due_at = self._clock.now()
            await unit.sources.put(state)

    async def preview(self, kind: str, bot: str, address: str, tag: str | None = None) -> Polled:
        """Show what a source would bring, storing nothing. Raises its errors."""
        return await self._named(kind, bot, address, tag).preview(self._polite)

    async def schedule(self) -> int:
        """Queue a poll for each source that is due, and return how many."""
        now = self._clock.now()
        async with self._storage.unit() as unit:
            due = await unit.sources.due(now, 100)
            for state in due:
                await unit.jobs.enqueue(
                    "poll", {"key": state.key}, run_at=now, key=f"poll:{state.key}:{state.due_at}"
                )
                state.due_at = now + self._interval
                await unit.sources.put(state)
        return len(due)

    async def poll(self, key: str) -> int:
        """Ask one source, store what is new and queue it for reading; return how much was new."""
        async with self._storage.view() as view:
            state = await view.sources.get(key)
        if state is None or state.paused:
            return 0
        try:
            source = source_of(state)
            seen = Seen(state.etag, state.modified, state.cursor, state.actor_id)
            polled = await source.poll(self._polite, seen)
            return await self._succeeded(source, polled)
        except (ActivityPubError, BotError) as problem:
            await self._failed(key, problem)
            return 0

    async def stream(self) -> None:
        """Listen for ever to the streams of those hosts that gave the operator a token."""
        listening: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                try:
                    await self._tend(listening)
                except StorageError as problem:  # what is listened to goes on meanwhile
                    log.warning("could not read the sources", extra={"problem": str(problem)})
                await asyncio.sleep(STREAMS_EVERY)
        finally:
            for task in listening.values():
                task.cancel()
            await asyncio.gather(*listening.values(), return_exceptions=True)

    def _named(self, kind: str, bot: str, address: str, tag: str | None) -> Source:
        if kind not in KINDS:
            raise Badly(f"there is no kind {kind!r}; there are: {', '.join(KINDS)}")
        source = KINDS[kind].named(bot, address, tag)
        has_url = "://" in source.address
        url = source.address if has_url else f"https://{source.address.rpartition('@')[2]}"
        try:
            self._polite.client.guard.check_url(url)
        except Forbidden as problem:
            raise Badly(f"{source.address} is never asked: {problem}") from None
        return source

    async def _tend(self, listening: "dict[str, asyncio.Task[None]]") -> None:
        """Listen to what is wanted now, and to nothing else."""
        wanted = {source.key: source for source in await self._streams()}
        for key in listening.keys() - wanted.keys():
            listening.pop(key).cancel()
        for key in wanted.keys() - listening.keys():
            listening[key] = asyncio.create_task(self._listen(wanted[key]))

    async def _streams(self) -> list[MastodonTag]:
        async with self._storage.view() as view:
            states = await view.sources.all(None)
        sources = [source_of(s) for s in states if s.kind == MastodonTag.kind and not s.paused]
        return [s for s in sources if isinstance(s, MastodonTag) and self._polite.token(s.host)]

    async def _listen(self, source: MastodonTag) -> None:
        """Listen to one stream, and again after a pause when it ends. Polling goes on beside it."""
        failures = 0
        while True:
            try:
                async for found in source.stream(self._polite):
                    failures = 0
                    async with self._storage.unit() as unit:
                        if await self._add(unit, source, found):
                            await unit.sources.heard(source.key, self._clock.now())
            except (Recoverable, StorageError) as problem:
                log.info("stream broke", extra={"source": source.key, "problem": str(problem)})
            except (ActivityPubError, BotError) as problem:
                log.warning("no stream", extra={"source": source.key, "problem": str(problem)})
                failures = 99
            failures += 1
            longest = LONGEST_PAUSE.total_seconds() if failures > 50 else 600.0
            await asyncio.sleep(min(2.0 ** min(failures, 20), longest) * random.uniform(0.8, 1.2))  # noqa: S311

    async def _succeeded(self, source: Source, polled: Polled) -> int:
        now = self._clock.now()
        async with self._storage.unit() as unit:
            # As it is by now: while it was asked, it may have been paused, removed or heard.
            state = await unit.sources.get(source.key)
            if state is None:
                return 0
            new = [found for found in polled.found if await self._add(unit, source, found)]
            fresh = [title for title in polled.titles if await self._name(unit, source, title)]
            if polled.follows:
                asked = await self._following.ask(unit, source.bot, polled.follows)
                if asked == "rejected":
                    raise SaysNo(f"{source.address} does not want to be followed by us")
                if polled.follows.actor_id != polled.follows.inbox:  # not known by its inbox only
                    state.actor_id = polled.follows.actor_id
            state.etag, state.modified = polled.etag, polled.modified
            state.cursor = polled.cursor or state.cursor
            state.interval_s = self._next_interval(state, len(new) + len(fresh), polled.listed)
            every = LOOK_AGAIN if source.follows else timedelta(seconds=state.interval_s)
            # Hosts like it better when not all who poll come at the full minute.
            state.due_at = now + every * random.uniform(0.9, 1.1)  # noqa: S311
            state.error, state.failures = None, 0
            state.ok_at = state.ok_at if source.follows else now
            state.found += len(new) + len(fresh)
            await unit.sources.put(state)
        return len(new) + len(fresh)

    async def _add(self, unit: UnitOfWork, source: Source, found: Found) -> bool:
        now = self._clock.now()
        finding = tables.Finding(
            bot=source.bot,
            post_id=found.uri,
            source=source.key,
            tag=found.tag,
            found_at=now,
            state="new",
        )
        if await is_full(unit, source.key, now) or not await unit.findings.add(finding):
            return False
        payload = {"bot": source.bot, "post": found.uri}
        await unit.jobs.enqueue("read", payload, run_at=now, key=f"read:{source.bot}:{found.uri}")
        return True

    async def _name(self, unit: UnitOfWork, source: Source, title: Title) -> bool:
        """Keep the title of a page that a feed announces; return whether it was new."""
        url = canonical(title.url)
        if not url:
            return False
        known = (await unit.links.get_many([url])).get(url)
        if known and known.feed:
            return False
        row = known or tables.Link(url=url, fetched_at=self._clock.now())
        row.title, row.site, row.feed = title.title, title.site, source.key
        await unit.links.put(row)
        return True

    async def _failed(self, key: str, problem: Exception) -> None:
        async with self._storage.unit() as unit:
            state = await unit.sources.get(key)
            if state is not None:
                self._note(state, problem)
                await unit.sources.put(state)

    def _note(self, state: tables.SourceState, problem: Exception) -> None:
        """Note what went wrong, and when to ask again."""
        state.failures += 1
        state.error = str(problem)[:500]
        pause = min(self._interval * 2 ** min(state.failures, 10), LONGEST_PAUSE)
        if isinstance(problem, Recoverable) and problem.retry_after:
            pause = max(pause, problem.retry_after)
        if isinstance(problem, SaysNo | Refused | Gone):
            pause = LONGEST_PAUSE
        state.due_at = self._clock.now() + pause

    def _next_interval(self, state: tables.SourceState, new: int, listed: int) -> int:
        """Ask as often as there is much new; more and more rarely while there is nothing."""
        shortest = self._interval.total_seconds()
        if new and new >= LIVELY * listed:
            return round(shortest)
        factor = 0.75 if new else 1.5
        return round(min(max(state.interval_s * factor, shortest), SLOWEST.total_seconds()))

    def _new(self, source: Source, origin: tables.SourceOrigin) -> tables.SourceState:
        return tables.SourceState(
            key=source.key,
            bot=source.bot,
            kind=source.kind,
            address=source.address,
            tag=source.tag,
            origin=origin,
            due_at=self._clock.now(),
            interval_s=round(self._interval.total_seconds()),
        )


def source_of(state: tables.SourceState) -> Source:
    """Return the source that a stored state belongs to. Raises `Badly` for a kind that is gone."""
    if state.kind not in KINDS:
        raise Badly(f"this version knows no source of the kind {state.kind!r}")
    return KINDS[state.kind].named(state.bot, state.address, state.tag)
