"""All that is stored of one person, wherever it lies: to be shown to them, or to be gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, false, or_, select
from sqlmodel import col

from storage.repository import Repository
from storage.substring import holds
from storage.tables import (
    Answer,
    Block,
    Citation,
    Delivery,
    Finding,
    Follower,
    Following,
    Listing,
    OutgoingActivity,
    Post,
    Publication,
    QuoteStamp,
    Reached,
    ReceivedActivity,
    Report,
    Sentence,
    SourceState,
    Subscription,
    Trace,
    TracePost,
    WishCode,
)
from storage.transaction import chunks
from storage.types import Row

OF_THEIRS = ('"', "/", "#", "?")
"""What comes behind somebody's id in JSON: its end, or the rest of the id of something theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """By what a person is known: `handle` is name@host, `inbox` theirs alone."""

    id: str
    handle: str = ""
    inbox: str = ""
    posts: Sequence[str] = field(default=())


class Persons(Repository):
    """Finds and removes rows by whom they are about, across all tables."""

    async def find(self, person: Person) -> dict[str, list[Row]]:
        """Return all rows about a person but profile, choice and posts, by kind."""
        found: dict[str, list[Row]] = {}
        for name, (model, condition) in self._places(person).items():
            found[name] = list(await self._transaction.all(model, select(model).where(condition)))
        found["found"] = []
        for chunk in chunks(list(person.posts)):
            statement = select(Finding).where(col(Finding.post_id).in_(chunk))
            found["found"] += await self._transaction.all(Finding, statement)
        return found

    async def remove(self, person: Person) -> None:
        """Remove what `find` returns, but who blocks whom, and whom our operator follows.

        Posts go too, as rows; what rested on them has to be redacted before.
        """
        kept = {"blocks us", "blocked by the operator", "followed by a bot", "read as a source"}
        for name, (model, condition) in self._places(person).items():
            if name not in kept:
                await self._transaction.run(delete(model).where(condition))
        for chunk in chunks(list(person.posts)):
            resting = select(col(Citation.sentence_id)).where(col(Citation.post_id).in_(chunk))
            await self._transaction.run(
                delete(Sentence).where(
                    col(Sentence.redacted_at).is_not(None), col(Sentence.id).in_(resting)
                )
            )
            await self._transaction.run(delete(Finding).where(col(Finding.post_id).in_(chunk)))
            await self._transaction.run(delete(Post).where(col(Post.id).in_(chunk)))

    @staticmethod
    def _places(person: Person) -> dict[str, tuple[type[Row], ColumnElement[bool]]]:
        me, handle = person.id, person.handle
        told = select(col(Answer.publication_id)).where(col(Answer.requester_id) == me)
        named = or_(*(holds(col(Report.objects), f'"{me}{end}') for end in OF_THEIRS))
        account = col(Listing.value).in_([me, handle.casefold()] if handle else [me])
        return {
            "told them": (
                OutgoingActivity,
                col(OutgoingActivity.type).in_(("Accept", "Reject"))
                & holds(col(OutgoingActivity.document), f'"{me}"'),
            ),
            "blocks us": (Block, col(Block.actor_id) == me),
            "follows": (Follower, col(Follower.actor_id) == me),
            "followed by a bot": (Following, col(Following.actor_id) == me),
            "read as a source": (SourceState, col(SourceState.actor_id) == me),
            "answered": (
                Publication,
                col(Publication.id).in_(told) & col(Publication.withdrawn_at).is_(None),
            ),
            "asked": (Answer, col(Answer.requester_id) == me),
            "said to them alone, and dropped": (Trace, col(Trace.actor_id) == me),
            "quoted to someone alone, and dropped": (TracePost, col(TracePost.author_id) == me),
            "subscribed": (Subscription, col(Subscription.actor_id) == me),
            "complaints": (Report, col(Report.actor_id) == me),
            "complained of": (Report, named),
            "received": (ReceivedActivity, col(ReceivedActivity.actor_id) == me),
            "delivered": (
                Delivery,
                (col(Delivery.inbox) == person.inbox) & (col(Delivery.finished_at).is_not(None))
                if person.inbox
                else false(),
            ),
            "reached": (
                Reached,
                col(Reached.inbox) == person.inbox if person.inbox else false(),
            ),
            "quoted us": (
                QuoteStamp,
                col(QuoteStamp.quote_id).startswith(f"{me}/", autoescape=True),
            ),
            "web form": (
                WishCode,
                or_(
                    col(WishCode.actor_id) == me,
                    col(WishCode.handle) == handle.casefold() if handle else false(),
                ),
            ),
            "blocked by the operator": (
                Listing,
                (col(Listing.kind) == "account") & account,
            ),
        }
