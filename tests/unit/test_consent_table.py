"""CONSENT.md, cell by cell, and each refusal in each place where it can stand."""

import pytest

from activitypub.addressing import Audience
from activitypub.vocab import PUBLIC, Actor, Property
from bot.consent import AuthorSignals, PostSignals, Use, permitted

C, L, D, Q, P, M = Use.COUNT, Use.LINK, Use.DIGEST, Use.QUIET, Use.DIRECT, Use.MODEL


def actor(**members: object) -> Actor:
    known = {"id": "https://a.example/u", "type": "Person", "inbox": "https://a.example/i"}
    return Actor(**{**known, **members})  # type: ignore[arg-type]


def author(**members: object) -> AuthorSignals:
    return AuthorSignals(actor(**members))


def post(audience: Audience = Audience.PUBLIC, **members: bool) -> PostSignals:
    return PostSignals(audience, **members)


PERMITS, SILENT = author(indexable=True), author()
QUIET = Audience.QUIET


@pytest.mark.parametrize(
    ("who", "what", "uses"),
    [
        (AuthorSignals(None), post(), set()),
        (author(indexable=True, memorial=True), post(), set()),
        (PERMITS, post(Audience.NARROW), set()),
        (PERMITS, post(), {C, L, D, Q, P, M}),
        (PERMITS, post(QUIET), {C, L, Q, P, M}),
        (SILENT, post(publication=True), {C, L, D, Q, P, M}),
        (SILENT, post(watched_root=True), {C, L, P}),
        (SILENT, post(), {C, P}),
        (SILENT, post(QUIET, watched_root=True), {C, P}),
        (SILENT, post(QUIET), {C, P}),
        (SILENT, post(own=True), {C, L, Q, P, M}),
        (PERMITS, post(own=True), {C, L, D, Q, P, M}),
        (author(indexable=False), post(), {C, P}),
    ],
)
def test_the_table(who: AuthorSignals, what: PostSignals, uses: set[Use]) -> None:
    assert permitted(who, what) == uses


@pytest.mark.parametrize("tag", ["nobot", "nobots", "noindex", "nosearch"])
@pytest.mark.parametrize(
    "place",
    [
        lambda t: {"summary": f"<p>Hello #{t}</p>"},
        lambda t: {"summary": f'<p><a href="x">#<span>{t.upper()}</span></a></p>'},
        lambda t: {"summary": f"<p>ok ＃{t.title()}!</p>"},
        lambda t: {"name": f"Ada #{t}"},
        lambda t: {"properties": (Property("bots", f"<b>#{t}</b>"),)},
        lambda t: {"properties": (Property(f"#{t}", "yes"),)},
        lambda t: {"document": {"tag": [{"type": "Hashtag", "name": f"#{t}"}]}},
    ],
)
def test_refusing_tags_refuse_in_every_place(tag: str, place: object) -> None:
    members = place(tag)  # type: ignore[operator]
    assert permitted(author(indexable=True, **members), post()) == set()


@pytest.mark.parametrize(
    "who",
    [
        AuthorSignals(actor(indexable=True), choice="exclude"),
        AuthorSignals(actor(indexable=True), listed=True),
        AuthorSignals(actor(indexable=True), blocks_us=True),
        author(indexable=True, suspended=True),
        author(indexable=True, moved_to="https://b.example/u"),
        author(indexable=True, searchable_by=("https://a.example/followers",)),
    ],
)
def test_other_refusals(who: AuthorSignals) -> None:
    assert permitted(who, post(publication=True, own=True)) == set()


def test_searchable_by_the_public_is_no_refusal() -> None:
    assert permitted(author(indexable=True, searchable_by=(PUBLIC,)), post()) == set(Use)
    assert permitted(PERMITS, post(searchable=False)) == set()


def test_no_model_leaves_everything_else() -> None:
    assert permitted(author(indexable=True, summary="#NoAI"), post()) == {C, L, D, Q, P}


@pytest.mark.parametrize(
    "who",
    [
        author(indexable=True, discoverable=False),
        author(manually_approves_followers=True),
    ],
)
def test_left_out_of_digests_only(who: AuthorSignals) -> None:
    uses = permitted(who, post(publication=True))
    assert uses == {C, L, Q, P, M}


def test_told_us_so_counts_as_permission() -> None:
    told = AuthorSignals(actor(manually_approves_followers=True), choice="include")
    assert permitted(told, post()) == set(Use)


def test_strict_mode_needs_permission() -> None:
    assert permitted(SILENT, post(publication=True), "strict") == {C, L}
    assert permitted(PERMITS, post(), "strict") == set(Use)
