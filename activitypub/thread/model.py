"""What bounds the reading of a thread, and what comes of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from activitypub.budget import Budget
from activitypub.vocab import Object


@dataclass(frozen=True, slots=True)
class ThreadBudget:
    """Bounds of one walk. `at_once` requests are under way side by side, over all hosts.

    `patience` is how many seconds one answer may take: shorter than other requests may, since a
    thread is read from many hosts and one that hangs is not worth the others' time. `on_host` is
    told each host before it is asked.
    """

    posts: int = 500
    requests: int = 1200
    per_host: int = 150
    megabytes: int = 50
    seconds: float = 60.0
    depth: int = 200
    at_once: int = 32
    patience: float = 5.0
    on_host: Callable[[str], None] | None = None


@dataclass(slots=True)
class ThreadReport:
    """How much of a thread there was. `refused` counts what was not read, by reason.

    A reason is an HTTP status or a word: narrow (not everyone may see it), silent (no answer in
    time), unreachable, malformed, "not a post", cycle, elsewhere (it was listed and stands in
    another thread), budget (it was known and not asked for). `taken_back` are the ids of posts that
    are gone or no longer for everyone, as their own servers say: whoever keeps a copy has to drop
    it.
    """

    hosts: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    taken_back: set[str] = field(default_factory=set)
    complete: bool = True
    seen: set[str] = field(default_factory=set)
    declared: dict[str, int] = field(default_factory=dict)
    listed: dict[str, set[str]] = field(default_factory=dict)
    whole: int = 0
    passed: set[str] = field(default_factory=set)

    @property
    def posts_known(self) -> int:
        """Return how many posts the servers say there are.

        Those whose ids were seen, and for each collection of replies those that it counts and
        does not list; at least as many as the root's server counts in the `whole` thread.
        """
        unlisted = (
            max(0, total - len(self.listed.get(collection, ())))
            for collection, total in self.declared.items()
        )
        return max(len(self.seen) + len(self.passed) + sum(unlisted), self.whole)

    def has(self, uri: str) -> bool:
        """Tell whether a post was seen, in this walk or in an earlier one."""
        return uri in self.seen or (bool(self.passed) and mark(uri) in self.passed)

    def forget(self, uri: str) -> None:
        """Count a post no longer, nor what its server says of its replies."""
        self.seen.discard(uri)
        self.declared.pop(uri, None)

    def declare(self, collection: str, total: int | None) -> None:
        """Note what a server says of the size of a collection; no server is believed a million."""
        if total is not None and 0 <= total <= 100_000:
            self.declared[collection] = max(total, self.declared.get(collection, 0))

    def list(self, collection: str, uris: Iterable[str]) -> int:
        """Note ids that a collection lists (a post's replies); return how many are new in it."""
        known = self.listed.setdefault(collection, set())
        before = len(known)
        known.update(uris)
        return len(known) - before


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as far as it could be read; `root` is the topmost post that could.

    `rest` is what was known and not asked for when a bound was reached, for `resume_thread`;
    `spending` is what is left of the requests and bytes.
    """

    root: str | None
    posts: tuple[Object, ...]
    report: ThreadReport
    rest: tuple[str, ...] = ()
    spending: Budget = field(default_factory=Budget)


def mark(uri: str) -> str:
    """Return a short mark of an id, to know it again where the id itself is not to be kept."""
    return blake2b(uri.encode(), digest_size=8).hexdigest()


def passed(uri: str) -> str:
    """Write down, for the rest of a walk, that a post was seen and is not to be asked again."""
    return f"passed {mark(uri)}"
