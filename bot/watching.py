"""Asking the sources when they are due, and handing on what they found."""

from collections.abc import Iterable
from datetime import timedelta

from activitypub.client import Client
from activitypub.errors import ActivityPubError, Recoverable
from activitypub.ports import Clock
from bot.errors import BotError
from bot.ingest import canonical
from bot.sources import Found, Polled, Source, SourceRefused
from storage import Storage, UnitOfWork, tables

SLOWEST = timedelta(hours=6)
LONGEST_PAUSE = timedelta(days=1)


class Watcher:
    """Polls sources, each on its own schedule kept in its state.

    `interval` is how often a lively source is asked; a quiet one is asked less and less often,
    and one that fails is left alone for longer each time.
    """

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        sources: Iterable[Source],
        interval: timedelta,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._sources = {source.key: source for source in sources}
        self._interval = interval

    async def register(self) -> None:
        """Make the stored sources those of the settings; what is known of them stays."""
        async with self._storage.unit() as unit:
            for state in await unit.sources.all(None):
                if state.key not in self._sources:
                    await unit.sources.remove(state.key)
            for source in self._sources.values():
                if await unit.sources.get(source.key) is None:
                    await unit.sources.put(self._new(source))

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
        source = self._sources.get(key)
        async with self._storage.view() as view:
            state = await view.sources.get(key)
        if source is None or state is None or state.paused:
            return 0
        try:
            polled = await source.poll(self._client, state)
        except (ActivityPubError, BotError) as problem:
            await self._failed(state, problem)
            return 0
        return await self._succeeded(source, state, polled)

    async def _succeeded(self, source: Source, state: tables.SourceState, polled: Polled) -> int:
        now = self._clock.now()
        async with self._storage.unit() as unit:
            new = [found for found in polled.found if await self._add(unit, source, found)]
            for title in polled.titles:
                url = canonical(title.url)
                if url:
                    row = tables.Link(url=url, title=title.title, site=title.site, fetched_at=now)
                    await unit.links.put(row)
            state.etag, state.modified = polled.etag, polled.modified
            state.cursor = polled.cursor or state.cursor
            state.interval_s = self._next_interval(state, lively=bool(new))
            state.due_at = now + timedelta(seconds=state.interval_s)
            state.ok_at, state.error, state.failures = now, None, 0
            state.found += len(new)
            await unit.sources.put(state)
        return len(new)

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
        if not await unit.findings.add(finding):
            return False
        payload = {"bot": source.bot, "post": found.uri}
        await unit.jobs.enqueue("read", payload, run_at=now, key=f"read:{source.bot}:{found.uri}")
        return True

    async def _failed(self, state: tables.SourceState, problem: Exception) -> None:
        now = self._clock.now()
        state.failures += 1
        state.error = str(problem)[:500]
        pause = min(self._interval * 2 ** min(state.failures, 10), LONGEST_PAUSE)
        if isinstance(problem, Recoverable) and problem.retry_after:
            pause = max(pause, problem.retry_after)
        if isinstance(problem, SourceRefused):
            pause = LONGEST_PAUSE
        state.due_at = now + pause
        async with self._storage.unit() as unit:
            await unit.sources.put(state)

    def _next_interval(self, state: tables.SourceState, *, lively: bool) -> int:
        if lively:
            return round(self._interval.total_seconds())
        return round(min(state.interval_s * 1.5, SLOWEST.total_seconds()))

    def _new(self, source: Source) -> tables.SourceState:
        return tables.SourceState(
            key=source.key,
            bot=source.bot,
            kind=source.kind,
            address=source.address,
            due_at=self._clock.now(),
            interval_s=round(self._interval.total_seconds()),
        )
