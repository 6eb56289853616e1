"""What is past its time: found by reading, dropped a few rows at a time.

Finding may look through a whole table, so it belongs into a view, which keeps nobody waiting.
Dropping names its rows, and asks for each once more whether it may go.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, exists, func, inspect, or_, select, update
from sqlmodel import col

from storage.posts import NOTHING
from storage.repository import Repository
from storage.tables import (
    Actor,
    Answer,
    Choice,
    Citation,
    Delivery,
    Finding,
    Follower,
    Following,
    Link,
    OutgoingActivity,
    PeerHost,
    Post,
    Publication,
    Reached,
    ReceivedActivity,
    Report,
    Sentence,
    SourceState,
    Subscription,
    Summary,
    Thread,
    Trace,
    WishCode,
)
from storage.traces import Traces
from storage.types import Row

Prunable = Literal[
    "words",
    "posts",
    "threads",
    "findings",
    "links",
    "notices",
    "traces",
    "answers",
    "actors",
    "hosts",
    "activities",
    "deliveries",
    "received",
    "reports",
    "codes",
]
Condition = Callable[[datetime], ColumnElement[bool]]


def _is_cited() -> ColumnElement[bool]:
    return exists().where(
        col(Citation.post_id) == col(Post.id),
        col(Sentence.id) == col(Citation.sentence_id),
        col(Sentence.redacted_at).is_(None),
    )


def _opens() -> ColumnElement[bool]:
    """A thread that is summarized; without the post that opens it, it is not shown."""
    return exists().where(col(Summary.thread_id) == col(Post.id))


def _words(before: datetime) -> ColumnElement[bool]:
    old = col(Post.fetched_at) < before
    return and_(old, col(Post.erased_at).is_(None), ~_is_cited(), ~_opens())


def _posts(before: datetime) -> ColumnElement[bool]:
    return and_(col(Post.erased_at) < before, ~_is_cited(), ~_opens())


def _threads(before: datetime) -> ColumnElement[bool]:
    """A thread of which nothing is left, here or in what was published."""
    return and_(
        col(Thread.active_at) < before,
        func.coalesce(col(Thread.read_at), col(Thread.active_at)) < before,
        ~exists().where(col(Post.thread_id) == col(Thread.id)),
        ~exists().where(col(Summary.thread_id) == col(Thread.id)),
    )


def _notices(before: datetime) -> ColumnElement[bool]:
    """What was said to one person alone, or is nobody's words."""
    alone = or_(col(Publication.kind) == "notice", col(Publication.audience) == "direct")
    return and_(alone, col(Publication.published) < before)


def _answers(before: datetime) -> ColumnElement[bool]:
    """A request whose answer, if there was one, is not kept either."""
    return and_(
        col(Answer.asked_at) < before,
        col(Answer.state) != "asked",
        ~exists().where(
            col(Publication.id) == col(Answer.publication_id),
            col(Publication.withdrawn_at).is_(None),
        ),
    )


def _actors(before: datetime) -> ColumnElement[bool]:
    """Someone of whom nothing else is stored.

    Every signature that is checked leaves its actor here, and anyone can make more of them.
    """
    return and_(
        col(Actor.fetched_at) < before,
        ~exists().where(col(Post.author_id) == col(Actor.id)),
        ~exists().where(col(Answer.requester_id) == col(Actor.id)),
        ~exists().where(col(Choice.actor_id) == col(Actor.id)),
        ~exists().where(col(Subscription.actor_id) == col(Actor.id)),
        ~exists().where(col(SourceState.actor_id) == col(Actor.id)),
        col(Actor.id).not_in(select(col(Follower.actor_id))),
        col(Actor.id).not_in(select(col(Following.actor_id))),
        col(Actor.id).not_in(select(col(Report.actor_id))),
    )


def _hosts(before: datetime) -> ColumnElement[bool]:
    """A host that does not take our deliveries, and was not even probed since."""
    closed = col(PeerHost.closed_until)
    return and_(col(PeerHost.failing_since) < before, or_(closed.is_(None), closed < before))


def _is_on_its_way() -> ColumnElement[bool]:
    return exists().where(
        col(Delivery.activity_id) == col(OutgoingActivity.id),
        or_(col(Delivery.state) == "waiting", col(Delivery.state) == "claimed"),
    )


def _activities(before: datetime) -> ColumnElement[bool]:
    """What was said to single peers (Accepts, Follows), and nothing that was published."""
    return and_(
        col(OutgoingActivity.public).is_(False),
        col(OutgoingActivity.published) < before,
        ~_is_on_its_way(),
        ~exists().where(
            col(Publication.id) == col(OutgoingActivity.object_id),
            col(Publication.withdrawn_at).is_(None),
        ),
    )


RULES: Mapping[Prunable, tuple[type[Row], Condition]] = {
    "words": (Post, _words),
    "posts": (Post, _posts),
    "threads": (Thread, _threads),
    "findings": (
        Finding,
        lambda before: and_(col(Finding.found_at) < before, col(Finding.state) != "new"),
    ),
    "links": (Link, lambda before: col(Link.fetched_at) < before),
    "notices": (Publication, _notices),
    "traces": (Trace, lambda before: col(Trace.at) < before),
    "answers": (Answer, _answers),
    "actors": (Actor, _actors),
    "hosts": (PeerHost, _hosts),
    "activities": (OutgoingActivity, _activities),
    "deliveries": (Delivery, lambda before: col(Delivery.finished_at) < before),
    "received": (ReceivedActivity, lambda before: col(ReceivedActivity.handled_at) < before),
    "reports": (Report, lambda before: col(Report.at) < before),
    "codes": (WishCode, lambda before: col(WishCode.at) < before),
}
"""Of each kind its table, and which rows are past their time when that ended `before`."""


class Pruning(Repository):
    """Lets go of what is kept for a time only; what a published sentence rests on stays."""

    async def find(self, what: Prunable, before: datetime, limit: int) -> list[Any]:
        """Return the keys of up to `limit` rows that are past their time."""
        model, condition = RULES[what]
        statement = select(_key(model)).where(condition(before)).limit(limit)
        return [row[0] for row in await self._transaction.tuples(statement)]

    async def drop(
        self, what: Prunable, before: datetime, keys: Sequence[Any], at: datetime
    ) -> int:
        """Drop those of these rows that are still past their time; return their number.

        Of posts only the words go, for "words"; the rest goes later, for "posts".
        """
        model, condition = RULES[what]
        conditions = (_key(model).in_(keys), condition(before))
        if what == "words":
            return await self._transaction.run(
                update(Post).where(*conditions).values(erased_at=at, **NOTHING)
            )
        if what == "deliveries":
            await self._keep_reached(conditions)
        if what == "notices":
            gone = select(col(Publication.id)).where(*conditions)
            names = [str(row[0]) for row in await self._transaction.tuples(gone)]
            await Traces(self._transaction).leave(names)
            await self._forget_sent(names)
        if what == "answers":  # their sentences go with them
            gone = select(col(Answer.request_id)).where(*conditions)
            await self._transaction.run(delete(Summary).where(col(Summary.request_id).in_(gone)))
        return await self._transaction.run(delete(model).where(*conditions))

    async def _forget_sent(self, publication_ids: Sequence[str]) -> None:
        """Drop what was sent of these, unless it still waits: it holds a copy of their words."""
        await self._transaction.run(
            delete(OutgoingActivity).where(
                col(OutgoingActivity.object_id).in_(publication_ids), ~_is_on_its_way()
            )
        )

    async def _keep_reached(self, conditions: Sequence[ColumnElement[bool]]) -> None:
        """Keep of deliveries which inboxes have what stands published."""
        last = func.max(col(Delivery.finished_at))
        statement = (
            select(col(Delivery.bot), col(Delivery.inbox), last)
            .join(OutgoingActivity, col(OutgoingActivity.id) == col(Delivery.activity_id))
            .join(Publication, col(Publication.id) == col(OutgoingActivity.object_id))
            .where(
                *conditions,
                col(Delivery.state) == "delivered",
                col(Publication.audience) != "direct",
                col(Publication.withdrawn_at).is_(None),
            )
            .group_by(col(Delivery.bot), col(Delivery.inbox))
        )
        found = await self._transaction.tuples(statement)
        rows = [Reached(bot=bot, inbox=inbox, until=until) for bot, inbox, until in found]
        await self._transaction.put_later(rows, "until")


def _key(model: type[Row]) -> Any:
    """Return the column that tells rows of a table apart, for a bot at least."""
    return list(inspect(model).primary_key)[-1]
