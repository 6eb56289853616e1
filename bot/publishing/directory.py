"""What peers may see of us: actors, posts, activities, collections, figures."""

from collections.abc import Mapping
from datetime import UTC, datetime

from activitypub.ports import Page, Thread, Usage
from activitypub.uris import Uris
from activitypub.vocab import Actor, Document, Property
from bot.consent.standing import Consenting
from bot.consent.table import Use
from bot.keys import KeyRing
from bot.pages.build import Site
from bot.pages.wording import hashtag
from bot.publishing.publish import Prove
from bot.topic import Topic
from bot.words import words
from storage import Storage

PAGE = 20
FEATURED = 1
"""The latest digest is pinned, so that a new follower does not see an empty profile."""
GENERATOR = {
    "type": "Application",
    "name": "Fedigest",
    "implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}],
}
"""FEP-844e: what our software can do beyond ActivityPub itself."""
STAMP_CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "gts": "https://gotosocial.org/ns#",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    },
]


class StoredDirectory:
    """Implements `activitypub.ports.Directory`."""

    def __init__(
        self,
        storage: Storage,
        uris: Uris,
        keys: KeyRing,
        topics: Mapping[str, Topic],
        site: Site,
        consenting: Consenting,
        prove: Prove,
    ) -> None:
        self._storage = storage
        self._uris = uris
        self._keys = keys
        self._topics = topics
        self._site = site
        self._consenting = consenting
        self._prove = prove

    @property
    def handles(self) -> tuple[str, ...]:
        """Handles of all bots."""
        return tuple(self._topics)

    async def actor(self, handle: str) -> Actor | None:
        """Return a bot's actor."""
        topic = self._topics.get(handle)
        if topic is None:
            return None
        uris, actor_id = self._uris, self._uris.actor(handle)
        said = words(topic.language)
        about = f'<a href="{uris.about}" rel="me nofollow noopener">{uris.about}</a>'
        form = f'<a href="{uris.consent}" rel="nofollow noopener">{uris.consent}</a>'
        return Actor(
            id=actor_id,
            type="Service",
            inbox=uris.inbox(handle),
            preferred_username=handle,
            name=topic.name,
            summary=bio(topic, uris),
            url=uris.profile(handle),
            outbox=uris.collection(handle, "outbox"),
            followers=uris.collection(handle, "followers"),
            following=uris.collection(handle, "following"),
            featured=uris.collection(handle, "featured"),
            shared_inbox=uris.shared_inbox,
            public_keys=self._keys.public(actor_id),
            generator=GENERATOR,
            icon=f"{uris.base}/static/icon.png",
            properties=(
                Property(
                    said.say("profile.operator"),
                    self._site.operator or said.say("profile.unnamed"),
                ),
                Property(said.say("page.about"), about),
                Property(said.say("profile.choice"), form),
                Property(said.say("profile.source_code"), self._site.source_url),
            ),
            manually_approves_followers=False,
            discoverable=True,
            indexable=True,
            published=datetime(2026, 11, 23, tzinfo=UTC),
            webfinger=uris.address(handle).removeprefix("@"),
        )

    async def instance_actor(self) -> Actor:
        """Return the actor that signs fetches; its username is the host, as on other servers."""
        actor_id = self._uris.instance_actor
        return Actor(
            id=actor_id,
            type="Application",
            inbox=self._uris.shared_inbox,
            preferred_username=self._uris.domain.partition(":")[0],
            name=self._site.name,
            url=self._uris.about,
            shared_inbox=self._uris.shared_inbox,
            public_keys=self._keys.public(actor_id),
            generator=GENERATOR,
            manually_approves_followers=False,
            discoverable=False,
            indexable=False,
        )

    async def document(self, uri: str) -> Document | None:
        """Return a post or activity of ours; what was sent directly is nobody else's business."""
        async with self._storage.view() as view:
            publication = await view.publications.get(uri)
            if publication is not None:
                if publication.audience == "direct":
                    return None
                actor, at = self._uris.actor(publication.bot), publication.published
                at = publication.withdrawn_at or publication.updated or at
                return self._prove(actor, publication.document, at)
            activity = await view.activities.get(uri)
        return activity.document if activity is not None and activity.public else None

    async def total(self, handle: str, name: str) -> int:
        """Count a collection."""
        async with self._storage.view() as view:
            if name == "followers":
                return await view.follows.count_followers(handle)
            if name == "following":
                return len(await view.follows.following(handle))
            if name == "outbox":
                return await view.publications.count(handle)
            return len(await view.publications.of_bot(handle, "digest", limit=FEATURED))

    async def page(self, handle: str, name: str, cursor: str | None) -> Page:
        """Return a page of the outbox; who follows, and whom we follow, is counted only."""
        if name == "featured":
            async with self._storage.view() as view:
                pinned = await view.publications.of_bot(handle, "digest", limit=FEATURED)
            return Page([row.id for row in pinned])
        if name != "outbox":
            return Page(())
        before = _moment(cursor)
        async with self._storage.view() as view:
            rows = await view.activities.outbox(handle, PAGE, before)
        more = f"{rows[-1].published.timestamp():.6f}" if len(rows) == PAGE else None
        return Page([row.document for row in rows], more)

    async def thread(self, uri: str, cursor: str | None) -> Thread | None:
        """Return the replies to a post of ours, or a discussion that one of ours opened.

        Ids only, as each server lists what answers its posts, and of those that may be counted:
        what they say, their own servers tell, and to whom. It is no digest's link.
        """
        is_context = uri.startswith(self._uris.context(""))
        slug = uri.removeprefix(self._uris.context("")) if is_context else ""
        own = self._uris.object(slug) if is_context else uri.removesuffix("/replies")
        async with self._storage.view() as view:
            publication = await view.publications.get(own)
            if publication is None or publication.audience == "direct" or publication.withdrawn_at:
                return None
            replies = await view.posts.children([own])
            standing = await self._consenting.of_posts(view, [post.id for post in replies])
        found = [own] if is_context else []
        found += [p.id for p in replies if standing.allows(p.id, Use.COUNT)]
        start = int(cursor) if cursor and cursor.isdecimal() and len(cursor) < 9 else 0
        page = found[start : start + PAGE]
        more = str(start + PAGE) if len(found) > start + PAGE else None
        return Thread(self._uris.actor(publication.bot), len(found), Page(page, more))

    async def followers_on(self, handle: str, host: str) -> list[str]:
        """Return a bot's followers on one host."""
        async with self._storage.view() as view:
            return sorted(a for _, a in await view.follows.followers_on(handle, [host]))

    async def stamp(self, identifier: str) -> Document | None:
        """Return our approval of a quote: ids only."""
        async with self._storage.view() as view:
            row = await view.stamps.get(identifier)
        if row is None:
            return None
        return {
            "@context": STAMP_CONTEXT,
            "id": self._uris.stamp(row.id),
            "type": "QuoteAuthorization",
            "attributedTo": self._uris.actor(row.bot),
            "interactingObject": row.quote_id,
            "interactionTarget": row.object_id,
        }

    async def usage(self) -> Usage:
        """Return figures for NodeInfo."""
        async with self._storage.view() as view:
            counts = [await view.publications.count(h) for h in self._topics]
        return Usage(bots=len(self._topics), posts=sum(counts))


def bio(topic: Topic, uris: Uris) -> str:
    """Return the bot's bio: what it does, that it is a bot, and how to be left out."""
    said = words(topic.language)
    watched = ", ".join(hashtag(tag, said) for tag in topic.hashtags) or said.say("page.accounts")
    own = f"<p>{_escape(topic.summary)}</p>" if topic.summary else ""
    what = said.say("profile.bot", what=watched, hour=topic.schedule)
    opt_out, about = said.say("answer.opt_out"), said.say("help.about")
    return (
        f"{own}<p>{_escape(what)}</p>"
        f'<p>{_escape(opt_out)} · <a href="{uris.about}">{_escape(about)}</a></p>'
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _moment(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(cursor), UTC) if cursor else None
    except (ValueError, OverflowError, OSError):
        return None
