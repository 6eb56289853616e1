"""Words of a mention, whatever they are dressed in: case, accents, widths, invisible characters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LOOKED_AT = 500
"""So many characters are read, mentions not counted."""
_TAKEN = 4000
"""So many are looked at to find them: some threads mention dozens of people first."""

_LINE = 2
"""Clauses are counted: a line that ends is further from the next than a comma is."""
_TAGS = 8
"""More hashtags than that ask for nothing; the others are read as words."""

_APOSTROPHES = re.compile("[‘’‛ʼʹ´`＇′‚]")
_URL = re.compile(r"\bhttps?://\S*", re.IGNORECASE)
_MENTION = re.compile(
    r"@(?:[a-z0-9_]{1,64}(?:[.\-]+[a-z0-9_]{1,64}){0,8}|\w{1,64})"
    r"(?:@(?:[\w\-]{1,63}\.){0,8}(?:[a-z0-9\-]{1,63}|\w{1,63})(?::[0-9]{1,5})?)?",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?<=[a-z])n'?t\b")
_NO_APOSTROPHE = re.compile(
    r"\b(?:do|does|did|is|are|was|were|wo|ca|should|would|could|have|has)nt\b|\bcannot\b"
)
_TLDR = re.compile(r"\btl\s?[;,:/.\-]?\s?d(?:n\s?)?r\b")
_QUOTED = re.compile(r"[\"“”„«»‹›「」『』《》]|(?<!\w)'\w")
_DASH = re.compile(r"\s-+\s|--+")
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e4e"
"""Accents and vowels that stand on a letter; to Python they are no part of a word."""
_PIECE = re.compile(
    rf"#\w[\w{_MARKS}]*|[^\W_](?:[^\W_]|[{_MARKS}])*"
    r"|[.,;:!?…\n()\[\]{}|/—–。、،؛؟¿¡·~<>]|[^\w\s]"
)
_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "ه", "ـ": ""}
)
_VOICED = "\u3099\u309a"
_BEHIND_A_TAG = re.compile("を|の(?=フォロー|購読)")
"""Particles with which Japanese goes on behind a hashtag; ``の`` is a part of many a name."""


@dataclass(slots=True)
class Token:
    """One word, one character of a script that writes without spaces, or one emoji."""

    text: str
    clause: int
    tag: str | None = None
    """The hashtag that this is, casefolded, with its accents."""
    emoji: bool = False
    guess: str | None = None
    """The known word that this is taken for, if it is spelled unlike any."""
    polite: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A mention, taken apart."""

    shown: str
    """The words as they were written, without mentions, for repeating them."""
    tokens: list[Token]
    asking: frozenset[int]
    """The clauses that end with a question mark."""
    linked: bool
    """True if there was a link."""
    doubtful: bool
    """True if words are quoted or cut off: then nothing is permitted by them."""


def fold(text: str) -> str:
    """Make equal what differs in case, width or accents only."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if c in _VOICED or unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def words(text: str) -> list[str]:
    """Return the words of a phrase, as `read` would return those of a mention."""
    return [piece for word in fold(text).split() for piece in _UNSPACED.findall(word)]


def read(text: str) -> Said:
    """Take a mention apart."""
    visible = "".join(_seen(c) for c in _APOSTROPHES.sub("'", text[:_TAKEN]))
    plain = unicodedata.normalize("NFKC", visible)[:_TAKEN]
    unlinked = _URL.sub(" ", plain)
    unaddressed = _MENTION.sub(" ", unlinked).lstrip()
    shown = unaddressed[:LOOKED_AT]
    tokens, asking = _tokens(_uncontracted(shown))
    return Said(
        shown=" ".join(shown.split()),
        tokens=tokens,
        asking=frozenset(asking),
        linked=unlinked != plain,
        doubtful=len(text) > _TAKEN
        or len(unaddressed) > LOOKED_AT
        or _QUOTED.search(unaddressed) is not None,
    )


def _seen(char: str) -> str:
    """Drop what cannot be seen: zero-width and bidirectional marks, and controls."""
    category = unicodedata.category(char)
    if category in {"Cf", "Cs", "Co", "Cn"} or char in "\ufe0e\ufe0f":
        return ""
    return " " if category == "Cc" and char != "\n" else char


def _uncontracted(shown: str) -> str:
    text = _TLDR.sub("tldr", shown.casefold())
    text = _NO_APOSTROPHE.sub(lambda found: _spelled_out(found.group()), text)
    # "isn't" is "is not"; but "want" and "don" keep their endings.
    return _DASH.sub(" | ", _NOT.sub(_negated, text))


def _spelled_out(contraction: str) -> str:
    return "can not" if contraction in {"cannot", "cant"} else f"{contraction[:-2]} not"


def _negated(found: re.Match[str]) -> str:
    return " not" if "'" in found.group() else found.group()


def _tokens(text: str) -> tuple[list[Token], set[int]]:
    tokens: list[Token] = []
    asking: set[int] = set()
    clause = 0
    tags = 0
    for piece in _PIECE.findall(text):
        if piece in "?？؟":
            asking.add(clause)
        if piece[0] == "#" and len(piece) > 1:
            tags += 1
            tokens.extend(_tag(piece[1:], clause) if tags <= _TAGS else _plain(piece, clause))
        elif piece[0].isalnum():
            tokens.extend(_plain(piece, clause))
        elif unicodedata.category(piece) == "So":
            tokens.append(Token(piece, clause, emoji=True))
        elif piece not in "'-’&+*=^%$€\"#@" and unicodedata.category(piece) not in {"Sk", "Mn"}:
            clause += _LINE if piece == "\n" else 1
    return tokens, asking


def _plain(piece: str, clause: int) -> Iterator[Token]:
    return (Token(part, clause) for part in words(piece.lstrip("#")))


def _tag(name: str, clause: int) -> Iterator[Token]:
    """Yield a hashtag; Japanese goes on behind one without a space, with a particle."""
    particle = _BEHIND_A_TAG.search(name, 1)
    tag = name[: particle.start()] if particle else name
    yield Token(fold(tag), clause, tag=tag)
    for part in words(name[len(tag) :]):
        yield Token(part, clause)
