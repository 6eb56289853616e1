"""Complaints (Flag): kept for the operator, within bounds, if they are about us."""

import logging
from datetime import timedelta

from activitypub.addressing import origin_of
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, ids, text
from bot.summary.text import html_to_text
from storage import UnitOfWork, tables

log = logging.getLogger(__name__)

LONGEST = 5000
"""Characters of what somebody writes."""
MOST_OBJECTS = 50
LONGEST_ID = 500
PER_ACTOR, PER_SERVER = 5, 20
"""Complaints in a day. Mastodon's all come from one actor of the server, so as not to say whose."""
A_DAY = timedelta(days=1)


class Complaints:
    """Keeps what somebody complains of; the log and `fedigest status` tell the operator."""

    def __init__(self, clock: Clock, uris: Uris) -> None:
        self._clock = clock
        self._uris = uris

    async def take(self, unit: UnitOfWork, activity: Activity) -> str:
        """Keep a complaint; return what came of it."""
        named = [uri for uri in ids(activity.document.get("object")) if len(uri) <= LONGEST_ID]
        # Ours first: what is beyond the bound was said of somebody else.
        named.sort(key=lambda uri: not self._uris.is_ours(uri))
        if not named or not self._uris.is_ours(named[0]):
            return "ignored"
        now = self._clock.now()
        scheme, host = origin_of(activity.actor)
        server = f"{scheme}://{host}/"
        theirs, servers = await unit.reports.count_by(activity.actor, server, now - A_DAY)
        if theirs >= PER_ACTOR or servers >= PER_SERVER:
            return "too many"
        report = tables.Report(
            id=activity.id,
            actor_id=activity.actor,
            objects=named[:MOST_OBJECTS],
            content=html_to_text(text(activity.document, "content") or "")[:LONGEST],
            at=now,
        )
        await unit.reports.add(report)
        log.warning("someone complains", extra={"report": activity.id, "actor": activity.actor})
        return "reported"
