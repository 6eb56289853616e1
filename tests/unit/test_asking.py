"""What people write when they mention the bot, and what it takes them to want."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import Ask, Wish, parse
from bot.asking.phrases import SPEECHES
from bot.asking.phrases.kinds import Kind
from bot.asking.table import PHRASES
from bot.asking.tokens import LOOKED_AT, fold
from tests.unit.asked import ASKED, NEVER_WIDER, QUESTIONS, SPOKEN, WITHOUT_A_POST
from tests.unit.said import SAID

PUBLIC = {
    fold(word)
    for phrase in PHRASES
    if phrase.kind is Kind.PUBLIC
    for word in ["".join(phrase.parts)]
}
FINER = {
    "@news what did people say about licences?": Wish.QUESTION,
    "@news not here, please": Wish.NOT_HERE,
    # Who says these would be shocked to be quoted: they are refusals, not cries for help.
    "@news please do not include me": Wish.EXCLUDE,
    "@news I didn't opt in to this": Wish.EXCLUDE,
    "@news no puedes citarme": Wish.EXCLUDE,
    "@news I don't think you may quote me": Wish.EXCLUDE,
}


def told(text: str, *, under: bool = True) -> Ask:
    """Return what is asked, but for the language it is asked in and the words of a question."""
    return replace(parse(text, under_a_post=under), spoken=None, question=None)


@pytest.mark.parametrize(("text", "ask"), [(t, ask) for ask, texts in ASKED for t in texts])
def test_phrasings(text: str, ask: Ask) -> None:
    assert told(f"@news@digest.example {text}") == ask


def test_the_table_is_large_and_speaks_many_languages() -> None:
    texts = [text for _, some in ASKED for text in some]
    assert len(texts) == len(set(texts)) >= 150
    spoken = {parse(text, under_a_post=True).spoken for text in texts}
    assert spoken >= {speech.code for speech in SPEECHES if speech.code}


@pytest.mark.parametrize(("text", "question"), QUESTIONS)
def test_questions_are_kept_in_the_words_of_the_person(text: str, question: str) -> None:
    ask = parse(text, under_a_post=True)
    assert (ask.wish, ask.question) == (Wish.QUESTION, question)


@pytest.mark.parametrize(("text", "wish"), WITHOUT_A_POST)
def test_a_mention_that_is_no_reply(text: str, wish: Wish) -> None:
    assert parse(text, under_a_post=False).wish is wish


@pytest.mark.parametrize("text", NEVER_WIDER)
@pytest.mark.parametrize("under", [True, False])
def test_nothing_is_published_more_widely_than_asked(text: str, under: bool) -> None:  # noqa: FBT001
    ask = parse(text, under_a_post=under)
    assert not ask.public
    assert ask.wish is not Wish.INCLUDE


def test_public_is_asked_in_few_of_the_phrasings_only() -> None:
    for ask, texts in ASKED:
        for text in texts:
            assert ask.public == parse(text, under_a_post=True).public, text


@pytest.mark.parametrize(("text", "language"), SPOKEN)
def test_the_language_that_the_person_wrote_in(text: str, language: str | None) -> None:
    assert parse(text, under_a_post=True).spoken == language


@pytest.mark.parametrize(("wish", "text"), [(w, t) for w, texts in SAID.items() for t in texts])
def test_what_was_understood_before_still_is(wish: str, text: str) -> None:
    expected = FINER.get(text, Wish(str(wish)))
    assert parse(text, under_a_post=True).wish is expected


@pytest.mark.parametrize(
    "text",
    [
        "@bot leave me out",
        "@bot@host leave me out",
        "@Bot@digest.example:8443 leave me out",
        "＠bot＠host.example leave me out",
        "@b\u200bot le\u200bave me o\u00adut",
        "\u202eleave me out\u202c @bot",
        "ＬＥＡＶＥ ＭＥ ＯＵＴ",
        "*leave me out*",
        "_leave_ me out",
        "leave me, out!",
        "https://digest.example/@bot leave me out",
        "@a @b@c @d leave\nme\tout",
        "@bot... leave me out",
        "@bot: leave me out",
        "𝓵𝓮𝓪𝓿𝓮 𝓶𝓮 𝓸𝓾𝓽",
        " ".join(f"@somebody{i}@a-long-host.example" for i in range(60)) + " leave me out",
    ],
)
def test_words_are_heard_whatever_they_wear(text: str) -> None:
    assert parse(text, under_a_post=True).wish is Wish.EXCLUDE


def test_only_the_beginning_is_read_and_nothing_is_permitted_by_it() -> None:
    late = "x " * LOOKED_AT + "leave me out"
    assert parse(late, under_a_post=True).wish is Wish.UNKNOWN
    cut = "include me" + " " * LOOKED_AT + "not"
    assert parse(cut, under_a_post=True).wish is not Wish.INCLUDE
    hushed = "summarize publicly" + " please" * LOOKED_AT + " not"
    assert not parse(hushed, under_a_post=True).public


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        *(
            "@" * 99_999,
            "@a" * 50_000,
            "please " * 9_999,
            "tl" * 9_999,
            "a." * 9_999,
            "#a " * 9_999,
        ),
        *(
            "do not " * 9_999,
            "まとめて" * 9_999,
            "؟" * 9_999,
            "@a@" + "b." * 9_999,
            "\ufdfa" * 9_999,
        ),
    ],
)
def test_long_and_odd_texts_take_no_time(text: str) -> None:
    for _ in range(5):
        assert not parse(text, under_a_post=True).public


WORDS = st.sampled_from(sorted({" ".join(phrase.parts) for phrase in PHRASES}))
NOISE = st.text(max_size=20) | st.sampled_from([" not ", ", ", "? ", ". ", "\n", " 🙄 ", '"'])


@given(st.text(max_size=600), st.booleans())
def test_anything_means_something(text: str, under: bool) -> None:  # noqa: FBT001
    ask = parse(text, under_a_post=under)
    assert ask.wish in Wish
    assert not ask.public or _explicit(text)


@given(st.lists(WORDS | NOISE, max_size=12), st.sampled_from(["", " "]), st.booleans())
def test_public_is_said_in_so_many_words(parts: list[str], glue: str, under: bool) -> None:  # noqa: FBT001
    text = glue.join(parts)
    ask = parse(text, under_a_post=under)
    assert not ask.public or _explicit(text)
    if ask.wish is Wish.INCLUDE:
        assert "not" not in fold(text).split()
    assert (ask.question is not None) == (ask.wish is Wish.QUESTION)
    if ask.wish in {Wish.FOLLOW_TAG, Wish.UNFOLLOW_TAG}:
        assert ask.tags


def _explicit(text: str) -> bool:
    bare = "".join(char for char in fold(text) if char.isalnum())
    return any(word in bare for word in PUBLIC)


@given(WORDS.filter(lambda words: "~" not in words))
def test_a_negation_permits_nothing(words: str) -> None:
    for text in (
        f"do not {words}",
        f"not {words}",
        f"{words} not",
        f"nicht {words}",
        f"no {words}",
    ):
        ask = parse(text, under_a_post=True)
        assert not ask.public
        assert ask.wish is not Wish.INCLUDE


@pytest.mark.parametrize(
    "text",
    [
        "summarize this, just for me",
        "only for me please",
        "summary, but not publicly",
        "summarize in private",
        "fass zusammen, nur für mich",
        "résume, seulement pour moi",
        "resúmelo solo para mí",
        "riassumi, solo per me",
        "resuma, apenas para mim",
        "samenvatten, alleen voor mij",
        "podsumuj tylko dla mnie",
        "кратко, только для меня",
        "私だけに要約して",
        "只给我总结",
    ],
)
def test_who_asks_to_be_answered_alone_is(text: str) -> None:
    ask = parse(f"@news@digest.example {text}", under_a_post=True)
    assert ask.wish is Wish.SUMMARIZE
    assert ask.private
    assert not ask.public
