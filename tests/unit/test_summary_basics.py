"""The extractive engine: what it chooses, what it never does, and what it bears."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.summary.alone import alone
from bot.summary.candidates import says_something, trim
from bot.summary.extractive import Extractive
from bot.summary.model import CitedSentence, Length, SourcePost
from bot.summary.reading import SummaryInputError, read_comments, read_json
from bot.summary.text import count_words, html_to_text, split_sentences, tokens
from bot.summary.verify import verify

THREAD = [
    (
        "Ada",
        "Should the library buy the open model or rent a closed one? I need advice by Friday.",
    ),
    (
        "Bo",
        "Thanks for asking! Buy the open model: a library keeps it when the vendor goes.",
    ),
    ("Cy", "The closed model answers better in our tests, by nine points out of a hundred."),
    (
        "Bo",
        "Nine points on English tests. In Polish the open and the closed model were equal.",
    ),
    ("Di", "The vendor of the closed model doubled the rent last year, so count on that as well."),
    ("Cy", "@Di True, the rent doubled, but the open model needs a server that the library lacks."),
    ("Ed", "lol"),
    ("Di", "#libraries https://a.example/1"),
]


def posts(texts: list[tuple[str, str]] = THREAD, language: str | None = None) -> list[SourcePost]:
    return [
        SourcePost(id=str(n), author=author, text=text, language=language)
        for n, (author, text) in enumerate(texts)
    ]


def test_a_thread_gets_a_gist_and_cited_sentences_in_its_order() -> None:
    summary = Extractive().summarize(posts(), Length(sentences=4, words=80))
    order = [int(sentence.post) for sentence in summary.sentences]
    assert summary.gist is not None
    assert summary.gist.post == "0"
    assert 3 <= len(order) <= 4
    assert order == sorted(order)
    assert summary.gist.text not in {sentence.text for sentence in summary.sentences}
    assert sum(count_words(s.text) for s in summary.sentences) <= 80
    assert len({sentence.author for sentence in summary.sentences}) >= 3
    assert (summary.posts_read, summary.people) == (8, 5)


def test_one_loud_author_does_not_fill_it() -> None:
    loud = [
        ("Lou", f"The open model of the library needs server number {n} today.") for n in range(40)
    ]
    summary = Extractive().summarize(posts(THREAD + loud), Length(sentences=6, words=200))
    assert [s.author for s in summary.sentences].count("Lou") <= 2


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [("A", "")],
        [("A", "👍👍👍"), ("B", "🎉")],
        [("A", "https://a.example/1 #tag"), ("B", "@a @b")],
        [("A", "x" * 1_000_000)],
        [("A", "word " * 200_000)],
        [("A", "One. " * 50_000)],
        [("A", "ไม่มีช่องว่างระหว่างคำในภาษาไทย"), ("B", "ภาษาไทยไม่มีช่องว่างระหว่างคำ")],
        [("A", "Mae'r model agored yn y llyfrgell yn araf iawn heddiw."), ("B", "Ydy, araf iawn.")],
        [("A", "ክፍት ሞዴል ለቤተ መጻሕፍት ይጠቅማል።"), ("B", "አዎ፣ ክፍት ሞዴል ይጠቅማል።")],
        [("A", "النموذج المفتوح مفيد للمكتبة."), ("B", "نعم، النموذج المفتوح مفيد جداً للمكتبة.")],
        [("A", "公開された重みのモデルは図書館に役立つ。"), ("B", "図書館のモデルは遅い。")],
        [("A", "\ud800 broken \x00 text \u202e here")],
    ],
)
def test_odd_threads_get_a_sensible_answer(texts: list[tuple[str, str]]) -> None:
    thread = posts(texts)
    summary = Extractive().summarize(thread, Length())
    by_id = {post.id: post for post in thread}
    said = [*summary.sentences, *([summary.gist] if summary.gist else [])]
    assert all(verify(sentence, by_id).ok for sentence in said)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCDEF"),
            st.text(max_size=200) | st.sampled_from([t for _, t in THREAD]),
        ),
        max_size=12,
    ),
    st.integers(1, 8),
    st.integers(10, 150),
)
def test_every_sentence_is_verbatim_cited_and_within_bounds(
    texts: list[tuple[str, str]], sentences: int, words: int
) -> None:
    thread = posts(texts)
    length = Length(sentences, words)
    summary = Extractive().summarize(thread, length)
    by_id = {post.id: post for post in thread}
    assert all(verify(sentence, by_id).ok for sentence in summary.sentences)
    assert len(summary.sentences) <= sentences
    assert summary.gist is None or count_words(summary.gist.text) <= 40
    assert Extractive().summarize(thread, length) == summary


def test_html_becomes_the_authors_own_text() -> None:
    markup = (
        '<p><a class="u-url mention" href="x">@<span>ada</span></a> One<br>two &amp; three</p>'
        "<blockquote><p>somebody else</p></blockquote><pre>code()</pre>"
        '<p>four <a href="https://a.example/very/long"><span class="invisible">https://</span>'
        '<span class="ellipsis">a.example</span><span class="invisible">/very/long</span></a></p>'
        "<script>alert(1)</script>"
    )
    assert html_to_text(markup) == "@ada One\ntwo & three\nfour a.example"


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "Dr. Roe tested 3.5 GB models. It worked! Did it?", 3),
        ("de", "Das kostet z. B. 3.000 Euro. Gut so.", 2),
        ("fr", "C'est bien. Et vous ?", 2),
        ("ja", "これは本です。あれはペンです。", 2),
        ("zh", "这是书。那是笔。", 2),
        ("ar", "هذا كتاب. هل هذا قلم؟", 2),
        ("xx", "One here. Two here.", 2),
        (None, "line one\nline two", 2),
    ],
)
def test_sentences_of_many_languages(language: str | None, text: str, number: int) -> None:
    assert len(list(split_sentences(text, language))) == number


def test_unspaced_scripts_give_pairs_and_others_words() -> None:
    assert tokens("公開モデル") == ["公開", "開モ", "モデ", "デル"]
    assert tokens("L'eau, c'est bon!") == ["l'eau", "c'est", "bon"]


def test_addresses_and_tails_are_cut_and_courtesies_are_no_sentences() -> None:
    assert trim("@ada@a.example @bo It works now. #yes https://a.example/x") == "It works now."
    kept = [
        t
        for t in ("Thanks!", "Hi all,", "> quoted words here", "[1]: https://a.example", "x = y();")
        if says_something(t)
    ]
    assert kept == ["> quoted words here"]
    assert says_something("The model needs six bits.")


def test_characters_that_readers_do_not_see_keep_no_sentence_out() -> None:
    thread = posts([("Ada", "The bridge\ue000 stays clo\u200bsed until the spring comes.")])
    said = Extractive().summarize(thread, Length()).gist
    assert said is not None
    assert said.text == "The bridge stays closed until the spring comes."
    assert verify(said, {post.id: post for post in thread}).ok


def test_markup_is_no_sentence() -> None:
    assert not says_something("It is a &nbsp; test of [the link](there) and more.")


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (CitedSentence("Buy it now.", "9", "Bo"), "unknown post"),
        (CitedSentence("   ", "0", "Ada"), "empty"),
        (CitedSentence("I need advice by Friday.", "0", "Bo"), "another author"),
        (CitedSentence("I need advice by Monday.", "0", "Ada"), "not verbatim"),
        (CitedSentence("I need\u202e advice by Friday.", "0", "Ada"), "control characters"),
        (CitedSentence("I need <b>advice</b> by Friday.", "0", "Ada"), "mark-up"),
    ],
)
def test_the_gate_says_why(sentence: CitedSentence, reason: str) -> None:
    by_id = {post.id: post for post in posts()}
    assert verify(sentence, by_id).reason == reason


def test_comments_are_told_apart() -> None:
    by_lines = read_comments(
        "First one:\n- item\n- item two\nSecond one\n[1]: https://a.example\nThird"
    )
    by_blanks = read_comments("One\nstill one\n\nTwo\n")
    assert [post.text for post in by_lines] == [
        "First one:\n- item\n- item two",
        "Second one\n[1]: https://a.example",
        "Third",
    ]
    assert [post.text for post in by_blanks] == ["One\nstill one", "Two"]
    assert read_comments("") == []


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "posts"),
        ({"posts": {}}, "posts"),
        ({"posts": [1]}, r"posts\[0\]"),
        ({"posts": [{"id": "1", "text": "a"}, {"id": "2"}]}, r"posts\[1\] lacks 'text'"),
        ({"posts": [{"id": "1", "text": "a"}, {"id": 1, "text": "b"}]}, "same id"),
    ],
)
def test_wrong_json_is_named(data: object, named: str) -> None:
    with pytest.raises(SummaryInputError, match=named):
        read_json(data)


@pytest.mark.parametrize(
    ("leaning", "standing"),
    [
        ("Read the terms of use of these models.", "The terms of use forbid many models."),
        ("Models need data, memory, power and so on.", "Models need data, memory and power."),
        ("But this is about the licence.", "The licence decides about the rest."),
        ("Lies die Lizenz der Modelle.", "Die Lizenz der Modelle ist frei."),
    ],
)
def test_a_sentence_that_leans_on_others_counts_less(leaning: str, standing: str) -> None:
    assert alone(leaning) < alone(standing) == 1.0
