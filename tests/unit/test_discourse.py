"""Who asks, answers, agrees, disagrees and corrects; and whose words replies take up."""

import numpy as np
import pytest

from activitypub.vocab import Attachment, Object
from bot.consent.ingest import text_of
from bot.pages.notes import cited
from bot.pages.views import SentenceView
from bot.summary.discourse import Dispute, acts, dispute, open_questions
from bot.summary.extractive import Extractive
from bot.summary.model import Length, SourcePost
from bot.summary.replies import preorder, taken_up
from bot.words import words

OPENING = "The city should publish the weights of its traffic model for everybody."


def post(number: int, text: str, parent: int | None = 0, author: str = "") -> SourcePost:
    """Return a post; number 0 opens the thread."""
    return SourcePost(
        str(number),
        author or f"P{number}",
        text,
        parent=None if number == 0 or parent is None else str(parent),
    )


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("@ada I disagree, the maps would be misused within a week.", "disagrees"),
        ("That's just wrong, the maps are public already.", "disagrees"),
        ("Da widerspreche ich: die Karten sind längst öffentlich.", "disagrees"),
        ("Stimmt so nicht, die Karten sind geheim.", "disagrees"),
        ("Je ne suis pas d’accord, les cartes sont déjà publiques.", "disagrees"),
        ("No estoy de acuerdo, los mapas son secretos.", "disagrees"),
        ("Discordo, os mapas são secretos.", "disagrees"),
        ("Non è vero, le mappe sono pubbliche.", "disagrees"),
        ("Niet mee eens, de kaarten zijn geheim.", "disagrees"),
        ("Nie zgadzam się, mapy są tajne.", "disagrees"),
        ("Не согласен, карты уже открыты.", "disagrees"),
        ("そうは思いません。地図はもう公開されています。", "disagrees"),
        ("我不同意，地图早就公开了。", "disagrees"),
        ("동의하지 않습니다. 지도는 이미 공개되어 있어요.", "disagrees"),
        ("لا أوافق، الخرائط منشورة بالفعل.", "disagrees"),
        ("I agree, and the maps as well.", "agrees"),
        ("Stimme dir da völlig zu, die Karten auch.", "agrees"),
        ("Tout à fait, et les cartes aussi.", "agrees"),
        ("Estoy de acuerdo, y los mapas también.", "agrees"),
        ("Zgadzam się, mapy też.", "agrees"),
        ("その通り、地図もです。", "agrees"),
        ("同意，地图也一样。", "agrees"),
        ("أتفق معك، والخرائط كذلك.", "agrees"),
        ("Actually, the weights were published in May.", "corrects"),
        ("Genau genommen sind es zwei Modelle.", "corrects"),
        ("En realidad son dos modelos.", "corrects"),
        ("На самом деле моделей две.", "corrects"),
        ("実は、モデルは二つあります。", "corrects"),
        ("Which of the two models do you mean?", "asks"),
        ("The maps are at the town hall, I know nothing of the weights.", None),
        ("No one knows where the maps are.", None),
        ("Once upon a time we all agreed to pay for it.", None),
        ("Precision matters more than speed.", None),
    ],
)
def test_a_stance_is_told_by_a_plain_cue(text: str, act: str | None) -> None:
    assert acts([post(0, OPENING), post(1, text)])[1] == act


def test_nobody_takes_a_stance_towards_themselves_or_towards_nothing() -> None:
    thread = [post(0, OPENING), post(1, "No, I disagree.", 0, "P0"), post(2, "Wrong, I say.", None)]
    assert acts(thread) == [None, None, None]


def test_a_question_is_answered_by_somebody_else_who_does_not_ask() -> None:
    thread = [
        post(0, "Who pays for the traffic model of the city?"),
        post(1, "The state does, for three years."),
        post(2, "And who will pay for it afterwards?", 1),
        post(3, "Does nobody know that at all?", 2),
        post(4, "I meant from the fourth year on.", 2, "P2"),
    ]
    done = acts(thread)
    assert done == ["asks", "answers", "asks", "asks", None]
    assert open_questions(thread, done) == [2, 3]


def test_yes_to_a_question_is_an_answer() -> None:
    thread = [post(0, "Do they publish the weights?"), post(1, "Yes, all of them, since May.")]
    assert acts(thread) == ["asks", "answers"]


def test_the_sides_of_a_dispute_and_who_joins_them() -> None:
    thread = [
        post(0, OPENING),
        post(1, "I agree, the maps as well."),
        post(2, "I disagree, it will be misused."),
        post(3, "Exactly, it was last year.", 2),
        post(4, "No, not everybody has the time."),
    ]
    found = dispute(thread, acts(thread))
    assert found is not None
    assert found == Dispute(frozenset({0, 1}), frozenset({2, 3, 4}))
    crowd = [post(i, f"The model counts the buses of line {i}.") for i in range(5, 80)]
    assert dispute([*thread[:3], *crowd], acts([*thread[:3], *crowd])) is None


def test_a_side_that_words_alone_would_leave_out_is_heard() -> None:
    said = "The published weights of the traffic model help the city and everybody in it"
    thread = [post(0, OPENING), *(post(i, f"{said}, says office {i}.") for i in range(1, 12))]
    thread.append(post(12, "I disagree, burglars read along when streets are empty.", 0))
    thread.append(post(13, "I do not agree, a vendor sells it back to us.", 0))
    summary = Extractive().summarize(thread, Length(3, 60))
    dissent = [s for s in summary.sentences if s.act == "disagrees"]
    assert dissent
    assert {s.post for s in dissent} <= {"12", "13"}


def test_a_weighty_question_left_open_is_shown_as_one() -> None:
    thread = [
        post(0, OPENING),
        post(1, "The weights of the traffic model are kept by a vendor."),
        post(2, "The vendor of the traffic model wants a yearly fee from the city."),
        post(3, "The city paid for the weights of the model twice."),
        post(4, "Who in the city signed the contract with the vendor of the model?", 3),
        post(5, "The council votes in May, they say in the office.", 1),
    ]
    summary = Extractive().summarize(thread, Length(4, 120))
    asked = [s for s in summary.sentences if s.act == "asks"]
    assert [s.post for s in asked] == ["4"]
    thread.append(post(6, "The mayor signed it herself in the spring.", 4))
    again = Extractive().summarize(thread, Length(5, 120))
    assert all(s.act != "asks" for s in again.sentences)


def test_the_walk_through_a_tree_and_through_a_cycle() -> None:
    tree = [post(0, ""), post(1, ""), post(2, ""), post(3, "", 1), post(4, "", 9)]
    place, below = preorder(tree)
    assert place.tolist() == [0, 1, 3, 2, 4]
    assert below.tolist() == [3, 1, 0, 0, 0]
    cycle = [SourcePost("a", "A", "", parent="b"), SourcePost("b", "B", "", parent="a")]
    place, below = preorder(cycle)
    assert sorted(place.tolist()) == [0, 1]
    assert below.tolist() == [1, 0]


def test_words_count_as_taken_up_by_replies_only() -> None:
    tree = [post(0, ""), post(1, ""), post(2, "", 1), post(3, "")]
    posts = np.array([1, 2, 3, 1])
    terms = np.array([7, 7, 7, 8])
    assert taken_up(*preorder(tree), posts, terms).tolist() == [True, False, False, False]


def test_a_picture_alone_says_what_its_alt_text_says() -> None:
    picture = Attachment("Document", "https://a.example/1.png", "A chart: the fee doubled in May.")
    bare = Object(id="https://a.example/1", type="Note", content="<p>Look!</p>")
    shown = Object(
        id="https://a.example/1", type="Note", content="<p>Look!</p>", attachments=(picture,)
    )
    assert text_of(bare) == "Look!"
    assert text_of(shown) == "Look!\nA chart: the fee doubled in May."
    wordy = Object(
        id="https://a.example/1",
        type="Note",
        content="<p>The fee for the model doubled in May, as announced.</p>",
        attachments=(picture,),
    )
    assert "chart" not in text_of(wordy)


def test_readers_see_who_disagrees() -> None:
    view = SentenceView("It leaks.", "Bo", None, "https://a.example/1", None, "en", "disagrees")
    assert cited(view, words("en")) == 'It leaks. — <a href="https://a.example/1">Bo disagrees</a>'
