"""From storage to what a page, a feed or a Note shows; consent is asked again each time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activitypub.addressing import host_of
from activitypub.ports import Clock
from activitypub.uris import Uris
from bot.consent.standing import Consenting, Standing
from bot.consent.table import Use
from bot.pages import beside
from bot.pages.views import (
    AnswerView,
    ArchiveView,
    BotView,
    DigestLine,
    DigestView,
    LinkView,
    MentionedThread,
    PersonalView,
    SentenceView,
    SiteView,
    SourceLine,
    SourcesView,
    ThreadView,
)
from bot.summary.model import is_written
from bot.topic import Topic
from storage import UnitOfWork, tables

PAGE = 20
"""Digests on one archive page."""
LONG = timedelta(hours=7)
"""A source whose next turn is further away than even quiet ones have is left alone."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator says of the instance."""

    name: str
    operator: str
    contact: str
    source_url: str
    version: str


class Views:
    """Builds view models. Only reads; a digest that was withdrawn is shown as such."""

    def __init__(
        self,
        uris: Uris,
        topics: Mapping[str, Topic],
        consenting: Consenting,
        clock: Clock,
        site: Site,
    ) -> None:
        self._uris = uris
        self._topics = topics
        self._consenting = consenting
        self._clock = clock
        self._site = site

    async def bot(self, unit: UnitOfWork, handle: str) -> BotView:
        """Return a bot as its page and its digests show it."""
        topic = self._topics[handle]
        return BotView(
            handle=handle,
            address=self._uris.address(handle),
            name=topic.name,
            summary=topic.summary,
            url=self._uris.profile(handle),
            feed_url=self._uris.feed(handle),
            actor_id=self._uris.actor(handle),
            hashtags=topic.hashtags,
            feeds=topic.feeds,
            accounts=topic.accounts,
            followers=await unit.follows.count_followers(handle),
            digest_hour=topic.schedule,
            language=topic.language,
        )

    async def site(self, unit: UnitOfWork) -> SiteView:
        """Return the whole instance for the front page."""
        bots = [await self.bot(unit, handle) for handle in self._topics]
        latest = [line for handle in self._topics for line in await self.lines(unit, handle, 5)]
        latest.sort(key=lambda line: line.published, reverse=True)
        return SiteView(
            name=self._site.name,
            base_url=self._uris.base,
            bots=tuple(bots),
            operator=self._site.operator,
            contact=self._site.contact,
            latest=tuple(latest[:5]),
            version=self._site.version,
            source_url=self._site.source_url,
        )

    async def lines(
        self, unit: UnitOfWork, handle: str, limit: int, before: datetime | None = None
    ) -> list[DigestLine]:
        """Return one line for each published digest, newest first."""
        lines = []
        for publication in await unit.publications.of_bot(
            handle, kind="digest", limit=limit, before=before
        ):
            view = await self.digest(unit, publication.slug)
            if view and not view.withdrawn:
                sentences = sum(len(thread.sentences) for thread in view.threads)
                lines.append(
                    DigestLine(
                        view.title,
                        view.url,
                        publication.published,
                        len(view.threads),
                        sentences,
                        view.language,
                    )
                )
        return lines

    async def archive(
        self, unit: UnitOfWork, handle: str, before: datetime | None = None
    ) -> ArchiveView:
        """Return one page of a bot's digests."""
        lines = await self.lines(unit, handle, PAGE + 1, before)
        older_left, lines = len(lines) > PAGE, lines[:PAGE]
        address = self._uris.archive(handle)
        older = f"{address}?before={lines[-1].published.timestamp():.6f}" if older_left else None
        return ArchiveView(
            bot=await self.bot(unit, handle),
            digests=tuple(lines),
            newer_url=address if before else None,
            older_url=older,
        )

    async def digests(self, unit: UnitOfWork, handle: str, limit: int) -> list[DigestView]:
        """Return the newest digests whole, for the feed."""
        rows = await unit.publications.of_bot(handle, kind="digest", limit=limit)
        views = [await self.digest(unit, row.slug) for row in rows]
        return [view for view in views if view and not view.withdrawn]

    async def digest(self, unit: UnitOfWork, digest_id: str) -> DigestView | None:
        """Return a digest, or None if there is none of that id."""
        row = await unit.digests.get(digest_id)
        if row is None or row.bot not in self._topics:
            return None
        uri = self._uris.object(digest_id)
        publication = await unit.publications.get(uri)
        summaries = await unit.digests.summaries(digest_id)
        threads = [await self.thread(unit, summary, row.bot, Use.DIGEST) for summary in summaries]
        return DigestView(
            id=digest_id,
            url=self._uris.digest(digest_id),
            title=row.title,
            bot=await self.bot(unit, row.bot),
            since=row.since,
            until=row.until,
            published=publication.published if publication else self._clock.now(),
            threads=tuple(thread for thread in threads if thread and has_words(thread)),
            also=tuple(thread_link(t) for t in threads if t and not has_words(t)),
            engine=next((summary.engine for summary in summaries), "extractive/1"),
            language=row.language,
            object_id=uri,
            withdrawn=bool(publication and publication.withdrawn_at),
            updated=publication.updated if publication else None,
        )

    async def answer(
        self, unit: UnitOfWork, request_id: str, *, quiet: bool, slug: str = ""
    ) -> AnswerView | None:
        """Return the answer to a request; `quiet` says that it is (to be) public."""
        row = await unit.answers.get(request_id)
        summary = await unit.digests.summary_for_request(request_id)
        if row is None or summary is None:
            return None
        publication = (
            await unit.publications.get(row.publication_id) if row.publication_id else None
        )
        slug = publication.slug if publication else slug
        use = Use.QUIET if quiet else Use.DIRECT
        thread = await self.thread(unit, summary, row.bot, use, row.requester_id)
        if thread is None:
            return None
        facts = summary.facts
        before = facts.get("before")
        if before:
            shown = datetime.fromisoformat(str(before))
            thread = replace(thread, sentences=tuple(_newer(s, shown) for s in thread.sentences))
        return AnswerView(
            url=self._uris.answer(slug) if quiet else "",
            bot=await self.bot(unit, row.bot),
            thread=thread,
            asked_by=None,
            published=publication.published if publication else self._clock.now(),
            updated=summary.made_at if before else None,
            engine=summary.engine,
            object_id=self._uris.object(slug),
            request_url=request_id,
            spoken=facts.get("spoken"),
            remarks=tuple(facts.get("remarks", ())),
            elsewhere=str(facts.get("elsewhere", "")),
            more=int(facts.get("more", 0)),
        )

    async def personal(self, unit: UnitOfWork, request_id: str) -> PersonalView | None:
        """Return what was sent to one person, by the request that it answers."""
        row = await unit.answers.get(request_id)
        summaries = await unit.digests.summaries_for_request(request_id)
        if row is None or not summaries:
            return None
        found = [
            await self.thread(unit, summary, row.bot, Use.DIRECT, row.requester_id)
            for summary in summaries
        ]
        facts = summaries[0].facts
        return PersonalView(
            bot=await self.bot(unit, row.bot),
            threads=tuple(thread for thread in found if thread and has_words(thread)),
            opening=str(facts.get("opening", "")),
            values=facts.get("values", {}),
            spoken=facts.get("spoken"),
            engine=summaries[0].engine,
            link=tuple(facts["link"]) if facts.get("link") else None,
        )

    async def thread(
        self, unit: UnitOfWork, summary: tables.Summary, bot: str, use: Use, asker: str = ""
    ) -> ThreadView | None:
        """Return a summarized thread with those sentences that may (still) be shown."""
        row = await unit.threads.get(summary.thread_id)
        if row is None:
            return None
        watched = self._topics[bot].hashtags
        sentences = await unit.digests.sentences(summary.id)
        cited = [post for sentence in sentences for post in sentence.posts]
        rests = [row.id, *cited, *beside.resting(summary.facts)]
        standing = await self._consenting.of_posts(unit, rests, watched, asker, published=True)
        if use is Use.DIGEST and not standing.allows(row.id, Use.LINK):
            return None
        actors = await unit.actors.get_many(list({p.author_id for p in standing.posts.values()}))
        uses = (use, Use.MODEL) if is_written(summary.engine) else (use,)
        shown = [
            (sentence.role, view)
            for sentence in sentences
            if (view := _sentence(sentence.text, sentence.posts, standing, uses, actors))
        ]
        linked = {url for post in standing.posts.values() for url in post.links}
        same = await beside.preferred(unit, linked)
        facts = beside.still(summary.facts, standing, use, same, cited)
        may_link = standing.allows(row.id, Use.LINK) or standing.allows(row.id, use)
        return ThreadView(
            url=row.url if may_link else "",
            host=row.host or host_of(row.id),
            gist=next((view for role, view in shown if role == "gist"), None),
            sentences=tuple(
                replace(view, act="" if role == "sentence" else role)
                for role, view in shown
                if role != "gist"
            ),
            # Only whose sentence is shown is named, so that taking it back takes the name too.
            people=tuple(dict.fromkeys(view.author for _, view in shown)),
            speakers=int(facts.get("speakers", 0)),
            posts_read=int(facts.get("posts_read", 0)),
            posts_known=int(facts.get("posts_known", 0)),
            left_out=int(facts.get("left_out", 0)),
            hosts=int(facts.get("hosts", 0)),
            links=tuple(await self._links(unit, facts.get("links", []))),
            opened=row.opened_at,
            cw=beside.joined(facts) or summary.cw,
            language=summary.language,
        )

    async def sources(self, unit: UnitOfWork) -> SourcesView:
        """Return how each source is doing."""
        rows = await unit.sources.all(None)
        asked = {(row.bot, row.actor_id): row.state for row in await unit.follows.all_following()}
        lines = (
            source_line(row, self._clock.now(), asked.get((row.bot, row.actor_id or row.address)))
            for row in rows
        )
        return SourcesView(tuple(lines))

    async def _links(
        self, unit: UnitOfWork, links: Sequence[Mapping[str, object]]
    ) -> Iterable[LinkView]:
        urls = [str(item["url"]) for item in links]
        known = await unit.links.get_many(urls)
        people = {str(item["url"]): int(str(item.get("people", 1))) for item in links}
        return (
            LinkView(
                url=url,
                title=(known[url].title if url in known else None) or url.partition("://")[2][:80],
                site=(known[url].site if url in known else None) or host_of(url),
                people=people[url],
                language=known[url].language if url in known else None,
            )
            for url in urls
        )


def _newer(sentence: SentenceView, shown: datetime) -> SentenceView:
    """Mark a sentence that was said after `shown`, the time of the version before."""
    return replace(sentence, is_new=bool(sentence.published and sentence.published > shown))


def has_words(thread: ThreadView) -> bool:
    """Tell whether anything is said of the thread, not just linked."""
    return thread.gist is not None or bool(thread.sentences)


def thread_link(thread: ThreadView) -> MentionedThread:
    """Reduce a thread to its link: none of its words may be used."""
    return MentionedThread(url=thread.url, host=thread.host, posts=thread.posts_read)


def source_line(row: tables.SourceState, now: datetime, following: str | None = None) -> SourceLine:
    """Describe the state of one source; `following` says how whom it follows answered."""
    state = "failing" if row.error else "ok" if row.ok_at else "new"
    if row.error and row.due_at - now > LONG:  # it said no, or has failed for long
        state = "left alone"
    if following and not row.error:
        state = {"asked": "asked to follow", "accepted": "following"}.get(following, following)
    if row.paused:
        state = "paused"
    return SourceLine(
        key=row.key,
        kind=row.kind,
        address=row.address,
        state=state,
        last_ok=row.ok_at,
        next=row.due_at,
        found=row.found,
        error=row.error,
    )


def _sentence(
    text: str,
    posts: Sequence[str],
    standing: Standing,
    uses: Sequence[Use],
    actors: Mapping[str, tables.Actor],
) -> SentenceView | None:
    """Return a sentence if every post it rests on is there and allows all of `uses`."""
    if not text or not posts:
        return None
    if not all(standing.allows(post, use) for post in posts for use in uses):
        return None
    post = standing.posts[posts[0]]
    author = actors.get(post.author_id)
    return SentenceView(
        text=text,
        author=author.name if author else post.author_id,
        author_url=author.url if author else None,
        post_url=post.url,
        published=post.published,
        language=post.language,
    )
