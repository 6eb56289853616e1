"""Reading discussions from files: JSON as documented, or plain text of comments."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import BotError
from bot.summary.model import SourcePost
from bot.summary.text import detect_language

CONTINUES = re.compile(
    r"^\s*(?:[-*•–>]\s|\d{1,3}[.)]\s|\[\d+\]|edit\s*:?\s*$|edit:|ps[:.])", re.IGNORECASE
)
"""Lines that belong to the comment before: items of a list, quotes, footnotes, afterthoughts."""


class SummaryInputError(BotError):
    """The input is not a discussion; the message says what is wrong, and where."""


def read_json(data: object) -> list[SourcePost]:
    """Read `{"posts": [{"id", "author", "text", "parent"?}]}`. Raises `SummaryInputError`."""
    posts = data.get("posts") if isinstance(data, Mapping) else None
    if not isinstance(posts, list):
        raise SummaryInputError('expected a JSON object {"posts": [...]}')
    language = data.get("lang") if isinstance(data, Mapping) else None
    found = [_post(entry, number, language) for number, entry in enumerate(posts)]
    if len({post.id for post in found}) != len(found):
        raise SummaryInputError("two posts have the same id")
    return found


def read_comments(text: str) -> list[SourcePost]:
    """Read comments from plain text.

    Blank lines separate comments. A file without any has a comment on each line, except that
    lists, quotes, footnotes and what follows a colon belong to the comment before.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    language = detect_language(text)
    comments = [comment for comment in _comments(text) if comment.strip()]
    return [
        SourcePost(id=str(number), author="", text=comment.strip(), language=language)
        for number, comment in enumerate(comments, 1)
    ]


def _comments(text: str) -> Iterator[str]:
    if re.search(r"\n[ \t]*\n", text.strip()):
        yield from re.split(r"\n[ \t]*\n", text)
        return
    lines: list[str] = []
    for line in text.splitlines():
        belongs = CONTINUES.match(line) or (lines and lines[-1].rstrip().endswith((":", "edit")))
        if lines and not belongs:
            yield "\n".join(lines)
            lines = []
        lines.append(line)
    yield "\n".join(lines)


def _post(entry: Any, number: int, language: object) -> SourcePost:
    if not isinstance(entry, Mapping):
        raise SummaryInputError(f"posts[{number}] is not an object")
    for name in ("id", "text"):
        if not isinstance(entry.get(name), str | int):
            raise SummaryInputError(f"posts[{number}] lacks {name!r}, or it is not a text")
    text, parent, author = str(entry["text"]), entry.get("parent"), entry.get("author")
    url = entry.get("url")
    return SourcePost(
        id=str(entry["id"]),
        author=str(author) if isinstance(author, str | int) else "",
        text=text,
        parent=str(parent) if parent is not None else None,
        url=url if isinstance(url, str) else None,
        language=str(language) if isinstance(language, str) else detect_language(text),
    )
