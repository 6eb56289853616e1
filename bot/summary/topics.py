"""Sub-topics of a thread: how many of its posts a choice of sentences stands for.

Posts are compared by what they have in common once single words are folded into a few directions
(latent semantic analysis, Deerwester et al. 1990); a sentence adds as much as it comes closer to
posts that no chosen one is close to (facility location, Lin and Bilmes 2011).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DIRECTIONS = 16
SAMPLED = 512
"""Posts that the directions are found in, evenly spaced: more hardly turn them."""
STANDING_FOR = 2000
"""Posts that are stood for, evenly spaced."""


class Coverage:
    """How near each of some sentences is to each post, and how near the chosen ones are."""

    def __init__(self, sentences: Floats, posts: Floats) -> None:
        self._near = np.maximum(sentences @ posts.T, 0.0)
        self._reached = np.zeros(len(posts))

    def gains(self) -> Floats:
        """Return how much nearer to the posts each sentence would bring the choice."""
        return np.asarray(np.maximum(self._near - self._reached, 0.0).sum(axis=1))

    def take(self, i: int) -> None:
        """Take sentence `i`."""
        self._reached = np.maximum(self._reached, self._near[i])


def directions(of_post: Ints, terms: Ints, weights: Floats, posts: int) -> Floats:
    """Return the first right singular vectors (terms x directions) of the weighted posts."""
    chosen = np.unique(np.linspace(0, posts - 1, min(posts, SAMPLED)).astype(np.int64))
    row_of = np.full(posts, -1, np.int64)
    row_of[chosen] = np.arange(len(chosen))
    inside = (row_of[of_post] >= 0) & (weights[terms] > 0)
    used, columns = np.unique(terms[inside], return_inverse=True)
    matrix = np.zeros((len(chosen), len(used)))
    matrix[row_of[of_post[inside]], columns] = weights[used][columns]
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9
    values, left = np.linalg.eigh(matrix @ matrix.T)
    kept = np.argsort(-values)[: min(DIRECTIONS, len(chosen) - 1)]
    kept = kept[values[kept] > 1e-9]
    found = np.zeros((len(weights), len(kept)))
    found[used] = matrix.T @ (left[:, kept] / np.sqrt(values[kept]))
    return found


def project(rows: Ints, terms: Ints, weights: Floats, basis: Floats, size: int) -> Floats:
    """Return `size` rows of weighted terms in the directions of `basis`, each of length 1."""
    weighted = weights[terms]
    columns: list[Any] = [
        np.bincount(rows, weights=weighted * basis[terms, k], minlength=size)
        for k in range(basis.shape[1])
    ]
    found = np.stack(columns, axis=1) if columns else np.zeros((size, 0))
    return np.asarray(found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9))
