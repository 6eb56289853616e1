"""What the model costs: counted by day, and bounded."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Spent:
    """One summary's use of a model: tokens as the endpoint counts them, sentences by their fate."""

    model: str
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    kept: int = 0
    dropped: int = 0
    fallback: str = ""


class Ledger(Protocol):
    """Where use is written down. Called from the thread that writes a summary."""

    def left_today(self) -> int:
        """Return how many tokens may still be used today."""
        ...

    def note(self, spent: Spent) -> None:
        """Write a use down, whether or not anything came of it."""
        ...
