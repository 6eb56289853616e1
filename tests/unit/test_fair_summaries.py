"""What readers of summaries stumbled over, each with the reason why it is not chosen now."""

import pytest

from bot.summary.alone import alone
from bot.summary.candidates import candidates
from bot.summary.discourse import acts
from bot.summary.extractive import Extractive
from bot.summary.model import Length, SourcePost
from bot.summary.objections import objections

CLAIMS = [
    "The large vendor calls its model open while the licence of the model forbids uses.",
    "The vendor of the model opened it to harm the other vendors, who sell theirs.",
    "The licence of the model moves all risk from the vendor to those who use the model.",
    "The vendor hides which data the model was trained on, so the model is not open.",
    "The model of the vendor costs millions to train, which nobody else can pay.",
    "The vendor took the data of its users to train the model, and asked nobody.",
]
DEFENCE = "For all the criticism here I find it remarkable that the weights can be had at all."


def flat_thread(texts: list[str]) -> list[SourcePost]:
    """Return posts that do not say whom they answer, each by another person."""
    return [SourcePost(str(n), f"P{n}", text, language="en") for n, text in enumerate(texts)]


@pytest.mark.parametrize("place", [0, 3, 6])
def test_who_speaks_against_the_others_is_heard_without_a_reply_tree(place: int) -> None:
    thread = flat_thread([*CLAIMS[:place], DEFENCE, *CLAIMS[place:]])
    said = Extractive().summarize(thread, Length(4, 120)).sentences
    assert DEFENCE in [sentence.text for sentence in said]
    assert any(sentence.text in CLAIMS for sentence in said)


@pytest.mark.parametrize(
    "text",
    [
        "To be fair, the weights can be had by everybody.",
        "As much as I dislike the vendor, the licence is a normal one.",
        "Bei aller Kritik: die Gewichte sind für alle da.",
        "Malgré toutes les critiques, les poids sont là pour tous.",
        "A pesar de las críticas, los pesos están ahí para todos.",
        "Справедливости ради, веса доступны всем.",
        "平心而论，权重是公开的。",
    ],
)
def test_an_objection_is_told_by_a_plain_cue(text: str) -> None:
    assert objections(candidates(flat_thread([text, CLAIMS[0]]))) == [0]


def test_without_replies_the_first_post_is_not_the_topic() -> None:
    aside = "My cat walked over the keyboard while I typed this."
    loose = flat_thread([aside, *CLAIMS])
    tree = [
        SourcePost(post.id, post.author, post.text, parent="0" if n else None, language="en")
        for n, post in enumerate(loose)
    ]
    engine = Extractive()
    found = [engine.summarize(thread, Length(3, 90)).gist for thread in (loose, tree)]
    assert [gist and gist.post == "0" for gist in found] == [False, True]


def test_the_gist_counts_as_one_of_its_authors_sentences() -> None:
    texts = [
        ("Lou", f"{CLAIMS[0]} {CLAIMS[1]} {CLAIMS[2]} {CLAIMS[3]}"),
        ("Ann", "The licence of the model is what my lawyer warned me of."),
        ("Bob", "Which licence would be open, and who has a model with it?"),
        ("Cid", "My own model has an open licence, and its data are listed."),
        ("Dan", "The data of that model were listed by hand, by nine people."),
    ]
    thread = [
        SourcePost(str(n), author, text, parent="0" if n else None, language="en")
        for n, (author, text) in enumerate(texts)
    ]
    summary = Extractive().summarize(thread, Length(4, 120))
    assert summary.gist is not None
    assert summary.gist.author == "Lou"
    assert [sentence.author for sentence in summary.sentences].count("Lou") == 0


def test_yes_answers_a_question_that_more_words_follow() -> None:
    asked = "Did the bill include the failed runs? A third of ours failed."
    said = {
        "Yes, eleven of them are in it.": "answers",
        "Ja, elf davon.": "answers",
        "Yes, and I disagree that a third is much.": "disagrees",
        "Actually, a quarter of yours failed.": "corrects",
    }
    for text, act in said.items():
        thread = [SourcePost("1", "A", asked), SourcePost("2", "B", text, parent="1")]
        assert acts(thread)[1] == act, text


def test_what_was_quoted_without_a_mark_is_not_put_into_the_quoters_mouth() -> None:
    thread = [
        SourcePost("1", "Ann", "First line.\nAre you sure that you run the old\nversion of it?"),
        SourcePost("2", "Bob", "1- Are you sure that you run the old\nI run the new one.", "1"),
    ]
    assert [(s.post, s.text) for s in candidates(thread) if "sure" in s.text] == [
        (0, "Are you sure that you run the old"),
    ]
    assert "I run the new one." in [s.text for s in candidates(thread)]


def test_an_item_of_a_list_loses_its_mark_and_runs_into_nothing() -> None:
    text = (
        "The hardest issues are these:\n- how to change the rules and the syntax of the header\n"
        "Although the header works in its simplest form, nobody has shown more.\n"
        "and this line is wrapped so that its second half is\nfound on the next line.\n"
        "2. The second point is a whole sentence."
    )
    found = {s.text: s.listed for s in candidates(flat_thread([text]))}
    assert found["how to change the rules and the syntax of the header"] is True
    assert found["The second point is a whole sentence."] is False
    assert "Although the header works in its simplest form, nobody has shown more." in found


@pytest.mark.parametrize(
    ("leaning", "whole"),
    [
        ("The other three are why we did not publish it.", "Three tests are why we kept it."),
        ("I use the following program to print on:", "I use this program to print on paper."),
        ("AFAICT it pays people to train models.", "It is a model that pays people."),
        ("That's a good question, David, it changed in May.", "The draft changed in May."),
        ("でもモデルは遅いです。", "モデルは遅いです。"),
        ("但是太慢了。", "模型太慢了。"),
        ("하지만 느립니다.", "모델은 느립니다."),
        ("Но она медленная.", "Модель медленная."),
        ("(The name is a trade mark.)", "The name is a trade mark."),
        ("Glad to see the draft available!!", "The draft is available."),
        ("Read the terms of the contract.", "The terms of the contract are long."),
    ],
)
def test_what_leans_on_its_neighbours_stands_alone_less_well(leaning: str, whole: str) -> None:
    assert alone(leaning) < alone(whole)


def test_of_two_like_sentences_the_calm_and_fluent_one_is_chosen() -> None:
    calm = "The vendor of the model is a plain liar about the data and the licence."
    rough = "um the vendor of of the model is a fucking liar about the data and the licence."
    for first, second in ((rough, calm), (calm, rough)):
        gist = Extractive().summarize(flat_thread([first, second]), Length(1, 60)).gist
        assert gist is not None
        assert gist.text == calm


def test_fenced_code_is_no_sentence() -> None:
    text = "It prints all of them:\n```\nfor each one in all of them print it\n```\nTry that today."
    assert "for each one in all of them print it" not in [
        s.text for s in candidates(flat_thread([text]))
    ]
