"""What is left of what was said to one person alone: whom to tell when it is taken back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from storage.repository import Repository
from storage.tables import (
    Actor,
    Answer,
    Citation,
    Post,
    Publication,
    Sentence,
    Summary,
    Trace,
    TracePost,
)
from storage.transaction import chunks


class Traces(Repository):
    """Each with the posts it rested on; with the first of them that goes it is taken back."""

    async def get(self, trace_id: str) -> Trace | None:
        """Return the trace of this publication."""
        return await self._transaction.get(Trace, trace_id)

    async def ids(self) -> list[str]:
        """Return all, the latest first."""
        statement = select(col(Trace.id)).order_by(col(Trace.at).desc(), col(Trace.id))
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def resting_on(self, post_ids: Sequence[str]) -> list[Trace]:
        """Return what rested on any of these posts, oldest first."""
        found: dict[str, Trace] = {}
        for chunk in chunks(list(dict.fromkeys(post_ids))):
            for trace in await self._with_posts(col(TracePost.post_id).in_(chunk)):
                found[trace.id] = trace
        return sorted(found.values(), key=lambda trace: (trace.at, trace.id))

    async def resting_on_author(self, actor_id: str) -> list[Trace]:
        """Return what rested on any post of an author, oldest first."""
        return await self._with_posts(col(TracePost.author_id) == actor_id)

    async def of_recipient(self, actor_id: str) -> list[Trace]:
        """Return what was said to a person, oldest first."""
        return await self._all(col(Trace.actor_id) == actor_id)

    async def of_request(self, request_id: str) -> list[Trace]:
        """Return what was said in answer to a post."""
        return await self._all(col(Trace.request_id) == request_id)

    async def posts(self, trace_ids: Sequence[str]) -> list[TracePost]:
        """Return the posts on which these rested."""
        found: list[TracePost] = []
        for chunk in chunks(list(trace_ids)):
            statement = select(TracePost).where(col(TracePost.trace_id).in_(chunk))
            found += await self._transaction.all(TracePost, statement)
        return found

    async def has_author(self, actor_id: str) -> bool:
        """Tell whether anything rested on a post of this author."""
        statement = select(col(TracePost.post_id)).where(col(TracePost.author_id) == actor_id)
        return await self._transaction.value(statement.limit(1)) is not None

    async def has_post(self, post_id: str) -> bool:
        """Tell whether anything rested on this post."""
        statement = select(col(TracePost.post_id)).where(col(TracePost.post_id) == post_id)
        return await self._transaction.value(statement.limit(1)) is not None

    async def authors(self) -> dict[str, str]:
        """Return on whose posts anything rested, with their handles as far as they are known."""
        statement = (
            select(col(TracePost.author_id), col(Actor.handle))
            .join(Actor, col(Actor.id) == col(TracePost.author_id), isouter=True)
            .distinct()
        )
        rows = await self._transaction.tuples(statement)
        return {str(row[0]): str(row[1] or "") for row in rows}

    async def remove(self, trace_id: str) -> bool:
        """Forget one. False when it is unknown."""
        return await self._transaction.run(delete(Trace).where(col(Trace.id) == trace_id)) == 1

    async def leave(self, publication_ids: Sequence[str]) -> int:
        """Keep traces of those of these publications that quote anyone to one person alone.

        Before their sentences are dropped. Return their number.
        """
        statement = (
            select(Publication, Answer, col(Actor.inbox))
            .join(Answer, col(Answer.publication_id) == col(Publication.id))
            .join(Actor, col(Actor.id) == col(Answer.requester_id))
            .where(
                col(Publication.id).in_(publication_ids),
                col(Publication.kind) != "notice",
                col(Publication.audience) == "direct",
                col(Publication.withdrawn_at).is_(None),
            )
        )
        traces, posts = [], []
        for said, answer, inbox in await self._transaction.tuples(statement):
            trace = Trace(
                id=said.id,
                bot=said.bot,
                actor_id=answer.requester_id,
                inbox=inbox,
                request_id=answer.request_id,
                at=said.published,
            )
            rested = await self._rested(trace)
            if rested:
                traces.append(trace)
                posts += rested
        await self._transaction.add_all(traces)
        await self._transaction.add_all(posts)
        return len(traces)

    async def _rested(self, trace: Trace) -> list[TracePost]:
        """Return the posts on which something rests, here or beside it, as long as that is kept."""
        statement = select(Summary).where(col(Summary.request_id) == trace.request_id)
        ids: dict[str, None] = {}
        for summary in await self._transaction.all(Summary, statement):
            cited = await self._cited(summary.id)
            beside = [
                post for link in summary.facts.get("links", ()) for post in link.get("posts", ())
            ]
            warned = [p for posts in summary.facts.get("warnings", {}).values() for p in posts]
            if cited:
                ids |= dict.fromkeys([*cited, *beside, *warned, summary.thread_id])
        known = await self._transaction.get_many(Post, list(ids))
        return [
            TracePost(trace_id=trace.id, post_id=post_id, author_id=post.author_id)
            for post_id, post in known.items()
        ]

    async def _cited(self, summary_id: str) -> Iterable[str]:
        statement = (
            select(col(Citation.post_id))
            .join(Sentence, col(Sentence.id) == col(Citation.sentence_id))
            .where(col(Sentence.summary_id) == summary_id, col(Sentence.redacted_at).is_(None))
        )
        return [str(row[0]) for row in await self._transaction.tuples(statement)]

    async def _with_posts(self, condition: ColumnElement[bool]) -> list[Trace]:
        return await self._all(col(Trace.id).in_(select(col(TracePost.trace_id)).where(condition)))

    async def _all(self, condition: ColumnElement[bool]) -> list[Trace]:
        statement = select(Trace).where(condition).order_by(col(Trace.at), col(Trace.id))
        return await self._transaction.all(Trace, statement)
