"""A summary of few sentences is read as quotations: each has to be whole, and speak for itself."""

import numpy as np
import pytest

from bot.summary.alone import alone
from bot.summary.candidates import candidates
from bot.summary.discourse import acts, open_questions
from bot.summary.extractive import Extractive
from bot.summary.features import look_up
from bot.summary.model import Length, SourcePost
from bot.summary.overheard import overheard
from bot.summary.unaided import POINTING, unaided

WHOLE = "The town will close the old bridge for repairs until the end of October."


def chain(*said: tuple[str, str], language: str = "en") -> list[SourcePost]:
    """Return posts of which each answers the one before."""
    return [
        SourcePost(str(n), author, text, parent=str(n - 1) if n else None, language=language)
        for n, (author, text) in enumerate(said)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ja, aber wir wollten die Brücke und.",
        "I am not against the new bridge on principle but.",
        "Je ne suis pas contre la hausse du péage mais.",
        "The header fields of this family, namely",
        "Is this a useful thing to put on",
    ],
)
def test_whoever_was_interrupted_said_half_a_sentence(text: str) -> None:
    assert alone(text) < alone(text.rstrip(".") + " this bridge, too.")


@pytest.mark.parametrize(
    ("nameless", "named"),
    [
        ("Ils ne sont pas d'accord avec la ville.", "Il faut fermer le pont de la ville."),
        ("Sie haben die Brücke gesperrt.", "Die Stadt hat die Brücke gesperrt."),
        ("Она закрыла мост до октября.", "Город закрыл мост до октября."),
        ("他关闭了这座桥。", "市政府关闭了这座桥。"),
        ("Hij heeft de brug gesloten.", "De stad heeft de brug gesloten."),
    ],
)
def test_who_is_meant_has_to_be_said_in_any_language(nameless: str, named: str) -> None:
    assert alone(nameless) < alone(named) == 1.0


@pytest.mark.parametrize(
    "talk",
    [
        "Yeah, we could close the bridge on Sundays.",
        "I just want to ask whether the bridge is closed.",
        "Je vous redonne la parole immédiatement.",
        "Your point about the bridge is a good one.",
        "Vous avez fermé le pont en octobre.",
        "Madame Durand vous avez une minute.",
        "Non non parce que le pont est fermé.",
        "Qui a fermé le pont en octobre.",
        "The bridge will be closed on Sundays and,",
        "Ну, мост закроют до октября.",
        "えーと、橋は十月まで閉まります。",
    ],
)
def test_talk_between_people_is_not_said_to_a_reader(talk: str) -> None:
    assert overheard(talk) < overheard(WHOLE) == 1.0


def test_yes_before_a_reason_is_an_answer_and_no_noise() -> None:
    assert overheard("Ja, aber für kleine Vereine genügt eine Vorlage.") == 1.0
    assert overheard("Who closes the bridge?") == 1.0


def weighed(thread: list[SourcePost], pointing: float = 0.0) -> dict[str, float]:
    """Return how well each sentence of a thread is read by itself."""
    found = candidates(thread)
    words = np.array([float(sentence.words) for sentence in found])
    scores = unaided(found, thread, words, np.full(len(found), pointing))
    return {sentence.text: float(score) for sentence, score in zip(found, scores, strict=True)}


def test_a_sentence_broken_in_the_middle_is_worth_less_than_its_authors_whole_ones() -> None:
    broken = "the repairs of the old bridge cost the town more than four million euros which"
    whole = "The repairs of the old bridge cost the town more than four million euros and a half."
    found = weighed(chain(("Ada", WHOLE), ("Bo", f"{whole}\n{WHOLE}\n{broken}")))
    assert found[broken] < found[whole] == 1.0


def test_whoever_writes_all_in_lower_case_is_not_thought_cut_off() -> None:
    lower = [
        "the repairs of the old bridge cost the town more than four million euros, they say."
    ] * 2
    lower[1] = lower[1].replace("bridge", "ferry")
    found = weighed(chain(("Ada", f"{WHOLE} {WHOLE}"), ("Bo", "\n".join(lower))))
    assert [found[text] for text in lower] == [1.0, 1.0]


def test_a_reply_needs_words_of_its_own_and_few_that_point() -> None:
    brief, long = "The county pays for the bridge.", f"The county says this: {WHOLE}"
    found = weighed(chain(("Ada", brief), ("Bo", f"{WHOLE} The county pays for it."), ("Cy", long)))
    assert found[brief] == 1.0  # nothing was said before it
    assert found["The county pays for it."] < found[long] == 1.0
    assert weighed(chain(("Ada", WHOLE), ("Cy", long)), pointing=0.2)[long] < 1.0


def test_words_that_point_are_told_by_their_language() -> None:
    assert [look_up("die", code)[2] for code in ("nl", "en")] == ["pointing", ""]
    assert all(look_up(word, code)[2] for code, words in POINTING.items() for word in words)


def test_a_welcome_that_tells_no_topic_is_no_gist() -> None:
    welcome = "Good evening to all who came, and welcome."
    claims = [
        (
            "Bo",
            "The bridge repairs cost the town four million euros and take two years of closure.",
        ),
        (
            "Cy",
            "The bridge repairs of the town cost more euros than a ferry of the town would cost.",
        ),
        ("Di", "A ferry would cost the town less than the bridge repairs, which take years."),
        ("Ed", "Years of closure of the bridge cost the shops of the town more than the repairs."),
    ]
    gist = Extractive().summarize(chain(("Ada", welcome), *claims), Length(3, 90)).gist
    assert gist is not None
    assert gist.text in [text for _, text in claims]


def test_a_question_answered_after_it_was_asked_back_is_not_open() -> None:
    asked = ("Ada", "Which bridge will the town close in October?")
    back = ("Bo", "Which town do you mean?")
    answer = ("Bo", "Then it is the old bridge near the mill.")
    open_one = chain(asked, back)
    answered = chain(asked, back, ("Ada", "The one on the river, of course."), answer)
    assert 0 in open_questions(open_one, acts(open_one))
    assert 0 not in open_questions(answered, acts(answered))


def test_of_a_file_of_comments_nobody_can_tell_which_questions_are_open() -> None:
    comments = [SourcePost(str(n), "", "Which bridge is meant here?") for n in range(3)]
    assert open_questions(comments, acts(comments)) == []


def test_of_two_who_talk_neither_fills_the_summary() -> None:
    points = [
        "The bridge repairs cost the town four million euros.",
        "The bridge is closed for two years of repairs.",
        "The bridge carries most of the lorries of the town.",
        "The bridge repairs begin in October with the deck.",
        "The bridge belongs to the town and not to the county.",
    ]
    thread = chain(
        ("Ada", " ".join(points)),
        ("Bo", "A ferry would cost the town less. The lorries need the bridge."),
    )
    found = Extractive().summarize(thread, Length(4, 160))
    assert sum(sentence.author == "Ada" for sentence in found.all_sentences) <= 2


def test_mail_that_was_wrapped_twice_is_joined() -> None:
    mail = (
        "During this phase some elements are added to allow the editor to\n"
        "edit\n"
        "documents. The bridge is another matter."
    )
    said = [sentence.text for sentence in candidates([SourcePost("1", "Ada", mail)])]
    assert said[0].endswith("to allow the editor to edit documents.")
