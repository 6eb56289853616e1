"""What the reply tree tells: which of a post's words its replies take up.

A remark that others go on about matters more than one that nobody answers.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.summary.discourse import parents
from bot.summary.model import SourcePost

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR = 20
"""Replies, in the order of the tree, in which a word counts as taken up: later ones drift."""


def preorder(posts: Sequence[SourcePost]) -> tuple[Ints, Ints]:
    """Return each post's place in a walk through the tree, and how many posts are below it.

    A post whose parent is not among them begins a tree; of a cycle, the first post does.
    """
    children: list[list[int]] = [[] for _ in posts]
    roots = []
    for i, parent in enumerate(parents(posts)):
        if parent is None or parent == i:
            roots.append(i)
        else:
            children[parent].append(i)
    place = np.full(len(posts), -1, np.int64)
    below = np.zeros(len(posts), np.int64)
    walked = 0
    for root in (*roots, *range(len(posts))):  # all of them: a cycle hangs from no root
        if place[root] >= 0:
            continue
        stack = [(root, False)]
        while stack:
            post, left = stack.pop()
            if left:
                below[post] = walked - place[post] - 1
            elif place[post] < 0:
                place[post] = walked
                walked += 1
                stack.append((post, True))
                stack += [(child, False) for child in reversed(children[post])]
    return place, below


def taken_up(place: Ints, below: Ints, of_post: Ints, terms: Ints) -> Bools:
    """Tell for pairs of a post and one of its terms, each pair once, whether replies use it.

    `place` and `below` of the posts are as `preorder` gives them.
    """
    order = np.lexsort((place[of_post], terms))
    places, sorted_terms = place[of_post][order], terms[order]
    near = np.minimum(below[of_post][order], NEAR)
    found = np.zeros(len(terms), bool)
    found[:-1] = (sorted_terms[1:] == sorted_terms[:-1]) & (places[1:] - places[:-1] <= near[:-1])
    result = np.zeros(len(terms), bool)
    result[order] = found
    return result


def is_opened(below: Ints) -> bool:
    """Tell whether the first post set the topic: at least half of the others stand below it."""
    return len(below) < 2 or bool(below[0] * 2 >= len(below) - 1)
