"""Objects of our own: digests, answers and notices."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Publication, PublicationKind


class Publications(Repository):
    """What our bots published."""

    async def put(self, publication: Publication) -> None:
        """Store an object, or replace it. Raises StatementRefused when its slug is taken."""
        await self._transaction.put(publication)

    async def get(self, publication_id: str) -> Publication | None:
        """Return the object with this id, withdrawn or not."""
        return await self._transaction.get(Publication, publication_id)

    async def by_slug(self, slug: str) -> Publication | None:
        """Return the object with this slug, withdrawn or not."""
        statement = select(Publication).where(col(Publication.slug) == slug)
        return await self._transaction.first(Publication, statement)

    async def of_bot(
        self,
        bot: str,
        kind: PublicationKind | None = None,
        *,
        limit: int,
        before: datetime | None = None,
        public_only: bool = True,
    ) -> list[Publication]:
        """Return a bot's objects that are not withdrawn, newest first.

        `before` continues a page: published earlier than that. `public_only` leaves out what was
        said to one person alone.
        """
        conditions = self._of_bot(bot, public_only=public_only)
        if kind is not None:
            conditions.append(col(Publication.kind) == kind)
        if before is not None:
            conditions.append(col(Publication.published) < before)
        statement = (
            select(Publication)
            .where(*conditions)
            .order_by(col(Publication.published).desc(), col(Publication.id))
            .limit(limit)
        )
        return await self._transaction.all(Publication, statement)

    async def quoting(self) -> list[str]:
        """Return the ids of all that may quote anyone and is not withdrawn, newest first."""
        statement = (
            select(col(Publication.id))
            .where(col(Publication.kind) != "notice", col(Publication.withdrawn_at).is_(None))
            .order_by(col(Publication.published).desc(), col(Publication.id))
        )
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def count(self, bot: str) -> int:
        """Return the number of a bot's objects that all may see and that are not withdrawn."""
        conditions = self._of_bot(bot, public_only=True)
        statement = select(func.count()).select_from(Publication).where(*conditions)
        return int(await self._transaction.value(statement))

    async def is_withdrawn(self, publication_id: str) -> bool:
        """Tell whether an object was withdrawn; an unknown one was not."""
        found = await self.get(publication_id)
        return found is not None and found.withdrawn_at is not None

    @staticmethod
    def _of_bot(bot: str, *, public_only: bool) -> list[ColumnElement[bool]]:
        conditions = [col(Publication.bot) == bot, col(Publication.withdrawn_at).is_(None)]
        if public_only:
            conditions.append(col(Publication.audience) != "direct")
        return conditions
