"""The consent of stored posts, as it stands now: asked at composing, publishing and showing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from activitypub.addressing import Audience
from bot.consent.authors import Authors
from bot.consent.ingest import signals_of
from bot.consent.table import Mode, PostSignals, Use, permitted
from storage import UnitOfWork, tables


@dataclass(frozen=True, slots=True)
class Standing:
    """Posts with what each may be used for; erased ones may be used for nothing."""

    posts: Mapping[str, tables.Post]
    uses: Mapping[str, frozenset[Use]]

    def allows(self, post_id: str, use: Use) -> bool:
        """Tell whether a post may be put to `use`; an unknown one may not."""
        return use in self.uses.get(post_id, frozenset())

    def allowing(self, use: Use) -> list[tables.Post]:
        """Return the posts that may be put to `use`, oldest first."""
        chosen = (post for post_id, post in self.posts.items() if self.allows(post_id, use))
        return sorted(chosen, key=lambda post: (post.published, post.id))


class Consenting:
    """Applies the table to stored posts, with what is stored of their authors."""

    def __init__(self, authors: Authors, mode: Mode) -> None:
        self._authors = authors
        self._mode = mode

    async def of_thread(
        self, unit: UnitOfWork, thread_id: str, watched: Iterable[str] = (), asker: str = ""
    ) -> Standing:
        """Return the standing of all stored posts of a thread; `asker` is who asks us, if so."""
        return await self._judge(unit, await unit.posts.in_thread(thread_id), watched, asker)

    async def of_posts(
        self,
        unit: UnitOfWork,
        ids: Iterable[str],
        watched: Iterable[str] = (),
        asker: str = "",
        *,
        published: bool = False,
    ) -> Standing:
        """Return the standing of certain posts; `published` if they were, and may just stay so."""
        rows = await unit.posts.get_many(list(dict.fromkeys(ids)))
        return await self._judge(unit, rows.values(), watched, asker, published=published)

    async def still_direct(
        self, unit: UnitOfWork, posts: Mapping[str, str], asker: str
    ) -> frozenset[str]:
        """Return which posts, given with their authors, may be sent to `asker`, as they once were.

        Also those whose words, or all but whose ids, are dropped: of these their authors decide.
        """
        rows = await unit.posts.get_many(list(posts))
        signals = await self._authors.signals(unit, posts.values(), last_known=True)
        allowed = set()
        for post_id, author in posts.items():
            row, own = rows.get(post_id), author == asker
            post = (
                signals_of(row, own=own, published=True)
                if row is not None
                else PostSignals(Audience.PUBLIC, own=own)
            )
            if Use.DIRECT in permitted(signals[author], post, self._mode):
                allowed.add(post_id)
        return frozenset(allowed)

    async def _judge(
        self,
        unit: UnitOfWork,
        rows: Iterable[tables.Post],
        watched: Iterable[str],
        asker: str,
        *,
        published: bool = False,
    ) -> Standing:
        living = [row for row in rows if row.erased_at is None]
        people = {row.author_id for row in living}
        signals = await self._authors.signals(unit, people, last_known=published)
        uses = {}
        for row in living:
            post = signals_of(
                row,
                watched=watched,
                root=row.id == row.thread_id,
                own=bool(asker) and row.author_id == asker,
                published=published,
            )
            uses[row.id] = permitted(signals[row.author_id], post, self._mode)
        return Standing({row.id: row for row in living}, uses)
