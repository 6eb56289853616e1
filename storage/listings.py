"""Hosts, accounts and words that the operator lists."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Listing, ListingKind


class Listings(Repository):
    """What the operator blocks or allows."""

    async def put(self, listing: Listing) -> None:
        """Store an entry, or replace what was said of the same host, account or word."""
        await self._transaction.put(listing)

    async def add_all(self, listings: Sequence[Listing]) -> int:
        """Store those entries that are not there yet; return their number."""
        return await self._transaction.add_all(listings)

    async def remove(self, kind: ListingKind, value: str) -> bool:
        """Forget an entry. False when there was none."""
        statement = delete(Listing).where(col(Listing.kind) == kind, col(Listing.value) == value)
        return await self._transaction.run(statement) == 1

    async def all(self) -> list[Listing]:
        """Return every entry."""
        statement = select(Listing).order_by(col(Listing.kind), col(Listing.value))
        return await self._transaction.all(Listing, statement)

    async def version(self) -> tuple[int, str]:
        """Return a value that changes when the entries do: their number and latest time."""
        statement = select(func.count(), func.max(col(Listing.at))).select_from(Listing)
        [(number, latest)] = await self._transaction.tuples(statement)
        return int(number), str(latest)
