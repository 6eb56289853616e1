"""Choosing the threads of a period, and composing what is said of each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date

from activitypub.ports import Clock
from bot.consent.standing import Consenting, Standing
from bot.consent.table import Use
from bot.pages import beside
from bot.publishing import hygiene
from bot.publishing.publish import Publisher
from bot.publishing.support import supported
from bot.summary.model import CitedSentence, Length, SourcePost, Summary
from bot.summary.summarizing import Summarizer
from bot.topic import Topic
from bot.words import ENGLISH, locale_of
from storage import Storage, UnitOfWork, tables
from storage.tables import Role

CANDIDATES = 60
"""Threads looked at for one digest, the most discussed first."""
ALSO = 3
"""Threads that are linked without words at most."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a digest is; see `settings.Digests`."""

    threads: int
    min_posts: int
    length: Length


@dataclass(frozen=True, slots=True)
class Material:
    """Posts of a thread to be summarized; `for_model` are the ids that a model may be shown."""

    thread: tables.Thread
    standing: Standing
    posts: tuple[SourcePost, ...]
    for_model: frozenset[str]


@dataclass(frozen=True, slots=True)
class Composed:
    """One thread of a digest or answer before it is stored.

    `remarked` is what else is to be shown beside the summary, besides its `facts`.
    """

    thread: tables.Thread
    standing: Standing
    summary: Summary
    remarked: Mapping[str, Any] = field(default_factory=dict)


Candidate = tuple[tuple[int, int], tables.Thread, Standing]
"""People and posts of the period, the thread, and what may be done with its posts."""


class Digests:
    """Makes digests: at most one for a bot and period, whatever crashes in between."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        consenting: Consenting,
        summarizer: Summarizer,
        publisher: Publisher,
        shape: Shape,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._consenting = consenting
        self._summarizer = summarizer
        self._publisher = publisher
        self._shape = shape

    async def make(self, topic: Topic, period: str, since: datetime, until: datetime) -> str | None:
        """Compose and publish the digest of [since, until); return its id.

        None when there was nothing to say, or the period has its digest already. Reading and
        summarizing happen before the write, so that the inbox never waits for it.
        """
        async with self._storage.view() as view:
            if await view.digests.by_period(topic.handle, period):
                return None
        composed = await self.compose(topic, since, until)
        if not any(thread.summary.sentences for thread in composed):
            return None
        digest = tables.Digest(
            id=f"{topic.handle}-{period}",
            bot=topic.handle,
            period=period,
            since=since,
            until=until,
            title=title(topic, until),
            language=topic.language,
            made_at=self._clock.now(),
        )
        async with self._storage.unit() as unit:
            if not await unit.digests.add(digest):
                return None
            for position, thread in enumerate(composed):
                await store(
                    unit,
                    self._consenting,
                    thread,
                    Use.DIGEST,
                    digest.made_at,
                    position=position,
                    digest_id=digest.id,
                )
            await self._publisher.digest(unit, digest)
        return digest.id

    async def compose(
        self, topic: Topic, since: datetime, until: datetime, tag: str | None = None
    ) -> list[Composed]:
        """Choose the most discussed threads of the period and summarize each, storing nothing.

        With a `tag`, of those only in which a post carries it. No view is open while one writes.
        """
        async with self._storage.view() as view:
            ranked = await self._ranked(view, topic, since, until, tag)
        chosen: list[Composed] = []
        also: list[Composed] = []
        openers: Counter[str] = Counter()
        for _, thread, standing in ranked:
            if len(chosen) >= self._shape.threads:
                break
            opener = standing.posts[thread.id].author_id
            if openers[opener]:  # one person opens at most one thread of a digest
                continue
            async with self._storage.view() as view:
                material = await gather(view, thread, standing, Use.DIGEST)
            composed = await compose_thread(
                self._summarizer, material, self._shape.length, topic.language
            )
            openers[opener] += 1
            has_enough = len(composed.summary.sentences) >= 3
            (chosen if has_enough else also).append(composed if has_enough else bare(composed))
        return limit_authors(chosen) + also[:ALSO]

    async def _ranked(
        self, unit: UnitOfWork, topic: Topic, since: datetime, until: datetime, tag: str | None
    ) -> list[Candidate]:
        """Return the threads that a digest may hold, those of most people first."""
        ranked = []
        for thread in await unit.threads.discussed(topic.handle, since, until, CANDIDATES, tag):
            standing = await self._consenting.of_thread(unit, thread.id, topic.hashtags)
            recent = [p for p in standing.posts.values() if since <= p.published < until]
            if len(recent) < self._shape.min_posts or not standing.allows(thread.id, Use.LINK):
                continue
            if await unit.choices.get(thread.id):  # who opened it said: not here
                continue
            if await self._is_wanted(unit, topic, standing.posts[thread.id], recent):
                size = (len({p.author_id for p in recent}), len(recent))
                ranked.append((size, thread, standing))
        ranked.sort(key=lambda entry: entry[0], reverse=True)
        return fold(ranked)

    async def _is_wanted(
        self, unit: UnitOfWork, topic: Topic, root: tables.Post, recent: list[tables.Post]
    ) -> bool:
        """Tell whether a thread is in a language of the topic, and by people, not bots."""
        language = (root.language or "").partition("-")[0]
        spoken = {name.partition("-")[0] for name in topic.languages}
        if spoken and language and language not in spoken:
            return False
        authors = await unit.actors.get_many(list({post.author_id for post in recent}))
        kinds = (authors[p.author_id].type if p.author_id in authors else None for p in recent)
        return not hygiene.mostly_bots(kinds)


def fold(ranked: list[Candidate]) -> list[Candidate]:
    """Keep of the threads that open with the same words (cross-posts) the most discussed one."""
    texts = [standing.posts[thread.id].text for _, thread, standing in ranked]
    return [first for first, _ in hygiene.folded(ranked, texts)]


async def gather(unit: UnitOfWork, thread: tables.Thread, standing: Standing, use: Use) -> Material:
    """Collect those posts of a thread that may be put to `use`; nothing else is even read."""
    rows = standing.allowing(use)
    actors = await unit.actors.get_many(list({row.author_id for row in rows}))
    posts = tuple(
        SourcePost(
            id=row.id,
            author=actors[row.author_id].name if row.author_id in actors else row.author_id,
            text=row.text,
            parent=row.in_reply_to,
            url=row.url,
            author_id=row.author_id,
            language=row.language,
            published=row.published,
            cw=row.cw,
            title=row.title,
        )
        for row in rows
    )
    shown = frozenset(row.id for row in rows if standing.allows(row.id, Use.MODEL))
    return Material(thread, standing, posts, shown)


async def compose_thread(
    summarizer: Summarizer,
    material: Material,
    length: Length,
    language: str | None = None,
    question: str | None = None,
) -> Composed:
    """Summarize what was gathered of a thread; with a `question`, what speaks of that.

    It may take as long as a model does: no transaction is open meanwhile, and `store` asks consent
    again.
    """
    posts = material.posts
    if question:
        summary = await summarizer.answer(posts, question, length)
    else:
        summary = await summarizer.summarize(
            posts, length, for_model=material.for_model, language=language
        )
    return Composed(material.thread, material.standing, summary)


def facts(
    composed: Composed, standing: Standing, use: Use, same: Mapping[str, str]
) -> dict[str, Any]:
    """Return what is stated beside a summary: coverage, how many spoke, links and warnings.

    `standing` is how its posts stand now. A summary that a model wrote is warned of by what it
    cites, another by all that was read for it.
    """
    thread, summary = composed.thread, composed.summary
    counted = standing.allowing(Use.COUNT)
    usable = standing.allowing(use)
    cited = {post for sentence in summary.all_sentences for post in sentence.posts}
    warned = [post for post in usable if post.id in cited or not summary.is_written]
    wish = int(thread.refused.get("wish", 0))
    return {
        "speakers": len({post.author_id for post in counted}),
        "posts_read": len(counted) + wish,
        "posts_known": max(thread.posts_known, len(counted) + wish),
        "left_out": len(counted) - len(usable) + wish,
        "hosts": len({post.host for post in counted}),
        "links": beside.links(usable, same),
        "warnings": beside.warnings(warned),
    }


async def store(  # noqa: PLR0913  each is a member of what is stored
    unit: UnitOfWork,
    consenting: Consenting,
    composed: Composed,
    use: Use,
    at: datetime,
    *,
    position: int = 0,
    digest_id: str | None = None,
    request_id: str | None = None,
    asker: str = "",
) -> str:
    """Store a summary with its citations, after asking consent again; return its id.

    Between composing and this moment a post may have been deleted or its author opted out, so
    each sentence is held against its post once more inside the transaction that publishes it, and
    what is shown beside it is gathered there.
    """
    summary = composed.summary
    sentences: list[tuple[Role, CitedSentence]] = []
    if summary.gist:
        sentences.append(("gist", summary.gist))
    sentences += [(cast("Role", s.act or "sentence"), s) for s in summary.sentences]
    standing = await consenting.of_posts(unit, composed.standing.posts, asker=asker)
    linked = {url for post in standing.posts.values() for url in post.links}
    same = await beside.preferred(unit, linked)
    kept = [
        (role, sentence.text, list(sentence.posts))
        for role, sentence in sentences
        if supported(sentence.text, sentence.posts, standing, use, written=summary.is_written)
    ]
    row = tables.Summary(
        id=f"{digest_id or request_id}#{position}",
        thread_id=composed.thread.id,
        digest_id=digest_id,
        request_id=request_id,
        position=position,
        engine=summary.engine,
        language=summary.language,
        facts={**facts(composed, standing, use, same), **composed.remarked},
        made_at=at,
    )
    await unit.digests.add_summary(row, kept)
    return row.id


def limit_authors(threads: list[Composed]) -> list[Composed]:
    """Let one author fill at most a fifth of a digest, but never shorten a thread below three."""
    total = sum(len(thread.summary.sentences) for thread in threads)
    most = max(1, -(-total // 5))
    seen: Counter[str] = Counter()
    limited = []
    for thread in threads:
        kept = list(thread.summary.sentences)
        for sentence in thread.summary.sentences:
            author = thread.standing.posts[sentence.post].author_id
            if seen[author] >= most and len(kept) > 3:
                kept.remove(sentence)
            else:
                seen[author] += 1
        words = replace(thread.summary, sentences=tuple(kept))
        limited.append(replace(thread, summary=words))
    return limited


def bare(composed: Composed) -> Composed:
    """Keep the link to a thread and none of its words."""
    return replace(composed, summary=replace(composed.summary, gist=None, sentences=()))


def title(topic: Topic, until: datetime) -> str:
    """Return the title of a digest: the bot's name and the date in the bot's language."""
    local = until.astimezone(ZoneInfo(topic.timezone))
    day = format_date(local, format="long", locale=locale_of(topic.language) or ENGLISH)
    return f"{topic.name}: {day}"
