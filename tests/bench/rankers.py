"""Known ways to rank the sentences of a thread: what the engine is measured against.

All take the same candidates and return all their indexes, best first. LexRank: Erkan and Radev
2004. TextRank: Mihalcea and Tarau 2004. SumBasic: Nenkova and Vanderwende 2005.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.summary.candidates import Candidate
from bot.summary.features import frequencies
from bot.summary.text import stems, tokens

Floats = NDArray[np.float64]
Ranker = Callable[[Sequence[Candidate], str], list[int]]

COMMON = 5.5
"""Zipf frequency from which a word counts as a stop word here."""
DAMPING = 0.85
THRESHOLD = 0.1
ROUNDS = 30


def lead(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Take the sentences as they come."""
    return list(range(len(sentences)))


def first_of_each(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Take the first sentence of each post, then the second of each."""
    return sorted(range(len(sentences)), key=lambda i: (sentences[i].place, i))


def at_random(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Take any, the same in each run."""
    order = list(range(len(sentences)))
    random.Random(len(sentences)).shuffle(order)  # noqa: S311
    return order


def lexrank(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Rank by PageRank over sentences whose TF-IDF cosine exceeds a threshold."""
    counts = _matrix(_contents(sentences, language))
    idf = np.log(len(counts) / np.maximum(1, (counts > 0).sum(axis=0)))
    weighted = counts * idf
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    weighted /= np.where(norms > 0, norms, 1)
    return _pagerank((weighted @ weighted.T > THRESHOLD).astype(float))


def textrank(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Rank by PageRank over the words that sentences share, by the logarithms of their lengths."""
    counts = (_matrix(_contents(sentences, language)) > 0).astype(float)
    lengths = np.log(np.maximum(1, counts.sum(axis=1)))
    both = lengths[:, None] + lengths[None, :]
    shared = counts @ counts.T
    np.fill_diagonal(shared, 0)
    return _pagerank(np.where(both > 0, shared / np.where(both > 0, both, 1), 0))


def sumbasic(sentences: Sequence[Candidate], language: str) -> list[int]:
    """Take the sentence with the likeliest words, then square the probability of its words."""
    rows = _contents(sentences, language)
    counts = Counter(word for row in rows for word in row)
    total = max(1, sum(counts.values()))
    probability = {word: count / total for word, count in counts.items()}
    left = [i for i, row in enumerate(rows) if row]
    order: list[int] = []
    while left and len(order) < 100:
        best = max(left, key=lambda i: (sum(probability[w] for w in rows[i]) / len(rows[i]), -i))
        left.remove(best)
        order.append(best)
        for word in set(rows[best]):
            probability[word] **= 2
    return order + [i for i in range(len(rows)) if i not in set(order)]


RANKERS: dict[str, Ranker] = {
    "lexrank": lexrank,
    "textrank": textrank,
    "sumbasic": sumbasic,
    "lead": lead,
    "first_of_each": first_of_each,
}


def _contents(sentences: Sequence[Candidate], language: str) -> list[list[str]]:
    known = frequencies(language)
    return [
        stems([w for w in tokens(s.text) if known.get(w, 0) < COMMON], language) for s in sentences
    ]


def _matrix(rows: Sequence[Sequence[str]]) -> Floats:
    index: dict[str, int] = {}
    ids = [[index.setdefault(word, len(index)) for word in row] for row in rows]
    counts = np.zeros((len(rows), max(1, len(index))))
    for number, row in enumerate(ids):
        np.add.at(counts[number], row, 1)
    return counts


def _pagerank(links: Floats) -> list[int]:
    size = len(links)
    out = links.sum(axis=1, keepdims=True)
    moves = np.where(out > 0, links / np.where(out > 0, out, 1), 1 / max(1, size))
    ranks = np.full(size, 1 / max(1, size))
    for _ in range(ROUNDS):
        ranks = (1 - DAMPING) / max(1, size) + DAMPING * (ranks @ moves)
    return [int(i) for i in np.argsort(-ranks, kind="stable")]
