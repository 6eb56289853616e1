"""The address of a profile page, which is what people copy from their browser."""

import re

_PAGE = re.compile(r"https?://([^/?#\s]+)/@([^/@?#\s]+)/?")


def handle_on(address: str) -> str | None:
    """Return `name@host` for a page as Mastodon, Misskey and others name it, else None.

    On some servers such an address is the actor's id as well.
    """
    page = _PAGE.fullmatch(address.strip())
    return f"{page[2]}@{page[1]}" if page else None
