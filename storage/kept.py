"""Summaries that cost something to make, kept so that none is made twice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import KeptSummary, KeptSummaryPost
from storage.transaction import chunks


class KeptSummaries(Repository):
    """Each with the posts that were read for it: it goes with the first of them that goes."""

    async def get(self, key: str) -> KeptSummary | None:
        """Return what was kept under a key."""
        return await self._transaction.get(KeptSummary, key)

    async def keep(self, kept: KeptSummary, posts: Sequence[str]) -> None:
        """Keep a summary and what it was made of; once kept, it stays as it is."""
        if await self._transaction.add(kept):
            rows = [KeptSummaryPost(key=kept.key, post_id=post) for post in dict.fromkeys(posts)]
            await self._transaction.add_all(rows)

    async def erase(self, posts: Sequence[str]) -> int:
        """Erase every summary that one of these posts was read for; return their number."""
        gone = 0
        for part in chunks(posts):
            keys = select(col(KeptSummaryPost.key)).where(col(KeptSummaryPost.post_id).in_(part))
            gone += await self._transaction.run(
                delete(KeptSummary).where(col(KeptSummary.key).in_(keys))
            )
        return gone

    async def prune(self, before: datetime, most: int) -> int:
        """Erase what was kept before that time, and all but the `most` last; return the number."""
        last = select(col(KeptSummary.key)).order_by(col(KeptSummary.at).desc()).limit(most)
        old = (col(KeptSummary.at) < before) | col(KeptSummary.key).not_in(last)
        return await self._transaction.run(delete(KeptSummary).where(old))
