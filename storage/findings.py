"""Which source of which bot found which post."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from storage import transitions
from storage.repository import Repository
from storage.tables import Finding, FindingState


class Findings(Repository):
    """What the sources brought in."""

    async def add(self, finding: Finding) -> bool:
        """Store a finding. False when this bot has found the post before."""
        return await self._transaction.add(finding)

    async def get(self, bot: str, post_id: str) -> Finding | None:
        """Return a bot's finding of a post."""
        return await self._transaction.get(Finding, (bot, post_id))

    async def settle(
        self, bot: str, post_id: str, state: FindingState, thread_id: str | None = None
    ) -> bool:
        """Note what became of a finding; a thread that is None stays as it was.

        False when there is no such finding. Raises TransitionRefused for one that is gone.
        """
        changes: dict[str, str] = {"state": state}
        if thread_id is not None:
            changes["thread_id"] = thread_id
        statement = (
            update(Finding)
            .where(
                col(Finding.bot) == bot,
                col(Finding.post_id) == post_id,
                col(Finding.state).in_(transitions.before(transitions.FINDING, state)),
            )
            .values(changes)
        )
        if await self._transaction.run(statement):
            return True
        current = await self.get(bot, post_id)
        if current is None:
            return False
        raise transitions.refuse("finding", current.state, state)

    async def for_thread(self, thread_id: str) -> list[Finding]:
        """Return all bots' findings that led to a thread, oldest first."""
        statement = (
            select(Finding)
            .where(col(Finding.thread_id) == thread_id)
            .order_by(col(Finding.found_at), col(Finding.bot), col(Finding.post_id))
        )
        return await self._transaction.all(Finding, statement)

    async def waiting(self, source: str, since: datetime) -> int:
        """Return how many posts that a source brought since then are still to be read."""
        statement = (
            select(func.count())
            .select_from(Finding)
            .where(
                col(Finding.source) == source,
                col(Finding.state) == "new",
                col(Finding.found_at) >= since,
            )
        )
        return int(await self._transaction.value(statement))

    async def count(self, bot: str) -> int:
        """Return the number of a bot's findings."""
        statement = select(func.count()).select_from(Finding).where(col(Finding.bot) == bot)
        return int(await self._transaction.value(statement))
