"""How the hosts we deliver to are doing."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import PeerHost


class Hosts(Repository):
    """Hosts that failed lately. A host that works has no row."""

    async def all(self) -> list[PeerHost]:
        """Return every host that fails, longest failing first."""
        statement = select(PeerHost).order_by(col(PeerHost.failing_since), col(PeerHost.host))
        return await self._transaction.all(PeerHost, statement)

    async def put(self, host: PeerHost) -> None:
        """Store that a host fails, and since when."""
        await self._transaction.put(host)

    async def recovered(self, hosts: Sequence[str]) -> int:
        """Forget the failures of hosts that work again; return how many had some."""
        return await self._transaction.run(delete(PeerHost).where(col(PeerHost.host).in_(hosts)))
