"""Digests, their summaries, the sentences in them, and the posts these rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import col

from storage.errors import Uncited
from storage.repository import Repository
from storage.tables import Citation, Digest, Role, Sentence, Summary
from storage.transaction import chunks

EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence with the ids of the posts that say it. Redacted sentences are not among them."""

    id: int
    position: int
    role: Role
    text: str
    posts: tuple[str, ...]


class Digests(Repository):
    """The published selections, as data from which every rendering is made."""

    async def add(self, digest: Digest) -> bool:
        """Store a digest. False when the bot has one for that period."""
        return await self._transaction.add(digest)

    async def get(self, digest_id: str) -> Digest | None:
        """Return the digest with this id."""
        return await self._transaction.get(Digest, digest_id)

    async def by_period(self, bot: str, period: str) -> Digest | None:
        """Return a bot's digest of a period such as "2026-11-23"."""
        statement = select(Digest).where(col(Digest.bot) == bot, col(Digest.period) == period)
        return await self._transaction.first(Digest, statement)

    async def latest(self, bot: str, limit: int, before: datetime | None = None) -> list[Digest]:
        """Return a bot's digests, newest period first; `before` continues a page by `until`."""
        conditions = [col(Digest.bot) == bot]
        if before is not None:
            conditions.append(col(Digest.until) < before)
        statement = (
            select(Digest)
            .where(*conditions)
            .order_by(col(Digest.until).desc(), col(Digest.id))
            .limit(limit)
        )
        return await self._transaction.all(Digest, statement)

    async def set_publication(self, digest_id: str, publication_id: str) -> bool:
        """Note which of our objects shows this digest. False when there is no such digest."""
        statement = (
            update(Digest).where(col(Digest.id) == digest_id).values(publication_id=publication_id)
        )
        return await self._transaction.run(statement) == 1

    async def add_summary(
        self, summary: Summary, sentences: Sequence[tuple[Role, str, Sequence[str]]]
    ) -> None:
        """Store a summary with its sentences: role, text, and ids of the posts that say it.

        Raises Uncited for a sentence without a post, and StatementRefused when the summary's id
        is taken or its digest unknown.
        """
        if not all(posts for _role, _text, posts in sentences):
            raise Uncited("a sentence needs the post that says it")
        await self._transaction.insert([summary])
        rows = [
            Sentence(summary_id=summary.id, position=position, role=role, text=text)
            for position, (role, text, _posts) in enumerate(sentences)
        ]
        ids = await self._transaction.insert(rows)
        citations = [
            Citation(sentence_id=sentence_id, post_id=post_id, position=position)
            for sentence_id, (_role, _text, posts) in zip(ids, sentences, strict=True)
            for position, post_id in enumerate(dict.fromkeys(posts))
        ]
        await self._transaction.add_all(citations)

    async def remove_summary(self, summary_id: str) -> bool:
        """Remove a summary with its sentences, before it is made anew. False when unknown."""
        statement = delete(Summary).where(col(Summary.id) == summary_id)
        return await self._transaction.run(statement) == 1

    async def summaries(self, digest_id: str) -> list[Summary]:
        """Return the summaries of a digest in their order."""
        statement = (
            select(Summary)
            .where(col(Summary.digest_id) == digest_id)
            .order_by(col(Summary.position), col(Summary.id))
        )
        return await self._transaction.all(Summary, statement)

    async def about_thread(self, thread_id: str) -> list[Summary]:
        """Return every summary of a thread, in digests and answers, oldest first."""
        statement = (
            select(Summary)
            .where(col(Summary.thread_id) == thread_id)
            .order_by(col(Summary.made_at), col(Summary.id))
        )
        return await self._transaction.all(Summary, statement)

    async def set_facts(self, summary_id: str, facts: dict[str, Any]) -> bool:
        """Replace what is shown beside a summary. False when it is unknown.

        `cw` holds the warnings of summaries made before facts held them; it is emptied.
        """
        statement = (
            update(Summary).where(col(Summary.id) == summary_id).values(facts=facts, cw=None)
        )
        return await self._transaction.run(statement) == 1

    async def summary_for_request(self, request_id: str) -> Summary | None:
        """Return the summary that answers a request, the newest if there are several."""
        statement = (
            select(Summary)
            .where(col(Summary.request_id) == request_id)
            .order_by(col(Summary.made_at).desc(), col(Summary.id))
            .limit(1)
        )
        return await self._transaction.first(Summary, statement)

    async def summaries_for_request(self, request_id: str) -> list[Summary]:
        """Return the summaries that answer a request, in their order."""
        statement = (
            select(Summary)
            .where(col(Summary.request_id) == request_id)
            .order_by(col(Summary.position), col(Summary.id))
        )
        return await self._transaction.all(Summary, statement)

    async def sentences(self, summary_id: str) -> list[CitedSentence]:
        """Return the sentences of a summary in their order, without the redacted ones."""
        return (await self.sentences_of([summary_id]))[summary_id]

    async def sentences_of(self, summary_ids: Sequence[str]) -> dict[str, list[CitedSentence]]:
        """Return the sentences of several summaries, by summary, in few statements."""
        found: dict[str, list[CitedSentence]] = {summary_id: [] for summary_id in summary_ids}
        for chunk in chunks(list(found)):
            posts = await self._citations(chunk)
            statement = (
                select(Sentence)
                .where(col(Sentence.summary_id).in_(chunk), col(Sentence.redacted_at).is_(None))
                .order_by(col(Sentence.position), col(Sentence.id))
            )
            for row in await self._transaction.all(Sentence, statement):
                cited = tuple(posts.get(row.id or 0, ()))
                found[row.summary_id].append(
                    CitedSentence(row.id or 0, row.position, row.role, row.text, cited)
                )
        return found

    async def _citations(self, summary_ids: Sequence[str]) -> dict[int, list[str]]:
        statement = (
            select(Citation)
            .join(Sentence, col(Sentence.id) == col(Citation.sentence_id))
            .where(col(Sentence.summary_id).in_(summary_ids))
            .order_by(col(Citation.position))
        )
        posts: dict[int, list[str]] = {}
        for row in await self._transaction.all(Citation, statement):
            posts.setdefault(row.sentence_id, []).append(row.post_id)
        return posts

    async def resting_on(self, post_id: str) -> list[tuple[Sentence, Summary]]:
        """Return every sentence that rests on a post and is not redacted, with its summary."""
        statement = (
            select(Sentence, Summary)
            .join(Citation, col(Citation.sentence_id) == col(Sentence.id))
            .join(Summary, col(Summary.id) == col(Sentence.summary_id))
            .where(col(Citation.post_id) == post_id, col(Sentence.redacted_at).is_(None))
            .order_by(col(Summary.made_at), col(Sentence.id))
        )
        return [(row[0], row[1]) for row in await self._transaction.tuples(statement)]

    async def redact(self, sentence_id: int, at: datetime) -> bool:
        """Empty a sentence's text, for good. False when it is unknown or redacted already."""
        statement = (
            update(Sentence)
            .where(col(Sentence.id) == sentence_id, col(Sentence.redacted_at).is_(None))
            .values(text="", redacted_at=at)
        )
        return await self._transaction.run(statement) == 1

    async def redact_resting_on(self, post_ids: Sequence[str], at: datetime) -> int:
        """Empty every sentence that rests on any of these posts, for good; return their number."""
        redacted = 0
        for chunk in chunks(list(post_ids)):
            resting = select(col(Citation.sentence_id)).where(col(Citation.post_id).in_(chunk))
            statement = (
                update(Sentence)
                .where(col(Sentence.id).in_(resting), col(Sentence.redacted_at).is_(None))
                .values(text="", redacted_at=at)
            )
            redacted += await self._transaction.run(statement)
        return redacted

    async def citing(self, post_ids: Sequence[str]) -> list[Summary]:
        """Return every summary that cites any of these posts, or did before it was redacted."""
        found: dict[str, Summary] = {}
        for chunk in chunks(list(post_ids)):
            resting = (
                select(col(Sentence.summary_id))
                .join(Citation, col(Citation.sentence_id) == col(Sentence.id))
                .where(col(Citation.post_id).in_(chunk))
            )
            statement = select(Summary).where(col(Summary.id).in_(resting))
            for row in await self._transaction.all(Summary, statement):
                found[row.id] = row
        return sorted(found.values(), key=lambda row: (row.made_at, row.id))

    async def linked(self) -> set[str]:
        """Return the pages that are shown beside any summary."""
        rows = await self._transaction.tuples(select(col(Summary.facts)))
        return {str(link["url"]) for row in rows for link in row[0].get("links", ())}

    async def shown_posts(self, since: datetime = EVER) -> set[str]:
        """Return all posts on which something rests that was made at or after `since`.

        Sentences rest on those they cite, links and warnings on those that bear them, and the
        thread itself on the post that opens it.
        """
        statement = select(col(Summary.thread_id), col(Summary.facts)).where(
            col(Summary.made_at) >= since
        )
        found = set(await self.cited_posts(since))
        for thread_id, facts in await self._transaction.tuples(statement):
            found.add(thread_id)
            for link in facts.get("links", ()):
                found.update(link.get("posts", ()))
            for posts in facts.get("warnings", {}).values():
                found.update(posts)
        return found

    async def cited_posts(self, since: datetime) -> list[str]:
        """Return the posts on which sentences rest that were made at or after `since`."""
        statement = (
            select(col(Citation.post_id))
            .join(Sentence, col(Sentence.id) == col(Citation.sentence_id))
            .join(Summary, col(Summary.id) == col(Sentence.summary_id))
            .where(col(Summary.made_at) >= since, col(Sentence.redacted_at).is_(None))
            .distinct()
            .order_by(col(Citation.post_id))
        )
        return [str(row[0]) for row in await self._transaction.tuples(statement)]
