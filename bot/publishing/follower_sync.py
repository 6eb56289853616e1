"""Followers synchronization (FEP-8fcf): telling each host which followers we think it has."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from cachetools import LRUCache

from activitypub.addressing import host_of
from activitypub.uris import Uris
from storage import Storage, tables

HEADER = "Collection-Synchronization"
MOST_HOSTS = 5000


def digest(ids: Iterable[str]) -> str:
    """Return the digest of a set of actor ids: the XOR of their SHA-256, as hex (FEP-8fcf)."""
    total = 0
    for actor_id in ids:
        total ^= int.from_bytes(hashlib.sha256(actor_id.encode()).digest())
    return f"{total:064x}"


class FollowersDigests:
    """Computes the header for a batch of deliveries with one query for each bot."""

    def __init__(self, storage: Storage, uris: Uris) -> None:
        self._storage = storage
        self._uris = uris
        self._known: LRUCache[tuple[str, str], str] = LRUCache(MOST_HOSTS)

    async def prepare(self, rows: Sequence[tables.Delivery]) -> None:
        """Learn what is needed for these deliveries."""
        hosts: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            hosts[row.bot].add(host_of(row.inbox))
        if not rows:
            return
        async with self._storage.view() as view:
            for bot, names in hosts.items():
                found: dict[str, list[str]] = defaultdict(list)
                for host, actor_id in await view.follows.followers_on(bot, sorted(names)):
                    found[host].append(actor_id)
                for host in names:
                    self._known[bot, host] = digest(found[host]) if host in found else ""

    def header(self, row: tables.Delivery) -> dict[str, str]:
        """Return the header for one delivery: none for a host without followers."""
        known = self._known.get((row.bot, host_of(row.inbox)))
        if not known:
            return {}
        collection = self._uris.collection(row.bot, "followers")
        url = self._uris.synchronization(row.bot)
        return {HEADER: f'collectionId="{collection}", url="{url}", digest="{known}"'}
