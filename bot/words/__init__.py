"""What the bot says in its own words, in the languages that it can be asked in.

One file a language, each with the same keys; English stands in for a language that is not there.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

ENGLISH = "en"
COUNTS = "count"
"""The section whose entries are forms of one thing that is counted."""

Phrases = Mapping[str, str]
Forms = Mapping[str, Mapping[str, str]]


class Words:
    """The phrases of one language, and how it writes numbers, times and lists (CLDR).

    `language` is that of the phrases, `locale` as far as possible the one that was asked for:
    British English is said in our English, with British dates.
    """

    def __init__(self, language: str, locale: Locale, phrases: Phrases, counts: Forms) -> None:
        self.language = language
        self.locale = locale
        self._phrases = phrases
        self._counts = counts

    @property
    def direction(self) -> str:
        """Return how it is written, as HTML's `dir` has it: "ltr" or "rtl"."""
        return str(self.locale.text_direction)

    def speaks(self, tag: str) -> bool:
        """Tell whether this is the language of a tag, not one that stands in for it."""
        return code_of(tag) == self.language

    def say(self, key: str, **values: object) -> str:
        """Return the phrase `key` ("plain.here"), filled in. Raises KeyError for an unknown one."""
        return "".join(map(str, self.pieces(key, **values)))

    def pieces(self, key: str, **values: object) -> list[object]:
        """Return the phrase `key` in pieces: our words as text, and the values between them.

        Numbers and times are written as the language does; anything else is left as it is, so
        that a page can put links into a phrase. Raises KeyError for an unknown key or value.
        """
        found: list[object] = []
        for text, name, counted, _ in Formatter().parse(self._phrases[key]):
            found.append(text)
            if name is not None:
                value = values[name]
                found.append(self.count(counted, value) if counted else self._written(value))
        return found

    def count(self, thing: str, number: object) -> str:
        """Return how many there are of a thing ("posts"): "1 post", "2 posts"."""
        many, forms = int(str(number)), self._counts[thing]
        form = forms.get(self.locale.plural_form(many)) or forms["other"]
        return form.format(number=self._written(many))

    def day(self, at: datetime) -> str:
        """Return the day of a time for people, by UTC."""
        return format_date(at.astimezone(UTC), "medium", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Return a time for people, in UTC and saying so."""
        there = at.astimezone(UTC)
        day = format_date(there, "long", locale=self.locale)
        hour = format_time(there, "HH:mm", locale=self.locale)
        pattern = str(self.locale.datetime_formats["long"])
        return f"{pattern.replace('{1}', day).replace('{0}', hour)} UTC"

    def name_of(self, tag: str) -> str:
        """Return how a language is called, or its tag where that is not known."""
        locale = locale_of(tag)
        return (locale.get_language_name(self.locale) if locale else None) or tag

    def listing(self, items: Iterable[str]) -> str:
        """Return a list in words: "Ada, Bo and Chen"."""
        return format_list(list(items), locale=self.locale)

    def _written(self, value: object) -> object:
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, int):
            return format_decimal(value, locale=self.locale)
        return value


def words(*tags: str | None) -> Words:
    """Return the phrases of the first of some language tags that we speak, or English ones."""
    for tag in tags:
        code = code_of(tag)
        if code in languages():
            locale = locale_of(tag) or Locale.parse(code)
            return Words(code, locale, *_load(code))
    return Words(ENGLISH, Locale.parse(ENGLISH), *_load(ENGLISH))


def code_of(tag: str | None) -> str:
    """Return the language of a tag without its region or script, as our files are named."""
    return (tag or "").replace("_", "-").partition("-")[0].lower()


def locale_of(tag: str | None) -> Locale | None:
    """Return the CLDR locale of a language tag, if there is one."""
    try:
        return Locale.parse((tag or "").replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@cache
def languages() -> frozenset[str]:
    """Return the languages there are, by ISO 639-1 code."""
    names = (entry.name for entry in files(__name__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _load(code: str) -> tuple[Phrases, Forms]:
    sections = tomllib.loads((files(__name__) / f"{code}.toml").read_text("utf-8"))
    counts = sections.pop(COUNTS)
    phrases = {
        f"{section}.{key}": phrase
        for section, entries in sections.items()
        for key, phrase in entries.items()
    }
    return phrases, counts
