"""Rendering: what a stored publication says now, by what it rests on now."""

from collections.abc import Mapping
from dataclasses import dataclass

from activitypub.uris import Uris
from activitypub.vocab import Object
from bot.pages.build import Views, has_words
from bot.pages.notes import answer_note, digest_note, personal_note
from bot.topic import Topic
from storage import UnitOfWork, tables


@dataclass(frozen=True)
class Rendering:
    """Makes the Notes of digests, answers and what was said to one person, each time anew.

    No words are kept in a publication that consent could be withdrawn for: they come from the
    citations (`bot.pages.build`), which ask for it again.
    """

    uris: Uris
    views: Views
    topics: Mapping[str, Topic]

    async def digest(self, unit: UnitOfWork, digest_id: str, bot: str) -> Object | None:
        """Return the Note of a digest, without id and audience; None when it holds no thread."""
        view = await self.views.digest(unit, digest_id)
        if view is None or not view.threads:
            return None
        return digest_note(view, self.uris, self.topics[bot].hashtag)

    async def of(self, unit: UnitOfWork, publication: tables.Publication) -> Object | None:
        """Return the Note of a publication as it reads now; None when nothing is left to say."""
        if publication.kind == "digest":
            return await self.digest(unit, publication.slug, publication.bot)
        row = await unit.answers.of_publication(publication.id)
        requester = await unit.actors.get(row.requester_id) if row else None
        is_former = publication.bot not in self.topics  # how that bot spoke is known no more
        if row is None or requester is None or is_former:
            return None
        if publication.kind == "personal":
            personal = await self.views.personal(unit, row.request_id)
            if personal is None or not personal.threads:
                return None
            return personal_note(personal, requester, self.uris)
        quiet_public = publication.audience != "direct"
        answer = await self.views.answer(unit, row.request_id, quiet=quiet_public)
        if answer is None or not has_words(answer.thread):
            return None
        return answer_note(answer, requester, self.uris)

    async def is_current(self, unit: UnitOfWork, publication: tables.Publication) -> bool:
        """Tell whether a publication reads as it would if it were rendered now."""
        note = await self.of(unit, publication)
        return note is not None and reads_alike(note, Object.parse(publication.document))


def reads_alike(one: Object, other: Object) -> bool:
    """Tell whether two versions of a Note show the same words behind the same warning."""
    return (one.content, one.cw) == (other.content, other.cw)
