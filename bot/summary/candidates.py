"""Which sentences of a thread may stand in a summary at all."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_letters, digits
from typing import NamedTuple

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
QUOTING = frozenset(">|»OLAI")
"""What such a line begins with: most lines are told apart by that."""
NO_SENTENCE = re.compile(
    r"(?:[-–—=_*~]{2,}|(?:from|to|cc|subject|in-reply-to|reply-to|references|message-id|date|sent|tel|fax|phone|e-?mail|edit|url)\s*:|"
    r"\(?[wfth]\)\s*\d|re:\s*https?:|\[\d+\])",
)
"""Rules, headers of mail, entries of a phone book, footnotes. Matched in lower case, as courtesies
are: a pattern that ignores case by itself takes several times as long."""
MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-z]{2,8}|#\d+);|\]\(")
FENCE = "```"
FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
CODE_START = re.compile(r"(?:\$|#!|//|import |def |class |function |const |let |var )")
CODE_END = ("{", "}", ";")
CALLED = re.compile(r"\(\)\s*[{;]")
MARKER = re.compile(r"(?:[-–—*•‣▪◦·]|\(?\d{1,2}[.)-]|[a-z]\))\s+(?=\S)")
"""What an item of a list begins with."""
ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔")
MARKS = re.compile(r"[^\w\s]|_")
OTHERS = re.compile(r"[\W\d_](?<! )")
"""What is neither letter nor space."""
SPACES = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
NO_MARKS = (ascii_letters + digits).encode() + SPACES
LETTERS_AND_SPACES = ascii_letters.encode() + SPACES[:1]
URLS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
COURTESY = re.compile(
    r"^(?:hi|hello|hey|dear|thanks?|thank you|thx|ty|cheers|regards|best|kind regards|sincerely|"
    r"good (?:morning|evening|night|point)|congrats|congratulations|welcome|lol|haha\w*|wow|"
    r"hallo|moin|danke|vielen dank|gruß|grüße|viele grüße|bonjour|salut|merci|cordialement|"
    r"hola|gracias|saludos|olá|obrigad[oa]|ciao|grazie|hoi|bedankt|cześć|dzięki|привет|спасибо|"
    r"ありがとう|こんにちは|谢谢|你好|감사합니다|안녕하세요|شكرا|مرحبا)\b",
)
FEWEST_WORDS = 3
COURTESY_WORDS = 6
"""A courtesy followed by more words than this says something as well."""


class Candidate(NamedTuple):
    """A sentence that could be chosen: its post, its place in it, and its length in words."""

    text: str
    post: int
    place: int
    words: int
    marks: float
    """The share of its characters that are neither letters, digits nor spaces."""
    listed: bool = False
    """An item of a list that is no whole sentence by itself."""


def candidates(posts: Sequence[SourcePost]) -> list[Candidate]:
    """Return the candidates of a thread, in its order."""
    found = []
    said: set[str] = set()
    texts = {post.id: post.text for post in posts}
    for index, post in enumerate(posts):
        above = flat(texts.get(post.parent, "")) if post.parent else ""
        for place, (text, listed) in enumerate(_sentences(post)):
            key = flat(text)
            # a cross-posted sentence counts once, one quoted without a mark for who wrote it
            if key not in said and key not in above:
                said.add(key)
                marks = count(text, MARKS, NO_MARKS) / len(text)
                found.append(Candidate(text, index, place, count_words(text), marks, listed))
    return found


def flat(text: str) -> str:
    """Return a text without what quoting it changes: case, and where its lines break."""
    return " ".join(text.casefold().split())


def trim(sentence: str) -> str:
    """Cut the names it is addressed to and the hashtags and links at its end."""
    trimmed = sentence.strip()
    if trimmed.startswith("@"):
        trimmed = ADDRESSED.sub("", trimmed)
    if "#" in trimmed or "＃" in trimmed or "://" in trimmed or "www." in trimmed:
        trimmed = TAIL.sub("", trimmed)
    return trimmed.strip()


def count(text: str, wanted: re.Pattern[str], unwanted: bytes) -> int:
    """Count the characters that `wanted` finds: in ASCII, all but `unwanted`, which is faster."""
    if text.isascii():
        return len(text.encode("ascii").translate(None, unwanted))
    return len(wanted.findall(text))


def has_url(sentence: str) -> bool:
    """Tell whether a web or mail address stands in it."""
    marked = "://" in sentence or "www." in sentence or "@" in sentence
    return marked and bool(URLS.search(sentence))


def says_something(sentence: str) -> bool:
    """Tell whether a trimmed sentence is one: not a greeting, code, header, footnote or link."""
    words = URLS.sub(" ", sentence) if has_url(sentence) else sentence
    number = count_words(words)
    others = count(words, OTHERS, LETTERS_AND_SPACES)
    letters = len(words) - words.count(" ") - others
    if number < FEWEST_WORDS or letters < 2 or letters < others:
        return False
    lower = sentence.lower()
    if NO_SENTENCE.match(lower) or _is_code(sentence):
        return False
    return number > COURTESY_WORDS or not COURTESY.match(lower)


def has_markup(sentence: str) -> bool:
    """Tell whether HTML or Markdown stands in it, which no text of ours may carry out."""
    marked = "<" in sentence or "&" in sentence or "](" in sentence
    return marked and bool(MARKUP.search(sentence))


def _is_code(sentence: str) -> bool:
    return bool(
        has_markup(sentence)
        or sentence.endswith(CODE_END)
        or "=>" in sentence
        or "::" in sentence
        or CODE_START.match(sentence)
        or ("()" in sentence and CALLED.search(sentence))
    )


def _is_quoted(line: str) -> bool:
    first = line[:1]
    return (first in QUOTING or first.isspace()) and bool(QUOTED.match(line))


def _sentences(post: SourcePost) -> Iterator[tuple[str, bool]]:
    """Yield the sentences of a post, and of each whether it is but an item of a list."""
    text = clean(post.text)
    if FENCE in text:
        text = FENCED.sub("\n", text)
    lines = (line for line in text.split("\n") if not _is_quoted(line))
    text = unwrap("\n".join(lines))
    for number, sentence in enumerate(split_sentences(text, post.language)):
        if number >= MOST_PER_POST:
            return
        marker = None if sentence[0].isalpha() and sentence[1:2] != ")" else MARKER.match(sentence)
        trimmed = trim(sentence[marker.end() :] if marker else sentence)
        if len(trimmed) <= LONGEST and says_something(trimmed):
            yield trimmed, marker is not None and not trimmed.endswith(ENDS)
