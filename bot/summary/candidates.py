"""Which sentences of a thread may stand in a summary at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.summary.model import SourcePost
from bot.summary.text import clean, count_words, split_sentences, unwrap

MOST_PER_POST = 200
"""Sentences of one post that are looked at: a post of a megabyte must not stop the rest."""
LONGEST = 700
"""Characters of a sentence; longer ones are lists or tables without punctuation."""

ADDRESSED = re.compile(r"^(?:@[\w.\-]+(?:@[\w.\-:]+)?[\s,:]*)+")
TAIL = re.compile(r"(?:\s*(?:[#＃]\w+|https?://\S+|www\.\S+))+\s*$")
QUOTED = re.compile(
    r"^\s*(?:[>|»]|On .{5,100} wrote:|Le .{5,100} a écrit|Am .{5,100} schrieb|In .{5,100} writes:)"
)
HEADER = re.compile(
    r"^\s*(?:[-–—=_*~]{2,}|(?:From|To|Cc|Subject|Date|Sent|Tel|Fax|Phone|E-?mail|Edit|URL)\s*:|"
    r"\(?[WFTH]\)\s*\d|RE:\s*https?:)",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"^\s*\[\d+\]")
CODE = re.compile(
    r"[{};]\s*$|^\s*(?:\$|#!|//|import |def |class |function |const |let |var )|=>|::|\(\)\s*[{;]"
)
OTHERS = re.compile(r"[\W\d_](?<! )")
"""What is neither letter nor space."""
URLS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
COURTESY = re.compile(
    r"^(?:hi|hello|hey|dear|thanks?|thank you|thx|ty|cheers|regards|best|kind regards|sincerely|"
    r"good (?:morning|evening|night|point)|congrats|congratulations|welcome|lol|haha\w*|wow|"
    r"hallo|moin|danke|vielen dank|gruß|grüße|viele grüße|bonjour|salut|merci|cordialement|"
    r"hola|gracias|saludos|olá|obrigad[oa]|ciao|grazie|hoi|bedankt|cześć|dzięki|привет|спасибо|"
    r"ありがとう|こんにちは|谢谢|你好|감사합니다|안녕하세요|شكرا|مرحبا)\b",
    re.IGNORECASE,
)
COURTESY_WORDS = 6
"""A courtesy followed by more words than this says something as well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could be chosen: its post, its place in it, and its length in words."""

    text: str
    post: int
    place: int
    words: int


def candidates(posts: Sequence[SourcePost]) -> list[Candidate]:
    """Return the candidates of a thread, in its order."""
    found = []
    said: set[str] = set()
    for index, post in enumerate(posts):
        for place, text in enumerate(_sentences(post)):
            key = " ".join(text.casefold().split())
            if key not in said:  # a quoted or cross-posted sentence counts once
                said.add(key)
                found.append(Candidate(text, index, place, count_words(text)))
    return found


def trim(sentence: str) -> str:
    """Cut the names it is addressed to and the hashtags and links at its end."""
    return TAIL.sub("", ADDRESSED.sub("", sentence.strip())).strip()


def says_something(sentence: str) -> bool:
    """Tell whether a trimmed sentence is one: not a greeting, code, header, footnote or link."""
    words = URLS.sub(" ", sentence)
    others = len(OTHERS.findall(words))
    letters = len(words) - words.count(" ") - others
    if letters < 2 or letters < others:
        return False
    if FOOTNOTE.match(sentence) or HEADER.match(sentence) or CODE.search(sentence):
        return False
    if COURTESY.match(sentence) and count_words(sentence) <= COURTESY_WORDS:
        return False
    return count_words(words) >= 3


def _sentences(post: SourcePost) -> Iterator[str]:
    lines = (line for line in clean(post.text).split("\n") if not QUOTED.match(line))
    text = unwrap("\n".join(lines))
    for number, sentence in enumerate(split_sentences(text, post.language)):
        if number >= MOST_PER_POST:
            return
        trimmed = trim(sentence)
        if len(trimmed) <= LONGEST and says_something(trimmed):
            yield trimmed
