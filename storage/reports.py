"""What others ask of the operator, and what we granted them."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import QuoteStamp, Report


class Reports(Repository):
    """Complaints (Flag) that the operator should see."""

    async def add(self, report: Report) -> bool:
        """Store a complaint. False when it is known."""
        return await self._transaction.add(report)

    async def latest(self, limit: int) -> list[Report]:
        """Return complaints, newest first."""
        statement = select(Report).order_by(col(Report.at).desc(), col(Report.id)).limit(limit)
        return await self._transaction.all(Report, statement)

    async def count_by(self, actor_id: str, server: str, since: datetime) -> tuple[int, int]:
        """Return how many complaints came since then from an actor, and from its server.

        `server` is what all ids there begin with, in lower case.
        """
        statement = select(
            func.count().filter(col(Report.actor_id) == actor_id),
            func.count().filter(
                func.lower(col(Report.actor_id)).startswith(server, autoescape=True)
            ),
        ).where(col(Report.at) >= since)
        [row] = await self._transaction.tuples(statement)
        return int(row[0]), int(row[1])

    async def count(self, since: datetime) -> int:
        """Count the complaints since then."""
        statement = select(func.count()).select_from(Report).where(col(Report.at) >= since)
        return int(await self._transaction.value(statement))


class Stamps(Repository):
    """Quotes of our posts that we approved."""

    async def add(self, stamp: QuoteStamp) -> bool:
        """Store an approval. False when it is known."""
        return await self._transaction.add(stamp)

    async def get(self, stamp_id: str) -> QuoteStamp | None:
        """Return an approval."""
        return await self._transaction.get(QuoteStamp, stamp_id)

    async def revoke(self, object_id: str) -> int:
        """Take back all approvals for one of our posts; return their number."""
        return await self._transaction.run(
            delete(QuoteStamp).where(col(QuoteStamp.object_id) == object_id)
        )
