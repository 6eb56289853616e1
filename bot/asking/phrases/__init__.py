"""How people say what they want, by language."""

from bot.asking.phrases import ar, de, en, es, fr, it, ja, ko, nl, pl, pt, ru, shared, zh
from bot.asking.phrases.kinds import Speech

SPEECHES: tuple[Speech, ...] = tuple(
    module.SPEECH for module in (shared, en, de, fr, es, pt, it, nl, pl, ru, ja, zh, ko, ar)
)
"""All languages; which comes first does not matter."""
