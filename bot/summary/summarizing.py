"""One way to a summary: by a model where that is set up and allowed, else by rules; checked."""

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cachetools import LRUCache

from bot.summary.injection import speaks_to_machines
from bot.summary.llm import NotWritten
from bot.summary.model import CitedSentence, Engine, Length, SourcePost, Summary
from bot.summary.verify import verify

if TYPE_CHECKING:
    from bot.summary.llm.writer import Writer

log = logging.getLogger(__name__)

REMEMBERED = 256
"""Summaries kept in memory: a thread is summarized again only when a post in it has changed."""
ENOUGH = 0.5
"""The share of a thread's quotable posts that a model must be allowed to see to write of it."""


class Memory(Protocol):
    """Where written summaries outlive the process; whoever erases a post erases them there."""

    async def recall(self, key: str) -> Summary | None:
        """Return what was kept under a key."""
        ...

    async def keep(self, key: str, summary: Summary, posts: Sequence[SourcePost]) -> None:
        """Keep a summary that was made of these posts, unless one has gone meanwhile."""
        ...


class Summarizer:
    """Chooses the engine, and lets nothing pass that the posts do not bear out."""

    def __init__(
        self, rules: Engine, writer: "Writer | None" = None, memory: Memory | None = None
    ) -> None:
        self._rules = rules
        self._writer = writer
        self._memory = memory
        self._forgotten = 0
        self._known: LRUCache[str, Summary] = LRUCache(REMEMBERED)

    def forget(self) -> None:
        """Drop what is remembered: a post was taken back, and its words may be in it."""
        self._known.clear()
        self._forgotten += 1

    async def summarize(
        self,
        posts: Sequence[SourcePost],
        length: Length,
        *,
        for_model: Collection[str] = (),
        language: str | None = None,
    ) -> Summary:
        """Summarize posts, given oldest first; `for_model` are the ids a model may be shown."""
        by = self._writer.version if self._writer else self._rules.name
        key = fingerprint(posts, length, for_model if self._writer else (), language, by)
        known = self._known.get(key)
        if known is None:
            before = self._forgotten
            known = await self._recall_or_make(key, posts, length, for_model, language)
            if before == self._forgotten:  # else a post was taken back meanwhile
                self._known[key] = known
        return known

    async def answer(self, posts: Sequence[SourcePost], question: str, length: Length) -> Summary:
        """Answer a question about a thread with sentences of its posts; empty if none does."""
        from bot.summary.questions import answer  # noqa: PLC0415  start fast

        return checked(await asyncio.to_thread(answer, posts, question, length), posts)

    async def _recall_or_make(
        self,
        key: str,
        posts: Sequence[SourcePost],
        length: Length,
        for_model: Collection[str],
        language: str | None,
    ) -> Summary:
        if self._writer is None or self._memory is None:
            return await self._make(posts, length, for_model, language)
        known = await self._memory.recall(key)
        if known is None:
            known = await self._make(posts, length, for_model, language)
            if known.is_written:
                await self._memory.keep(key, known, posts)
        return known

    async def _make(
        self,
        posts: Sequence[SourcePost],
        length: Length,
        for_model: Collection[str],
        language: str | None,
    ) -> Summary:
        shown = [post for post in posts if post.id in for_model]
        if self._writer and len(shown) >= max(2, ENOUGH * len(posts)):
            try:
                written = await asyncio.to_thread(
                    self._writer.write, shown, length, language or spoken(posts)
                )
            except NotWritten as problem:
                log.info("summarized by rules instead", extra={"problem": str(problem)})
            else:
                return replace(written, posts_read=len(posts))
        summary = await asyncio.to_thread(self._rules.summarize, posts, length)
        return checked(summary, posts)


def checked(summary: Summary, posts: Sequence[SourcePost]) -> Summary:
    """Return an extracted summary without what does not pass the gate."""
    by_id = {post.id: post for post in posts}

    def passes(sentence: CitedSentence) -> bool:
        return verify(sentence, by_id).ok and not speaks_to_machines(sentence.text)

    gist = summary.gist if summary.gist and passes(summary.gist) else None
    return replace(summary, gist=gist, sentences=tuple(filter(passes, summary.sentences)))


def spoken(posts: Sequence[SourcePost]) -> str:
    """Return the language most of the posts are in; English if none is known."""
    languages = Counter(post.language.partition("-")[0] for post in posts if post.language)
    return languages.most_common(1)[0][0] if languages else "en"


def fingerprint(
    posts: Sequence[SourcePost],
    length: Length,
    for_model: Collection[str],
    language: str | None,
    by: str,
) -> str:
    """Return a key that is the same exactly as long as the posts, the wish and the engine are."""
    content = [
        [p.id, p.author, p.title, p.text, p.parent, p.url, p.cw, p.language, p.id in for_model]
        for p in posts
    ]
    wish = [length.sentences, length.words, language, by]
    return hashlib.sha256(json.dumps([wish, content]).encode()).hexdigest()
