"""What a sentence affirms and denies, in many languages: a model that turns it round is caught."""

from collections import defaultdict

import pytest

from bot.summary.grounding import Evidence
from bot.summary.model import SourcePost
from bot.summary.polarity import clauses
from tests.bench.retold import FILE, cases


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The parser isn't faster."),
        ("de", "Das Programm ist nicht schneller."),
        ("fr", "Ce n'est pas un programme."),
        ("es", "El programa no es libre."),
        ("pt", "O programa não é livre."),
        ("it", "Il programma non è libero."),
        ("nl", "Het programma is niet vrij."),
        ("pl", "Program nie jest wolny."),
        ("ru", "Это не программа."),
        ("ja", "これはソフトウェアではない。"),
        ("zh", "这不是程序。"),
        ("ko", "프로그램이 아니다."),
        ("ar", "هذا ليس برنامجا."),
        ("xx", "Program nunca."),
    ],
)
def test_negations_of_all_languages_are_seen(language: str, text: str) -> None:
    assert any(clause.denies for clause in clauses(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not only the weights, the parser is published."),
        ("de", "Nicht nur die Gewichte, auch das Programm ist da."),
        ("ja", "次の更新で壊れるかもしれません。"),
        ("zh", "不过服务器很快。"),
        ("ru", "Не только сервер работает."),
    ],
)
def test_what_only_looks_like_a_negation_is_none(language: str, text: str) -> None:
    assert not any(clause.denies for clause in clauses(text, language))


POST = SourcePost(
    "1",
    "Mara",
    "I don't think the clause would survive in court. It never crashed. The next release may break "
    "older plugins. I ran it on a laptop without a graphics card. The council forbids drones.",
)
OTHER = SourcePost("2", "Jonas", "I disagree with Mara: drones deliver parcels to the island.")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Mara doubts that the clause would survive in court.", True),
        ("Mara thinks the clause would survive in court.", False),
        ("Mara ran it on a laptop.", True),
        ("Mara ran it on a laptop with a graphics card.", False),
        ("Mara fears the next release breaks older plugins.", True),
        ("The next release breaks older plugins, Mara says.", False),
        ("The council does not allow drones, Mara says.", True),
        ("The council allows drones, Mara says.", False),
        ("The council does not forbid drones, Mara says.", False),
        ("Mara says it crashed.", False),
    ],
)
def test_what_is_denied_is_not_affirmed_nor_stated_more_surely(text: str, *, stands: bool) -> None:
    assert Evidence([POST, OTHER]).check(text, ["1"]).ok is stands


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Jonas says drones deliver parcels to the island.", True),
        ("Mara says drones deliver parcels to the island.", False),
        ("Jonas disagrees with Mara: drones deliver parcels to the island.", True),
    ],
)
def test_nobody_is_made_to_say_what_another_wrote(text: str, *, stands: bool) -> None:
    found = Evidence([POST, OTHER]).check(text, ["2"])
    assert found.ok is stands, found.reason


def test_most_changed_sentences_are_caught_and_few_true_ones_lost() -> None:
    judged: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    for case in cases(FILE.read_text("utf-8")):
        judged[case.part, bool(case.change)].append(case.judged().ok)
    for (_, changed), passed in judged.items():
        share = sum(passed) / len(passed)
        assert share < 0.1 if changed else share > 0.9
