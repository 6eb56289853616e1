"""CONSENT.md, cell by cell, and each refusal in each place where it can stand."""

from dataclasses import replace
from typing import Any

import pytest

from activitypub.addressing import Audience
from activitypub.vocab import PUBLIC, Actor, Property
from bot.consent.ingest import quotable
from bot.consent.table import (
    NO_MODEL_TAGS,
    REFUSING_TAGS,
    AuthorSignals,
    PostSignals,
    Use,
    permitted,
)

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


ROWS = [
    (AuthorSignals(None), post(), set()),
    (author(indexable=True, memorial=True), post(), set()),
    (PERMITS, post(Audience.NARROW), set()),
    (PERMITS, post(Audience.NARROW, own=True), set()),
    (PERMITS, post(Audience.NARROW, publication=True), set()),
    (PERMITS, post(), {C, L, D, Q, P, M}),
    (PERMITS, post(QUIET), {C, L, Q, P, M}),
    (SILENT, post(publication=True), {C, L, D, Q, P, M}),
    (SILENT, post(QUIET, publication=True), {C, L, D, Q, P, M}),
    (SILENT, post(watched_root=True), {C, L, P}),
    (SILENT, post(), {C, P}),
    (SILENT, post(QUIET, watched_root=True), {C, P}),
    (SILENT, post(QUIET), {C, P}),
    (SILENT, post(own=True), {C, L, Q, P, M}),
    (SILENT, post(QUIET, own=True), {C, L, Q, P, M}),
    (PERMITS, post(own=True), {C, L, D, Q, P, M}),
    (author(indexable=False), post(), {C, P}),
    # A policy of the post itself (signal 7): who may not quote it may not quote it.
    (PERMITS, post(quotable=False), {C, P}),
    (SILENT, post(publication=True, quotable=False), {C, P}),
    (PERMITS, post(quotable=True), {C, L, D, Q, P, M}),
    (SILENT, post(quotable=True), {C, P}),
    (AuthorSignals(actor(), choice="include"), post(quotable=False), {C, L, D, Q, P, M}),
]


@pytest.mark.parametrize(("who", "what", "uses"), ROWS)
def test_the_table(who: AuthorSignals, what: PostSignals, uses: set[Use]) -> None:
    assert permitted(who, what) == uses


@pytest.mark.parametrize(("who", "what", "uses"), ROWS)
def test_no_model_changes_that_column_alone_in_every_row(
    who: AuthorSignals, what: PostSignals, uses: set[Use]
) -> None:
    if who.actor is not None:
        who = replace(who, actor=replace(who.actor, summary="<p>Hello</p><p>#NoLLM</p>"))
    assert permitted(who, what) == uses - {M}


PLACES = [
    lambda t: {"summary": f"<p>Hello #{t}</p>"},
    lambda t: {"summary": f'<p><a href="x">#<span>{t.upper()}</span></a></p>'},
    lambda t: {"summary": f"<p>ok ＃{t.title()}!</p>"},
    lambda t: {"summary": f"<p>#{t}</p><p>Hello</p>"},
    lambda t: {"summary": f"#{t}<br>Hello"},
    lambda t: {"summary": f"&#35;{t[:2]}&shy;{t[2:]}"},
    lambda t: {"summary": f"#{t[:2]}<wbr>{t[2:]}, #other"},
    lambda t: {"summary": f'<a href="https://a.example/tags/{t}" rel="tag">no machines</a>'},
    lambda t: {"summary": "#" + "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in t)},
    lambda t: {"name": f"Ada #{t}"},
    lambda t: {"name": f"Ada #{t}\u200b🦙"},
    lambda t: {"properties": (Property("bots", f"<b>#{t}</b>"),)},
    lambda t: {"properties": (Property(f"#{t}", "yes"),)},
    lambda t: {"document": {"tag": [{"type": "Hashtag", "name": f"#{t}"}]}},
    lambda t: {"document": {"tag": {"type": "Hashtag", "name": t}}},
    lambda t: {"document": {"summaryMap": {"en": "Hello", "xx": f"<p>#{t}</p>"}}},
    lambda t: {"document": {"nameMap": {"xx": f"Ada #{t}"}}},
    lambda t: {"document": {"attachment": {"type": "Note", "name": "x", "content": f"#{t}"}}},
    lambda t: {"document": {"attachment": [{"type": ["x:PropertyValue"], "value": f"#{t}"}]}},
]


@pytest.mark.parametrize("tag", sorted(REFUSING_TAGS))
@pytest.mark.parametrize("place", PLACES)
def test_refusing_tags_refuse_in_every_place(tag: str, place: object) -> None:
    members = place(tag)  # type: ignore[operator]
    assert permitted(author(indexable=True, **members), post(publication=True)) == set()


@pytest.mark.parametrize("tag", sorted(NO_MODEL_TAGS))
@pytest.mark.parametrize("place", PLACES)
def test_no_model_tags_count_in_every_place(tag: str, place: object) -> None:
    members = place(tag)  # type: ignore[operator]
    assert permitted(author(indexable=True, **members), post()) == set(Use) - {M}


@pytest.mark.parametrize(
    "text",
    ["nobots", "#nobotsplease", "#nobotany", "bot #no bots", "# nobots", "#NoAir", "&nobots"],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert permitted(author(indexable=True, summary=text), post()) == set(Use)


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


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (None, None),
        ({}, None),
        ({"canReply": {"always": "as:Public"}}, None),
        ({"canQuote": {"automaticApproval": PUBLIC}}, True),
        ({"canQuote": {"automaticApproval": ["https://a.example/u/followers", "as:Public"]}}, True),
        ({"canQuote": {"automaticApproval": ["https://a.example/u"]}}, False),
        ({"canQuote": {"automaticApproval": [], "manualApproval": PUBLIC}}, False),
        ({"canQuote": {"manualApproval": [PUBLIC]}}, False),
        ({"canQuote": "everyone"}, False),
    ],
)
def test_who_may_quote_a_post_is_read_from_its_policy(*, policy: Any, found: bool | None) -> None:
    assert quotable(policy) is found
