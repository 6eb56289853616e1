"""The database, opened from one URL."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import connect, postgres, schema, sole, sqlite
from storage.received import Arrived, insertion, rows
from storage.schema import migrate, revision
from storage.translate import translate
from storage.unit import UnitOfWork, WriteLock

__all__ = ["Storage", "migrate", "revision"]

CHECKPOINT_WAIT_MS = 50
VACUUM_EVERY_S = 300


class Storage:
    """Everything remembered. Open one per process and close it at the end."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._is_sqlite = writer.dialect.name == "sqlite"
        self._lock = WriteLock()
        self._vacuumed = -float(VACUUM_EVERY_S)

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Open `sqlite:///path/file.sqlite3` or `postgresql://...`, and bring it up to date.

        A missing SQLite file is created with its folder, readable by its owner only. With
        `migrate=False` a database that does not fit raises SchemaTooOld; one that a newer version
        wrote always raises SchemaTooNew.
        """
        await (schema.migrate(url) if migrate else schema.check(url))
        parsed = connect.parse(url)
        return cls(connect.connect(parsed, "writer"), connect.connect(parsed, "reader"))

    async def close(self) -> None:
        """Close all connections, those too that a cancelled task has not given back yet."""
        await connect.close(self._reader)
        # Last, since the last connection to close folds SQLite's log into the file.
        await connect.close(self._writer)

    def unit(self) -> UnitOfWork:
        """Return a write transaction: commits at the end, rolls back on an exception."""
        return UnitOfWork(self._writer, writes=True, lock=self._lock)

    @asynccontextmanager
    async def sole(self, lost: Callable[[], None]) -> AsyncIterator[None]:
        """Be the only service on this database; commands may work beside it.

        Raises InUse when another one is. `lost` is called should another one have come in while
        the database was out of reach.
        """
        async with sole.hold(self._writer, lost):
            yield

    async def receive(self, arrived: Sequence[Arrived]) -> bool:
        """Store activities of which none is known, in one transaction; False when one was.

        False leaves nothing stored. It is a unit of work with one statement, past the session:
        this is what every delivery to us waits for.
        """
        # To its end, whoever is cancelled meanwhile: see `Transaction`.
        return await asyncio.shield(asyncio.ensure_future(self._receive(arrived)))

    async def _receive(self, arrived: Sequence[Arrived]) -> bool:
        if not self._is_sqlite:  # where what only adds need not wait for those who change
            return await self._insert(arrived)
        await self._lock.acquire()
        try:
            return await self._insert(arrived)
        finally:
            self._lock.release()

    async def _insert(self, arrived: Sequence[Arrived]) -> bool:
        try:
            async with self._writer.connect() as connection:
                stored = await connection.execute(
                    insertion(self._writer.dialect.name), rows(arrived)
                )
                number = stored.rowcount if self._is_sqlite else len(stored.all())
                if number != len(arrived):
                    return False  # the connection rolls back when it is given back
                await connection.commit()
                return True
        except SQLAlchemyError as error:
            raise translate(error) from error

    def view(self) -> UnitOfWork:
        """Return a read transaction: one snapshot, waits for no writer, never commits."""
        return UnitOfWork(self._reader, writes=False, lock=None)

    async def checkpoint(self, *, now_and_then: bool = False) -> bool:
        """Let erased text go from where it is still readable. False when a reader was in the way.

        On SQLite the log is folded into the file and emptied, on PostgreSQL all tables are
        vacuumed; with `now_and_then`, that only if it was not done in the last minutes.
        """
        # To its end, whoever is cancelled: it goes on in the driver's thread, with the write lock.
        work = self._checkpoint() if self._is_sqlite else self._vacuum(now_and_then=now_and_then)
        return await asyncio.shield(asyncio.ensure_future(work))

    async def _vacuum(self, *, now_and_then: bool) -> bool:
        began = time.monotonic()
        if now_and_then and began - self._vacuumed < VACUUM_EVERY_S:
            return True
        try:
            await postgres.vacuum(self._writer)
        except SQLAlchemyError as error:
            raise translate(error) from error
        self._vacuumed = began
        return True

    async def _checkpoint(self) -> bool:
        await self._lock.acquire()
        try:
            async with self._writer.connect() as connection:
                # Past SQLAlchemy, which would begin a transaction: no checkpoint runs inside one.
                raw: Any = (await connection.get_raw_connection()).driver_connection
                # While it waits for readers, nobody writes: so it hardly waits, and comes again.
                await raw.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
                try:
                    async with raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                        busy, _pages, _moved = await cursor.fetchone()
                finally:
                    await raw.execute(f"PRAGMA busy_timeout={sqlite.BUSY_TIMEOUT_S * 1000}")
                return bool(busy == 0)
        except SQLAlchemyError as error:
            raise translate(error) from error
        finally:
            self._lock.release()
