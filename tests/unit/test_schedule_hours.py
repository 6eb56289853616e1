"""The digest hour, in the bot's own time zone, once a day whatever the clock does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.transport import Transport
from bot.publishing.digest import title
from bot.reading.conversation import next_reading
from bot.topic import Topic
from storage import Storage
from tests.parts import parts

BERLIN = Topic.model_validate(
    {"handle": "news", "name": "News", "digest_at": "08:00", "timezone": "Europe/Berlin"}
)


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.mark.parametrize(
    ("now", "period", "moment"),
    [
        ("2026-07-01T06:00:00+00:00", "2026-07-01", "2026-07-01T06:00:00+00:00"),
        ("2026-07-01T05:59:59+00:00", "2026-06-30", "2026-06-30T06:00:00+00:00"),
        ("2026-12-01T07:30:00+00:00", "2026-12-01", "2026-12-01T07:00:00+00:00"),
        ("2026-12-01T06:30:00+00:00", "2026-11-30", "2026-11-30T07:00:00+00:00"),
        ("2026-10-25T23:30:00+00:00", "2026-10-25", "2026-10-25T07:00:00+00:00"),
    ],
)
def test_the_latest_appointed_digest(now: str, period: str, moment: str) -> None:
    found, at = BERLIN.digest_due(datetime.fromisoformat(now))
    assert (found, at.astimezone(UTC)) == (period, datetime.fromisoformat(moment))


async def test_it_is_queued_once_at_its_hour_and_not_made_up_for_late(tmp_path: Path) -> None:
    storage = await Storage.open(f"sqlite:///{tmp_path}/s.sqlite3")
    clock = SetClock(datetime(2026, 7, 1, 6, 0, 30, tzinfo=UTC))
    async with Transport(AddressGuard(), user_agent="t") as transport:
        client = Client(transport, None, clock)
        schedule = parts(storage, client, clock, (BERLIN,)).schedule
        first = [await schedule.tick() for _ in range(3)]
        clock.moment += timedelta(days=1, hours=13)
        late = await schedule.tick()
        clock.moment += timedelta(hours=11)
        next_day = await schedule.tick()
    async with storage.unit() as unit:
        jobs = await unit.jobs.claim("t", clock.now(), timedelta(minutes=1), 10)
    await storage.close()
    # Each day has an audit, too.
    assert (first, late, next_day) == ([2, 0, 0], 1, 2)
    digests = [job.payload for job in jobs if job.kind == "digest"]
    assert [payload["period"] for payload in digests] == ["2026-07-01", "2026-07-03"]
    assert digests[0]["since"] == "2026-06-30T08:00:00+02:00"


def test_a_quiet_thread_is_read_less_and_less() -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    waits = [
        (moment - now) if (moment := next_reading(now - timedelta(hours=hours), now)) else None
        for hours in (1, 5, 48, 100)
    ]
    assert waits == [timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12), None]


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Pacific/Auckland", "en", "News: January 2, 2026"),
        ("Europe/Berlin", "de", "News: 1. Januar 2026"),
    ],
)
def test_a_digest_is_dated_by_the_bot_s_own_clock(zone: str, language: str, said: str) -> None:
    topic = BERLIN.model_copy(update={"timezone": zone, "language": language})
    assert title(topic, datetime(2026, 1, 1, 19, 0, tzinfo=UTC)) == said
