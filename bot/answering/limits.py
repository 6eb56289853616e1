"""How much is answered in a day, so that nobody's requests cost others their answers.

A server is counted by its registrable domain, since subdomains cost nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from activitypub.addressing import host_of
from bot.asking import Wish
from storage import UnitOfWork, tables

DAY = timedelta(days=1)
GRACE = 10
"""Requests beyond a limit of many people that are still looked at, to be refused kindly."""
TURN = timedelta(seconds=1)
UNHURRIED = 5
"""Requests of one server in a minute that are answered at once; further ones take turns."""
LONGEST_TURN = timedelta(minutes=10)
OFF = "answers"
"""The switch by which the operator stops all answers."""
REFUSED = "limit: "

ALWAYS = frozenset(
    {Wish.EXCLUDE, Wish.NOT_HERE, Wish.STOP_ALL, Wish.UNFOLLOW_TAG, Wish.UNFOLLOW_THREAD}
)
"""What is done however often somebody has asked: it takes something back."""

Limit = Literal["person", "thread", "host", "all"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests that are answered within a day: of a person, under a thread, of a server, of all."""

    person: int = 20
    thread: int = 20
    host: int = 200
    day: int = 1000

    async def reached(self, unit: UnitOfWork, asked: tables.Answer) -> Limit | None:
        """Return which limit a stored request is beyond, by what was asked up to it."""
        person, since, until = asked.requester_id, asked.asked_at - DAY, asked.asked_at
        if await unit.answers.asked_since(since, person, until=until) > self.person:
            return "person"
        if await unit.answers.asked_from_since(domain_of(person), since, until) > self.host:
            return "host"
        return "all" if await unit.answers.asked_since(since, until=until) > self.day else None

    async def reached_in(self, unit: UnitOfWork, thread_id: str, now: datetime) -> Limit | None:
        """Return "thread" when as much was answered about a thread as may be in a day."""
        rows = await unit.answers.for_thread(thread_id)
        # What was no answer about the thread has a reason: a confirmation, a subscriber's news.
        since = now - DAY
        told = [row for row in rows if row.asked_at > since and row.publication_id]
        return "thread" if sum(row.reason is None for row in told) >= self.thread else None

    async def is_flood(self, unit: UnitOfWork, person: str, now: datetime) -> bool:
        """Tell whether one more request is not even worth refusing: its kind was refused already.

        Asked while the inbox is handled, so that a flood leaves neither rows nor jobs behind.
        """
        since = now - DAY
        return (
            await unit.answers.asked_since(since, person) > self.person
            or await unit.answers.asked_from_since(domain_of(person), since) >= self.host + GRACE
            or await unit.answers.asked_since(since) >= self.day + GRACE
        )

    async def turn(self, unit: UnitOfWork, person: str, now: datetime) -> datetime:
        """Return when a request is to be answered: at once, unless its server asks a lot just now.

        Then its requests stand in a line of their own, and other people's do not wait behind.
        """
        minute = now - timedelta(minutes=1)
        recent = await unit.answers.asked_from_since(domain_of(person), minute)
        return now + min(max(0, recent - UNHURRIED) * TURN, LONGEST_TURN)


async def was_refused(unit: UnitOfWork, person: str, limit: Limit, now: datetime) -> bool:
    """Tell whether somebody was told of this limit within the day: once is enough."""
    rows = await unit.answers.of_requester(person)
    return any(row.reason == REFUSED + limit and row.asked_at > now - DAY for row in rows)


async def unwanted(unit: UnitOfWork, person: str, *, taking_back: bool = False) -> str:
    """Say why somebody gets no answer at all: all is switched off, or they block us; else "".

    Who takes something back is told so even when all is switched off.
    """
    if not taking_back and await unit.switches.is_off(OFF):
        return "switched off"
    return "blocks us" if await unit.choices.blocking([person]) else ""


def domain_of(actor_id: str) -> str:
    """Return the registrable domain of an actor's server, or the host where there is none."""
    from courlan import extract_domain  # noqa: PLC0415  start fast: 15 MB of domain names

    return extract_domain(actor_id, fast=True) or host_of(actor_id)
