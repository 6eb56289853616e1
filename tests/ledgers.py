"""A ledger for tests, which remembers what was spent."""

from bot.summary.llm import Spent


class Unlimited:
    """No bound, and a memory of what was spent."""

    def __init__(self) -> None:
        self.entries: list[Spent] = []

    def left_today(self) -> int:
        """Return a large number."""
        return 1 << 40

    def note(self, spent: Spent) -> None:
        """Remember."""
        self.entries.append(spent)
