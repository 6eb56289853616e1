"""Small rules of answering: who may be replied to, what fits, when news are due."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activitypub.thread import ThreadBudget
from activitypub.vocab import PUBLIC
from bot.answering.limits import domain_of
from bot.consent.ingest import allows_replies
from bot.pages.notes import cited, shortened, visible
from bot.pages.views import SentenceView
from bot.reading.budgets import hurried
from bot.topic import Topic
from bot.words import words

FOLLOWERS = "https://a.example/users/a/followers"


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (None, True),
        ({}, True),
        ({"canQuote": {"automaticApproval": []}}, True),
        ({"canReply": {"always": [PUBLIC], "approvalRequired": []}}, True),
        ({"canReply": {"always": "as:Public"}}, True),
        ({"canReply": {"automaticApproval": [FOLLOWERS, PUBLIC]}}, True),
        ({"canReply": {"always": [FOLLOWERS], "approvalRequired": [PUBLIC]}}, False),
        ({"canReply": {"automaticApproval": [], "manualApproval": [PUBLIC]}}, False),
        ({"canReply": {"automaticApproval": ["https://a.example/users/a"]}}, False),
        ({"canReply": {}}, False),
        ({"canReply": "nonsense"}, True),
    ],
)
def test_an_interaction_policy_says_who_may_reply(
    policy: dict[str, Any] | None, *, allowed: bool
) -> None:
    assert allows_replies(policy) is allowed


def test_what_fits_is_counted_by_what_readers_see() -> None:
    item = '<li>ten &lt;chars <a href="https://a.example/very/long">— Bo</a></li>'
    assert visible(item) == len("ten <chars — Bo")
    assert visible(2 * item) == len("ten <chars — Bo\nten <chars — Bo")
    assert visible("<p>see http://a.example</p><p>x</p>") == len("see " + 23 * "x" + "\n\nx")


@pytest.mark.parametrize("text", ["word " * 140, "字" * 700, "unbroken" * 90])
def test_a_long_sentence_is_cut_so_that_it_fits(text: str) -> None:
    sentence = SentenceView(text.strip(), "Bo", None, "https://a.example/1", None, "en")
    over = visible(cited(sentence, words("en"))) - 200
    short = shortened(sentence, over)
    assert visible(cited(short, words("en"))) <= 200
    assert short.text.endswith("…")
    assert text.startswith(short.text.rstrip("…"))
    assert shortened(sentence, 0) is sentence
    assert len(shortened(sentence, 5000).text) > 20, "something of it is always shown"


def test_news_come_at_the_digest_hour_whatever_the_clock_does() -> None:
    topic = Topic.model_validate(
        {"handle": "n", "name": "N", "timezone": "Europe/Berlin", "digest_at": "08:00"}
    )
    before_the_change = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert topic.digest_after(before_the_change, 1) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)
    assert topic.digest_after(before_the_change, 7) == datetime(2026, 10, 31, 7, 0, tzinfo=UTC)
    early = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)
    assert topic.digest_after(early, 1) == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)


def test_who_waits_has_a_smaller_budget_and_no_patience_for_one_host() -> None:
    short = hurried(ThreadBudget(seconds=60, patience=5), 3)
    assert (short.seconds, short.patience, short.posts) == (3, 1.5, ThreadBudget().posts)
    assert hurried(ThreadBudget(seconds=1), 3).seconds == 1


def test_subdomains_count_as_one_server() -> None:
    assert domain_of("https://a.spam.example/users/1") == domain_of("https://b.spam.example/u/2")
    assert domain_of("https://a.co.uk/u/1") != domain_of("https://b.co.uk/u/2")
    assert domain_of("http://127.0.0.1:8082/users/a") == "127.0.0.1:8082"
