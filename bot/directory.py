"""What peers may see of us: actors, posts, activities, collections, figures."""

from collections.abc import Mapping
from datetime import UTC, datetime

from activitypub.ports import Page, Usage
from activitypub.uris import Uris
from activitypub.vocab import Actor, Document, Property
from bot.keys import KeyRing
from bot.pages.build import Site
from bot.topic import Topic
from storage import Storage

PAGE = 20


class StoredDirectory:
    """Implements `activitypub.ports.Directory`."""

    def __init__(
        self,
        storage: Storage,
        uris: Uris,
        keys: KeyRing,
        topics: Mapping[str, Topic],
        site: Site,
    ) -> None:
        self._storage = storage
        self._uris = uris
        self._keys = keys
        self._topics = topics
        self._site = site

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
        about = f'<a href="{uris.about}" rel="me nofollow noopener">{uris.about}</a>'
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
            public_keys=(self._keys.public(actor_id),),
            icon=f"{uris.base}/static/icon.png",
            properties=(
                Property("Operator", self._site.operator or "see the page behind “About”"),
                Property("About, opt-out", about),
                Property("Source code", self._site.source_url),
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
            public_keys=(self._keys.public(actor_id),),
            manually_approves_followers=False,
            discoverable=False,
            indexable=False,
        )

    async def document(self, uri: str) -> Document | None:
        """Return a post or activity of ours; what was sent directly is nobody else's business."""
        async with self._storage.view() as view:
            publication = await view.publications.get(uri)
            if publication is not None:
                return publication.document if publication.audience != "direct" else None
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
            return 0

    async def page(self, handle: str, name: str, cursor: str | None) -> Page:
        """Return a page of the outbox; who follows, and whom we follow, is counted only."""
        if name != "outbox":
            return Page(())
        before = _moment(cursor)
        async with self._storage.view() as view:
            rows = await view.activities.outbox(handle, PAGE, before)
        more = f"{rows[-1].published.timestamp():.6f}" if len(rows) == PAGE else None
        return Page([row.document for row in rows], more)

    async def usage(self) -> Usage:
        """Return figures for NodeInfo."""
        async with self._storage.view() as view:
            counts = [await view.publications.count(h) for h in self._topics]
        return Usage(bots=len(self._topics), posts=sum(counts))


def bio(topic: Topic, uris: Uris) -> str:
    """Return the bot's bio: what it does, that it is a bot, and how to be left out."""
    watched = ", ".join(f"#{tag}" for tag in topic.hashtags) or "the accounts it follows"
    own = f"<p>{_escape(topic.summary)}</p>" if topic.summary else ""
    return (
        f"{own}<p>Bot. Reads public discussions under {_escape(watched)}; publishes a digest at "
        f"{topic.schedule}. Mention me under a thread for a summary with sources.</p>"
        f'<p>Not you? Write “leave me out”. <a href="{uris.about}">How this works</a></p>'
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _moment(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(cursor), UTC) if cursor else None
    except (ValueError, OverflowError, OSError):
        return None
