"""Taking back what was said to one person alone, after all of it but a trace is dropped.

Such a thing cannot be made anew, since its words are not here any more: it is deleted at the one
server that has it, as soon as anything that it rested on is gone, changed, or no longer allowed.
"""

from collections.abc import Iterable, Sequence

from activitypub.addressing import Audience, audience_of, direct
from activitypub.ports import Clock
from activitypub.vocab import PUBLIC, Activity, Object
from bot.consent.standing import Consenting
from bot.publishing.publish import Publisher
from storage import UnitOfWork, tables


class Traces:
    """Finds what rested on a post or person, in the caller's unit of work, and takes it back."""

    def __init__(self, consenting: Consenting, publisher: Publisher, clock: Clock) -> None:
        self._clock = clock
        self._consenting = consenting
        self._publisher = publisher

    async def without(self, unit: UnitOfWork, posts: Sequence[str]) -> int:
        """Take back what rested on posts that are gone; return how much that was."""
        return await self._recall(unit, await unit.traces.resting_on(posts))

    async def without_author(self, unit: UnitOfWork, actor_id: str) -> int:
        """Take back what rested on anything of an author."""
        return await self._recall(unit, await unit.traces.resting_on_author(actor_id))

    async def without_recipient(self, unit: UnitOfWork, actor_id: str) -> int:
        """Take back all that was said to a person."""
        return await self._recall(unit, await unit.traces.of_recipient(actor_id))

    async def unasked(self, unit: UnitOfWork, request_id: str, actor_id: str) -> int:
        """Take back what was said in answer to a post that its author has deleted."""
        asked = await unit.traces.of_request(request_id)
        return await self._recall(unit, [t for t in asked if t.actor_id == actor_id])

    async def deleted_by(self, unit: UnitOfWork, post_id: str, actor_id: str) -> int:
        """Take back what rested on a post that is not stored any more, if this is its author."""
        return await self._recall(unit, await self._on_post_of(unit, post_id, actor_id))

    async def edited_by(self, unit: UnitOfWork, post: Object, actor_id: str) -> int:
        """Take back what rested on a post whose words are dropped, if its author changes it.

        What it said cannot be compared any more: a version that is not older than our words counts
        as changed, and so does one that does not say when it was made.
        """
        told = await self._on_post_of(unit, post.id, actor_id)
        closed = audience_of(post.to, post.cc) is Audience.NARROW or (
            post.searchable_by is not None and PUBLIC not in post.searchable_by
        )
        return await self._recall(
            unit, [t for t in told if closed or (post.updated or t.at) >= t.at]
        )

    async def reconsider(self, unit: UnitOfWork, posts: Iterable[str]) -> int:
        """Hold what rested on stored posts against how these are now."""
        told = await unit.traces.resting_on(ids := list(posts))
        rows = await unit.posts.get_many(ids) if told else {}
        living = {row.id: row for row in rows.values() if row.erased_at is None}
        gone = []
        for trace in told:
            rested = [p for p in await unit.traces.posts([trace.id]) if p.post_id in living]
            edits = (living[post.post_id].updated for post in rested)
            if any(edit is not None and edit > trace.at for edit in edits) or not (
                await self._may_stay(unit, trace, rested)
            ):
                gone.append(trace)
        return await self._recall(unit, gone)

    async def author_changed(self, unit: UnitOfWork, actor_id: str) -> int:
        """Hold what rested on an author's posts against their new profile."""
        gone = []
        for trace in await unit.traces.resting_on_author(actor_id):
            rested = await unit.traces.posts([trace.id])
            theirs = [post for post in rested if post.author_id == actor_id]
            if not await self._may_stay(unit, trace, theirs):
                gone.append(trace)
        return await self._recall(unit, gone)

    async def review(self, unit: UnitOfWork, trace_id: str) -> int:
        """Hold one against the rules as they are now. An author nobody knows any more says no."""
        trace = await unit.traces.get(trace_id)
        if trace is None or await self._may_stay(unit, trace, await unit.traces.posts([trace_id])):
            return 0
        return await self._recall(unit, [trace])

    async def _may_stay(
        self, unit: UnitOfWork, trace: tables.Trace, rested: Sequence[tables.TracePost]
    ) -> bool:
        posts = {post.post_id: post.author_id for post in rested}
        allowed = await self._consenting.still_direct(unit, posts, trace.actor_id)
        return allowed.issuperset(posts)

    async def _on_post_of(
        self, unit: UnitOfWork, post_id: str, actor_id: str
    ) -> list[tables.Trace]:
        """Return what rested on a post, if that is by this author."""
        told = await unit.traces.resting_on([post_id])
        rested = await unit.traces.posts([trace.id for trace in told])
        theirs = {p.trace_id for p in rested if (p.post_id, p.author_id) == (post_id, actor_id)}
        return [trace for trace in told if trace.id in theirs]

    async def _recall(self, unit: UnitOfWork, told: Sequence[tables.Trace]) -> int:
        for trace in told:
            # What still waits for that server holds the words.
            sent = await unit.activities.of_object(trace.id)
            await unit.deliveries.drop_waiting([row.id for row in sent])
            await unit.activities.forget(trace.id, ("Create", "Update"))
            unit.after_commit(self._publisher.on_rewritten)
            delete = self._delete(trace)
            await self._publisher.say(unit, trace.bot, delete, [trace.inbox], urgent=True)
            await unit.traces.remove(trace.id)
        return len(told)

    def _delete(self, trace: tables.Trace) -> Activity:
        uris, (to, cc) = self._publisher.uris, direct(trace.actor_id)
        return Activity(
            id=uris.activity(f"{trace.id.rpartition('/')[2]}-delete"),
            type="Delete",
            actor=uris.actor(trace.bot),
            object={"id": trace.id, "type": "Tombstone"},
            to=to,
            cc=cc,
            published=self._clock.now(),
        )
