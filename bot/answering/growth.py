"""Answers follow their threads: made anew when more of these is known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from activitypub.ports import Clock
from bot.answering.limits import unwanted
from bot.answering.plan import LENGTHS, requests_in, without
from bot.consent.standing import Consenting
from bot.consent.table import Use
from bot.publishing.digest import compose_thread, facts, gather, store
from bot.publishing.publish import Publisher
from bot.summary.summarizing import Summarizer
from storage import Storage, tables

TRIES = 3
"""Edits of one answer that are tried when others edit it at the same time."""


class Growth:
    """Edits what was answered lately, for the audience that it has, and remarks what is new."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        consenting: Consenting,
        summarizer: Summarizer,
        publisher: Publisher,
        edit_for: timedelta,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._edit_for = edit_for

    async def grown(self, thread_id: str) -> None:
        """Edit what was answered about a thread, now that more of it is known."""
        now = self._clock.now()
        async with self._storage.view() as view:
            rows = await view.answers.for_thread(thread_id)
            thread = await view.threads.get(thread_id)
            if await view.choices.get(thread_id):  # who opened it said: not here
                return
        for row in rows:
            answered = row.answered_at or row.asked_at
            is_ours = row.bot in self._publisher.bots
            is_live = is_ours and row.state == "answered" and now - answered < self._edit_for
            if thread and is_live and row.again.get("grows"):
                for _ in range(TRIES):
                    if await self._edit(row, thread):
                        break

    async def _edit(self, row: tables.Answer, thread: tables.Thread) -> bool:
        """Make an answer anew, for the audience that it has; nothing new to say changes nothing.

        False when somebody else edited it meanwhile, of less or more than we know.
        """
        async with self._storage.view() as view:
            publication = await view.publications.get(row.publication_id or "")
            old = await view.digests.summary_for_request(row.request_id)
            if publication is None or publication.withdrawn_at or old is None:
                return True
            said = await view.digests.sentences(old.id)
            use = Use.DIRECT if publication.audience == "direct" else Use.QUIET
            standing = await self._consenting.of_thread(view, thread.id, asker=row.requester_id)
            requests = await requests_in(view, thread.id)
            material = await gather(view, thread, without(standing, requests), use)
        length, language = row.again.get("length", "normal"), row.again.get("language")
        composed = await compose_thread(self._summarizer, material, LENGTHS[length], language)
        gist = [composed.summary.gist] if composed.summary.gist else []
        if {s.text for s in said} == {s.text for s in (*gist, *composed.summary.sentences)}:
            return True
        remarked = grown(old, facts(composed, composed.standing, use, {}))
        async with self._storage.unit() as unit:
            current = await unit.publications.get(publication.id)
            still = await unit.digests.summary_for_request(row.request_id)
            if current is None or current.withdrawn_at or still is None:
                return True
            if still.made_at != old.made_at:
                return False
            if await unwanted(unit, row.requester_id) or await unit.choices.get(thread.id):
                return True
            await unit.digests.remove_summary(old.id)
            await store(
                unit,
                self._consenting,
                replace(composed, remarked=remarked),
                use,
                self._clock.now(),
                request_id=row.request_id,
                asker=row.requester_id,
            )
            await self._publisher.refresh(unit, current)
        return True


def grown(old: tables.Summary, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is remarked beside an edited answer: as before, and how much is new in it."""
    kept: dict[str, Any] = {
        key: old.facts[key] for key in ("spoken", "remarks", "elsewhere") if key in old.facts
    }
    more = int(now.get("posts_read", 0)) - int(old.facts.get("posts_read", 0))
    return {**kept, "before": old.made_at.isoformat(), "more": max(0, more)}
