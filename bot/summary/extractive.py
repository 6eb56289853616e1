"""The default engine: chooses sentences by words alone. No model, no training, no network."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from bot.summary.candidates import Candidate, candidates
from bot.summary.engines import ByRules
from bot.summary.features import Features, measure
from bot.summary.model import CitedSentence, Length, SourcePost, Summary
from bot.summary.text import detect_language

NAME = ByRules.name
GIST_WORDS = 40
FEWEST_GIST_WORDS = 5
SAMPLE = 40
"""Posts whose language decides that of the thread."""


class Extractive:
    """Implements `model.Engine`. Deterministic: the same posts give the same summary."""

    name = NAME

    def summarize(self, posts: Sequence[SourcePost], length: Length) -> Summary:
        """Choose a gist and at most `length` sentences; empty for posts that say nothing."""
        language = main_language(posts)
        languages = [post.language or language for post in posts]
        sentences = candidates(posts)
        gist = None
        chosen: list[int] = []
        if sentences:
            features = measure(sentences, len(posts), languages, length.words)
            gist = _gist(sentences, features)
            chosen = _choose(sentences, features, posts, length, gist)
        return Summary(
            gist=_cited(sentences[gist], posts) if gist is not None else None,
            sentences=tuple(_cited(sentences[i], posts) for i in sorted(chosen)),
            posts_read=len(posts),
            people=len({author_of(post) for post in posts if post.author_id or post.author}),
            engine=NAME,
            language=language,
            cw=_warnings(posts),
        )


def pick(posts: Sequence[SourcePost], length: Length, *, named: bool = False) -> list[Candidate]:
    """Choose sentences of a thread, in its order."""
    language = main_language(posts)
    sentences = candidates(posts)
    if not sentences:
        return []
    features = measure(
        sentences,
        len(posts),
        [post.language or language for post in posts],
        min(length.words, 15 * length.sentences),
    )
    return [
        sentences[i] for i in sorted(_choose(sentences, features, posts, length, None, named=named))
    ]


def main_language(posts: Sequence[SourcePost]) -> str | None:
    """Return the language most of the thread is in: as stated, else as guessed."""
    stated = Counter(post.language for post in posts if post.language)
    if not stated:
        stated = Counter(
            guess for post in posts[:SAMPLE] if (guess := detect_language(post.text)) is not None
        )
    return stated.most_common(1)[0][0] if stated else None


def author_of(post: SourcePost) -> str:
    """Return what tells authors apart; a post without any author counts as its own."""
    return post.author_id or post.author or post.id


def _gist(sentences: Sequence[Candidate], features: Features) -> int | None:
    """Choose the sentence that says best what the thread is about.

    The opening post sets the topic, so its most telling sentence is taken if it has one.
    """
    fitting = [i for i, s in enumerate(sentences) if FEWEST_GIST_WORDS <= s.words <= GIST_WORDS]
    opening = [i for i in fitting if sentences[i].post == 0]
    choice = opening or fitting
    gains = _Gains(sentences, features)
    return max(choice, key=lambda i: (gains.of(i) * features.words[i] ** 0.35, -i), default=None)


def _choose(
    sentences: Sequence[Candidate],
    features: Features,
    posts: Sequence[SourcePost],
    length: Length,
    gist: int | None,
    *,
    named: bool = False,
) -> list[int]:
    """Pick greedily what adds most, while words and sentences last and no author fills it.

    A lazy heap: gains only ever fall, so an entry is measured anew only when it comes up.
    """
    authors = [author_of(posts[s.post]) for s in sentences]
    most = _most_for_one(len(set(authors)), length.sentences)
    gains = _Gains(sentences, features, authors)
    if gist is not None:
        gains.take(gist)
    spoken: Counter[str] = Counter()
    chosen: list[int] = []
    words = 0
    for i in gains.best_first():
        if len(chosen) >= length.sentences or length.words - words < 4:
            break
        cost = sentences[i].words + (len(posts[sentences[i].post].author.split()) if named else 0)
        too_long = words + cost > length.words and (bool(chosen) or cost > 1.5 * length.words)
        if i == gist or too_long or spoken[authors[i]] >= most:
            continue
        chosen.append(i)
        words += cost
        spoken[authors[i]] += 1
        gains.take(i)
    return chosen


def _most_for_one(people: int, sentences: int) -> int:
    """Return how many sentences one person may have: a third, where there are enough others."""
    return sentences if people <= 3 else max(1, round(sentences / 3))


class _Gains:
    """What each sentence would still add, given what is taken."""

    def __init__(
        self,
        sentences: Sequence[Candidate],
        features: Features,
        authors: Sequence[str] | None = None,
    ) -> None:
        self._sentences = sentences
        self._features = features
        self._authors = authors or [""] * len(sentences)
        self._weights = features.weights.copy()
        self._of_author: dict[str, float] = {}
        self._of_post: dict[int, float] = {}
        self._taken = 0

    def of(self, i: int) -> float:
        """Return the gain of sentence `i`."""
        share = self._features.share
        remaining = float(self._weights[self._terms(i)].sum())
        remaining += 0.3 * share * float(self._features.words[i])
        damping = self._of_author.get(self._authors[i], 1.0)
        damping *= self._of_post.get(self._sentences[i].post, 1.0)
        return remaining * float(self._features.priors[i]) * damping

    def take(self, i: int) -> None:
        """Take sentence `i`: its terms lose most of their weight, its author and post some."""
        share, author, post = self._features.share, self._authors[i], self._sentences[i].post
        self._weights[self._terms(i)] *= 0.35 * share
        self._of_author[author] = self._of_author.get(author, 1.0) * 0.9
        self._of_post[post] = self._of_post.get(post, 1.0) * (1 - 0.8 * share)
        self._taken += 1

    def best_first(self) -> Iterator[int]:
        """Yield sentences, the one with the largest present gain first, each once."""
        heap = [(-self.of(i), i, self._taken) for i in range(len(self._sentences))]
        heapq.heapify(heap)
        while heap:
            _, i, measured = heapq.heappop(heap)
            if measured < self._taken:
                heapq.heappush(heap, (-self.of(i), i, self._taken))
            else:
                yield i

    def _terms(self, i: int) -> "np.typing.NDArray[np.int64]":
        return self._features.terms[self._features.starts[i] : self._features.starts[i + 1]]


def _cited(sentence: Candidate, posts: Sequence[SourcePost]) -> CitedSentence:
    post = posts[sentence.post]
    return CitedSentence(sentence.text, post.id, post.author, post.url)


def _warnings(posts: Sequence[SourcePost]) -> str | None:
    found = dict.fromkeys(post.cw.strip() for post in posts if post.cw and post.cw.strip())
    return "; ".join(found)[:300] or None
