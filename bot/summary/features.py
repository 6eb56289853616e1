"""What is measured of each sentence before any is chosen.

The weight of a term grows with the number of posts that use it and shrinks with how common it is
in its language; a term that one post alone uses weighs nothing. Each sentence has a prior: how
central its words are to the thread and how many of them replies take up, less punctuation, links,
and distance from the post's start.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from wordfreq import available_languages, get_frequency_dict

from bot.summary.alone import alone
from bot.summary.candidates import Candidate, has_url
from bot.summary.discourse import ASKED
from bot.summary.model import Length, SourcePost
from bot.summary.replies import is_opened, preorder, taken_up
from bot.summary.text import stems, tokens
from bot.summary.unaided import POINTING, unaided

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COMMON, RARE = 6.0, 3.0
"""Zipf frequencies: from a word of every page down to one in a million."""
WORDS_PER_POST = 15.0
"""How much of the budget one post needs to be shown at all."""
WORDS_PER_SENTENCE = 20.0
"""From so many on, the number of sentences bounds a summary, not that of its words."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a sentence's words cost it, and how much it counts to be central, and so on.

    `halting` is what hesitation costs, `asking` what remains of a question, `alone` a power.
    """

    length: float
    central: float
    halting: float
    asking: float
    alone: float


BY_WORDS = Bound(length=0.45, central=1.4, halting=2.0, asking=1.0, alone=1.0)
BY_SENTENCES = Bound(length=0.35, central=1.2, halting=6.0, asking=0.6, alone=2.0)
"""Where sentences are few, each may say more, and not all should say what is most typical; and
what is answered says more than what was asked (an open question is heard by itself); and
few are read as quotations, each by itself, and not as the thread they stand for."""
BRIEFER = 0.1
"""How much more a sentence's words cost it where all posts can be shown: so more are heard."""
SHORT, LONG = 6, 40
TAKEN_UP = 1.2
"""How much it counts that all of a sentence's words recur in the replies."""
Tone = Literal["", "hesitating", "coarse", "pointing"]
HESITATIONS = frozenset(
    """uh uhm um umm er erm eh hm hmm mm mmm mhm äh ähm öh hä euh heu bah ehm este yyy eee э ээ эм
    ええ えと あの 嗯嗯 呃呃 음음""".split()  # noqa: SIM905  a list of words is read more easily as words
)
COARSE = frozenset(
    """fuck fucks fucked fucking fucker motherfucker shit shits shitty bullshit asshole assholes
    bitch bitches cunt scheiße scheiss scheiß arschloch fick ficken verfickt verfickte merde putain
    connard connards enculé mierda joder puta gilipollas cabrón coño merda porra caralho foda
    foder cazzo stronzo stronza stronzi stronzate vaffanculo klootzak godverdomme kut kurwa kurwy
    jebać jebane pierdolić pierdolone chuj блять бля хуй хуйня пиздец ебать ёбаный クソ 他妈 傻逼
    씨발 시발 병신 شرموطة""".split()  # noqa: SIM905
)
"""Who reads what the bot publishes did not choose that tone; a calmer sentence is preferred."""
COARSELY = 0.4
REMEMBERED = 10_000
"""Words of one language that are remembered, in up to 16 languages."""
UNKNOWN = -1.0
"""The frequency of all words of a language of which none are known."""
LISTED = 0.4
"""An item of a list says what the line before the list announces."""


@dataclass(frozen=True, slots=True)
class Features:
    """A thread in numbers. `rows[k]` is a sentence that has the term `terms[k]`, each pair once.

    `weights`: of each term; `of_post[k]` is a post with the term `in_post[k]`. `priors`, `words`:
    of each sentence. `share`: of the posts that the word budget can show (kappa in the docs),
    between 0 and 1. `opened`: whether the first post set the topic.
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
    opened: bool


def measure(
    sentences: Sequence[Candidate],
    posts: Sequence[SourcePost],
    language: str | None,
    length: Length,
) -> Features:
    """Measure the sentences of a thread, mainly in `language`, for a summary of some length."""
    shown = min(length.words / WORDS_PER_POST, length.sentences)
    share = min(1.0, shown / max(1, len(posts)))
    few = quotes_few(length)
    bound = BY_SENTENCES if few else BY_WORDS
    found = _Terms(sentences, [post.language or language for post in posts])
    size, number = max(1, found.size), len(sentences)
    pairs = _distinct(found.owner * size + found.flat)
    rows, terms = pairs // size, pairs % size
    of_sentence = np.array([s.post for s in sentences], np.int64)
    in_posts = _distinct(of_sentence[found.owner] * size + found.flat)
    of_post, in_post = in_posts // size, in_posts % size
    used_by = np.bincount(in_post, minlength=size)
    zipf = found.zipf(np.bincount(terms, minlength=size), number)
    rarity = np.maximum((COMMON - np.maximum(zipf, RARE)) / (COMMON - RARE), 0)
    weights = np.where(used_by > 1, np.sqrt(np.log1p(used_by)) * rarity, 0.0)
    rare = np.where(used_by > 1, rarity * np.log((len(posts) + 1) / np.maximum(1, used_by)), 0.0)
    words = np.array([s.words for s in sentences], float)
    central = _percentiles(_centrality(found.flat, rows, terms, number, size))
    place, below = preorder(posts)
    opened = is_opened(below)
    going_on = taken_up(place, below, of_post, in_post)[
        np.searchsorted(in_posts, of_sentence[rows] * size + terms)
    ]
    whole = np.bincount(rows, weights=weights[terms], minlength=number)
    heard = np.bincount(rows, weights=weights[terms] * going_on, minlength=number)
    priors = _priors(sentences, words, share, bound, opens=opened)
    priors *= (
        np.exp(bound.central * central)
        * words ** -(bound.length + BRIEFER * roomy(share))
        * found.manners(number, bound.halting)
    )
    priors *= np.exp(TAKEN_UP * heard / np.maximum(whole, 1e-9))
    if few:
        priors *= unaided(sentences, posts, words, found.pointing(number))
    return Features(rows, terms, weights, rare, of_post, in_post, priors, words, share, opened)


def quotes_few(length: Length) -> bool:
    """Tell whether the number of sentences bounds a summary, so that each is read by itself."""
    return length.words > WORDS_PER_SENTENCE * length.sentences


def roomy(share: float) -> float:
    """Return how near the budget is to showing all posts, if it can show this `share` of them.

    Between 0, where it shows no more than half, and 1. The nearer, the less anybody has to stand
    for others, and the more each is to be heard.
    """
    return max(0.0, 2 * share - 1)


class _Terms:
    """The stems of each sentence, as numbers: `flat[k]` stands in sentence `owner[k]`."""

    def __init__(self, sentences: Sequence[Candidate], languages: Sequence[str | None]) -> None:
        self._index: dict[str, int] = {}
        self._commonest = np.full(0, UNKNOWN)
        self._toned: dict[Tone, list[int]] = {"hesitating": [], "coarse": [], "pointing": []}
        words = [tokens(sentence.text) for sentence in sentences]
        spoken = [languages[sentence.post] for sentence in sentences]
        known: dict[str | None, dict[str, int]] = {}
        for language in dict.fromkeys(spoken):  # in the order of the thread, not of their hashes
            of_it = (row for row, its in zip(words, spoken, strict=True) if its == language)
            known[language] = self._learn(list(dict.fromkeys(chain(*of_it))), language)
        rows = (map(known[its].__getitem__, row) for row, its in zip(words, spoken, strict=True))
        self.flat = np.array(list(chain.from_iterable(rows)), np.int64)
        self.owner = np.repeat(np.arange(len(sentences)), [len(row) for row in words])

    def manners(self, sentences: int, cost: float) -> Floats:
        """Return what the tone of each sentence leaves of it: 1, or less.

        Less the more of its words hesitate, as in transcripts of speech, or are said twice in a
        row, at a `cost`; and less if one is coarse.
        """
        twice = (self.owner[1:] == self.owner[:-1]) & (self.flat[1:] == self.flat[:-1])
        halts = self._is_toned("hesitating")
        halts[1:] |= twice
        again = (self.owner[2:] == self.owner[:-2]) & (self.flat[2:] == self.flat[:-2])
        halts[3:] |= again[1:] & again[:-1]  # "I should I should"
        count = np.bincount(self.owner, minlength=sentences)
        halting = np.bincount(self.owner, weights=halts, minlength=sentences)
        found = np.exp(-cost * halting / np.maximum(1, count))
        found[self.owner[self._is_toned("coarse")]] *= COARSELY
        return np.asarray(found)

    def pointing(self, sentences: int) -> Floats:
        """Return the share of each sentence's words that point at what is not in it."""
        points = self._is_toned("pointing")
        count = np.bincount(self.owner, minlength=sentences)
        return np.asarray(
            np.bincount(self.owner, weights=points, minlength=sentences) / np.maximum(1, count)
        )

    def _is_toned(self, tone: Tone) -> Bools:
        """Tell of each word whether it has a tone."""
        toned = np.zeros(max(1, self.size), bool)
        toned[self._toned[tone]] = True
        return toned[self.flat]

    @property
    def size(self) -> int:
        """Return the number of distinct stems."""
        return len(self._index)

    def zipf(self, sentences_with: Ints, sentences: int) -> Floats:
        """Return how common each term is in its language.

        Where no frequencies are known for a language, what stands in more than an eighth of the
        thread's sentences counts as common.
        """
        known = self._commonest if self.size else np.zeros(1)
        guessed = np.where(sentences_with > max(3, 0.12 * sentences), COMMON, RARE)
        return np.asarray(np.where(known < 0, guessed, known))

    def _learn(self, words: list[str], language: str | None) -> dict[str, int]:
        """Number the stems of distinct words, and keep the frequency of each one's commonest."""
        code = (language or "").partition("-")[0]
        known = list(map(_vocabulary(code).__getitem__, words))
        for stem in dict.fromkeys(stem for stem, _, _ in known):
            self._index.setdefault(stem, len(self._index))
        terms = [self._index[stem] for stem, _, _ in known]
        commonest = np.full(len(self._index), UNKNOWN)
        commonest[: len(self._commonest)] = self._commonest
        np.maximum.at(commonest, terms, [frequency for _, frequency, _ in known])
        self._commonest = commonest
        for term, (_, _, tone) in zip(terms, known, strict=True):
            if tone:
                self._toned[tone].append(term)
        return dict(zip(words, terms, strict=True))


def _priors(
    sentences: Sequence[Candidate], words: Floats, share: float, bound: Bound, *, opens: bool
) -> Floats:
    place = np.minimum([s.place for s in sentences], 8)
    marks = np.array([s.marks for s in sentences])
    links = np.array([1.0 if has_url(s.text) else 0.0 for s in sentences])
    first = np.array([1.2 if s.post == 0 and opens else 1.0 for s in sentences])
    prior = np.exp(-7 * marks - 0.5 * links - (0.08 + 0.25 * share) * place)
    prior *= first * np.where(words < SHORT, 0.3, 1.0) * np.where(words > LONG, 0.5, 1.0)
    prior *= np.array([bound.asking if s.text.endswith(ASKED) else 1.0 for s in sentences])
    prior *= np.array([alone(s.text) for s in sentences]) ** bound.alone
    prior *= np.array([LISTED if s.listed else 1.0 for s in sentences])
    return np.asarray(prior)


def _centrality(flat: Ints, rows: Ints, terms: Ints, sentences: int, size: int) -> Floats:
    """Return the mean probability, in the thread, of each sentence's terms."""
    probability = np.bincount(flat, minlength=size) / max(1, len(flat))
    total = np.bincount(rows, weights=probability[terms], minlength=sentences)
    return np.asarray(total / np.maximum(1, np.bincount(rows, minlength=sentences)))


def _percentiles(values: Floats) -> Floats:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks / max(1, len(values) - 1)


def _distinct(values: Ints) -> Ints:
    """Return each value once, in order: in short arrays faster than `np.unique`."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


class _Vocabulary(dict[str, tuple[str, float, Tone]]):
    """What is known of the words of one language, each looked up once.

    It is emptied when it is full: to keep count of which word was used last, as `lru_cache` does,
    costs more than to look some up again.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> tuple[str, float, Tone]:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[word] = look_up(word, self._language)
        return found


@lru_cache(maxsize=16)
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


def look_up(word: str, language: str) -> tuple[str, float, Tone]:
    """Return a word's stem, how common it is (`UNKNOWN` where none is known), and its tone."""
    common = frequencies(language)
    tone: Tone = "hesitating" if word in HESITATIONS else "coarse" if word in COARSE else ""
    if not tone and word.replace("’", "'") in POINTING.get(language, ()):
        tone = "pointing"
    return stems([word], language)[0], common.get(word, 0.0) if common else UNKNOWN, tone


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
