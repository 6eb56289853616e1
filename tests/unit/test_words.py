"""What the bot says: the same in every language, naming only commands it understands there."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from string import Formatter
from typing import get_args

import pytest
from babel import Locale

from bot.asking import Ask, Wish, parse
from bot.asking.phrases import SPEECHES
from bot.pages.build import source_line
from bot.pages.speaking import preferred
from bot.pages.views import ThreadView
from bot.pages.wording import who
from bot.words import ENGLISH, languages, words
from storage import tables
from storage.tables import FollowingState

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
WEEKLY = Ask(Wish.FOLLOW_TAG, tags=("openweights",), every="weekly")
NO_TAG = Ask(Wish.UNFOLLOW_TAG, tags=("openweights",))
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
    "about.out_how": [Ask(Wish.EXCLUDE)],
    "about.in_how": [Ask(Wish.INCLUDE)],
    "uses.permits": [Ask(Wish.INCLUDE)],
    "consent.waiting": [Ask(Wish.EXCLUDE)],
    "consent.busy": [Ask(Wish.EXCLUDE), Ask(Wish.INCLUDE)],
}
"""The texts that name commands, and what each command is to be understood as, in this order."""
ANYWHERE = {
    "answer.opt_out",
    "help.consent",
    "following.daily",
    "following.weekly",
    "about.out_how",
    "about.in_how",
    "uses.permits",
    "consent.waiting",
    "consent.busy",
}
"""Texts whose commands work where there is no thread, too."""


def phrases(code: str) -> dict[str, str]:
    return dict(words(code)._phrases)


def counts(code: str) -> dict[str, dict[str, str]]:
    return {thing: dict(forms) for thing, forms in words(code)._counts.items()}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def filled(text: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "openweights", text)


def quoted(code: str, text: str) -> list[str]:
    begin, end = tuple(QUOTES[code])
    return [command.strip() for command in re.findall(f"{begin}(.*?){end}", filled(text))]


def understood(command: str, *, under: bool = True) -> Ask:
    ask = parse(f"@news@digest.example {command}", under_a_post=under)
    return replace(ask, spoken=None, question=None)


def thread(*people: str, speakers: int) -> ThreadView:
    return ThreadView(
        url="https://a.example/1",
        host="a.example",
        gist=None,
        sentences=(),
        people=people,
        speakers=speakers,
        posts_read=speakers,
        posts_known=speakers,
        left_out=0,
        hosts=1,
        links=(),
        opened=datetime(2026, 11, 3, tzinfo=UTC),
        cw=None,
        language=None,
    )


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
    assert [thing for thing, forms in counts(code).items() if forms == counts(ENGLISH)[thing]] == []


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


@pytest.mark.parametrize("code", CODES)
def test_what_is_counted_has_every_form_of_its_language(code: str) -> None:
    """Plural rules of CLDR; a form without its number must be that of one number only."""
    rule = Locale.parse(code).plural_form
    numbers: dict[str, list[int]] = {}
    for number in range(201):
        numbers.setdefault(rule(number), []).append(number)
    for thing, forms in counts(code).items():
        assert set(forms) == {*numbers, "other"}, thing
        silent = {form for form, text in forms.items() if "{number}" not in text}
        assert {form for form in silent if len(numbers[form]) > 1} == set(), thing
    parsed = [part for text in phrases(code).values() for part in Formatter().parse(text)]
    used = {spec for _, _, spec, _ in parsed if spec}
    asked_for_by_name = {"people", "others", "followers", "posts", "threads", "sentences"}
    assert set(counts(code)) == used | asked_for_by_name


@pytest.mark.parametrize(
    ("code", "number", "counted"),
    [
        ("en", 1, "1 post"),
        ("en", 0, "0 posts"),
        ("de", 1234, "1.234 Beiträge"),
        ("fr", 0, "0 message"),
        ("ru", 1, "1 пост"),
        ("ru", 3, "3 поста"),
        ("ru", 11, "11 постов"),
        ("ru", 21, "21 пост"),
        ("pl", 22, "22 wpisy"),
        ("pl", 12, "12 wpisów"),
        ("ar", 1, "منشور واحد"),
        ("ar", 2, "منشوران"),
        ("ar", 3, "3 منشورات"),
        ("ar", 11, "11 منشورًا"),
        ("ar", 100, "100 منشور"),
        ("ja", 1, "投稿1件"),
    ],
)
def test_posts_are_counted_as_the_language_does(code: str, number: int, counted: str) -> None:
    assert words(code).count("posts", number) == counted


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", "November 3, 2026, 17:05 UTC"),
        ("en-GB", "3 November 2026, 17:05 UTC"),
        ("de-AT", "3. November 2026, 17:05 UTC"),
        ("es", "3 de noviembre de 2026, 17:05 UTC"),
        ("ar", "3 نوفمبر 2026، 17:05 UTC"),
        ("ja", "2026年11月3日 17:05 UTC"),
        ("eo", "November 3, 2026, 17:05 UTC"),
        ("de-NOWHERE", "3. November 2026, 17:05 UTC"),
    ],
)
def test_times_are_written_as_the_language_does(tag: str, written: str) -> None:
    east = timezone(timedelta(hours=2))
    assert words(tag).moment(datetime(2026, 11, 3, 19, 5, tzinfo=east)) == written


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Ada, Bo, \u2068نور\u2069, and 1 other"),
        ("de", "Ada, Bo, \u2068نور\u2069 und 1 weitere Person"),
        ("ru", "Ada, Bo, \u2068نور\u2069 и ещё 1 человек"),
        ("ja", "Ada、Bo、\u2068نور\u2069、ほか1人"),
        ("ar", "\u2068Ada\u2069 و\u2068Bo\u2069 ونور وشخص آخر"),
    ],
)
def test_who_spoke_is_a_list_of_the_language_in_which_names_keep_their_direction(
    code: str, said: str
) -> None:
    assert who(thread("Ada", "Bo", "نور", speakers=4), words(code)) == said


def test_nobody_is_named_who_may_not_be() -> None:
    assert who(thread(speakers=1), words("de")) == "1 Person"
    assert who(thread(speakers=22), words("pl")) == "22 osoby"
    assert who(thread("Ada", speakers=1), words("de")) == "Ada"


def test_each_state_of_a_source_has_its_word() -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    late, never = now + timedelta(days=1), None
    rows = [
        tables.SourceState(
            key="k", kind="group", bot="news", address="a", due_at=due, ok_at=ok, error=error,
            paused=paused, interval_s=60,
        )
        for due, ok, error, paused in (
            (now, now, None, False), (now, never, None, False), (now, now, "no", False),
            (late, now, "no", False), (now, now, None, True),
        )
    ]  # fmt: skip
    states = {source_line(row, now).state for row in rows}
    states |= {source_line(rows[0], now, answer).state for answer in get_args(FollowingState)}
    assert len(states) == 8
    for state in states:
        assert words("de").say(f"sources.{state.replace(' ', '_')}")


def test_arabic_alone_is_written_from_the_right() -> None:
    assert {code for code in CODES if words(code).direction == "rtl"} == {"ar"}
    assert words("ar-EG").direction == "rtl"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "de"),
        ("*", "de"),
        ("eo, tlh;q=0.9", "de"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.3, ru;q=0.7, eo", "ru"),
        ("en;q=0, pl;q=0.1", "pl"),
        ("ja;q=nonsense,ar;q=0.5", "ar"),
        (";;;,,=", "de"),
    ],
)
def test_a_browser_is_answered_in_a_language_that_it_likes(header: str, code: str) -> None:
    assert preferred(header, "de").language == code


def test_the_first_language_that_we_speak_is_spoken() -> None:
    assert words(None, "eo", "nl-BE", "fr").language == "nl"
    assert words(None, "eo").language == ENGLISH


def test_what_is_said_is_filled_in() -> None:
    said = words("de").say("following.grown", posts=3, people=1)
    assert said.endswith("Neue Beiträge: 3, Beteiligte: 1.")
    with pytest.raises(KeyError):
        words("de").say("plain.nonsense")
