"""Publishing: object, activity and deliveries in one unit of work, or nothing at all."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from activitypub.addressing import direct, public, quiet
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Object
from bot.pages.build import Views
from bot.publishing.fanout import plan
from bot.publishing.rendering import Rendering, reads_alike
from bot.topic import Topic
from storage import UnitOfWork, tables
from storage.tables import PublicationKind

Prove = Callable[[str, Mapping[str, object], datetime], dict[str, object]]
"""Given one of our actors, a document and the time, returns the document with a proof."""


class Publisher:
    """Writes what is to be published; `delivery` sends it later."""

    def __init__(
        self,
        uris: Uris,
        clock: Clock,
        views: Views,
        topics: Mapping[str, Topic],
        prove: Prove = lambda actor_id, document, at: dict(document),
    ) -> None:
        self._uris = uris
        self._clock = clock
        self._rendering = Rendering(uris, views, topics)
        self._topics = topics
        self._prove = prove
        self.on_rewritten: Callable[[], None] = lambda: None

    @property
    def uris(self) -> Uris:
        """Our own URLs."""
        return self._uris

    @property
    def bots(self) -> tuple[str, ...]:
        """Handles of all bots."""
        return tuple(self._topics)

    async def digest(self, unit: UnitOfWork, digest: tables.Digest) -> tables.Publication | None:
        """Publish a stored digest to the bot's followers; None when it holds no thread."""
        rendered = await self._rendering.digest(unit, digest.id, digest.bot)
        if rendered is None:
            return None
        uri = self._uris.object(digest.id)
        followers = self._uris.collection(digest.bot, "followers")
        to, cc = public(followers)
        note = replace(
            rendered,
            id=uri,
            to=to,
            cc=cc,
            context=self._uris.context(digest.id),
            conversation=self._uris.context(digest.id),
            replies=self._uris.replies(uri),
        )
        publication = tables.Publication(
            id=uri,
            bot=digest.bot,
            kind="digest",
            slug=digest.id,
            document=note.to_document(),
            audience="public",
            published=self._clock.now(),
        )
        await unit.publications.put(publication)
        await unit.digests.set_publication(digest.id, uri)
        inboxes = dict.fromkeys(await unit.follows.inboxes(digest.bot), False)
        await self._send(unit, publication, "Create", inboxes)
        return publication

    async def reply(
        self,
        unit: UnitOfWork,
        bot: str,
        note: Object,
        request: Object,
        requester: tables.Actor,
        *,
        is_quiet: bool,
        kind: PublicationKind = "answer",
        outside: bool = False,
    ) -> tables.Publication:
        """Publish `note` as a reply to `request`: quiet public, or to the requester alone.

        The object's id follows from the request's, so that no request is answered twice. `outside`
        leaves the thread out of it: it goes to the requester without being a reply.
        """
        slug = identifier("answer", bot, request.id)
        note = replace(
            note,
            in_reply_to=None if outside else request.id,
            context=None if outside else request.context,
            conversation=None if outside else request.conversation,
            url=self._uris.answer(slug) if is_quiet and kind == "answer" else None,
            replies=self._uris.replies(self._uris.object(slug)) if is_quiet else None,
        )
        return await self._to_one(
            unit, bot, note, requester, slug, kind, request.id, is_quiet=is_quiet
        )

    async def tell(
        self, unit: UnitOfWork, bot: str, note: Object, asked: tables.Subscription, cause: str
    ) -> tables.Publication | None:
        """Send `note` to a subscriber alone, below the post in which they asked for it.

        Its id follows from `cause`. None when the person is not known any more.
        """
        person = await unit.actors.get(asked.actor_id)
        if person is None or person.gone_at is not None:
            return None
        slug = identifier("personal", bot, cause)
        note = replace(note, in_reply_to=asked.request_id)
        return await self._to_one(unit, bot, note, person, slug, "personal", asked.request_id)

    async def _to_one(
        self,
        unit: UnitOfWork,
        bot: str,
        note: Object,
        person: tables.Actor,
        slug: str,
        kind: PublicationKind,
        request_id: str,
        *,
        is_quiet: bool = False,
    ) -> tables.Publication:
        """Publish a note that mentions one person."""
        followers = self._uris.collection(bot, "followers")
        to, cc = quiet(followers, person.id) if is_quiet else direct(person.id)
        now = self._clock.now()
        note = replace(note, id=self._uris.object(slug), to=to, cc=cc, published=now)
        publication = tables.Publication(
            id=note.id,
            bot=bot,
            kind=kind,
            slug=slug,
            document=note.to_document(),
            audience="quiet" if is_quiet else "direct",
            in_reply_to=request_id,
            published=now,
        )
        await unit.publications.put(publication)
        inboxes = {person.inbox}
        if is_quiet:
            inboxes |= set(await unit.follows.inboxes(bot))
            if person.shared_inbox in inboxes:
                inboxes.discard(person.inbox)
        await self._send(unit, publication, "Create", dict.fromkeys(sorted(inboxes), False))
        return publication

    async def is_current(self, unit: UnitOfWork, publication: tables.Publication) -> bool:
        """Tell whether a publication reads as it would if it were rendered now."""
        return await self._rendering.is_current(unit, publication)

    async def refresh(self, unit: UnitOfWork, publication: tables.Publication) -> None:
        """Render a publication anew, by what it rests on now: Update it, or Delete it if empty.

        Nothing is sent when it reads as before.
        """
        note = await self._rendering.of(unit, publication)
        if note is None:
            await self.withdraw(unit, publication)
            return
        old = Object.parse(publication.document)
        if reads_alike(note, old):
            return
        kept = replace(
            old,
            content=note.content,
            cw=note.cw,
            sensitive=note.sensitive,
            source=note.source,
            language=note.language,
            updated=self._clock.now(),
        )
        publication.document = kept.to_document()
        publication.updated = kept.updated
        await unit.publications.put(publication)
        earlier = await self._earlier(unit, publication)
        reached = await self._reached(unit, publication, earlier)
        # Each Update says the whole: an earlier one has nothing to add.
        updates = [row.id for row in earlier if row.type == "Update"]
        await unit.deliveries.drop_waiting(updates)
        await unit.activities.forget_settled(updates)
        await self._rewrite(unit, publication)
        await self._send(unit, publication, "Update", reached)

    async def withdraw(self, unit: UnitOfWork, publication: tables.Publication) -> None:
        """Withdraw a publication: a Tombstone here, a Delete to everyone who got it."""
        now = self._clock.now()
        addressed = Object.parse(publication.document)
        publication.document = tombstone(publication, now)
        publication.withdrawn_at = now
        await unit.publications.put(publication)
        await unit.stamps.revoke(publication.id)
        for summary in await self.summaries(unit, publication):
            await unit.digests.remove_summary(summary.id)
        earlier = await self._rewrite(unit, publication)
        reached = await self._reached(unit, publication, earlier)
        await unit.deliveries.drop_waiting([row.id for row in earlier])
        await self._send(unit, publication, "Delete", reached, addressed)

    async def summaries(
        self, unit: UnitOfWork, publication: tables.Publication
    ) -> list[tables.Summary]:
        """Return what is stored of the sentences of a publication."""
        if publication.kind == "digest":
            return await unit.digests.summaries(publication.slug)
        row = await unit.answers.of_publication(publication.id)
        return await unit.digests.summaries_for_request(row.request_id) if row else []

    async def say(
        self,
        unit: UnitOfWork,
        bot: str,
        activity: Activity,
        inboxes: list[str],
        *,
        urgent: bool = False,
    ) -> None:
        """Queue an activity that publishes nothing: an Accept, a Follow, an Undo."""
        now = self._clock.now()
        row = tables.OutgoingActivity(
            id=activity.id,
            bot=bot,
            type=activity.type,
            document=self._prove(activity.actor, activity.to_document(), now),
            object_id=activity.object_id,
            public=False,
            published=now,
        )
        await unit.activities.put(row)
        await plan(unit, activity.id, bot, inboxes, now, urgent=urgent)

    async def introduce(self, unit: UnitOfWork, bot: str, actor: Mapping[str, object]) -> bool:
        """Send an Update of a bot's profile to its followers, once for each version of it."""
        version = identifier("profile", json.dumps(actor, sort_keys=True))
        uri = self._uris.activity(f"profile-{bot}-{version}")
        if await unit.activities.get(uri) is not None:
            return False
        followers = self._uris.collection(bot, "followers")
        to, cc = public(followers)
        update = Activity(
            id=uri,
            type="Update",
            actor=self._uris.actor(bot),
            object=actor,
            to=to,
            cc=cc,
            published=self._clock.now(),
        )
        await self.say(unit, bot, update, await unit.follows.inboxes(bot))
        return True

    async def _send(
        self,
        unit: UnitOfWork,
        publication: tables.Publication,
        kind: str,
        inboxes: Mapping[str, bool],
        addressed: Object | None = None,
    ) -> None:
        """Queue an activity about a publication for `inboxes`; it is urgent for those marked.

        `addressed` has the audience, where the document itself no longer does.
        """
        now = self._clock.now()
        note: Mapping[str, object] = publication.document
        if kind == "Delete":
            note = {"id": publication.id, "type": "Tombstone"}
        document = addressed or Object.parse(publication.document)
        step = kind.lower() if kind != "Update" else f"update-{now:%Y%m%dT%H%M%S%f}"
        activity = Activity(
            id=self._uris.activity(f"{publication.slug}-{step}"),
            type=kind,
            actor=self._uris.actor(publication.bot),
            object=note,
            to=document.to,
            cc=document.cc,
            published=now,
        )
        row = tables.OutgoingActivity(
            id=activity.id,
            bot=publication.bot,
            type=kind,
            document=self._prove(activity.actor, activity.to_document(), now),
            object_id=publication.id,
            public=publication.audience == "public" and kind == "Create",
            published=now,
        )
        await unit.activities.put(row)
        ours = f"{self._uris.base}/"
        theirs = {inbox: had for inbox, had in inboxes.items() if not inbox.startswith(ours)}
        for urgent in (True, False):
            some = [inbox for inbox, had in theirs.items() if had == urgent]
            await plan(unit, activity.id, publication.bot, some, now, urgent=urgent)

    async def _earlier(
        self, unit: UnitOfWork, publication: tables.Publication
    ) -> list[tables.OutgoingActivity]:
        """Return what was sent of a publication and holds a copy of it."""
        rows = await unit.activities.of_object(publication.id)
        return [row for row in rows if row.type in {"Create", "Update"}]

    async def _rewrite(
        self, unit: UnitOfWork, publication: tables.Publication
    ) -> list[tables.OutgoingActivity]:
        """Put the present object into what was sent before, and return all of that.

        A Create holds a copy of its object, and may still be on its way to many.
        """
        earlier = await self._earlier(unit, publication)
        for row in earlier:
            kept = {k: v for k, v in publication.document.items() if k != "@context"}
            actor = self._uris.actor(row.bot)
            document = {**row.document, "object": kept}
            row.document = self._prove(actor, document, self._clock.now())
            row.public = row.public and publication.withdrawn_at is None
            await unit.activities.put(row)
        unit.after_commit(self.on_rewritten)
        return earlier

    async def _reached(
        self,
        unit: UnitOfWork,
        publication: tables.Publication,
        earlier: list[tables.OutgoingActivity],
    ) -> dict[str, bool]:
        """Return every inbox that may have got what is taken back, and today's followers'.

        With each, whether it was sent there; others may have looked it up. Whom the original still
        waits for gets the new words with it, and needs nothing else.
        """
        inboxes = await unit.deliveries.inboxes_of([row.id for row in earlier])
        others: list[str] = []
        forgotten: list[str] = []
        if publication.audience != "direct":
            others += await unit.follows.inboxes(publication.bot)
            forgotten = await unit.deliveries.reached(publication.bot, publication.published)
        # The delivery may be forgotten by now; who asked is not.
        row = await unit.answers.of_publication(publication.id)
        if row is not None:
            requester = await unit.actors.get(row.requester_id)
            known = requester and {requester.inbox, requester.shared_inbox} & {*inboxes, *others}
            others += [requester.inbox] if requester and not known else []
        sent = {inbox: True for inbox, had in inboxes.items() if had}
        sent |= {inbox: True for inbox in forgotten if inbox not in inboxes}
        original = await unit.deliveries.inboxes_of([r.id for r in earlier if r.type == "Create"])
        told = {*sent, *original}
        return {inbox: False for inbox in [*inboxes, *others] if inbox not in told} | sent


def tombstone(publication: tables.Publication, at: datetime) -> dict[str, object]:
    """Return what remains of a withdrawn object (ActivityPub §6.4)."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": publication.id,
        "type": "Tombstone",
        "formerType": "Note",
        "deleted": f"{at:%Y-%m-%dT%H:%M:%SZ}",
    }


def identifier(*parts: str) -> str:
    """Return a short id that follows from `parts`: the same cause always gets the same id."""
    return sha256("\0".join(parts).encode()).hexdigest()[:24]
