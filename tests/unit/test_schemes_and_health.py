"""The extra knock and its memory, and the breaker: pure functions of what happened and when."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub import health
from activitypub.client import check_status, is_activity, retry_after
from activitypub.delivery import RetryPolicy
from activitypub.errors import (
    ActivityPubError,
    Busy,
    Final,
    Gone,
    Missing,
    Refused,
    Rejected,
    Unreachable,
)
from activitypub.health import Health, Verdict
from activitypub.ports import SigningKey
from activitypub.schemes import REMEMBER, HostSchemes, Scheme
from activitypub.transport import Response

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOST = "peer.example"
KEY = SigningKey(
    "https://digest.example/ap/instance#main-key", rsa.generate_private_key(65537, 2048)
)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_stranger_gets_cavage_and_one_knock_more(status: int) -> None:
    schemes = HostSchemes()
    assert schemes.first(HOST, NOW) is Scheme.CAVAGE
    assert schemes.second(HOST, status, NOW) is Scheme.RFC9421
    schemes.worked(HOST, Scheme.RFC9421, NOW)
    assert schemes.first(HOST, NOW) is Scheme.RFC9421


@pytest.mark.parametrize("status", [402, 405, 408, 413, 429, 500, 503])
def test_other_answers_are_no_reason_to_knock_again(status: int) -> None:
    assert HostSchemes().second(HOST, status, NOW) is None


def test_what_is_known_to_work_is_not_doubted_for_a_missing_post() -> None:
    schemes = HostSchemes()
    schemes.worked(HOST, Scheme.CAVAGE, NOW)
    assert schemes.second(HOST, 404, NOW) is None
    assert schemes.second(HOST, 410, NOW) is None
    assert schemes.second(HOST, 401, NOW) is Scheme.RFC9421


def test_a_post_that_is_refused_in_both_ways_spoils_nothing() -> None:
    schemes = HostSchemes()
    schemes.worked(HOST, Scheme.RFC9421, NOW)
    schemes.refused(HOST, NOW)
    assert schemes.first(HOST, NOW) is Scheme.RFC9421
    assert schemes.second(HOST, 401, NOW) is None, "not knocked at twice for a while"
    assert schemes.second(HOST, 401, NOW + timedelta(hours=2)) is Scheme.CAVAGE


def test_memory_ends_so_that_upgrades_are_noticed() -> None:
    schemes = HostSchemes()
    schemes.worked(HOST, Scheme.RFC9421, NOW)
    assert schemes.first(HOST, NOW + REMEMBER + timedelta(seconds=1)) is Scheme.CAVAGE
    schemes.refused("both.example", NOW)
    assert schemes.second("both.example", 401, NOW) is None
    assert schemes.second("both.example", 401, NOW + timedelta(hours=2)) is Scheme.RFC9421


def test_accept_signature_is_honoured_if_it_can_be() -> None:
    schemes = HostSchemes()
    schemes.asked(
        HOST, 'sig9=("@method" "@authority" "date");created;nonce="n-1";tag="fedi"', KEY, NOW
    )
    wanted = schemes.wanted(HOST, NOW)
    assert schemes.first(HOST, NOW) is Scheme.RFC9421
    assert (wanted.label, wanted.nonce, wanted.tag) == ("sig9", "n-1", "fedi")
    assert wanted.components == ("@method", "@authority", "date")
    for header in (
        'sig=();alg="ed25519"',
        'sig=();keyid="https://else.example/k"',
        "sig=(",
        "sig=?1",
    ):
        other = HostSchemes()
        other.asked(HOST, header, KEY, NOW)
        assert other.first(HOST, NOW) is Scheme.CAVAGE, header


def test_a_host_rests_after_five_failures_and_is_dead_after_a_week() -> None:
    now, ill = NOW, None
    for _ in range(4):
        ill = health.after_failure(ill, now, random=0)
        assert health.verdict(ill, now) is Verdict.SEND
    ill = health.after_failure(ill, now, random=0)
    assert ill == Health(5, NOW, NOW + timedelta(minutes=1))
    assert health.verdict(ill, now) is Verdict.WAIT
    pauses = []
    while not ill.is_dead(now):
        assert ill.closed_until is not None
        now = ill.closed_until
        assert health.verdict(ill, now) is Verdict.SEND, "the probe"
        before, ill = ill, health.after_failure(ill, now, random=0)
        pauses.append((ill.closed_until or now) - now)
        assert ill.failures == before.failures + 1
    assert pauses[:3] == [timedelta(minutes=m) for m in (2, 4, 8)]
    assert max(pauses[:-1]) == timedelta(hours=6)
    assert pauses[-1] == timedelta(days=1)
    assert health.verdict(ill, now) is Verdict.DROP
    assert health.verdict(ill, now + timedelta(days=1)) is Verdict.SEND, "probed daily"
    assert health.verdict(None, now) is Verdict.SEND


def test_retries_grow_for_a_week_and_honour_retry_after() -> None:
    policy = RetryPolicy()
    waits = [policy.next(n, Unreachable("x"), random=0) for n in range(1, 14)]
    assert all(waits)
    assert waits == sorted(w for w in waits if w)
    total = sum((w for w in waits if w), timedelta())
    assert timedelta(days=6) < total < timedelta(days=8)
    assert policy.next(14, Unreachable("x"), random=0) is None
    assert policy.next(1, Final("x"), random=0) is None
    asked = Busy("x", status=429, retry_after=timedelta(hours=2))
    assert policy.next(1, asked, random=0) == timedelta(hours=2)
    absurd = Busy("x", status=503, retry_after=timedelta(days=400))
    assert policy.next(1, absurd, random=0) == timedelta(days=1)
    early, late = (policy.next(1, Unreachable("x"), random=r) for r in (0, 0.99))
    assert early is not None
    assert late is not None
    assert early < late


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, Busy) for status in (408, 425, 429, 500, 501, 502, 503, 504, 599)),
        *((status, Refused) for status in (401, 403)),
        *((status, Rejected) for status in (300, 302, 400, 402, 405, 406, 413, 422, 451)),
        (404, Missing),
        (410, Gone),
    ],
)
def test_what_a_status_means(status: int, kind: type[ActivityPubError]) -> None:
    response = Response(status, {"Retry-After": "120"}, b"", "https://peer.example/inbox")
    with pytest.raises(kind) as raised:
        check_status(response, NOW)
    assert type(raised.value) is kind
    assert raised.value.status == status
    if isinstance(raised.value, Busy):
        assert raised.value.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Mon, 23 Nov 2026 08:01:00 GMT"}, 60),
        ({"Retry-After": "Mon, 23 Nov 2026 07:00:00 GMT"}, 0),
        # By the clock of the server, which is an hour ahead.
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 09:00:30 GMT",
                "Date": "Mon, 23 Nov 2026 09:00:00 GMT",
            },
            30,
        ),
        ({"X-RateLimit-Reset": "2026-11-23T08:05:00.000Z"}, 300),
        ({"Retry-After": "999999999"}, 86_400),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "\u00b2"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_wants_us_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    wait = retry_after(headers, NOW)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ("Application/Activity+JSON", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json;profile=https://www.w3.org/ns/activitystreams", True),
        ("application/ld+json", False),
        ("application/json", False),
        ("text/html", False),
        ("image/png; application/activity+json", False),
        ("", False),
    ],
)
def test_which_content_types_are_documents(content_type: str, taken: bool) -> None:  # noqa: FBT001
    assert is_activity(content_type) is taken
