"""Which published sentence rests on which post, and what follows when a post goes or changes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from cachetools import TTLCache

from activitypub.ports import Clock
from activitypub.vocab import Actor
from bot.consent.standing import Consenting
from bot.consent.table import Use
from bot.pages import beside
from bot.publishing.publish import Publisher
from bot.publishing.support import supported
from bot.summary.model import is_written
from bot.summary.summarizing import Summarizer
from bot.taking_back.looks import MINUTE, look_soon
from bot.taking_back.traces import Traces
from storage import UnitOfWork, tables

MOST_DELETED = 50_000
CALM = timedelta(minutes=10)
"""A publication of which nothing is taken back is told of a change once in this time at most."""
MOST_ALIASES = 10
"""Other accounts of a person that are looked at; more is somebody using us to knock."""
CONSEQUENCES = ("plan", "reconsider", "move")
"""Jobs that outlast a person whom they name: what is to be told to all followers, of whom they may
be one, and what is still to be taken back."""
PIECE = 50
"""Posts that are reconsidered in one unit of work."""


class Provenance:
    """Takes back what rests on a post: redacts, re-renders, sends Update or Delete.

    All of it happens in the caller's unit of work, so a crash leaves either nothing or all done.
    """

    def __init__(
        self,
        consenting: Consenting,
        publisher: Publisher,
        clock: Clock,
        summarizer: Summarizer,
    ) -> None:
        self.traces = Traces(consenting, publisher, clock)
        self._summarizer = summarizer
        self._consenting = consenting
        self._publisher = publisher
        self._clock = clock
        self._deleted: TTLCache[str, bool] = TTLCache(MOST_DELETED, 6 * 3600)
        self._edited: TTLCache[str, datetime] = TTLCache(MOST_DELETED, 6 * 3600)
        self._hearsay: TTLCache[str, datetime] = TTLCache(MOST_DELETED, 6 * 3600)

    async def erase(self, unit: UnitOfWork, ids: Iterable[str]) -> None:
        """Erase posts (not hide them) and everything that rests on them."""
        gone, now = list(ids), self._clock.now()
        await unit.kept_summaries.erase(gone)
        for post_id in gone:
            self.deleted(post_id)
        await unit.posts.erase(gone, now)
        await unit.digests.redact_resting_on(gone, now)
        await self.traces.without(unit, gone)
        await self.reconsider(unit, gone)

    async def replace(self, unit: UnitOfWork, post_id: str, row: tables.Post | None) -> None:
        """Put a post's present version in place of the stored one; None erases it."""
        if row is None:
            await self.erase(unit, [post_id])
            return
        known = await unit.posts.get(post_id)
        if known is not None and (known.title, known.text) != (row.title, row.text):
            # Its former words go, too.
            await unit.kept_summaries.erase([post_id])
            if known.erased_at is None:  # else it is not known what they were
                await self.traces.without(unit, [post_id])
        if row.quotable is False:  # nor may a model be shown it, unless its author says so
            await unit.kept_summaries.erase([post_id])
        await unit.posts.put(row)
        await self.reconsider(unit, [post_id])

    def was_deleted(self, post_id: str, read_at: datetime | None = None) -> bool:
        """Tell whether a post was deleted a while ago: a walk under way must not bring it back.

        `read_at` is when its server was asked for it, if it was: what others say counts no longer
        when the post was still there afterwards.
        """
        if post_id in self._deleted:
            return True
        heard = self._hearsay.get(post_id)
        return heard is not None and read_at is not None and read_at <= heard

    def deleted(self, post_id: str) -> None:
        """Remember a Delete of a post that is not stored, or not yet."""
        self._deleted[post_id] = True

    def edited(self, post_id: str) -> None:
        """Remember an edit of a post that is not stored, or not yet."""
        self._edited[post_id] = self._clock.now()

    def was_edited(self, post_id: str, read_at: datetime) -> bool:
        """Tell whether what was read of a post at `read_at` may be of before an edit."""
        heard = self._edited.get(post_id)
        return heard is not None and read_at <= heard

    def said_gone(self, post_id: str) -> None:
        """Remember that somebody else says a post was deleted: its author may know better."""
        self._hearsay[post_id] = self._clock.now()

    async def erase_author(self, unit: UnitOfWork, actor_id: str) -> None:
        """Erase all posts of an author who has gone or wants to be left out."""
        await self.traces.without_author(unit, actor_id)
        await self._elsewhere(unit, actor_id)
        await self.erase(unit, [post.id for post in await unit.posts.by_author(actor_id)])

    async def _elsewhere(self, unit: UnitOfWork, actor_id: str) -> None:
        """Queue looks at accounts that may be the same person's: where they moved, or came from.

        What the person wants goes along if both accounts say so (`bot.reading.following`); and one
        that has moved away counts as refusing.
        """
        known = await unit.actors.get(actor_id)
        if known is None or not known.document:
            return
        now, actor = self._clock.now(), Actor.parse(known.document)
        if new := actor.moved_to:
            payload, key = {"old": actor_id, "new": new}, f"move:{actor_id}:{new}:{now:%Y-%m-%dT%H}"
            await unit.jobs.enqueue("move", payload, run_at=now, key=key)
        for old in actor.also_known_as[:MOST_ALIASES]:
            if await unit.posts.has_author(old) or await unit.traces.has_author(old):
                await look_soon(unit, old, now, MINUTE)

    async def forget_person(self, unit: UnitOfWork, actor_id: str) -> None:
        """Erase somebody's posts, withdraw what was answered to them, and leave nothing to do."""
        await self.erase_author(unit, actor_id)
        await self.traces.without_recipient(unit, actor_id)
        asked = await unit.answers.of_requester(actor_id)
        for request in asked:
            await self.unsay(unit, request)
        if asked:  # jobs that hold words are answers
            await unit.jobs.forget_naming(actor_id, CONSEQUENCES)

    async def unsay(self, unit: UnitOfWork, asked: tables.Answer) -> None:
        """Withdraw the answer to a request, and drop what was said to the person in it."""
        await unit.jobs.forget(f"answer:{asked.request_id}")
        uri = asked.publication_id
        publication = await unit.publications.get(uri) if uri else None
        if publication is not None and publication.withdrawn_at is None:
            await self._publisher.withdraw(unit, publication)
        if publication is not None:
            publication.in_reply_to = None
            await unit.publications.put(publication)
            await unit.activities.forget(publication.id, ("Create", "Update"))

    async def changed_author(self, unit: UnitOfWork, actor_id: str) -> None:
        """Hold all that rests on an author against their new profile: it may now refuse."""
        await self.traces.author_changed(unit, actor_id)
        posts = await unit.posts.by_author(actor_id)
        mine = [post.id for post in posts if post.erased_at is None]
        if not mine:
            return
        standing = await self._consenting.of_posts(unit, mine)
        refused = [post_id for post_id in mine if not standing.allows(post_id, Use.COUNT)]
        await self.erase(unit, refused)
        await unit.kept_summaries.erase([i for i in mine if not standing.allows(i, Use.MODEL)])
        await self.reconsider(unit, mine)

    async def review(self, unit: UnitOfWork, publication: tables.Publication) -> None:
        """Hold all that a publication shows against the rules as they are now."""
        shown: set[str] = set()
        for summary in await self._publisher.summaries(unit, publication):
            shown.update((summary.thread_id, *beside.resting(summary.facts)))
            for sentence in await unit.digests.sentences(summary.id):
                shown.update(sentence.posts)
        await self.reconsider(unit, sorted(shown))

    async def reconsider(self, unit: UnitOfWork, ids: Iterable[str]) -> None:
        """Redact every sentence that its post no longer carries or allows, and republish.

        Of many posts at once, further ones follow in jobs of a piece each: nobody can write while
        a unit of work is open, and so no activity is accepted.

        What is shown beside sentences (links, warnings) goes the same way, and so does a thread
        whose first post may no longer be linked.
        """
        whole = list(dict.fromkeys(ids))
        changed = whole[:PIECE]
        await self._later(unit, whole[PIECE:])
        self._summarizer.forget()
        stored = await unit.posts.get_many(changed)
        gone = [i for i in changed if i not in stored or stored[i].erased_at is not None]
        await unit.digests.redact_resting_on(gone, self._clock.now())
        touched = {summary.id: summary for summary in await unit.digests.citing(gone)}
        for post_id in (i for i in changed if i not in gone):
            for sentence, summary in await unit.digests.resting_on(post_id):
                if not await self._holds(unit, sentence, summary, post_id):
                    await unit.digests.redact(sentence.id or 0, self._clock.now())
                    touched[summary.id] = summary
        renamed: dict[str, tables.Summary] = {}
        threads = {post.thread_id for post in stored.values() if post.thread_id}
        for thread_id in sorted(threads):
            for summary in await unit.digests.about_thread(thread_id):
                if await self._shows(unit, summary, changed):
                    loses = await self._strip(unit, summary)
                    loses = loses or await self._shows(unit, summary, gone)
                    (touched if loses else renamed)[summary.id] = summary
        at_once = await self._publications(unit, touched.values())
        for publication in at_once:
            await self._publisher.refresh(unit, publication)
        ids_at_once = {publication.id for publication in at_once}
        for publication in await self._publications(unit, renamed.values()):
            if publication.id not in ids_at_once:
                await self._calmly(unit, publication, changed)
        await self.traces.reconsider(unit, changed)

    async def _later(self, unit: UnitOfWork, posts: Sequence[str]) -> None:
        """Queue the rest of a piece of work that is too large for one unit."""
        now = self._clock.now()
        jobs = [
            tables.Job(
                kind="reconsider",
                key=f"reconsider:{now.isoformat()}:{posts[start]}",
                payload={"posts": list(posts[start : start + PIECE])},
                run_at=now,
            )
            for start in range(0, len(posts), PIECE)
        ]
        if jobs:
            await unit.jobs.enqueue_all(jobs)

    async def _calmly(
        self, unit: UnitOfWork, publication: tables.Publication, posts: Sequence[str]
    ) -> None:
        """Render a publication anew of which nothing is taken back, unless it just was.

        Whoever is quoted can change their name or a warning as often as they like; all followers of
        a bot are not told of each.
        """
        last, now = publication.updated, self._clock.now()
        if last is None or now - last >= CALM:
            await self._publisher.refresh(unit, publication)
            return
        key = f"reconsider:{publication.id}:{last.isoformat()}"
        payload = {"posts": list(posts)}
        await unit.jobs.enqueue("reconsider", payload, run_at=last + CALM, key=key)

    async def _shows(
        self, unit: UnitOfWork, summary: tables.Summary, posts: Collection[str]
    ) -> bool:
        """Tell whether anything of a summary, or beside it, rests on one of these posts.

        Earlier versions did not keep on which posts links and warnings rest; they may be anyone's.
        """
        links = summary.facts.get("links", ())
        if summary.cw or any("posts" not in link for link in links):
            return True
        cited = (p for s in await unit.digests.sentences(summary.id) for p in s.posts)
        shown = {summary.thread_id, *cited, *beside.resting(summary.facts)}
        return not shown.isdisjoint(posts)

    async def _strip(self, unit: UnitOfWork, summary: tables.Summary) -> bool:
        """Take out of what is kept beside a summary what no post bears any more.

        Return whether a page is not linked any more.
        """
        use, asker = await self._use(unit, summary)
        cited = {p for s in await unit.digests.sentences(summary.id) for p in s.posts}
        rests = [*cited, *beside.resting(summary.facts)]
        standing = await self._consenting.of_posts(unit, rests, asker=asker, published=True)
        linked = {url for post in standing.posts.values() for url in post.links}
        same = await beside.preferred(unit, linked)
        facts = beside.still(summary.facts, standing, use, same, cited)
        if facts != summary.facts or summary.cw:
            await unit.digests.set_facts(summary.id, facts)
        return len(facts["links"]) < len(summary.facts.get("links", ()))

    async def _holds(
        self, unit: UnitOfWork, sentence: tables.Sentence, summary: tables.Summary, post_id: str
    ) -> bool:
        use, asker = await self._use(unit, summary)
        written = is_written(summary.engine)
        posts: tuple[str, ...] = (post_id,)
        if written:  # it may rest on several, and each has to bear it
            stored = await unit.digests.sentences(summary.id)
            posts = next((s.posts for s in stored if s.id == sentence.id), posts)
        standing = await self._consenting.of_posts(unit, posts, asker=asker, published=True)
        return supported(sentence.text, posts, standing, use, written=written)

    async def _use(self, unit: UnitOfWork, summary: tables.Summary) -> tuple[Use, str]:
        if summary.request_id is None:
            return Use.DIGEST, ""
        answer = await unit.answers.get(summary.request_id)
        publication = (
            await unit.publications.get(answer.publication_id)
            if answer and answer.publication_id
            else None
        )
        quiet = publication is None or publication.audience != "direct"
        return Use.QUIET if quiet else Use.DIRECT, answer.requester_id if answer else ""

    async def _publications(
        self, unit: UnitOfWork, summaries: Iterable[tables.Summary]
    ) -> list[tables.Publication]:
        found: dict[str, tables.Publication] = {}
        for summary in summaries:
            publication_id = None
            if summary.digest_id:
                digest = await unit.digests.get(summary.digest_id)
                publication_id = digest.publication_id if digest else None
            elif summary.request_id:
                answer = await unit.answers.get(summary.request_id)
                publication_id = answer.publication_id if answer else None
            publication = await unit.publications.get(publication_id) if publication_id else None
            if publication and publication.withdrawn_at is None:
                found[publication.id] = publication
        return list(found.values())
