"""What each sentence of a thread would still add, given what is chosen."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.summary.candidates import Candidate
from bot.summary.features import Features, roomy
from bot.summary.topics import STANDING_FOR, Coverage, directions, project

Floats = NDArray[np.float64]

LISTED = 512
"""Sentences of a long thread that are weighed against each other, the best by themselves."""
STANDING = 0.5
"""How much it counts for how many posts a sentence stands."""


class Gains:
    """The gain of each sentence: its words that are not yet said, times what it stands for.

    Where the budget can show most posts (`Features.share` near 1), there is nothing to stand for.
    """

    def __init__(
        self,
        sentences: Sequence[Candidate],
        features: Features,
        authors: Sequence[str] | None = None,
    ) -> None:
        self._features = features
        self._weights = features.weights.copy()
        self._priors = features.priors.copy()
        self._open = np.ones(len(sentences), bool)
        self._posts = np.array([s.post for s in sentences])
        codes: dict[str, int] = {}
        self._authors = np.array(
            [codes.setdefault(name, len(codes)) for name in authors or [""] * len(sentences)]
        )
        listed = np.arange(len(sentences))
        if len(sentences) > LISTED:
            listed = np.sort(np.argsort(-self._alone(), kind="stable")[:LISTED])
        self._listed = listed
        self._coverage = self._stand_for() if features.share < 1 and authors else None

    def now(self) -> Floats:
        """Return the present gain of each sentence."""
        gains = self._alone()
        if self._coverage is not None:
            power = STANDING * (1 - self._features.share)
            standing = np.zeros(len(gains))
            standing[self._listed] = (self._coverage.gains() + 1e-3) ** power
            gains *= standing
        return gains

    def best_first(self) -> Iterator[int]:
        """Yield the sentences not taken or left, the one with the largest present gain first."""
        gains = self.now()
        for i in np.argsort(-gains, kind="stable").tolist():
            if self._open[i]:
                yield i

    def leave(self, i: int) -> None:
        """Never offer sentence `i` again."""
        self._open[i] = False

    def take(self, i: int) -> None:
        """Take sentence `i`: its terms lose most of their weight, its author and post some."""
        features = self._features
        self.leave(i)
        terms = features.terms[slice(*np.searchsorted(features.rows, (i, i + 1)))]
        self._weights[terms] *= 0.35 * features.share
        again = 0.9 - 0.2 * roomy(features.share)  # what the next of the same person is worth
        self._priors[self._authors == self._authors[i]] *= again
        self._priors[self._posts == self._posts[i]] *= 1 - 0.8 * features.share
        if self._coverage is not None:
            at = int(np.searchsorted(self._listed, i))
            if at < len(self._listed) and self._listed[at] == i:
                self._coverage.take(at)

    def _alone(self) -> Floats:
        features = self._features
        said = np.bincount(
            features.rows, weights=self._weights[features.terms], minlength=len(self._priors)
        )
        return np.asarray((said + 0.3 * features.share * features.words) * self._priors)

    def _stand_for(self) -> Coverage:
        features = self._features
        posts = int(features.of_post.max(initial=0)) + 1
        basis = directions(features.of_post, features.in_post, features.rare, posts)
        sentences = project(features.rows, features.terms, features.rare, basis, len(self._priors))
        whole = project(features.of_post, features.in_post, features.rare, basis, posts)
        shown = np.unique(np.linspace(0, posts - 1, min(posts, STANDING_FOR)).astype(np.int64))
        return Coverage(sentences[self._listed], whole[shown])
