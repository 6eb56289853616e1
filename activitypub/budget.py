"""How much one task, the reading of a thread say, may ask of others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from activitypub.addressing import host_of
from activitypub.errors import BudgetSpent


@dataclass(slots=True)
class Budget:
    """How much one task may ask for. `spend` raises `BudgetSpent` when a bound is reached.

    A request that comes with a budget is one of many: it also keeps to `Restraint`. `on_host` is
    told each host before it is asked. Bytes count as they come, of refused answers too.
    """

    requests: int = 300
    per_host: int = 100
    total_bytes: int = 50 << 20
    until: datetime | None = None
    on_host: Callable[[str], None] | None = None
    _hosts: Counter[str] = field(default_factory=Counter)

    def spend(self, url: str, now: datetime) -> None:
        """Account for one request."""
        host = host_of(url)
        if self.until is not None and now >= self.until:
            raise BudgetSpent("the time for this task is used up", url=url)
        if self.requests <= 0 or self._hosts[host] >= self.per_host or self.total_bytes <= 0:
            raise BudgetSpent("the requests or bytes for this task are used up", url=url)
        self.requests -= 1
        self._hosts[host] += 1
        if self.on_host is not None:
            self.on_host(host)

    def read(self, count: int) -> None:
        """Account for bytes that came."""
        self.total_bytes -= count
