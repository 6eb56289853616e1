"""How people talk under a post: they give way, agree in part, ask along, and say it all again."""

import pytest

from bot.summary.choosing import read
from bot.summary.conceding import withdrawn
from bot.summary.discourse import acts, dispute, open_questions
from bot.summary.extractive import Extractive
from bot.summary.model import Length, SourcePost
from bot.summary.overheard import overheard
from bot.summary.text import split_sentences

OPENING = "The school council wants to run the open model on its own server in the cellar."


def thread(*said: tuple[str, str, int | None], language: str = "en") -> list[SourcePost]:
    """Return posts: who wrote each, what, and the number of the one it replies to."""
    return [
        SourcePost(str(n), who, text, str(above) if above is not None else None, language=language)
        for n, (who, text, above) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Klopt, maar dat was de versie van vorig jaar.", None),
        ("Agreed, but the server costs more than that.", None),
        ("Stimmt, aber der Server kostet mehr.", None),
        ("その通り、でもサーバーは高いです。", None),
        ("Agree with Ada, the server costs more than that.", "agrees"),
        ("Das halte ich für falsch, der Server kostet mehr.", "disagrees"),
        ("Duvido que o servidor custe tão pouco.", "disagrees"),
        ("No dudo de que el servidor cueste más.", None),
        ("RE: https://a.example/@ada/1\n\nNo, the server costs more.", "disagrees"),
    ],
)
def test_a_yes_with_a_but_takes_no_side_and_a_doubt_does(text: str, act: str | None) -> None:
    assert acts(thread(("Ada", OPENING, None), ("Bo", text, 0)))[1] == act


@pytest.mark.parametrize(
    "reply",
    [
        "Good question, I'd like to know as well.",
        "Keine Ahnung, steht nirgends.",
        "Aucune idée.",
        "好问题，我也不清楚。",
    ],
)
def test_who_asks_along_does_not_answer(reply: str) -> None:
    asked = thread(("Ada", OPENING, None), ("Bo", "Who pays for the server?", 0), ("Cy", reply, 1))
    assert open_questions(asked, acts(asked)) == [1]
    answer = f"{reply} But the council pays for the server, and for the disks that it needs in May."
    answered = [*asked[:2], SourcePost("2", "Cy", answer, "1", language="en")]
    assert open_questions(answered, acts(answered)) == []


CLAIM = "Every school needs a signed contract with the state before it uses the open model."
GIVING_WAY = (
    "Oh, I didn't know that.",
    "You're right, I take that back.",
    "Oh, das kannte ich nicht. Dann nehme ich das zurück.",
    "Au temps pour moi.",
    "Tienes razón, me equivoqué.",
    "Вы правы, я ошибся.",
    "すみません、間違えました。",
)


def corrected(last: str) -> list[SourcePost]:
    """Return a thread in which a claim is corrected, and what its author says to that."""
    return thread(
        ("Ada", OPENING, None),
        ("Bo", CLAIM, 0),
        ("Cy", "That's wrong, the state signed one contract for every school in March.", 1),
        ("Bo", last, 2),
        ("Di", "The server in the cellar of our school runs the open model since May.", 0),
        ("Ed", "Our council pays a firm for the model, since nobody looks after a server.", 0),
    )


@pytest.mark.parametrize("last", GIVING_WAY)
def test_what_its_author_took_back_is_not_said_in_their_name(last: str) -> None:
    posts = corrected(last)
    assert withdrawn(posts, acts(posts)) == {1}
    assert dispute(posts, acts(posts), withdrawn(posts, acts(posts))) is None
    said = [s.text for s in Extractive().summarize(posts, Length(3, 90)).all_sentences]
    assert CLAIM not in said


def test_who_stands_by_a_claim_is_heard_with_it() -> None:
    posts = corrected("No, that contract is about another service of the state.")
    assert withdrawn(posts, acts(posts)) == frozenset()
    said = [s.text for s in Extractive().summarize(posts, Length(3, 90)).all_sentences]
    assert CLAIM in said


def test_who_corrects_a_date_does_not_stand_for_those_who_disagree() -> None:
    posts = thread(
        ("Ada", OPENING, None),
        ("Bo", "Correction: the council voted on 1 October, not on 1 September.", 0),
        ("Cy", "I disagree, a server in a cellar is nobody's job, and fails in August.", 0),
    )
    found = dispute(posts, acts(posts))
    assert found is not None
    assert found.dissent == {2}


def test_who_joins_a_dissenter_further_down_counts_and_the_dissenter_is_quoted() -> None:
    dissent = "I disagree: teachers are no admins, and in the holidays nobody is there."
    posts = thread(
        ("Ada", OPENING, None),
        ("Bo", dissent, 0),
        ("Ada", "The firm next door looks after the server in the holidays.", 1),
        ("Bo", "Next year it will not, and then the server is ours alone.", 2),
        ("Cy", "Agree with Bo, the school server of the open model will be ours alone.", 3),
        ("Di", "Agree with Bo.", 3),
        *((f"P{n}", f"The open model on the server of school {n} is slow.", 0) for n in range(60)),
    )
    found = dispute(posts, acts(posts))
    assert found is not None
    assert found.dissent == {1, 4, 5}
    said = Extractive().summarize(posts, Length(4, 120)).all_sentences
    assert "Bo" in {sentence.author for sentence in said}


def test_in_a_crowd_nobody_says_it_twice_but_who_opened_the_thread() -> None:
    loud = (
        "The open model was trained on pictures of our school without asking the school.",
        "Every picture that the open model draws is made from stolen pictures of people.",
        "Pictures drawn by people are what the school and its server should show.",
    )
    posts = thread(
        ("Ada", OPENING, None),
        *(("Lou", text, 0) for text in loud),
        *(
            (f"P{n}", "The server, the pictures, the people, the model, the school?", 0)
            for n in "ab"
        ),
        *((f"P{n}", f"Teacher {n} likes it.", 0) for n in range(30)),
    )
    said = Extractive().summarize(posts, Length(5, 120)).sentences
    assert [sentence.author for sentence in said].count("Lou") == 1


def test_a_question_that_was_answered_is_worth_less_than_an_open_one() -> None:
    question = "Which licence does the open model have?"

    def worth(reply: str, asker: int) -> float:
        said = [("Ada", OPENING, None), ("Bo", "The model needs a server.", 0)]
        said[asker] = (said[asker][0], f"{said[asker][1]} {question}", said[asker][2])
        found = read(thread(*said, ("Cy", reply, asker)), "en", Length(5, 120))
        assert found is not None
        return float(
            next(
                gain
                for gain, s in zip(found.gains, found.sentences, strict=True)
                if s.text == question
            )
        )

    echo, answer = "No idea about the licence.", "The licence is Apache."
    assert worth(answer, 1) < 0.5 * worth(echo, 1)
    assert worth(answer, 0) > 0.5 * worth(echo, 0)  # the opening asks what the thread is about


@pytest.mark.parametrize(
    ("half", "whole"),
    [
        ("Because the open model is slow.", "Because it is slow, we use the closed model."),
        ("Omdat het open model slechter is.", "Omdat het slechter is, nemen wij het gesloten."),
        ("Parce que le modèle est lent.", "Parce que le modèle est lent, on prend l'autre."),
    ],
)
def test_a_reason_alone_is_half_a_sentence(half: str, whole: str) -> None:
    assert overheard(half) < overheard(whole)


def test_a_sentence_that_begins_with_a_digit_is_one_in_japanese_and_chinese() -> None:
    assert list(split_sentences("今日は雨。4bitにする。次。", "ja")) == [
        "今日は雨。",
        "4bitにする。",
        "次。",
    ]
    assert list(split_sentences("今天下雨。4个人来了。", "zh")) == ["今天下雨。", "4个人来了。"]
