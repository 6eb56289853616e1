"""Reading what a model answers: JSON if it keeps to it, pieces of it if it breaks off."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.summary.text import clean

LONGEST = 400
"""Characters of one sentence; more is no sentence."""
LINK = re.compile(
    r"(?:https?:|www\.)\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|ai|xyz|example)\S*", re.I
)
MARKUP = re.compile(r"<[^>]*>|[*_`~|]{1,3}|\[([^\]]*)\]\([^)]*\)|^[\s>\-•#]+")
IDS = re.compile(r"[\[(]\s*(?:posts?\s*)?p\d+(?:\s*,\s*p\d+)*\s*[\])]", re.I)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as a model wrote it, cleaned, with the ids of the posts it names."""

    text: str
    posts: tuple[str, ...]


def read(answer: str, ids: dict[str, str]) -> tuple[Written | None, list[Written]]:
    """Return (gist, sentences) of an answer; `ids` turns the ids of the prompt into real ones.

    An answer that broke off gives its complete sentences; one that is no JSON gives none.
    """
    found = _whole(answer)
    if found is None:
        return None, list(_each(_pieces(answer), ids))
    gist = next(_each([found.get("gist")], ids), None)
    sentences = found.get("sentences")
    return gist, list(_each(sentences if isinstance(sentences, list) else [], ids))


def _whole(answer: str) -> dict[str, Any] | None:
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1]) if start >= 0 else None
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _pieces(answer: str) -> Iterator[Any]:
    """Yield the innermost complete objects of an answer that broke off."""
    for piece in re.findall(r"\{[^{}]{1,2000}\}", answer):
        try:
            yield json.loads(piece)
        except json.JSONDecodeError:
            continue


def _each(items: Iterable[Any], ids: dict[str, str]) -> Iterator[Written]:
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            continue
        posts = item.get("posts", [])
        named = [posts] if isinstance(posts, str) else posts if isinstance(posts, list) else []
        real = tuple(dict.fromkeys(ids[p] for p in named if isinstance(p, str) and p in ids))
        text = tidy(item["text"])
        if text and len(text) <= LONGEST:
            yield Written(text, real[:3])


def tidy(text: str) -> str:
    """Return a sentence without links, mentions, hashtags, mark-up and what cannot be seen."""
    text = LINK.sub("", clean(text).replace("\n", " "))
    text = IDS.sub("", MARKUP.sub(lambda m: m.group(1) or "", text))
    text = re.sub(r"[@#]+", "", text)
    text = re.sub(r"\(\s*\)|\[\s*\]", "", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
