"""What keeps a digest clean: threads of bots among themselves, and the same thing told twice."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

BOTS = frozenset({"Service", "Application"})
ALIKE = 90.0
"""From this similarity on (0 to 100, `token_set_ratio`) two opening posts are one told twice."""
SHORTEST = 40
"""Characters below which alike says little: many threads open with "What do you think?"."""
LONGEST = 2000
NOISE = re.compile(r"https?://\S+|[@#][^\s@#]+")


def mostly_bots(kinds: Iterable[str | None]) -> bool:
    """Tell whether more than half of a thread's posts are by bots, given their authors' types."""
    posts = list(kinds)
    return 2 * sum(kind in BOTS for kind in posts) > len(posts)


def plain(text: str) -> str:
    """Return what a text says, without links, mentions, hashtags and the like."""
    words = NOISE.sub(" ", text.casefold())
    return " ".join(re.sub(r"[\W_]+", " ", words).split())[:LONGEST]


def alike(one: str, other: str) -> bool:
    """Tell whether two plain texts say the same: a cross-post, a boost by copy, a crop."""
    from rapidfuzz import fuzz  # noqa: PLC0415  start fast

    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST or 3 * len(shorter) < len(longer):
        return False
    return fuzz.token_set_ratio(one, other, score_cutoff=ALIKE) > 0


def folded(items: Sequence[T], texts: Sequence[str]) -> list[tuple[T, list[T]]]:
    """Fold items whose texts say the same into the first of them, in order.

    Each item is compared with the first of each fold only, so what resembles step by step does
    not run together.
    """
    folds: list[tuple[str, T, list[T]]] = []
    for item, text in zip(items, map(plain, texts), strict=True):
        for first, _, others in folds:
            if alike(first, text):
                others.append(item)
                break
        else:
            folds.append((text, item, []))
    return [(item, others) for _, item, others in folds]
