"""Hearing of posts from those whom we follow: new, changed, or gone. Only ids are believed."""

from collections.abc import Mapping

from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Document, Object, one_id
from activitypub.vocab.values import string
from bot.inbox.prepared import Ready
from bot.reading.backlog import TOO_MUCH, is_full
from bot.taking_back.looks import MINUTE, look_soon
from bot.taking_back.provenance import Provenance
from storage import UnitOfWork, tables

NOTED = {
    "Like": "liked",
    "Dislike": "disliked",
    "EmojiReact": "reacted",
    "Add": "ignored",
    "Remove": "ignored",
    "View": "ignored",
}
"""Types that are counted by their outcome and kept of in no other way."""


class Hearing:
    """Notes posts that are to be read, or looked at again. `watched` are each bot's hashtags."""

    def __init__(
        self,
        clock: Clock,
        uris: Uris,
        provenance: Provenance,
        watched: Mapping[str, frozenset[str]],
    ) -> None:
        self._clock = clock
        self._uris = uris
        self._provenance = provenance
        self._watched = watched

    async def announce(self, unit: UnitOfWork, item: Ready) -> str:
        """A group or tag actor we follow hands on a post: only its id is used (FEP-1b12)."""
        activity = item.activity
        if self._uris.is_ours(activity.object_id or ""):
            return "boosted"
        return await self._told(unit, activity.object, activity.actor)

    async def withdrawn(self, unit: UnitOfWork, teller: str, announce: Document) -> str:
        """Look at a post again that a group or tag actor we follow does not hand on any more."""
        uri = one_id(announce.get("object"))
        if uri is None or not await followings(unit, teller):
            return "undone"
        if await unit.posts.get(uri) is None and not await unit.traces.has_post(uri):
            return "undone"
        return await self.look(unit, uri)

    async def passed_on(self, unit: UnitOfWork, item: Ready) -> str:
        """A relay hands on someone else's activity: nothing in it is believed but its ids.

        What its actor told us as well has been heard.
        """
        signer = item.row.signer or ""
        told = await unit.received.get(item.activity.id)
        if told is not None and told.actor_id == item.activity.actor:
            return "told by its actor"
        return await self._told(unit, item.activity.document, signer)

    async def look(self, unit: UnitOfWork, uri: str) -> str:
        """Queue a fetch of a stored post of which someone else says that it changed."""
        await look_soon(unit, uri, self._clock.now(), MINUTE)
        return "looking again"

    async def found(self, unit: UnitOfWork, teller: str, uri: str, told: Document | None) -> str:
        """Note a post for each bot that follows who tells of it. `told` is what was said of it."""
        now = self._clock.now()
        sources = {row.bot: row for row in await unit.sources.of_actor(teller)}
        outcome = "ignored"
        for following in await followings(unit, teller):
            bot, source = following.bot, sources.get(following.bot)
            if source and (source.paused or not self._is_about(bot, source, told)):
                outcome = "off topic"
                continue
            if source and await is_full(unit, source.key, now):
                await unit.sources.troubled(source.key, TOO_MUCH)
                outcome = "too many"
                continue
            finding = tables.Finding(
                bot=bot,
                post_id=uri,
                source=source.key if source else f"account:{bot}:{teller}",
                tag=source.tag if source else None,
                found_at=now,
                state="new",
            )
            if await unit.findings.add(finding):
                payload = {"bot": bot, "post": uri}
                await unit.jobs.enqueue("read", payload, run_at=now, key=f"read:{bot}:{uri}")
                if source:
                    await unit.sources.heard(source.key, now)
            outcome = "found"
        return outcome

    async def _told(self, unit: UnitOfWork, what: str | Document | None, teller: str) -> str:
        """Hear, from one we follow, of a post: new, changed, or gone. Its origin is asked."""
        if not await followings(unit, teller):
            return "ignored"
        inner: Document = what if isinstance(what, Mapping) else {}
        kind = string(inner.get("type")) or ""
        while isinstance(inner.get("object"), Mapping) and "object" in inner["object"]:
            inner = inner["object"]  # an Announce or Undo around it
        uri = one_id(inner["object"]) if "object" in inner else one_id(what)
        told = inner.get("object", inner)
        inner = told if isinstance(told, Mapping) else {}
        if uri is None or self._uris.is_ours(uri):
            return "ignored"
        if kind in NOTED and kind != "Remove":
            return NOTED[kind]
        known = await unit.posts.get(uri)
        is_old = kind in {"Delete", "Remove", "Update"} and await unit.traces.has_post(uri)
        if known is not None or is_old:
            return await self.look(unit, uri)
        if kind in {"Delete", "Remove"}:
            self._provenance.said_gone(uri)
            return "ignored"
        return await self.found(unit, teller, uri, inner)

    def _is_about(self, bot: str, source: tables.SourceState, told: Document | None) -> bool:
        """Tell whether what a relay hands on may be of interest: it hands on everything.

        Its word is not believed, but if even that names no watched hashtag there is no need to
        look. A bare id says nothing; then reading it will tell.
        """
        if source.kind != "relay" or not told or "content" not in told:
            return True
        try:
            tags = Object.parse(told).hashtags
        except ValueError:
            return True
        return not self._watched.get(bot, frozenset()).isdisjoint(tags)


async def followings(unit: UnitOfWork, actor_id: str) -> list[tables.Following]:
    """Return by which bots an actor is followed, or asked to be."""
    found = await unit.follows.of_actor(actor_id)
    return [following for following in found if following.state != "rejected"]
