"""The words of a text that carry its content."""

from functools import lru_cache

from bot.summary.features import frequencies
from bot.summary.text import stems, tokens

COMMON = 5.3
"""Words at least so frequent in the language (wordfreq's Zipf scale) say nothing of content."""


def content(text: str, language: str | None, common: float = COMMON) -> list[str]:
    """Return the stems of the words that carry content, each once.

    `common` is the frequency from which on a word carries none.
    """
    words = [
        word
        for word in tokens(text.replace("’", "'"))
        if not is_common(word, language or "en", common)
    ]
    return list(dict.fromkeys(stems(words, language)))


@lru_cache(maxsize=50_000)
def is_common(word: str, language: str, common: float = COMMON) -> bool:
    """Tell whether a word is too frequent in its language to say anything."""
    return frequencies(language.partition("-")[0]).get(word, 0.0) >= common
