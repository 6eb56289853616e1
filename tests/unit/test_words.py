"""What the bot says: the same in every language, naming only commands it understands there."""

import re
from dataclasses import replace
from string import Formatter

import pytest

from bot.asking import Ask, Wish, parse
from bot.asking.phrases import SPEECHES
from bot.words import ENGLISH, languages, words

CODES = sorted(languages())
QUOTES = {
    "ar": "«»",
    "de": "„“",
    "en": "“”",
    "es": "«»",
    "fr": "«»",
    "it": "«»",
    "ja": "「」",
    "ko": "“”",
    "nl": "“”",
    "pl": "„”",
    "pt": "“”",
    "ru": "«»",
    "zh": "“”",
}
"""The marks that each language puts a command between."""
MARKS = set('"„“”«»‹›「」『』')
WEEKLY = Ask(Wish.FOLLOW_TAG, tag="openweights", every="weekly")
NO_TAG = Ask(Wish.UNFOLLOW_TAG, tag="openweights")
MEANT = {
    "answer.opt_out": [Ask(Wish.EXCLUDE)],
    "help.summary": [
        Ask(Wish.SUMMARIZE, length="shorter"),
        Ask(Wish.SUMMARIZE, length="longer"),
        Ask(Wish.SUMMARIZE, span="day"),
        Ask(Wish.SUMMARIZE, span="new"),
    ],
    "help.follow": [WEEKLY, Ask(Wish.FOLLOW_THREAD), Ask(Wish.STOP_ALL)],
    "help.consent": [Ask(Wish.INCLUDE), Ask(Wish.EXCLUDE)],
    "following.daily": [NO_TAG],
    "following.weekly": [NO_TAG],
    "following.thread": [Ask(Wish.UNFOLLOW_THREAD)],
}
"""The texts that name commands, and what each command is to be understood as, in this order."""
ANYWHERE = {"answer.opt_out", "help.consent", "following.daily", "following.weekly"}
"""Texts whose commands work where there is no thread, too."""


def phrases(code: str) -> dict[str, str]:
    return dict(words(code)._phrases)


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def filled(text: str) -> str:
    return text.format(**dict.fromkeys(placeholders(text), "openweights"))


def quoted(code: str, text: str) -> list[str]:
    begin, end = tuple(QUOTES[code])
    return [command.strip() for command in re.findall(f"{begin}(.*?){end}", filled(text))]


def understood(command: str, *, under: bool = True) -> Ask:
    ask = parse(f"@news@digest.example {command}", under_a_post=under)
    return replace(ask, spoken=None, question=None)


def test_the_bot_speaks_every_language_that_it_is_asked_in() -> None:
    assert languages() == {speech.code for speech in SPEECHES if speech.code} == set(QUOTES)


@pytest.mark.parametrize("code", CODES)
def test_every_language_says_the_same_things(code: str) -> None:
    english = {key: placeholders(text) for key, text in phrases(ENGLISH).items()}
    assert {key: placeholders(text) for key, text in phrases(code).items()} == english


@pytest.mark.parametrize("code", [code for code in CODES if code != ENGLISH])
def test_nothing_is_left_in_english(code: str) -> None:
    english = phrases(ENGLISH)
    assert [key for key, text in phrases(code).items() if text == english[key]] == []


@pytest.mark.parametrize("code", CODES)
def test_every_command_that_is_named_is_understood(code: str) -> None:
    commands = {key: quoted(code, text) for key, text in phrases(code).items()}
    read = {key: [understood(each) for each in some] for key, some in commands.items() if some}
    assert read == MEANT
    for key in ANYWHERE:
        assert [understood(each, under=False) for each in commands[key]] == MEANT[key]


@pytest.mark.parametrize("code", CODES)
def test_a_command_is_never_taken_for_another_language(code: str) -> None:
    commands = [each for key in MEANT for each in quoted(code, phrases(code)[key])]
    spoken = {each: parse(each, under_a_post=True).spoken for each in commands}
    assert {each: heard for each, heard in spoken.items() if heard not in {code, None}} == {}
    # What all languages share, "stop #tag", tells none; most must tell theirs.
    assert sum(heard == code for heard in spoken.values()) > len(spoken) / 2


@pytest.mark.parametrize("code", CODES)
def test_commands_stand_between_the_marks_of_the_language(code: str) -> None:
    used = {mark for text in phrases(code).values() for mark in text} & MARKS
    assert used == set(QUOTES[code])


@pytest.mark.parametrize("code", CODES)
def test_no_letter_sticks_to_a_hashtag(code: str) -> None:
    # "#tagを" would be a hashtag of its own to those who read it.
    stuck = re.compile(r"\w#\{tag\}|#\{tag\}\w")
    assert [text for text in phrases(code).values() if stuck.search(text)] == []


def test_french_breaks_no_line_before_its_marks() -> None:
    assert [text for text in phrases("fr").values() if re.search(r"« | [»:;?!]", text)] == []


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        (None, "en"),
        ("", "en"),
        ("eo", "en"),
        ("x-klingon", "en"),
        ("../en", "en"),
        ("pt-BR", "pt"),
        ("ZH-Hant-TW", "zh"),
        ("de", "de"),
    ],
)
def test_a_language_tag_finds_its_words(tag: str | None, code: str) -> None:
    assert words(tag).language == code
    assert words(tag).say("plain.here") == words(code).say("plain.here")


def test_what_is_said_is_filled_in() -> None:
    said = words("de").say("following.grown", posts=3, people=1)
    assert said.endswith("Neue Beiträge: 3, Beteiligte: 1.")
    with pytest.raises(KeyError):
        words("de").say("plain.nonsense")
