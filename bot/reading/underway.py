"""From which servers something is being read just now."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class UnderWay:
    """Knows the servers that readings under way have asked.

    What they said is not stored yet: so a Delete of theirs may be of something that we have in
    hand, though nothing is known of it here.
    """

    def __init__(self) -> None:
        self._hosts: Counter[str] = Counter()

    def __contains__(self, host: str) -> bool:
        return host in self._hosts

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], None]]:
        """Begin a reading; yields what is to be told each host, before it is asked."""
        mine: set[str] = set()

        def ask(host: str) -> None:
            if host not in mine:
                mine.add(host)
                self._hosts[host] += 1

        try:
            yield ask
        finally:
            for host in mine:
                self._hosts[host] -= 1
                if not self._hosts[host]:
                    del self._hosts[host]
