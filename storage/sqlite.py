"""How a SQLite file is set up: its folder, its pragmas, its transactions."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only

READERS = 4
BUSY_TIMEOUT_S = 10
PAUSE_S = 0.02

PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}",
    # Readers never wait for the writer. https://www.sqlite.org/wal.html
    "PRAGMA journal_mode=WAL",
    # NORMAL survives kill -9 but may lose the last commits with the power. A peer that got our
    # 202 forgets the activity, so a commit has to be on the disk: one fsync each.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # An erased post has to be gone from the file, not only from the table.
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=67108864",
)


def prepare_file(url: URL) -> None:
    """Create folder and file, readable by the owner only. Existing ones stay as they are.

    SQLite gives the -wal and -shm files the mode of the file itself.
    """
    path = Path(url.database or "")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


def build(url: URL, kind: Literal["writer", "reader"], **common: Any) -> AsyncEngine:
    """Build an engine; nothing is opened yet.

    SQLite has one writer at a time, so the writing engine holds one connection; the reading one
    refuses to write.
    """
    engine = create_async_engine(
        url,
        pool_size=1 if kind == "writer" else READERS,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        **common,
    )
    pragmas = PRAGMAS if kind == "writer" else (*PRAGMAS, "PRAGMA query_only=ON")
    # IMMEDIATE takes the write lock at once: a transaction that starts as a reader could be
    # refused half-way, with no way to wait. https://www.sqlite.org/lang_transaction.html
    begin = "BEGIN IMMEDIATE" if kind == "writer" else "BEGIN"

    def set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself; `start` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            _patiently(cursor, pragma)
        cursor.close()

    def start(connection: Connection) -> None:
        # One trip to the driver's thread; SQLAlchemy's own way takes three.
        adapted: Any = connection.connection.dbapi_connection
        try:
            adapted.run_async(lambda driver: driver.execute(begin))
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error) from error

    event.listen(engine.sync_engine, "connect", set_up)
    event.listen(engine.sync_engine, "begin", start)
    return engine


def _patiently(cursor: Any, pragma: str) -> None:
    """Set a pragma, also while another process gives a new file its write-ahead log.

    SQLite refuses that change at once where two want it, whatever its own timeout.
    """
    for _ in range(round(BUSY_TIMEOUT_S / PAUSE_S)):
        try:
            cursor.execute(pragma)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await_only(asyncio.sleep(PAUSE_S))
        else:
            return
    cursor.execute(pragma)
