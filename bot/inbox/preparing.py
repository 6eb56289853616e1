"""What an activity comes to before it is handled, by what is stored: nobody is asked here."""

from activitypub.errors import ActivityPubError
from activitypub.vocab import Activity, Object
from bot.consent.authors import Authors
from bot.consent.ingest import own_object
from bot.inbox.handlers import Handlers
from bot.inbox.lookups import Lookups, Question
from bot.inbox.prepared import Asking, Idle, Postponed, Prepared, Ready
from bot.taking_back.recheck import Fresh, Recheck
from storage import Storage, UnitOfWork, tables
from storage.errors import StorageError

NEEDS_SENDER = frozenset({"Follow", "QuoteRequest"})
"""Types whose sender is answered, for which their profile is needed."""


class Preparing:
    """Finds out what each activity is about, and whether what it needs is known."""

    def __init__(
        self,
        storage: Storage,
        authors: Authors,
        recheck: Recheck,
        handlers: Handlers,
        lookups: Lookups,
    ) -> None:
        self._storage = storage
        self._authors = authors
        self._recheck = recheck
        self._handlers = handlers
        self._lookups = lookups

    async def prepare(self, row: tables.ReceivedActivity, heard: frozenset[str]) -> Prepared:
        """Prepare a claimed activity. `heard` are the actors that we follow."""
        try:
            activity = Activity.parse(row.document)
            outcome = self._handlers.idle(activity)
            if outcome is not None and row.signer is None:
                return Idle(row, outcome)
            # Most of what comes by shared inboxes neither names us nor is by anyone we follow.
            stranger = heard.isdisjoint({row.actor_id, row.signer}) and activity.type == "Create"
            if stranger and not self._handlers.names_us(row.document):
                return Idle(row, "ignored")
            if row.signer is not None:  # nothing is believed of it but ids
                return Idle(row, "ignored") if stranger else Ready(row, activity)
            return await self._own(row, activity, stranger=stranger)
        except (ActivityPubError, StorageError, ValueError) as problem:
            return Postponed(row, problem)

    async def _own(
        self, row: tables.ReceivedActivity, activity: Activity, *, stranger: bool
    ) -> Prepared:
        """Prepare what its actor has signed."""
        answer = self._lookups.take(row.id)
        if answer is not None and answer.problem is not None:
            return Postponed(row, answer.problem)
        post = own_object(activity)
        if activity.type == "Create" and post is None and self._handlers.is_for_us(activity):
            if answer is None and activity.object_id is not None:
                return Asking(row, Question(activity.actor, activity.object_id))
            found = answer.post if answer else None
            post = found if found and found.author == activity.actor else None
        mentioned = self._handlers.mentioned(post) if post else None
        if stranger and not mentioned:
            return Idle(row, "ignored")
        async with self._storage.view() as view:
            if answer is None and await self._needs_asking(view, activity, post, mentioned):
                return Asking(row, Question(activity.actor))
            fresh: Fresh | None = None
            if activity.type == "Update" and (stored := await self._stored(view, activity, post)):
                if answer is None and await self._is_unknown(view, activity.actor):
                    return Asking(row, Question(activity.actor))
                if post is not None:
                    fresh = await self._recheck.judge(view, stored, post)
        return Ready(row, activity, post, mentioned, fresh)

    async def _needs_asking(
        self, view: UnitOfWork, activity: Activity, post: Object | None, mentioned: str | None
    ) -> bool:
        """Tell whether the sender has to be asked who they are, before they are answered.

        Who takes something back is not asked for that: their profile may be older than a day.
        """
        asks = post is not None and mentioned is not None and activity.type == "Create"
        if not asks and activity.type not in NEEDS_SENDER:
            return False
        if self._authors.is_listed(activity.actor):
            return False
        known = await view.actors.get(activity.actor)
        if known is None:
            return True
        if asks and post is not None and self._handlers.takes_back(post):
            return False
        return self._authors.is_old(known)

    async def _is_unknown(self, view: UnitOfWork, actor_id: str) -> bool:
        """Tell whether too little is known of the author of a changed post to judge it."""
        known = await view.actors.get(actor_id)
        if known is not None and known.gone_at is None and not self._authors.is_stale(known):
            return False
        return not await view.choices.excluded([actor_id])

    async def _stored(
        self, view: UnitOfWork, activity: Activity, post: Object | None
    ) -> tables.Post | None:
        """Return the stored post of which an Update brings a new version."""
        stored = await view.posts.get(post.id) if post else None
        if stored is None or stored.author_id != activity.actor or stored.erased_at:
            return None
        if stored.updated and post and post.updated and post.updated < stored.updated:
            return None  # an older edit that was held up on its way
        return stored
