"""Threads: posts linked by inReplyTo."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlmodel import col

from storage.repository import Repository
from storage.substring import holds
from storage.tables import Finding, Post, Thread


class Threads(Repository):
    """Threads that are, or are to be, read."""

    async def get(self, thread_id: str) -> Thread | None:
        """Return the thread whose root has this id."""
        return await self._transaction.get(Thread, thread_id)

    async def put(self, thread: Thread) -> None:
        """Store a thread, or replace what was known."""
        await self._transaction.put(thread)

    async def due(self, now: datetime, limit: int) -> list[Thread]:
        """Return threads that are to be read again by `now`, longest waiting first."""
        statement = (
            select(Thread)
            .where(col(Thread.next_read_at) <= now)
            .order_by(col(Thread.next_read_at), col(Thread.id))
            .limit(limit)
        )
        return await self._transaction.all(Thread, statement)

    async def discussed(
        self, bot: str, since: datetime, until: datetime, limit: int, tag: str | None = None
    ) -> list[Thread]:
        """Return threads with a read finding of `bot`, active in [since, until), longest first.

        With a `tag` (casefolded, letters and digits), those in which a post carries it.
        """
        found = exists().where(
            col(Finding.thread_id) == col(Thread.id),
            col(Finding.bot) == bot,
            col(Finding.state) == "read",
        )
        tagged = exists().where(
            col(Post.thread_id) == col(Thread.id),
            holds(col(Post.hashtags), f'"{tag}"'),
        )
        statement = (
            select(Thread)
            .where(
                col(Thread.active_at) >= since,
                col(Thread.active_at) < until,
                found,
                *([tagged] if tag else []),
            )
            .order_by(col(Thread.posts_read).desc(), col(Thread.active_at).desc(), col(Thread.id))
            .limit(limit)
        )
        return await self._transaction.all(Thread, statement)

    async def count(self) -> int:
        """Return the number of threads."""
        return int(await self._transaction.value(select(func.count()).select_from(Thread)))
