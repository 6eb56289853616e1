"""One service at a time works on a database; commands may run beside it."""

import asyncio
import contextlib
import fcntl
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.errors import InUse, StorageError
from storage.postgres import RUNNING
from storage.translate import translate

log = logging.getLogger(__name__)

START_S = 5.0
"""How long a start waits for the session of a process that has just been killed."""
LOOK_S = 5.0
"""How often a session is looked after that holds the lock."""
TAKEN_S = 90.0
"""After how long another holder is believed in: it may be what is left of our own lost session,
which the server ends by itself (`storage.postgres.SETTINGS`)."""
TAKE = text(f"SELECT pg_try_advisory_lock({RUNNING})")


@asynccontextmanager
async def hold(engine: AsyncEngine, lost: Callable[[], None]) -> AsyncIterator[None]:
    """Be the only service on a database. Raises InUse when another one is.

    On SQLite a locked file beside the database says so, on PostgreSQL a session with an advisory
    lock. That session may be lost; it is opened again, and should another service have come in
    meanwhile, `lost` is called.
    """
    if engine.dialect.name == "sqlite":
        with _file(Path(f"{engine.url.database}.lock")):
            yield
        return
    session = Session(engine)
    try:
        await session.take(START_S)
        keeper = asyncio.create_task(session.keep(lost))
        try:
            yield
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
    finally:
        await session.drop()


@contextmanager
def _file(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse from None
        yield


class Session:
    """A connection to PostgreSQL whose lock says that a service works on the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def take(self, seconds: float) -> None:
        """Take the lock within so many seconds. Raises InUse, or StorageError."""
        end = time.monotonic() + seconds
        while not await self._ask(TAKE):
            if time.monotonic() >= end:
                await self.drop()
                raise InUse
            await asyncio.sleep(0.1)

    async def keep(self, lost: Callable[[], None]) -> None:
        """Look after the session for ever, or until another service has the lock."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except InUse:
                # No stack trace: nothing is wrong with the program.
                log.error("another service took over this database")  # noqa: TRY400
                lost()
                return
            except StorageError as problem:
                log.warning("lost the session that holds the lock", extra={"problem": str(problem)})
                await self.drop()

    async def drop(self) -> None:
        """Give the lock back, with the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(SQLAlchemyError):
                await connection.invalidate()  # the lock lasts as long as the session
                await connection.close()

    async def _look(self) -> None:
        if self._connection is None:
            await self.take(TAKEN_S)
        else:
            await self._ask(text("SELECT 1"))

    async def _ask(self, question: TextClause) -> bool:
        try:
            if self._connection is None:
                self._connection = await self._engine.connect()
                await self._connection.execution_options(isolation_level="AUTOCOMMIT")
            return bool(await self._connection.scalar(question))
        except SQLAlchemyError as error:
            raise translate(error) from error
