"""What people write when they mention the bot, and what it takes them to want."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mention import Wish, parse

SAID = {
    Wish.SUMMARIZE: (
        "@news@digest.example tl;dr?",
        "@news please summarize this",
        "@news could you Summarise?",
        "@news fass zusammen bitte",
        "@news eine Zusammenfassung, bitte!",
        "@news résumé s'il te plaît",
        "@news un resumen por favor",
        "@news faz um resumo",
        "@news riassunto?",
        "@news samenvatting graag",
        "@news streszczenie?",
        "@news 要約して",
        "@news まとめて",
        "@news 请总结一下",
        "@news what did people say about licences?",
        "@news the answer is not here, summarize please",
        "@news",
        "@news ???",
    ),
    Wish.EXCLUDE: (
        "@news leave me out",
        "@news Please LEAVE ME OUT of your summaries!",
        "@news opt-out",
        "@news opt me out and summarize nothing",
        "@news not here, please",
        "@news bitte ohne mich",
        "@news lass mich raus",
        "@news vergiss mich",
        "@news oublie-moi",
        "@news déjame fuera",
        "@news me deixe de fora",
        "@news lasciami fuori",
        "@news laat me erbuiten",
        "@news 除外してください",
    ),
    Wish.INCLUDE: (
        "@news include me",
        "@news yes, please include me. Thanks!",
        "@news opt in",
        "@news you may quote me",
        "@news du darfst mich zitieren",
        "@news tu peux me citer",
        "@news puedes citarme",
    ),
    Wish.HELP: (
        "@news please do not include me",
        "@news I didn't opt in to this",
        "@news no puedes citarme",
        "@news I don't think you may quote me",
        "@news help",
        "@news Hilfe!",
        "@news aide",
        "@news ¿ayuda?",
        "@news ヘルプ",
    ),
}


@pytest.mark.parametrize(("wish", "text"), [(w, t) for w, texts in SAID.items() for t in texts])
def test_phrasings(wish: Wish, text: str) -> None:
    assert parse(text, under_a_post=True) is wish


def test_a_mention_elsewhere_that_says_nothing_known_gets_help() -> None:
    assert parse("@news nice weather", under_a_post=False) is Wish.HELP


def test_words_are_whole_words() -> None:
    assert parse("@news the helpful resumed", under_a_post=False) is Wish.HELP
    assert parse("@news I cannot here", under_a_post=True) is Wish.SUMMARIZE


@given(st.text(max_size=300), st.booleans())
def test_anything_means_something(text: str, under: bool) -> None:  # noqa: FBT001
    assert parse(text, under_a_post=under) in Wish
