"""What a text denies: told by words that deny, in many languages, and the words near them."""

import re

from bot.summary.content import content
from bot.summary.text import UNSPACED

NEGATIONS = frozenset(
    """no not never none nobody nothing neither nor cannot without ohne nicht kein keine keinen nie
    niemals ne pas jamais aucun aucune sans rien nunca ningún ninguna nada sin não nem sem non
    mai nessuno niente senza niet geen nooit zonder nigdy żaden bez не нет ни никогда без
    لا ليس لم لن""".split()  # noqa: SIM905  a list of words is read more easily as words
)
NEGATED = re.compile(r"ない|ません|ず$|不|没|無|非|않|없|못")
BEFORE, AFTER = 2, 6
"""So many words before and after a denying word are what it denies."""


def is_denying(text: str) -> bool:
    """Tell whether a text denies something."""
    if UNSPACED.search(text) and NEGATED.search(text):
        return True
    return any(denies(word) for word in spelled(text))


def denials(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of content near the words of a text that deny."""
    if UNSPACED.search(text):
        return frozenset(content(text, language) if NEGATED.search(text) else ())
    words = spelled(text)
    near = [
        word
        for place, word in enumerate(words)
        if denies(word)
        for word in words[max(0, place - BEFORE) : place + AFTER + 1]
        if not denies(word)
    ]
    return frozenset(content(" ".join(near), language))


def denies(word: str) -> bool:
    """Tell whether a word, in lower case, denies."""
    return word in NEGATIONS or word.endswith("n't")


def spelled(text: str) -> list[str]:
    """Return the words of a text in lower case, with one kind of apostrophe."""
    return re.findall(r"[^\W_]+(?:'\w+)?", text.casefold().replace("’", "'"))
