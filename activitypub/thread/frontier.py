"""What a walk is still to ask: by host, nearest to the root first, hosts in turn."""

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from activitypub.addressing import host_of

Kind = Literal["post", "page", "whole", "rest"]
KINDS = frozenset(get_args(Kind))
MOST_SILENCES = 2
"""Requests without an answer after which a host that did answer is not asked any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request: a post, a page of its replies, or of the whole thread, or Mastodon's API.

    `owner` is the post or the collection that a page belongs to, `number` the page's place.
    `depth` is how far below the root it is; the nearer ones are asked first.
    """

    kind: Kind
    url: str
    owner: str = ""
    depth: float = 0.0
    number: int = 0
    dry: int = 0
    tries: int = 0

    def __str__(self) -> str:
        """Write it as text, to be kept for a later walk."""
        return f"{self.kind} {self.depth:g} {self.url} {self.owner}".rstrip()

    @classmethod
    def read(cls, text: str) -> "Step | None":
        """Read what `str` wrote; None for anything else."""
        kind, _, rest = text.partition(" ")
        parts = rest.split(" ")
        if kind not in KINDS or not 2 <= len(parts) <= 3:
            return None
        try:
            depth = float(parts[0])
        except ValueError:
            return None
        owner = parts[2] if len(parts) == 3 else ""
        return cls(kind, parts[1], owner, depth)  # type: ignore[arg-type]


class Frontier:
    """The steps of one walk that wait, with what is known of how the hosts answer.

    `per_host` requests at most are under way to one host.
    """

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._waiting: dict[str, list[tuple[float, int, Step]]] = {}
        self._turns: deque[str] = deque()
        self._order = itertools.count()
        self._running: Counter[str] = Counter()
        self._paused: dict[str, float] = {}
        self._silent: Counter[str] = Counter()
        self._answered: set[str] = set()
        self._left: dict[str, str] = {}
        self._later: list[tuple[float, int, Step]] = []

    def __len__(self) -> int:
        return len(self._later) + sum(len(heap) for heap in self._waiting.values())

    def __iter__(self) -> Iterator[Step]:
        entries = [entry for heap in self._waiting.values() for entry in heap]
        waiting = [step for _, _, step in sorted(entries, key=lambda entry: entry[:2])]
        return iter([*waiting, *(step for _, _, step in self._later)])

    def add(self, step: Step) -> None:
        """Queue a step."""
        host = host_of(step.url)
        if host not in self._waiting:
            self._waiting[host] = []
            self._turns.append(host)
        heapq.heappush(self._waiting[host], (step.depth, next(self._order), step))

    def later(self, step: Step, until: float) -> None:
        """Queue a step that is to wait until then, without holding up others of its host."""
        heapq.heappush(self._later, (until, next(self._order), step))

    def take(self, now: float) -> Step | None:
        """Return the next step of the host whose turn it is, or None while none may go."""
        while self._later and self._later[0][0] <= now:
            self.add(heapq.heappop(self._later)[2])
        for _ in range(len(self._turns)):
            host = self._turns[0]
            self._turns.rotate(-1)
            free = self._running[host] < self._per_host and self._paused.get(host, 0) <= now
            if free and self._waiting[host]:
                self._running[host] += 1
                return heapq.heappop(self._waiting[host])[2]
        return None

    def done(self, step: Step) -> None:
        """Note that a step that was taken has ended."""
        self._running[host_of(step.url)] -= 1

    def pause(self, url: str, until: float) -> None:
        """Leave the host of `url` alone until then."""
        host = host_of(url)
        self._paused[host] = max(until, self._paused.get(host, 0))

    def answered(self, url: str) -> None:
        """Note that a host answers."""
        self._answered.add(host_of(url))

    def silent(self, url: str) -> bool:
        """Note that a host did not answer; return whether it is given up."""
        host = host_of(url)
        self._silent[host] += 1
        return host not in self._answered or self._silent[host] >= MOST_SILENCES

    def left(self, url: str) -> str | None:
        """Return why the host of `url` is not asked any more, or None when it is."""
        return self._left.get(host_of(url))

    def leave(self, url: str, reason: str) -> list[Step]:
        """Ask the host of `url` no more; take out and return all steps that wait for it."""
        self._left[host_of(url)] = reason
        heap = self._waiting.get(host_of(url), [])
        steps = [step for _, _, step in heap]
        heap.clear()
        return steps

    def pause_ends(self) -> float | None:
        """Return when the next host that is paused, or step that waits, may be asked again."""
        ends = [until for host, until in self._paused.items() if self._waiting.get(host)]
        ends += [until for until, _, _ in self._later[:1]]
        return min(ends, default=None)
