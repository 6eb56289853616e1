"""Remembers: what Fedigest keeps in its database, and the queue. Knows no HTTP and no bot."""

from storage.engine import Storage
from storage.unit import UnitOfWork

__all__ = ["Storage", "UnitOfWork"]
