"""What all sources have in common that are asked by HTTP, whether for feeds or for an API."""

from typing import ClassVar
from urllib.parse import urlsplit

from bot.sources.polite import Polite
from bot.sources.port import Badly, Polled, Seen


class Asked:
    """A source that is polled."""

    kind: ClassVar[str]
    follows: ClassVar[bool] = False

    def __init__(self, bot: str, address: str, tag: str | None = None) -> None:
        self.bot = bot
        self.address = address
        self.tag = tag
        self.key = f"{self.kind}:{bot}:{address}"

    async def poll(self, polite: Polite, seen: Seen) -> Polled:
        """Ask once; see `Source`."""
        raise NotImplementedError

    async def preview(self, polite: Polite) -> Polled:
        """Show what would come in."""
        return await self.poll(polite, Seen())


def origin(address: str) -> str:
    """Return the origin of a host name or URL. Raises `Badly`."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Badly(f"{address[:100]!r} is not a server such as social.example")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def hashtag(tag: str | None, address: str) -> str:
    """Return a hashtag without its #, in lower case. Raises `Badly` without one."""
    name = (tag or "").strip().lstrip("#").casefold()
    if not name:
        raise Badly(f"name the hashtag that {address[:100]} is to be asked for")
    if any(char.isspace() or char in "/?#" for char in name):
        raise Badly(f"{tag!r} is not a hashtag: one word, without spaces")
    return name
