"""Other people's posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import col

from storage.repository import Repository
from storage.tables import Actor, Post
from storage.transaction import chunks

# What an erased post keeps: its place in the thread and its id, so that we know it was erased.
NOTHING: dict[str, Any] = {
    "title": None,
    "content": "",
    "text": "",
    "cw": None,
    "hashtags": [],
    "links": [],
    "mentions": [],
}


class Posts(Repository):
    """Posts that were fetched or pushed to us."""

    async def get(self, post_id: str) -> Post | None:
        """Return the post with this id."""
        return await self._transaction.get(Post, post_id)

    async def get_many(self, post_ids: Sequence[str]) -> dict[str, Post]:
        """Return posts by id; unknown ones are missing."""
        return await self._transaction.get_many(Post, post_ids)

    async def in_thread(self, thread_id: str) -> list[Post]:
        """Return the posts of a thread, oldest first."""
        statement = (
            select(Post)
            .where(col(Post.thread_id) == thread_id)
            .order_by(col(Post.published), col(Post.id))
        )
        return await self._transaction.all(Post, statement)

    async def by_author(self, actor_id: str) -> list[Post]:
        """Return an author's posts, oldest first."""
        statement = (
            select(Post)
            .where(col(Post.author_id) == actor_id)
            .order_by(col(Post.published), col(Post.id))
        )
        return await self._transaction.all(Post, statement)

    async def after(self, post_id: str, limit: int) -> list[Post]:
        """Return those posts that are not erased, in the order of their ids, behind `post_id`."""
        statement = (
            select(Post)
            .where(col(Post.id) > post_id, col(Post.erased_at).is_(None))
            .order_by(col(Post.id))
            .limit(limit)
        )
        return await self._transaction.all(Post, statement)

    async def authors(self) -> dict[str, str]:
        """Return who wrote what is stored, with their handles as far as they are known."""
        statement = (
            select(col(Post.author_id), func.coalesce(col(Actor.handle), ""))
            .join(Actor, col(Actor.id) == col(Post.author_id), isouter=True)
            .where(col(Post.erased_at).is_(None))
            .distinct()
        )
        rows = await self._transaction.tuples(statement)
        return {str(row[0]): str(row[1]) for row in rows}

    async def has_author(self, actor_id: str) -> bool:
        """Tell whether any post of this author is stored."""
        statement = select(col(Post.id)).where(col(Post.author_id) == actor_id).limit(1)
        return await self._transaction.value(statement) is not None

    async def children(self, post_ids: Sequence[str]) -> list[Post]:
        """Return the known replies to any of these posts, oldest first."""
        found: list[Post] = []
        for chunk in chunks(list(dict.fromkeys(post_ids))):
            statement = select(Post).where(col(Post.in_reply_to).in_(chunk))
            found += await self._transaction.all(Post, statement)
        return sorted(found, key=lambda post: (post.published, post.id))

    async def put(self, post: Post) -> bool:
        """Store a post, or replace what was known of it. True when it is new.

        A copy that was fetched earlier than the stored one, or before the post was erased,
        changes nothing: a walk that started before a Delete must not bring the words back. Nor does
        one of before the last edit, which a cache may serve long after that.
        """
        if await self._transaction.add(post):
            return True
        edit, unedited = post.updated, col(Post.updated).is_(None)
        newer = and_(
            col(Post.fetched_at) <= post.fetched_at,
            or_(col(Post.erased_at).is_(None), col(Post.erased_at) < post.fetched_at),
            unedited if edit is None else or_(unedited, col(Post.updated) <= edit),
        )
        await self._transaction.put(post, when=newer)
        return False

    async def erase(self, post_ids: Sequence[str], at: datetime) -> int:
        """Empty posts of their words, for good; return how many were there and had some."""
        erased = 0
        for chunk in chunks(list(post_ids)):
            statement = (
                update(Post)
                .where(col(Post.id).in_(chunk), col(Post.erased_at).is_(None))
                .values(erased_at=at, **NOTHING)
            )
            erased += await self._transaction.run(statement)
        return erased

    async def count(self) -> int:
        """Return the number of posts that are not erased."""
        statement = select(func.count()).select_from(Post).where(col(Post.erased_at).is_(None))
        return int(await self._transaction.value(statement))
