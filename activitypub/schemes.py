"""Which signature scheme a host takes: one extra knock, then memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cachetools import LRUCache

from activitypub.ports import SigningKey
from activitypub.signatures import cavage, message


class Scheme(StrEnum):
    """The two schemes; every server takes the first, more and more take the second."""

    CAVAGE = "cavage"
    RFC9421 = "rfc9421"


UNSIGNED_LOOK = frozenset({400, 401, 403})
"""How a server says that it could not read a signature."""
MAYBE_UNSIGNED_LOOK = UNSIGNED_LOOK | {404, 410}
"""Threads says 404 where others say 401; so a stranger's 404 is worth one more knock."""
REMEMBER = timedelta(days=7)
QUIET = timedelta(hours=1)
"""How long a host that took neither scheme is not knocked at twice."""
MOST_HOSTS = 20_000
PLAIN = message.Wanted()
"""RFC 9421 in our own form, where nobody asked for another."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a host took (None: neither, so far), until when that counts, and its wishes.

    Until `quiet` it is not knocked at twice, since the last time neither scheme helped.
    """

    scheme: Scheme | None
    until: datetime
    quiet: datetime | None = None
    wanted: message.Wanted = PLAIN


class HostSchemes:
    """Remembers per host what worked. Bounded, and forgotten after a while: servers upgrade."""

    def __init__(self) -> None:
        self._known: LRUCache[str, Known] = LRUCache(MOST_HOSTS)

    def first(self, host: str, now: datetime) -> Scheme:
        """Return the scheme to begin with: the one that worked, else draft-cavage."""
        known = self._fresh(host, now)
        return (known.scheme if known else None) or Scheme.CAVAGE

    def second(self, host: str, status: int, now: datetime) -> Scheme | None:
        """Return the other scheme if this answer is worth one more try, else None."""
        known = self._fresh(host, now)
        if known is not None and known.quiet is not None and now < known.quiet:
            return None
        stranger = known is None or known.scheme is None
        if status not in (MAYBE_UNSIGNED_LOOK if stranger else UNSIGNED_LOOK):
            return None
        first = self.first(host, now)
        return Scheme.CAVAGE if first is Scheme.RFC9421 else Scheme.RFC9421

    def worked(self, host: str, scheme: Scheme, now: datetime) -> None:
        """Remember what a host took."""
        known = self._fresh(host, now)
        if known is None or known.scheme is not scheme or known.until - now < REMEMBER / 2:
            self._known[host] = Known(scheme, now + REMEMBER, wanted=self.wanted(host, now))

    def refused(self, host: str, now: datetime) -> None:
        """Remember that neither scheme helped: what is refused is the thing, not the signature.

        What worked for other things on that host stays known.
        """
        known = self._fresh(host, now)
        scheme, until = (known.scheme, known.until) if known else (None, now + QUIET)
        self._known[host] = Known(scheme, until, now + QUIET, self.wanted(host, now))

    def asked(self, host: str, header: str, key: SigningKey, now: datetime) -> None:
        """Honour `Accept-Signature`: the host wants RFC 9421, in this form."""
        wanted = message.wanted(header, key)
        if wanted is not None:
            self._known[host] = Known(Scheme.RFC9421, now + REMEMBER, wanted=wanted)

    def wanted(self, host: str, now: datetime) -> message.Wanted:
        """Return the form of RFC 9421 that a host asked for."""
        known = self._fresh(host, now)
        return known.wanted if known else PLAIN

    def _fresh(self, host: str, now: datetime) -> Known | None:
        known = self._known.get(host)
        return known if known is not None and known.until > now else None


@dataclass(frozen=True, slots=True)
class Signing:
    """One way to sign a request: key, scheme, and the form the host asked for."""

    key: SigningKey
    scheme: Scheme
    wanted: message.Wanted = PLAIN

    def headers(
        self, method: str, url: str, now: datetime, body: bytes | None
    ) -> Mapping[str, str]:
        """Return the headers that make the request signed."""
        if self.scheme is Scheme.CAVAGE:
            return cavage.sign(self.key, method, url, now=now, body=body)
        return message.sign(self.key, method, url, now=now, body=body, wanted=self.wanted)
