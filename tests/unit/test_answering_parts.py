"""Small rules of answering: who may be replied to, what fits, when news are due."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activitypub.thread import ThreadBudget
from activitypub.vocab import PUBLIC
from bot.answering.limits import origin_of
from bot.conversation import hurried
from bot.ingest import allows_replies
from bot.notes import fitting, visible
from bot.topic import Topic

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
    items = ['<li>ten &lt;chars <a href="https://a.example/very/long">— Bo</a></li>'] * 5
    assert visible([items[0]]) == len("ten <chars — Bo")
    assert len(fitting(items, 2 * 15, at_least=0)) == 2
    assert len(fitting(items, 3, at_least=1)) == 1
    assert fitting(items, 3, at_least=0) == []


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


def test_the_server_of_an_actor_is_scheme_and_host() -> None:
    assert origin_of("http://plaza.localhost:8082/users/a") == "http://plaza.localhost:8082"
    assert origin_of("https://a.example") == "https://a.example"
