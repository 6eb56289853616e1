"""Wishes typed into the web form, until their codes come back."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from storage.repository import Repository
from storage.tables import WishCode


class WishCodes(Repository):
    """One row for each time that the form was sent, kept for as long as its limits look back."""

    async def add(self, code: WishCode) -> bool:
        """Store what was asked for. False when its id is taken."""
        return await self._transaction.add(code)

    async def get(self, code_id: str) -> WishCode | None:
        """Return what was asked for under this id."""
        return await self._transaction.get(WishCode, code_id)

    async def sent(self, code_id: str, actor_id: str, code_hash: str) -> bool:
        """Note to whom a code is sent, and its hash. False when it is unknown or used."""
        statement = (
            update(WishCode)
            .where(col(WishCode.id) == code_id, col(WishCode.used_at).is_(None))
            .values(actor_id=actor_id, code_hash=code_hash)
        )
        return await self._transaction.run(statement) == 1

    async def tried(self, code_id: str, most: int) -> bool:
        """Count a try. False, and not counted, when there were `most` already or it is used."""
        statement = (
            update(WishCode)
            .where(
                col(WishCode.id) == code_id,
                col(WishCode.tries) < most,
                col(WishCode.used_at).is_(None),
            )
            .values(tries=col(WishCode.tries) + 1)
        )
        return await self._transaction.run(statement) == 1

    async def use(self, code_id: str, at: datetime) -> bool:
        """Note that the right code came back. False when it was used before."""
        statement = (
            update(WishCode)
            .where(col(WishCode.id) == code_id, col(WishCode.used_at).is_(None))
            .values(used_at=at, code_hash=None)
        )
        return await self._transaction.run(statement) == 1

    async def unconfirmed(self, since: datetime, handle: str, host: str) -> tuple[int, int, int]:
        """Return how many codes asked for since then were not used.

        Those of a handle, of a host, and all.
        """
        statement = select(
            func.count().filter(col(WishCode.handle) == handle),
            func.count().filter(col(WishCode.host) == host),
            func.count(),
        ).where(col(WishCode.at) >= since, col(WishCode.used_at).is_(None))
        [row] = await self._transaction.tuples(statement)
        return int(row[0]), int(row[1]), int(row[2])
