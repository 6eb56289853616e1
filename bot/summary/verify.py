"""The gate: nothing is published that the post it cites does not say."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.summary.candidates import has_markup
from bot.summary.model import CitedSentence, SourcePost
from bot.summary.text import clean

KEPT = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be published, and if not, why."""

    ok: bool
    reason: str = ""


def verify(sentence: CitedSentence, posts: Mapping[str, SourcePost]) -> Verdict:
    """Hold an extracted sentence against the post it cites, by id.

    It must stand there word for word (white space apart), under that post's author, without
    control or bidirectional characters and without mark-up.
    """
    post = posts.get(sentence.post)
    if post is None:
        return Verdict(ok=False, reason="unknown post")
    reason = next((why for why, wrong in _wrongs(sentence, post) if wrong), "")
    return Verdict(ok=not reason, reason=reason)


def _wrongs(sentence: CitedSentence, post: SourcePost) -> Iterator[tuple[str, bool]]:
    text = sentence.text
    yield "empty", not text.strip()
    yield "another author", sentence.author != post.author
    yield "control characters", any(_is_control(char) for char in text)
    yield "mark-up", has_markup(text)
    yield "not verbatim", _flat(text) not in _flat(f"{post.title or ''}\n{post.text}")


def _is_control(char: str) -> bool:
    return char not in KEPT and unicodedata.category(char) in {"Cc", "Cf"}


def _flat(text: str) -> str:
    """Fold white space and drop what candidates lose too, so that both sides are alike."""
    return " ".join(clean(text).split())
