"""What the bot says in its own words, in the languages that it can be asked in.

One file a language, each with the same keys; English stands in for a language that is not there.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale

ENGLISH = "en"


class Words:
    """The phrases of one language."""

    def __init__(self, language: str, phrases: Mapping[str, str]) -> None:
        self.language = language
        self._phrases = phrases

    def say(self, key: str, **values: object) -> str:
        """Return the phrase `key` ("plain.here"), filled in. Raises KeyError for an unknown one."""
        return self._phrases[key].format(**values)

    @property
    def locale(self) -> Locale:
        """Return how dates and numbers are written."""
        return Locale.parse(self.language)


def words(language: str | None) -> Words:
    """Return the phrases of a language tag, or English ones."""
    code = (language or ENGLISH).partition("-")[0].lower()
    return _load(code if code in languages() else ENGLISH)


@cache
def languages() -> frozenset[str]:
    """Return the languages there are, by ISO 639-1 code."""
    names = (entry.name for entry in files(__name__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _load(code: str) -> Words:
    sections = tomllib.loads((files(__name__) / f"{code}.toml").read_text("utf-8"))
    phrases = {
        f"{section}.{key}": phrase
        for section, entries in sections.items()
        for key, phrase in entries.items()
    }
    return Words(code, phrases)
