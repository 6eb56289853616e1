"""One way to a summary: by a model where that is set up and allowed, else by rules; checked."""

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from cachetools import LRUCache

from bot.summary.injection import speaks_to_machines
from bot.summary.llm import NotWritten, Writer
from bot.summary.model import CitedSentence, Engine, Length, SourcePost, Summary
from bot.summary.verify import verify

log = logging.getLogger(__name__)

REMEMBERED = 256
"""Summaries kept in memory: a thread is summarized again only when a post in it has changed."""
ENOUGH = 0.5
"""The share of a thread's quotable posts that a model must be allowed to see to write of it."""


class Summarizer:
    """Chooses the engine, and lets nothing pass that the posts do not bear out."""

    def __init__(self, rules: Engine, writer: Writer | None = None) -> None:
        self._rules = rules
        self._writer = writer
        self._known: LRUCache[str, Summary] = LRUCache(REMEMBERED)

    def forget(self) -> None:
        """Drop what is remembered: a post was taken back, and its words may be in it."""
        self._known.clear()

    async def summarize(
        self,
        posts: Sequence[SourcePost],
        length: Length,
        *,
        for_model: Collection[str] = (),
        language: str | None = None,
    ) -> Summary:
        """Summarize posts, given oldest first; `for_model` are the ids a model may be shown."""
        key = fingerprint(posts, length, for_model if self._writer else (), language)
        known = self._known.get(key)
        if known is None:
            known = await self._make(posts, length, for_model, language)
            self._known[key] = known
        return known

    async def answer(self, posts: Sequence[SourcePost], question: str, length: Length) -> Summary:
        """Answer a question about a thread with sentences of its posts; empty if none does."""
        from bot.summary.questions import answer  # noqa: PLC0415  start fast

        return checked(await asyncio.to_thread(answer, posts, question, length), posts)

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
    posts: Sequence[SourcePost], length: Length, for_model: Collection[str], language: str | None
) -> str:
    """Return a key that is the same exactly as long as the posts and the wish are."""
    content = [
        [p.id, p.author, p.title, p.text, p.parent, p.cw, p.language, p.id in for_model]
        for p in posts
    ]
    wish = [length.sentences, length.words, language]
    return hashlib.sha256(json.dumps([wish, content]).encode()).hexdigest()
