"""A unit of work: one transaction and all repositories in it."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.activities import Activities
from storage.actors import Actors
from storage.answers import Answers
from storage.choices import Choices
from storage.codes import WishCodes
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.errors import StatementRefused
from storage.findings import Findings
from storage.follows import Follows
from storage.hosts import Hosts
from storage.jobs.embedded import EmbeddedJobs
from storage.jobs.port import Jobs
from storage.kept import KeptSummaries
from storage.ledger import ModelUses
from storage.links import Links
from storage.listings import Listings
from storage.persons import Persons
from storage.posts import Posts
from storage.pruning import Pruning
from storage.publications import Publications
from storage.received import Received
from storage.reports import Reports, Stamps
from storage.sources import Sources
from storage.subscriptions import Subscriptions, Switches
from storage.threads import Threads
from storage.traces import Traces
from storage.transaction import Transaction


class WriteLock:
    """Lets the units of one process queue, instead of colliding in the database.

    It knows its owner, so that a unit inside a unit is an error and not a silent deadlock.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None

    async def acquire(self) -> None:
        """Wait for our turn. Raises StatementRefused when this task has the lock already."""
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            raise StatementRefused("a unit of work was opened inside another one")
        await self._lock.acquire()
        self._owner = task

    def release(self) -> None:
        """Let the next one write."""
        self._owner = None
        self._lock.release()


class UnitOfWork:
    """`async with storage.unit() as unit:` commits at the end, or rolls back on an exception.

    No transaction may be open across the network: read, close, ask, open again, write.
    Usable once. A view (`writes=False`) reads one consistent snapshot and never commits.
    """

    def __init__(self, engine: AsyncEngine, *, writes: bool, lock: WriteLock | None) -> None:
        self._transaction = transaction = Transaction(engine)
        self._writes = writes
        self._afterwards: list[Callable[[], None]] = []
        self._lock = lock
        self.actors = Actors(transaction)
        self.posts = Posts(transaction)
        self.threads = Threads(transaction)
        self.findings = Findings(transaction)
        self.follows = Follows(transaction)
        self.received = Received(transaction)
        self.publications = Publications(transaction)
        self.activities = Activities(transaction)
        self.deliveries = Deliveries(transaction)
        self.hosts = Hosts(transaction)
        self.reports = Reports(transaction)
        self.stamps = Stamps(transaction)
        self.traces = Traces(transaction)
        self.digests = Digests(transaction)
        self.answers = Answers(transaction)
        self.sources = Sources(transaction)
        self.choices = Choices(transaction)
        self.codes = WishCodes(transaction)
        self.links = Links(transaction)
        self.listings = Listings(transaction)
        self.model_uses = ModelUses(transaction)
        self.subscriptions = Subscriptions(transaction)
        self.switches = Switches(transaction)
        self.kept_summaries = KeptSummaries(transaction)
        self.persons = Persons(transaction)
        self.pruning = Pruning(transaction)
        self.jobs: Jobs = EmbeddedJobs(transaction)

    def after_commit(self, step: Callable[[], None]) -> None:
        """Call `step` once what was written here is there for others to read; never otherwise."""
        self._afterwards.append(step)

    async def __aenter__(self) -> Self:
        if self._lock is not None:
            await self._lock.acquire()
            try:
                await self._transaction.take_turn()
            except BaseException:
                await self._end()
                raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._writes:
                await self._transaction.commit()
        finally:
            await self._end()
        if kind is None and self._writes:
            for step in self._afterwards:
                step()

    async def _end(self) -> None:
        try:
            await self._transaction.close()
        finally:
            if self._lock is not None:
                self._lock.release()
