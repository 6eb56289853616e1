"""What is measured of each sentence before any is chosen.

The weight of a term grows with the number of posts that use it and shrinks with how common it is
in its language; a term that one post alone uses weighs nothing. Each sentence has a prior: how
central its words are to the thread, less punctuation, links, and distance from the post's start.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from wordfreq import available_languages, get_frequency_dict

from bot.summary.candidates import URLS, Candidate
from bot.summary.text import stems, tokens

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMON, RARE = 6.0, 3.0
"""Zipf frequencies: from a word of every page down to one in a million."""
WORDS_PER_POST = 15.0
"""How much of the budget one post needs to be shown at all."""
SHORT, LONG = 6, 40

POINTING = re.compile(
    r"(?:please )?(?:read|see|check|look|watch|click|try|visit|go|ask|google|search|imagine|"
    r"lies|siehe|schau|lisez|voir|regardez|lee|mira|leia|veja|leggi|guarda|lees|kijk)\b",
    re.IGNORECASE,
)
MARKS = re.compile(r"[^\w\s]|_")
UNFINISHED = re.compile(
    r"(?:\band so (?:on|forth)|\betc|\busw|\.\.\.|…|:)\W*$",
    re.IGNORECASE,
)
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
    """A thread in numbers. Sentence i has the terms `terms[starts[i]:starts[i + 1]]`.

    `weights`: of each term. `priors`, `words`: of each sentence. `share`: of the posts that the
    word budget can show (kappa in the docs), between 0 and 1.
    """

    terms: Ints
    starts: list[int]
    weights: Floats
    priors: Floats
    words: Floats
    share: float


def measure(
    sentences: Sequence[Candidate], posts: int, languages: Sequence[str | None], budget: int
) -> Features:
    """Measure sentences of a thread of `posts` posts; `languages` gives that of each post."""
    per_sentence = [_stemmed(s.text, languages[s.post]) for s in sentences]
    index: dict[str, int] = {}
    ids = [[index.setdefault(stem, len(index)) for stem, _ in pairs] for pairs in per_sentence]
    flat = np.fromiter((i for row in ids for i in row), np.int64)
    owner = np.repeat(np.arange(len(ids)), [len(row) for row in ids])
    of_post = np.array([s.post for s in sentences], np.int64)
    zipf = _zipf(per_sentence, index, flat, owner, len(ids))
    share = min(1.0, budget / WORDS_PER_POST / max(1, posts))
    in_posts = _distinct(flat * posts + of_post[owner], posts, len(index))
    weights = np.where(
        in_posts > 1,
        np.log1p(in_posts) * np.clip((COMMON - np.maximum(zipf, RARE)) / (COMMON - RARE), 0, None),
        0.0,
    )
    pairs = np.unique(owner * max(1, len(index)) + flat)
    rows, terms = pairs // max(1, len(index)), pairs % max(1, len(index))
    words = np.array([s.words for s in sentences], float)
    central = _percentiles(_centrality(flat, rows, terms, len(ids), len(index)))
    priors = _priors(sentences, central, words, share)
    starts = np.searchsorted(rows, np.arange(len(ids) + 1)).tolist()
    return Features(terms, starts, weights, priors, words, share)


def _priors(sentences: Sequence[Candidate], central: Floats, words: Floats, share: float) -> Floats:
    place = np.minimum([s.place for s in sentences], 8)
    marks = np.array([_marks(s.text) for s in sentences])
    links = np.array([1.0 if URLS.search(s.text) else 0.0 for s in sentences])
    first = np.array([1.2 if s.post == sentences[0].post else 1.0 for s in sentences])
    prior = np.exp(1.4 * central - 4 * marks - 0.5 * links - (0.08 + 0.25 * share) * place)
    prior *= first * np.where(words < SHORT, 0.3, 1.0) * np.where(words > LONG, 0.5, 1.0)
    prior *= np.array([alone(s.text) for s in sentences])
    return np.asarray(prior * words**-0.6)


def alone(text: str) -> float:
    """Return how well a sentence stands without its neighbours: 1, or less.

    Away from its post, one that sends the reader elsewhere ("Read the terms") says nothing, one
    that breaks off misses its point, and one that begins with "This" or "But" leans a little on
    another.
    """
    score = 1.0
    if POINTING.match(text):
        score *= 0.3
    if UNFINISHED.search(text[-40:]) or text.rpartition(" ")[2].casefold() in DANGLING:
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


def _distinct(keys: Ints, width: int, size: int) -> Ints:
    """Count, for each term, the distinct groups it occurs in; `keys` are term * width + group."""
    return np.bincount(np.unique(keys) // max(1, width), minlength=size)


def _stemmed(text: str, language: str | None) -> list[tuple[str, float | None]]:
    words = tokens(text)
    known = frequencies((language or "").partition("-")[0])
    found = [known.get(word, 0.0) if known else None for word in words]
    return list(zip(stems(words, language), found, strict=True))


def _zipf(
    pairs: Sequence[Sequence[tuple[str, float | None]]],
    index: Mapping[str, int],
    flat: Ints,
    owner: Ints,
    sentences: int,
) -> Floats:
    """Return how common each term is in its language.

    Where no frequencies are known for a language, what stands in more than an eighth of the
    thread's sentences counts as common.
    """
    zipf = np.full(len(index), -1.0)
    for row in pairs:
        for stem, frequency in row:
            term = index[stem]
            if frequency is not None and zipf[term] < frequency:
                zipf[term] = frequency
    often = _distinct(flat * max(1, sentences) + owner, sentences, len(index))
    guessed = np.where(often > max(3, 0.12 * sentences), COMMON, RARE)
    return np.asarray(np.where(zipf < 0, guessed, zipf))


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


def _marks(text: str) -> float:
    return len(MARKS.findall(text)) / max(1, len(text))
