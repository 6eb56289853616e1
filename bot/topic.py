"""What one bot watches, and as whom it speaks."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from activitypub.uris import HANDLE

HASHTAG = re.compile(r"[^\W_][\w]{0,99}")
ORIGIN = re.compile(r"(https?://)?[A-Za-z0-9.\-\[\]:]{3,255}")
HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]{3,255}")
ACCOUNT = re.compile(r"[@!]?[\w.\-]{1,64}@[A-Za-z0-9.\-:]{3,255}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _handle(value: str) -> str:
    if not HANDLE.fullmatch(value):
        raise ValueError("allowed: 1 to 30 of a-z, 0-9 and _")
    return value


def _hashtag(value: str) -> str:
    name = value.strip().lstrip("#")
    if not HASHTAG.fullmatch(name) or name.isdigit():
        raise ValueError("allowed: a hashtag of letters, digits and _, not digits alone")
    return name.casefold()


def _origin(value: str) -> str:
    """Accept `mastodon.example` or a full origin; a bare host means https."""
    origin = value.strip().rstrip("/")
    if not ORIGIN.fullmatch(origin):
        raise ValueError("allowed: a host name such as social.example")
    return origin if "://" in origin else f"https://{origin}"


def _account(value: str) -> str:
    if not ACCOUNT.fullmatch(value.strip()):
        raise ValueError("allowed: an address such as @name@social.example")
    return value.strip().lstrip("@!")


def _host(value: str) -> str:
    """Accept `tags.example`, with a port if it must be."""
    if not HOST.fullmatch(value.strip()):
        raise ValueError("allowed: a host name such as tags.example")
    return value.strip().lower()


def _hour(value: object) -> time:
    """Accept `08:00` as text or as TOML's own time; the zone is a setting of its own."""
    try:
        hour = value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError:
        hour = None
    if hour is None or hour.tzinfo is not None:
        raise ValueError("allowed: hour and minute, such as 08:00")
    return hour


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("allowed: a name of the IANA time zone database, such as Europe/Berlin")
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError("allowed: a language tag such as en, de or pt-BR")
    return value


def _url(value: str) -> str:
    if not value.startswith(("https://", "http://")) or any(c.isspace() for c in value):
        raise ValueError("allowed: an http or https address")
    return value


class Topic(BaseModel):
    """One bot: its actor's handle and name, what it reads, and when it publishes.

    `hashtags` are kept without `#` in lower case; `hosts` are origins that are asked for tags by
    RSS, `rest_hosts` those that are asked by the Mastodon API (off unless named, since many
    servers dislike it); `tag_hosts` are servers of tag actors, `relays` inboxes or actors of
    relays; `languages`, where given, are those of the threads a digest may hold; `hashtag` marks
    our own posts, so that watched tags are never flooded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Annotated[str, AfterValidator(_handle)]
    name: str = Field(min_length=1, max_length=100)
    summary: str = Field(default="", max_length=2000)
    hashtags: tuple[Annotated[str, AfterValidator(_hashtag)], ...] = ()
    hosts: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    rest_hosts: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    feeds: tuple[Annotated[str, AfterValidator(_url)], ...] = ()
    accounts: tuple[Annotated[str, AfterValidator(_account)], ...] = ()
    groups: tuple[Annotated[str, AfterValidator(_account)], ...] = ()
    tag_hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    relays: tuple[Annotated[str, AfterValidator(_url)], ...] = ()
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ()
    digest_at: Annotated[time, BeforeValidator(_hour)] = time(8, 0)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    language: Annotated[str, AfterValidator(_language)] = "en"
    hashtag: Annotated[str, AfterValidator(_hashtag)] = "fedigest"

    @property
    def schedule(self) -> str:
        """The digest hour as people read it."""
        return f"{self.digest_at:%H:%M} {self.timezone}"

    def digest_due(self, now: datetime) -> tuple[str, datetime]:
        """Return the latest appointed digest at or before `now`: its period and its moment.

        The period is the local date, so a bot publishes at most once a day whatever its zone's
        clock does; a local time that a change to summer time skips falls an hour later.
        """
        zone = ZoneInfo(self.timezone)
        day = now.astimezone(zone).date()
        moment = datetime.combine(day, self.digest_at, zone)
        if moment > now:
            day -= timedelta(days=1)
            moment = datetime.combine(day, self.digest_at, zone)
        return day.isoformat(), moment

    def digest_after(self, now: datetime, days: int) -> datetime:
        """Return the digest hour `days` days (by the calendar) after the latest one."""
        zone = ZoneInfo(self.timezone)
        day = self.digest_due(now)[1].astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, self.digest_at, zone).astimezone(UTC)
