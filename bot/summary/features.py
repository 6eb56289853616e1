"""What is measured of each sentence before any is chosen.

The weight of a term grows with the number of posts that use it and shrinks with how common it is
in its language; a term that one post alone uses weighs nothing. Each sentence has a prior: how
central its words are to the thread and how many of them replies take up, less punctuation, links,
and distance from the post's start.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from wordfreq import available_languages, get_frequency_dict

from bot.summary.candidates import Candidate, has_url
from bot.summary.model import SourcePost
from bot.summary.replies import taken_up
from bot.summary.text import stems, tokens

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON, RARE = 6.0, 3.0
"""Zipf frequencies: from a word of every page down to one in a million."""
WORDS_PER_POST = 15.0
"""How much of the budget one post needs to be shown at all."""
SHORT, LONG = 6, 40
TAKEN_UP = 1.2
"""How much it counts that all of a sentence's words recur in the replies."""

POINTING = re.compile(
    r"(?:please )?(?:read|see|check|look|watch|click|try|visit|go|ask|google|search|imagine|"
    r"lies|siehe|schau|lisez|voir|regardez|lee|mira|leia|veja|leggi|guarda|lees|kijk)\b",
    re.IGNORECASE,
)
UNFINISHED = ("...", "…", ":", " etc", " etc.", " usw", " usw.", " and so on", " and so on.")
CLOSING = " \"'”’»)]"
DANGLING = frozenset(
    """of to the a an and or with for by than that is are von der die das und mit oder de la le les
    et du des y el los con di il van het een en""".split()  # noqa: SIM905
)
"""Last words of a line that code or a list follows, not of a sentence."""
LEANING = re.compile(
    r"(?:this|that|these|those|it|they|he|she|so|and|but|also|however|then|which|because|"
    r"das|dies\w*|und|aber|also|denn|ce|cela|ça|et|mais|donc|esto|eso|y|pero|isso|e|mas|"
    r"questo|ma|dat|dit|en|maar)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Features:
    """A thread in numbers. `rows[k]` is a sentence that has the term `terms[k]`, each pair once.

    `weights`: of each term; `of_post[k]` is a post with the term `in_post[k]`. `priors`, `words`:
    of each sentence. `share`: of the posts that the word budget can show (kappa in the docs),
    between 0 and 1.
    """

    rows: Ints
    terms: Ints
    weights: Floats
    rare: Floats
    of_post: Ints
    in_post: Ints
    priors: Floats
    words: Floats
    share: float


def measure(
    sentences: Sequence[Candidate],
    posts: Sequence[SourcePost],
    language: str | None,
    budget: int,
) -> Features:
    """Measure the sentences of a thread, mainly in `language`, for so many words."""
    share = min(1.0, budget / WORDS_PER_POST / max(1, len(posts)))
    found = _Terms(sentences, [post.language or language for post in posts])
    size, number = max(1, found.size), len(sentences)
    pairs = np.unique(found.owner * size + found.flat)
    rows, terms = pairs // size, pairs % size
    of_sentence = np.array([s.post for s in sentences], np.int64)
    in_posts = np.unique(of_sentence[found.owner] * size + found.flat)
    of_post, in_post = in_posts // size, in_posts % size
    used_by = np.bincount(in_post, minlength=size)
    zipf = found.zipf(np.bincount(terms, minlength=size), number)
    rarity = np.clip((COMMON - np.maximum(zipf, RARE)) / (COMMON - RARE), 0, None)
    weights = np.where(used_by > 1, np.sqrt(np.log1p(used_by)) * rarity, 0.0)
    rare = np.where(used_by > 1, rarity * np.log((len(posts) + 1) / np.maximum(1, used_by)), 0.0)
    words = np.array([s.words for s in sentences], float)
    central = _percentiles(_centrality(found.flat, rows, terms, number, size))
    going_on = taken_up(posts, of_post, in_post)[
        np.searchsorted(in_posts, of_sentence[rows] * size + terms)
    ]
    whole = np.bincount(rows, weights=weights[terms], minlength=number)
    heard = np.bincount(rows, weights=weights[terms] * going_on, minlength=number)
    priors = _priors(sentences, central, words, share)
    priors *= np.exp(TAKEN_UP * heard / np.maximum(whole, 1e-9))
    return Features(rows, terms, weights, rare, of_post, in_post, priors, words, share)


class _Terms:
    """The stems of each sentence, as numbers: `flat[k]` stands in sentence `owner[k]`."""

    def __init__(self, sentences: Sequence[Candidate], languages: Sequence[str | None]) -> None:
        self._index: dict[str, int] = {}
        self._frequencies: list[float] = []
        words = [tokens(sentence.text) for sentence in sentences]
        spoken = [languages[sentence.post] for sentence in sentences]
        known: dict[str | None, dict[str, int]] = {}
        for language in set(spoken):
            of_it = (row for row, its in zip(words, spoken, strict=True) if its == language)
            known[language] = self._learn(list(dict.fromkeys(chain(*of_it))), language)
        flat = [known[its][word] for row, its in zip(words, spoken, strict=True) for word in row]
        self.flat = np.array(flat, np.int64)
        self.owner = np.repeat(np.arange(len(sentences)), [len(row) for row in words])

    @property
    def size(self) -> int:
        """Return the number of distinct stems."""
        return len(self._index)

    def zipf(self, sentences_with: Ints, sentences: int) -> Floats:
        """Return how common each term is in its language.

        Where no frequencies are known for a language, what stands in more than an eighth of the
        thread's sentences counts as common.
        """
        known = np.array(self._frequencies or [0.0])
        guessed = np.where(sentences_with > max(3, 0.12 * sentences), COMMON, RARE)
        return np.asarray(np.where(known < 0, guessed, known))

    def _learn(self, words: list[str], language: str | None) -> dict[str, int]:
        """Number the stems of distinct words, and keep the frequency of each one's commonest."""
        common = frequencies((language or "").partition("-")[0])
        found = {}
        for word, stem in zip(words, stems(words, language), strict=True):
            found[word] = term = self._index.setdefault(stem, len(self._index))
            if term == len(self._frequencies):
                self._frequencies.append(-1.0)
            if common and (frequency := common.get(word, 0.0)) > self._frequencies[term]:
                self._frequencies[term] = frequency
        return found


def _priors(sentences: Sequence[Candidate], central: Floats, words: Floats, share: float) -> Floats:
    place = np.minimum([s.place for s in sentences], 8)
    marks = np.array([s.marks for s in sentences])
    links = np.array([1.0 if has_url(s.text) else 0.0 for s in sentences])
    first = np.array([1.2 if s.post == sentences[0].post else 1.0 for s in sentences])
    prior = np.exp(1.4 * central - 7 * marks - 0.5 * links - (0.08 + 0.25 * share) * place)
    prior *= first * np.where(words < SHORT, 0.3, 1.0) * np.where(words > LONG, 0.5, 1.0)
    prior *= np.array([alone(s.text) for s in sentences])
    return np.asarray(prior * words**-0.45)


def alone(text: str) -> float:
    """Return how well a sentence stands without its neighbours: 1, or less.

    Away from its post, one that sends the reader elsewhere ("Read the terms") says nothing, one
    that breaks off misses its point, and one that begins with "This" or "But" leans a little on
    another.
    """
    score = 1.0
    if POINTING.match(text):
        score *= 0.3
    if text.rstrip(CLOSING).endswith(UNFINISHED) or text.rpartition(" ")[2].casefold() in DANGLING:
        score *= 0.5
    if LEANING.match(text):
        score *= 0.9  # speech is full of such starts
    return score


def _centrality(flat: Ints, rows: Ints, terms: Ints, sentences: int, size: int) -> Floats:
    """Return the mean probability, in the thread, of each sentence's terms."""
    probability = np.bincount(flat, minlength=size) / max(1, len(flat))
    total = np.bincount(rows, weights=probability[terms], minlength=sentences)
    return np.asarray(total / np.maximum(1, np.bincount(rows, minlength=sentences)))


def _percentiles(values: Floats) -> Floats:
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(order / max(1, len(values) - 1))


@lru_cache(maxsize=16)
def frequencies(language: str) -> Mapping[str, float]:
    """Return Zipf frequencies of a language's words, empty where there are none."""
    if language not in _languages():
        return {}
    small: dict[str, Any] = get_frequency_dict(language, "small")
    return {word: math.log10(share) + 9 for word, share in small.items()}


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    return frozenset(available_languages())
