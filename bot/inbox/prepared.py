"""What a stored activity is before it is handled: ready, idle, or waiting for something."""

from dataclasses import dataclass

from activitypub.vocab import Activity, Object
from bot.inbox.lookups import Question
from bot.taking_back.recheck import Fresh
from storage import tables


@dataclass(frozen=True, slots=True)
class Ready:
    """A stored activity with what the network had to say about it.

    `post` is its post as far as the sender vouches for it, `mentioned` the bot it mentions,
    `fresh` the new version of a stored post.
    """

    row: tables.ReceivedActivity
    activity: Activity
    post: Object | None = None
    mentioned: str | None = None
    fresh: Fresh | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """An activity that changes nothing here; `outcome` says how it is counted."""

    row: tables.ReceivedActivity
    outcome: str


@dataclass(frozen=True, slots=True)
class Asking:
    """An activity for which somebody has to be asked first."""

    row: tables.ReceivedActivity
    question: Question


@dataclass(frozen=True, slots=True)
class Postponed:
    """An activity that could not be prepared, and why."""

    row: tables.ReceivedActivity
    problem: Exception


Prepared = Ready | Idle | Asking | Postponed
