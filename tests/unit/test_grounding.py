"""The gate for sentences that a model wrote: what the posts bear out stands, the rest falls."""

import pytest

from bot.summary.grounding import Evidence
from bot.summary.model import SourcePost

POSTS = [
    SourcePost("1", "Ada", "The new licence forbids training other models on its output. Version 4.2 says so."),
    SourcePost("2", "Bo", "I disagree with Ada: the clause was removed in March, so output can be used."),
    SourcePost("3", "Cem", "Does anyone know whether the training data will be published as well?"),
    SourcePost("4", "Dana Li", "Distillation from open weights is not stealing, it is how science works."),
]  # fmt: skip
EVIDENCE = Evidence(POSTS)


@pytest.mark.parametrize(
    ("text", "cited", "rests_on"),
    [
        ("Ada says the licence forbids training other models on its output.", ["1"], ("1",)),
        ("Ada points to version 4.2, whose licence forbids training on its output.", ["1"], ("1",)),
        ("Bo disagrees: the clause was removed in March.", ["2"], ("2",)),
        ("Cem asks whether the training data will be published.", ["3"], ("3",)),
        ("Dana Li says that distillation from open weights is not stealing.", ["4"], ("4",)),
        ("Cem asks whether the training data will be published.", ["1"], ("3",)),
        ("The licence forbids training other models on its output.", ["1", "9"], ("1",)),
        ("Dana says that distillation isn’t stealing.", ["4"], ("4",)),
        ("Bo says the clause “was removed in March”.", ["2"], ("2",)),
    ],
)
def test_what_the_posts_say_stands(text: str, cited: list[str], rests_on: tuple[str, ...]) -> None:
    found = EVIDENCE.check(text, cited, language="en")
    assert found.ok, found.reason
    assert found.posts == rests_on


@pytest.mark.parametrize(
    ("text", "cited", "reason"),
    [
        ("Ada says the licence forbids training other models.", ["77"], "unknown post"),
        ("Ada says the licence forbids training other models.", [], "unknown post"),
        ("Version 5.1 of the licence forbids training other models on its output.", ["1"], "number"),
        ("Bo says the new licence forbids training other models on its output.", ["1"], "person"),
        ("Ada says Microsoft and its licence forbid training other models.", ["1"], "name"),
        ("Ada says the licence does not forbid training other models on its output.", ["1"], "opposite"),
        ("Dana Li says that distillation from open weights is stealing.", ["4"], "opposite"),
        ("The licence, says Ada, “forbids all training” on its output.", ["1"], "quotation"),
        ("The licence forbids training on its output, see https://a.example/1", ["1"], "link"),
        ("Dana says that training other models on its output is forbidden.", ["1"], "person"),
        ("Ada wants everybody to buy new graphics cards at once.", ["1"], "not what the post says"),
        ("Le nouveau contrat interdit d'entraîner d'autres modèles avec ses résultats.", ["1"], "language"),
    ],
)  # fmt: skip
def test_what_they_do_not_say_falls(text: str, cited: list[str], reason: str) -> None:
    found = EVIDENCE.check(text, cited, language="en")
    assert not found.ok
    assert reason in found.reason
