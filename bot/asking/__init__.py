"""What a person who mentions the bot asks for, read from plain words in many languages.

Pure: text in, an :class:`~bot.asking.wishes.Ask` out. It never reads something wider than was said.
"""

from bot.asking.wishes import Ask, Wish

__all__ = ["Ask", "Wish", "parse"]


def parse(text: str, *, under_a_post: bool) -> Ask:
    """Read the plain text of a mention; see `bot.asking.reading`."""
    from bot.asking.reading import parse as read  # noqa: PLC0415  0.2 s, for whoever asks first

    return read(text, under_a_post=under_a_post)
