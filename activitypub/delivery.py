"""Sending one activity to one inbox, and deciding what its answer means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from activitypub.client import Client
from activitypub.errors import ActivityPubError, Forbidden, Gone, Recoverable
from activitypub.ports import SigningKey
from activitypub.uris import Uris
from activitypub.vocab import Document

STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440, 1440, 1440)
)
"""Waits between tries: close at first, then daily, a week in all."""
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to try again. `scale` shortens every wait (development and tests)."""

    scale: float = 1.0

    def next(self, attempts: int, problem: ActivityPubError, *, random: float) -> timedelta | None:
        """Return the wait after the `attempts`-th try failed with `problem`; None to give up.

        `random` in [0, 1) spreads the wait by up to a quarter, so that what failed together does
        not come back together. A pure function.
        """
        if not isinstance(problem, Recoverable) or attempts > len(STEPS):
            return None
        wait = STEPS[max(attempts, 1) - 1] * (1 + 0.25 * random) * self.scale
        return max(wait, min(problem.retry_after or timedelta(), LONGEST_WAIT))


@dataclass(frozen=True, slots=True)
class Delivered:
    """The inbox took it."""

    status: int


@dataclass(frozen=True, slots=True)
class Retry:
    """It failed for now; try again after `after`."""

    after: timedelta
    error: ActivityPubError


@dataclass(frozen=True, slots=True)
class GoneInbox:
    """410: the inbox is no more, and so is the follower behind it."""

    error: ActivityPubError


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not be taken, or we have tried long enough."""

    error: ActivityPubError


Outcome = Delivered | Retry | GoneInbox | Failed


@dataclass(frozen=True, slots=True)
class Parcel:
    """One activity for one inbox: its bytes, further headers, and how often it was tried."""

    body: bytes
    inbox: str
    actor_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 1

    @staticmethod
    def write(document: Document) -> bytes:
        """Write an activity as it is sent: without `bto` and `bcc`."""
        return orjson.dumps(strip_blind(document))


class Sender:
    """Signs, posts and judges. `key_of` gives the key of an actor of ours, `random` the jitter."""

    def __init__(
        self,
        client: Client,
        uris: Uris,
        key_of: Callable[[str], SigningKey],
        policy: RetryPolicy,
        random: Callable[[], float],
    ) -> None:
        self._client = client
        self._uris = uris
        self._key_of = key_of
        self._policy = policy
        self._random = random

    async def send(self, parcel: Parcel) -> Outcome:
        """Deliver a parcel as its actor. Its `attempts` count this try, from 1."""
        inbox = parcel.inbox
        try:
            if self._uris.is_ours(inbox):
                raise Forbidden("nothing is delivered to ourselves", url=inbox)
            key = self._key_of(parcel.actor_id)
            status = await self._client.post(inbox, parcel.body, key, parcel.headers)
        except Gone as problem:
            return GoneInbox(problem)
        except ActivityPubError as problem:
            after = self._policy.next(parcel.attempts, problem, random=self._random())
            return Retry(after, problem) if after is not None else Failed(problem)
        return Delivered(status)


def strip_blind(document: Document) -> dict[str, Any]:
    """Return the document without `bto` and `bcc`, in the object too (ActivityPub §6)."""
    clean = {name: value for name, value in document.items() if name not in {"bto", "bcc"}}
    if isinstance(clean.get("object"), Mapping):
        clean["object"] = strip_blind(clean["object"])
    return clean
