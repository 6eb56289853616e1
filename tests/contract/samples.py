"""Rows to test with; every test says only what matters to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.tables import (
    Actor,
    Answer,
    Delivery,
    Digest,
    Finding,
    Follower,
    Following,
    OutgoingActivity,
    Post,
    Publication,
    ReceivedActivity,
    SourceState,
    Summary,
    Thread,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def minutes(number: float) -> datetime:
    """Return the moment so many minutes after NOW."""
    return NOW + timedelta(minutes=number)


def actor(who: str = "ada", **changes: Any) -> Actor:
    """Someone on tea.example."""
    given: dict[str, Any] = {
        "id": f"https://tea.example/users/{who}",
        "handle": f"{who}@tea.example",
        "host": "tea.example",
        "name": who.title(),
        "type": "Person",
        "url": f"https://tea.example/@{who}",
        "inbox": f"https://tea.example/users/{who}/inbox",
        "fetched_at": NOW,
    }
    return Actor(**given | changes)


def post(number: int = 1, **changes: Any) -> Post:
    """A public Note of Ada."""
    given: dict[str, Any] = {
        "id": f"https://tea.example/posts/{number}",
        "url": f"https://tea.example/@ada/{number}",
        "author_id": "https://tea.example/users/ada",
        "host": "tea.example",
        "audience": "public",
        "kind": "Note",
        "content": f"<p>words of post {number}</p>",
        "text": f"words of post {number}",
        "published": minutes(number),
        "fetched_at": NOW,
        "via": "tag:tea",
    }
    return Post(**given | changes)


def thread(number: int = 1, **changes: Any) -> Thread:
    """A thread whose root is `post(number)`."""
    given: dict[str, Any] = {
        "id": f"https://tea.example/posts/{number}",
        "url": f"https://tea.example/@ada/{number}",
        "host": "tea.example",
        "opened_at": NOW,
        "active_at": NOW,
    }
    return Thread(**given | changes)


def finding(number: int = 1, **changes: Any) -> Finding:
    """`post(number)`, found by the tea bot."""
    given: dict[str, Any] = {
        "bot": "tea",
        "post_id": f"https://tea.example/posts/{number}",
        "source": "tag:tea",
        "found_at": minutes(number),
    }
    return Finding(**given | changes)


def follower(who: str = "ada", **changes: Any) -> Follower:
    """Someone on tea.example who follows the tea bot."""
    given: dict[str, Any] = {
        "bot": "tea",
        "actor_id": f"https://tea.example/users/{who}",
        "inbox": f"https://tea.example/users/{who}/inbox",
        "host": "tea.example",
        "follow_id": f"https://tea.example/follows/{who}",
        "since": NOW,
    }
    return Follower(**given | changes)


def following(**changes: Any) -> Following:
    """The tea bot asks to follow a group."""
    given: dict[str, Any] = {
        "bot": "tea",
        "actor_id": "https://pot.example/c/leaves",
        "follow_id": "https://digest.example/follows/1",
        "inbox": "https://pot.example/inbox",
        "asked_at": NOW,
    }
    return Following(**given | changes)


def received(number: int = 1, **changes: Any) -> ReceivedActivity:
    """A Create that Ada's server sent."""
    given: dict[str, Any] = {
        "id": f"https://tea.example/activities/{number}",
        "actor_id": "https://tea.example/users/ada",
        "type": "Create",
        "document": {"type": "Create", "object": {"content": "green"}},
        "received_at": minutes(number),
    }
    return ReceivedActivity(**given | changes)


def publication(number: int = 1, **changes: Any) -> Publication:
    """A digest as it was published."""
    given: dict[str, Any] = {
        "id": f"https://digest.example/o/{number}",
        "bot": "tea",
        "kind": "digest",
        "slug": f"tea-{number}",
        "document": {"type": "Article", "content": "leaves"},
        "audience": "public",
        "published": minutes(number),
    }
    return Publication(**given | changes)


def activity(number: int = 1, **changes: Any) -> OutgoingActivity:
    """The Create of `publication(number)`."""
    given: dict[str, Any] = {
        "id": f"https://digest.example/a/{number}",
        "bot": "tea",
        "type": "Create",
        "document": {"type": "Create"},
        "object_id": f"https://digest.example/o/{number}",
        "public": True,
        "published": minutes(number),
    }
    return OutgoingActivity(**given | changes)


def digest(number: int = 1, **changes: Any) -> Digest:
    """A day of the tea bot."""
    given: dict[str, Any] = {
        "id": f"digest-{number}",
        "bot": "tea",
        "period": f"2026-11-{number:02}",
        "since": minutes(number - 1),
        "until": minutes(number),
        "title": "Leaves of the day",
        "language": "en",
        "made_at": minutes(number),
    }
    return Digest(**given | changes)


def summary(number: int = 1, **changes: Any) -> Summary:
    """A summary of `thread(number)`."""
    given: dict[str, Any] = {
        "id": f"summary-{number}",
        "thread_id": f"https://tea.example/posts/{number}",
        "position": number,
        "engine": "extractive",
        "made_at": minutes(number),
    }
    return Summary(**given | changes)


def answer(number: int = 1, **changes: Any) -> Answer:
    """A request of Ada."""
    given: dict[str, Any] = {
        "request_id": f"https://tea.example/requests/{number}",
        "bot": "tea",
        "requester_id": "https://tea.example/users/ada",
        "asked_at": minutes(number),
    }
    return Answer(**given | changes)


def source(number: int = 1, **changes: Any) -> SourceState:
    """A tag that is due."""
    given: dict[str, Any] = {
        "key": f"tag:{number}",
        "bot": "tea",
        "kind": "tag",
        "address": f"https://tea.example/tags/{number}.rss",
        "due_at": minutes(number),
        "interval_s": 600,
    }
    return SourceState(**given | changes)


def number_of(row: Delivery) -> int:
    """Return the id that the database gave."""
    assert row.id is not None
    return row.id
