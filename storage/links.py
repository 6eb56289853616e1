"""Pages that posts link to."""

from collections.abc import Sequence

from storage.repository import Repository
from storage.tables import Link


class Links(Repository):
    """Titles of linked pages."""

    async def get_many(self, urls: Sequence[str]) -> dict[str, Link]:
        """Return pages by URL; unknown ones are missing."""
        return await self._transaction.get_many(Link, urls)

    async def put(self, link: Link) -> None:
        """Store a page, or replace what was known."""
        await self._transaction.put(link)
