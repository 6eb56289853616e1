"""What a person who mentions the bot asks for, read from plain words in many languages.

Pure: text in, an :class:`~bot.asking.wishes.Ask` out. It never reads something wider than was said.
"""

from bot.asking.parse import parse
from bot.asking.wishes import Ask, Wish

__all__ = ["Ask", "Wish", "parse"]
