"""The engine that writes: shortlist, prompt, answer, gate; in rounds for long threads."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from string import Template
from typing import Any

from bot.summary.extractive import Extractive
from bot.summary.grounding import GATE, Evidence, short
from bot.summary.injection import plain, speaks_to_machines
from bot.summary.llm.answer import Written, read
from bot.summary.llm.endpoint import Endpoint, NotWritten
from bot.summary.llm.ledger import Ledger, Spent
from bot.summary.model import CitedSentence, Length, SourcePost, Summary

LONGEST_POST = 800
"""Characters of one post that a model is shown."""
GIST_WORDS = 40
BLANKS = 60
"""White space in a row after which a model is stuck in its grammar."""
MOST_BY_ONE = 2
"""Sentences that rest on posts of one author."""


class Bill:
    """What one summary has used so far, also if nothing comes of it."""

    def __init__(self, model: str) -> None:
        self.spent = Spent(model)

    def asked(self, prompt_tokens: int, completion_tokens: int) -> None:
        """Count a request."""
        self.spent = replace(
            self.spent,
            requests=self.spent.requests + 1,
            prompt_tokens=self.spent.prompt_tokens + prompt_tokens,
            completion_tokens=self.spent.completion_tokens + completion_tokens,
        )

    def judged(self, kept: int, dropped: int) -> None:
        """Count sentences by their fate."""
        self.spent = replace(
            self.spent, kept=self.spent.kept + kept, dropped=self.spent.dropped + dropped
        )


class Writer:
    """Writes summaries by a model, and gives none rather than one that does not hold."""

    def __init__(self, endpoint: Endpoint, ledger: Ledger) -> None:
        self._endpoint = endpoint
        self._ledger = ledger
        self.name = f"llm/{endpoint.model}"
        self.version = f"{self.name}/{digest_of_prompts()}/gate-{GATE}"

    def write(self, posts: Sequence[SourcePost], length: Length, language: str) -> Summary:
        """Summarize posts in `language` (ISO 639-1). Raises `NotWritten`.

        Only posts that may be shown to a model may be given (CONSENT.md).
        """
        bill = Bill(self._endpoint.model)
        fallback = ""
        try:
            return self._write(posts, length, language, bill)
        except NotWritten as problem:
            fallback = str(problem)[:200]
            raise
        finally:  # what did not come to anything was used all the same
            self._ledger.note(replace(bill.spent, fallback=fallback))

    def _write(
        self, posts: Sequence[SourcePost], length: Length, language: str, bill: "Bill"
    ) -> Summary:
        usable = [post for post in posts if not speaks_to_machines(f"{post.author}\n{post.text}")]
        if len(usable) < 2:
            raise NotWritten("too few posts that a model may see")
        evidence = Evidence(usable)
        gist: CitedSentence | None = None
        kept: list[CitedSentence] = []
        until = time.monotonic() + self._endpoint.seconds
        for part in self._parts(usable):
            if self._ledger.left_today() < self._endpoint.tokens:
                raise NotWritten("the budget of the day is spent")
            first, sentences = self._ask(part, length, language, until, bill)
            passed = [s for w in sentences if (s := self._gate(w, evidence, usable, language))]
            bill.judged(len(passed), len(sentences) - len(passed))
            kept += passed
            gist = gist or (self._gate(first, evidence, usable, language) if first else None)
        good, bad = bill.spent.kept, bill.spent.dropped
        if good < 2 or good < bad:
            raise NotWritten(f"{bad} of {good + bad} sentences failed the check")
        return self._summary(posts, usable, gist, kept, length, language)

    def _parts(self, posts: Sequence[SourcePost]) -> Iterator[list[SourcePost]]:
        """Yield what each round shows: the thread's first, best and last posts, in its order.

        A long thread is cut into stretches, so that no part of it goes unread.
        """
        most, rounds = self._endpoint.posts, self._endpoint.rounds
        if len(posts) <= most:
            yield list(posts)
            return
        count = min(rounds, -(-len(posts) // most))
        size = -(-len(posts) // count)
        for start in range(0, len(posts), size):
            stretch = list(posts[start : start + size])
            yield shortlist(stretch, most)

    def _ask(
        self,
        posts: Sequence[SourcePost],
        length: Length,
        language: str,
        until: float,
        bill: "Bill",
    ) -> tuple[Written | None, list[Written]]:
        """Ask the model once; return the gist and the sentences that it wrote."""
        ids = {f"p{number}": post.id for number, post in enumerate(posts, 1)}
        messages = prompt(posts, ids, length, language)
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise NotWritten("the time is up")
        text, used = self._stream(messages, schema(list(ids), length), seconds)
        bill.asked(*used)
        return read(text, ids)

    def _stream(
        self, messages: list[dict[str, str]], form: dict[str, Any], seconds: float
    ) -> tuple[str, tuple[int, int]]:
        """Stream an answer, and hang up on one that does not end. Raises `NotWritten`."""
        import openai  # noqa: PLC0415  an extra

        until = time.monotonic() + seconds
        pieces: list[str] = []
        used = (0, 0)
        try:
            with openai.OpenAI(
                base_url=self._endpoint.base_url,
                api_key=self._endpoint.api_key,
                timeout=min(seconds, self._endpoint.silence),
                max_retries=1,
            ) as client:
                create: Any = client.chat.completions.create
                stream = create(
                    model=self._endpoint.model,
                    messages=messages,
                    max_tokens=self._endpoint.tokens,
                    temperature=0.2,
                    stream=True,
                    stream_options={"include_usage": True},
                    response_format={
                        "type": "json_schema",
                        "json_schema": {"name": "summary", "schema": form, "strict": True},
                    },
                )
                with stream:
                    for chunk in stream:
                        if chunk.usage:
                            used = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
                        pieces += [choice.delta.content or "" for choice in chunk.choices]
                        if is_stuck(pieces) or time.monotonic() > until:
                            break
        except openai.OpenAIError as problem:
            raise NotWritten(f"the model did not answer: {type(problem).__name__}") from problem
        text = "".join(pieces)
        guessed = sum(len(message["content"]) for message in messages) // 4
        return text, used if any(used) else (guessed, len(text) // 4)

    def _gate(
        self,
        written: Written,
        evidence: Evidence,
        posts: Sequence[SourcePost],
        language: str,
    ) -> CitedSentence | None:
        """Return a sentence that the posts bear out, citing those that do; else None."""
        if speaks_to_machines(written.text) or not short(written.text, GIST_WORDS + 10):
            return None
        grounds = evidence.check(written.text, written.posts, language=language)
        if not grounds.ok:
            return None
        by_id = {post.id: post for post in posts}
        first = by_id[grounds.posts[0]]
        return CitedSentence(
            written.text, first.id, first.author, first.url, also=grounds.posts[1:]
        )

    def _summary(
        self,
        posts: Sequence[SourcePost],
        usable: Sequence[SourcePost],
        gist: CitedSentence | None,
        kept: Sequence[CitedSentence],
        length: Length,
        language: str,
    ) -> Summary:
        """Choose among the sentences that passed: not one author's only, none twice, in order."""
        order = {post.id: number for number, post in enumerate(usable)}
        by: dict[str, int] = {}
        chosen: list[CitedSentence] = []
        words = 0
        for sentence in kept:
            said = [s.text for s in chosen] + ([gist.text] if gist else [])
            size = len(sentence.text.split())
            if (
                by.get(sentence.author, 0) >= MOST_BY_ONE
                or any(alike(sentence.text, other) for other in said)
                or words + size > length.words
                or len(chosen) >= length.sentences
            ):
                continue
            by[sentence.author] = by.get(sentence.author, 0) + 1
            words += size
            chosen.append(sentence)
        chosen.sort(key=lambda sentence: order[sentence.post])
        cited = {sentence.post for sentence in chosen}
        warnings = dict.fromkeys(p.cw for p in usable if p.cw and p.id in cited)
        return Summary(
            gist=gist if gist and short(gist.text, GIST_WORDS) else None,
            sentences=tuple(chosen),
            posts_read=len(posts),
            people=len({post.author_id or post.author for post in posts}),
            engine=self.name,
            language=language,
            cw=", ".join(warnings)[:200] or None,
        )


def shortlist(posts: Sequence[SourcePost], most: int) -> list[SourcePost]:
    """Choose the posts a model is shown: the first, the last, and those the ranker picks."""
    picked = Extractive().summarize(posts, Length(sentences=most, words=40 * most))
    best = [sentence.post for sentence in picked.sentences]
    edge = max(2, most // 6)
    ids = dict.fromkeys(
        [
            *(p.id for p in posts[:edge]),
            *(p.id for p in posts[-edge:]),
            *best,
            *(p.id for p in posts),
        ]
    )
    chosen = set(list(ids)[:most])
    return [post for post in posts if post.id in chosen]


def prompt(
    posts: Sequence[SourcePost], ids: dict[str, str], length: Length, language: str
) -> list[dict[str, str]]:
    """Return the messages: instructions, then the posts as JSON between lines nobody can guess."""
    marker = f"=== {secrets.token_hex(12)} ==="
    lines = [
        json.dumps(
            {"id": key, "author": plain(post.author)[:60], "text": plain(post.text)[:LONGEST_POST]},
            ensure_ascii=False,
        )
        for key, post in zip(ids, posts, strict=True)
    ]
    folder = files("bot.summary.llm") / "prompts"
    values = {
        "marker": marker,
        "posts": "\n".join(lines),
        "sentences": str(length.sentences),
        "language": language_name(language),
    }
    return [
        {"role": role, "content": Template((folder / name).read_text("utf-8")).substitute(values)}
        for role, name in (("system", "system.txt"), ("user", "request.txt"))
    ]


def digest_of_prompts() -> str:
    """Return what changes with the prompts: what was written by others is written anew."""
    folder = files("bot.summary.llm") / "prompts"
    texts = [(folder / name).read_text("utf-8") for name in ("system.txt", "request.txt")]
    return sha256("\n".join(texts).encode()).hexdigest()[:12]


def schema(ids: list[str], length: Length) -> dict[str, Any]:
    """Return the JSON Schema of an answer: text, and ids of this prompt; nothing else fits."""
    posts = {
        "type": "array",
        "items": {"type": "string", "enum": ids},
        "minItems": 1,
        "maxItems": 3,
    }
    sentence = {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": 400}, "posts": posts},
        "required": ["text", "posts"],
        "additionalProperties": False,
    }
    sentences = {
        "type": "array",
        "items": sentence,
        "minItems": 1,
        "maxItems": length.sentences + 2,
    }
    return {
        "type": "object",
        "properties": {"gist": sentence, "sentences": sentences},
        "required": ["gist", "sentences"],
        "additionalProperties": False,
    }


def is_stuck(pieces: Sequence[str]) -> bool:
    """Tell whether an answer ends in more white space than any JSON needs."""
    end = "".join(pieces[-BLANKS:])[-BLANKS:]
    return len(end) >= BLANKS and not end.strip()


def alike(one: str, other: str) -> bool:
    """Tell whether two sentences say nearly the same in nearly the same words."""
    from rapidfuzz import fuzz  # noqa: PLC0415

    return fuzz.token_sort_ratio(one.casefold(), other.casefold()) >= 85


def language_name(language: str) -> str:
    """Return a language's English name, as models know it."""
    from bot.words import locale_of  # noqa: PLC0415  babel starts slowly

    locale = locale_of(language)
    return str(locale.english_name or language) if locale else "English"
