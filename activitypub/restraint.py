"""What bulk reading keeps to over all its tasks, so that nobody can aim it at a host."""

from collections import deque
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from cachetools import LRUCache, TTLCache

from activitypub.addressing import host_of
from activitypub.errors import BudgetSpent, Busy

HOSTS = 5000
WINDOW = timedelta(minutes=15)
"""The time by which Mastodon, too, counts requests from one address."""
SHORT = timedelta(seconds=5)
"""Whoever asks waits out a pause up to this long itself."""


PAGING = frozenset({"page", "min_id", "max_id", "since_id"})
"""What marks a request for a page, as Mastodon's limits tell them (its rack_attack.rb)."""


class Restraint:
    """At most `most` requests to one host in a quarter of an hour, and none while it rests.

    At most `pages` of them are for pages of a list or for an API, which cost a server most:
    Mastodon answers 300 of them from one address.

    Each thread has bounds of its own; this holds for all of them together. A pause that a host
    asks for in one thread holds in the others.
    """

    def __init__(self, most: int, pages: int) -> None:
        self._most = {False: most, True: pages}
        self._asked: LRUCache[tuple[str, bool], deque[datetime]] = LRUCache(2 * HOSTS)
        self._rests: TTLCache[str, datetime] = TTLCache(HOSTS, 86_400)

    def check(self, url: str, now: datetime) -> None:
        """Raise `Busy` while the host of `url` rests, `BudgetSpent` when it was asked enough."""
        host = host_of(url)
        until = self._rests.get(host)
        if until is not None and until > now:
            raise Busy(f"{host} asked us to wait", url=url, status=429, retry_after=until - now)
        for costly in {False, is_costly(url)}:
            asked = self._asked.setdefault((host, costly), deque())
            while asked and asked[0] <= now - WINDOW:
                asked.popleft()
            if len(asked) >= self._most[costly]:
                raise BudgetSpent(f"{host} was asked often enough for now", url=url)

    def count(self, url: str, now: datetime) -> None:
        """Note a request to the host of `url`."""
        for costly in {False, is_costly(url)}:
            self._asked.setdefault((host_of(url), costly), deque()).append(now)

    def rest(self, url: str, wait: timedelta | None, now: datetime) -> None:
        """Note that a host asked for a pause."""
        if wait is not None and wait > SHORT:
            self._rests[host_of(url)] = now + wait


def is_costly(url: str) -> bool:
    """Tell whether a request is for a page of a list, or for an API."""
    parts = urlsplit(url)
    return parts.path.startswith("/api/") or not PAGING.isdisjoint(parse_qs(parts.query))
