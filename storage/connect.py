"""From one URL to database engines."""

import asyncio
import time
from typing import Any, Literal
from weakref import WeakKeyDictionary, WeakSet

import orjson
from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from storage import postgres, sqlite
from storage.errors import StatementRefused

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
CLOSING_WAIT_S = 10

_opened: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()
"""The driver's connections of each engine."""


def parse(url: str) -> URL:
    """Read `sqlite:///path/file.sqlite3` or `postgresql://...` and add the async driver.

    Raises StatementRefused for any other database, and for SQLite in memory: what must survive a
    restart has no place there.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StatementRefused("the database URL cannot be read") from error
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise StatementRefused(f"no such database: {backend} (sqlite or postgresql)")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StatementRefused("a SQLite URL needs a file: sqlite:///path/file.sqlite3")
    parsed = parsed.set(drivername=DRIVERS[backend])
    return postgres.normal(parsed) if backend == "postgresql" else parsed


def connect(url: URL, kind: Literal["writer", "reader"]) -> AsyncEngine:
    """Build an engine. Nothing is opened yet."""
    build = sqlite.build if url.get_backend_name() == "sqlite" else postgres.build
    engine = build(
        url,
        kind,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        # People's words do not belong into logs.
        hide_parameters=True,
    )
    opened = _opened.setdefault(engine.sync_engine, WeakSet())

    def remember(connection: Any, _entry: ConnectionPoolEntry) -> None:
        opened.add(connection.driver_connection)

    event.listen(engine.sync_engine, "connect", remember, insert=True)
    return engine


async def close(engine: AsyncEngine) -> None:
    """Close an engine with all of its connections.

    A pool closes those that lie in it. What a cancelled task still holds comes back within
    moments, since units end behind a shield; what never does is closed all the same: left to the
    garbage collector, a connection may outlive the event loop that it needs for its end.
    """
    waiting = time.monotonic() + CLOSING_WAIT_S
    while _lent(engine) and time.monotonic() < waiting:  # noqa: ASYNC110  pools tell nobody
        await asyncio.sleep(0.01)
    await engine.dispose()
    for driver in list(_opened.pop(engine.sync_engine, ())):
        if engine.dialect.name == "sqlite":
            await driver.close()
        else:
            driver.terminate()  # nothing, where it is closed


def _lent(engine: AsyncEngine) -> int:
    pool = engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0
