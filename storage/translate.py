"""From the drivers' errors to ours: the only place that knows their codes."""

import errno
import sqlite3
from datetime import timedelta

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import (
    StatementRefused,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageFull,
)
from storage.postgres import ENDED

# A full disk needs a person, a lock only needs another process to finish.
FULL_RETRY = timedelta(minutes=5)
BUSY_RETRY = timedelta(seconds=1)
LOST_RETRY = timedelta(seconds=5)

# https://www.sqlite.org/rescode.html (primary codes: the low byte of the extended ones)
SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL})
SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
SQLITE_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
ADVICE = {
    sqlite3.SQLITE_IOERR: " (is the disk full, or failing?)",
    sqlite3.SQLITE_CANTOPEN: " (is its folder there, and can it be written?)",
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES_FULL = frozenset({"53100"})
# A transaction that met another one; a server that is full, starts, stops or was lost.
POSTGRES_BUSY = frozenset({"40001", "40P01", "53300", "55P03", "57P03"}) | ENDED
POSTGRES_LOST = "08"
"""The class of all that may be wrong with a connection."""
POSTGRES_CORRUPT = frozenset({"XX001", "XX002"})
POSTGRES_ADVICE = {
    "28000": " (is the user in the database's URL right, and allowed to come from here?)",
    "28P01": " (is the password in the database's URL right?)",
    "3D000": " (make it: CREATE DATABASE name OWNER user)",
    "42501": " (the user has to own the database: ALTER DATABASE name OWNER TO user)",
}


def translate(error: SQLAlchemyError) -> StorageError:
    """Return the error of this package that says what `error` means.

    The sentence is the driver's own, never SQLAlchemy's: that one quotes the statement with its
    parameters, and people's words do not belong into logs.
    """
    if isinstance(error, PoolTimeout):
        return StorageBusy("no database connection became free", retry_after=BUSY_RETRY)
    if not isinstance(error, DBAPIError):
        # A value that a column type refuses says so itself.
        reason = error.orig if isinstance(error, StatementError) else type(error).__name__
        return StatementRefused(f"the database was not asked: {reason}")
    sentence = " ".join(str(error.orig).split())
    code, state = _codes(error.orig)
    if code in SQLITE_CORRUPT or state in POSTGRES_CORRUPT:
        return StorageCorrupt(f"the database is damaged: {sentence}")
    return _for_now(error, sentence) or StatementRefused(
        f"the database refused: {sentence}{ADVICE.get(code, '')}{POSTGRES_ADVICE.get(state, '')}"
    )


def _for_now(error: DBAPIError, sentence: str) -> StorageError | None:
    """Return the error of what may go better later."""
    code, state = _codes(error.orig)
    if code in SQLITE_FULL or state in POSTGRES_FULL or _no_space(error.orig):
        return StorageFull(f"no room left to remember: {sentence}", retry_after=FULL_RETRY)
    if _is_lost(error, state):
        sentence = f"no answer from the database: {sentence or 'it took too long'}"
        advice = " (is the server up, and the address right?)"
        return StorageBusy(f"{sentence}{advice}", retry_after=LOST_RETRY)
    if code in SQLITE_BUSY or state in POSTGRES_BUSY:
        return StorageBusy(f"the database is busy: {sentence}", retry_after=BUSY_RETRY)
    return None


def _is_lost(error: DBAPIError, state: str) -> bool:
    """Tell whether there is no connection, or there is none any more."""
    unreachable = any(isinstance(cause, OSError) for cause in _chain(error.orig))
    return unreachable or error.connection_invalidated or state.startswith(POSTGRES_LOST)


def _codes(orig: BaseException | None) -> tuple[int, str]:
    """Find the driver's code: SQLite's primary number and PostgreSQL's SQLSTATE."""
    for error in _chain(orig):
        number = getattr(error, "sqlite_errorcode", None)
        if isinstance(number, int):
            return number & 0xFF, ""
        state = getattr(error, "sqlstate", None)
        if isinstance(state, str):
            return 0, state
    return 0, ""


def _no_space(orig: BaseException | None) -> bool:
    full = (errno.ENOSPC, errno.EDQUOT)
    return any(isinstance(error, OSError) and error.errno in full for error in _chain(orig))


def _chain(error: BaseException | None) -> list[BaseException]:
    """List an error and its causes; async drivers wrap the one that carries the code."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__
    return found
