"""Known words behind words spelled with one mistake, or stretched: "sumarize", "pleeease"."""

import re
from collections import defaultdict

from bot.asking.table import KNOWN
from bot.asking.tokens import Token

_LONG = 6
"""Shorter words are too close to each other to guess at."""
_STRETCHED = re.compile(r"(.)\1{2,}")


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


_NEAR: dict[str, list[str]] = defaultdict(list)
for _word in sorted(KNOWN):
    if len(_word) >= _LONG and _word.isalpha():
        _NEAR[_word].append(_word)
        for _shorter in _without_one(_word):
            _NEAR[_shorter].append(_word)


def respell(tokens: list[Token]) -> None:
    """Note the known word that each unknown one is probably meant to be."""
    for token in tokens:
        if token.text not in KNOWN and token.text.isalpha() and len(token.text) <= 32:
            token.guess = _guess(token.text)


def _guess(word: str) -> str | None:
    for times in (r"\1", r"\1\1"):
        squeezed = _STRETCHED.sub(times, word)
        if squeezed != word and squeezed in KNOWN:
            return squeezed
    if len(word) < _LONG - 1:
        return None
    for variant in (word, *sorted(_without_one(word))):
        for known in _NEAR.get(variant, ()):
            # The first letter is hardly ever the wrong one, and it tells "include" from others.
            if known[0] == word[0] and len(known) >= _LONG and _one_mistake(word, known):
                return known
    return None


def _one_mistake(word: str, known: str) -> bool:
    """Tell whether one letter is missing, added, wrong, or changed places with the next."""
    if abs(len(word) - len(known)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), None)
    if at is None:
        return True
    rest, other = word[at:], known[at:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )
