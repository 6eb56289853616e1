"""What can go wrong while remembering.

StorageError
├── Recoverable            may succeed later; `retry_after` says when it is worth trying
│   ├── StorageFull        the disk, or the allowed size of the database, is used up
│   └── StorageBusy        another process holds the lock, or no connection is free
└── Final                  asking again will not help
    ├── StorageCorrupt     the file is damaged or is no database
    ├── InUse              another service works on this database
    ├── SchemaTooNew       written by a newer version of this program
    ├── SchemaTooOld       not migrated yet, and we were told not to migrate
    ├── TransitionRefused  a change of state that nobody declared
    ├── Uncited            a sentence without the post that says it
    └── StatementRefused   a rule of the schema broken, or anything else the database refused
"""

from datetime import timedelta


class StorageError(Exception):
    """Root of everything this package raises."""


class Recoverable(StorageError):
    """May succeed later.

    `retry_after` is how long to wait before it is worth trying again.
    """

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageFull(Recoverable):
    """The disk, or the allowed size of the database, is used up."""


class StorageBusy(Recoverable):
    """Another process holds the lock, or no connection is free."""


class Final(StorageError):
    """Asking again will not help."""


class StorageCorrupt(Final):
    """The file is damaged, or is no database at all."""


class InUse(Final):
    """Another service works on this database already."""

    def __init__(self) -> None:
        super().__init__("another `fedigest run` works on this database already")


class SchemaTooNew(Final):
    """The database was written by a newer version of this program."""


class SchemaTooOld(Final):
    """The database has not been migrated yet, and we were told not to migrate."""


class TransitionRefused(Final):
    """A change of state that nobody declared, such as finishing a job that is not claimed."""


class Uncited(Final):
    """A sentence without the post that says it: we do not keep such a thing."""


class StatementRefused(Final):
    """A rule of the schema was broken, or the database refused for another lasting reason."""
