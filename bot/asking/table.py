"""The phrases of all languages, and where a mention says them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.asking.phrases import SPEECHES
from bot.asking.phrases.kinds import Kind
from bot.asking.tokens import Token, words

_GAP = 3
"""So many other words may stand where a phrase has ``~``."""
_POLITE = 4
"""So many polite words may stand between two words of a phrase."""
_LITERAL = frozenset({Kind.INCLUDE, Kind.PUBLIC, Kind.KEEP, Kind.FILLER})
"""Nothing is permitted or explained away by a word that is only taken for another one."""
_ANYWHERE = frozenset({Kind.EXCLUDE, Kind.MAYBE_EXCLUDE})
"""A refusal counts even where a comma is in it."""
_COURTESY = frozenset({Kind.POLITE, Kind.THANKS})
_SCHEDULES = frozenset({Kind.DAILY, Kind.WEEKLY})
"""They count within "follow # weekly" as well."""
_UNMASKED = frozenset({Kind.KEEP, Kind.EXCLUDE, Kind.MAYBE_EXCLUDE})
"""The only kinds that can make another of a refusal found within them."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying one thing in one language."""

    kind: Kind
    spoken: str | None
    parts: tuple[str, ...]
    alone: bool = False
    first: bool = False
    value: str | None = None
    """For a language: which."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase, found from one token to another."""

    phrase: Phrase
    places: tuple[int, ...]
    """The tokens that are words of the phrase."""
    tag: str | None = None

    @property
    def kind(self) -> Kind:
        """What it means."""
        return self.phrase.kind

    @property
    def start(self) -> int:
        """The first token."""
        return self.places[0]

    @property
    def end(self) -> int:
        """The last token."""
        return self.places[-1]


def _compiled(kind: Kind, spoken: str | None, text: str, value: str | None = None) -> Phrase:
    alone, first = text[0] == "=", text[0] == "^"
    body = text[1:] if alone or first else text
    parts: list[str] = []
    for word in body.split():
        if word in {"~", "#", "$"}:
            parts.append(word)
        elif word.endswith("*"):
            parts.append("".join(words(word[:-1])) + "*")
        else:
            parts.extend(words(word.replace("{", "").replace("}", "")))
    return Phrase(kind, spoken, tuple(parts), alone, first, value)


def _split(block: str) -> Iterator[str]:
    for line in block.splitlines():
        for text in line.split("|"):
            if stripped := text.strip():
                yield stripped


def _all() -> Iterator[Phrase]:
    for speech in SPEECHES:
        for kind, block in speech.phrases.items():
            for text in _split(block):
                yield _compiled(kind, speech.code, text)
        for value, names in speech.names.items():
            for name in _split(names):
                for frame in _split(speech.within):
                    text = frame.replace("{}", name)
                    yield _compiled(Kind.LANGUAGE, speech.code, text, value)


_FIRST: dict[str, list[Phrase]] = defaultdict(list)
_BEGIN: dict[str, list[Phrase]] = defaultdict(list)
_BEGUN = 3
KNOWN: set[str] = set()
"""Every word that stands in a phrase."""

PHRASES = tuple(dict.fromkeys(_all()))

for _phrase in PHRASES:
    _head = _phrase.parts[0]
    if _head.endswith("*"):
        _BEGIN[_head[:_BEGUN]].append(_phrase)
    else:
        _FIRST[_head].append(_phrase)
    KNOWN.update(part for part in _phrase.parts if part[-1] not in "*~#$")


def find(tokens: list[Token]) -> list[Hit]:
    """Find what is said, and mark the tokens that are merely polite.

    A phrase within a longer one is not meant: "do not quote me" permits nothing.
    """
    for hit in _hits(tokens, only=_COURTESY):
        if not hit.phrase.alone:
            for place in hit.places:
                tokens[place].polite = True
    return _meant([hit for hit in _hits(tokens, only=frozenset(Kind)) if _stands(hit, tokens)])


def _hits(tokens: list[Token], *, only: frozenset[Kind]) -> Iterator[Hit]:
    for start, token in enumerate(tokens):
        heads = {token.text, token.guess or token.text}
        candidates = [phrase for head in heads for phrase in _FIRST.get(head, ())]
        candidates += [phrase for head in heads for phrase in _BEGIN.get(head[:_BEGUN], ())]
        if token.tag is not None:
            candidates += _FIRST["#"]
        for phrase in candidates:
            if phrase.kind in only and (hit := _match(phrase, tokens, start)):
                yield hit


def _match(phrase: Phrase, tokens: list[Token], start: int) -> Hit | None:
    places: list[int] = []
    tag = None
    at, gap = start, 0
    for part in phrase.parts:
        if part == "~":
            gap = _GAP
            continue
        clause = None if phrase.kind in _ANYWHERE else tokens[start].clause
        place = _next(part, tokens, at, (gap, clause, phrase.kind in _LITERAL))
        if place is None and part == "#":
            place = _below(tokens, places)
        if place is None or (not places and place != start):
            return None
        if part in {"#", "$"}:
            tag = tokens[place].tag or tokens[place].text
        places.append(place)
        at, gap = place + 1, 0
    return Hit(phrase, tuple(places), tag)


def _below(tokens: list[Token], places: list[int]) -> int | None:
    """Return the hashtag that stands behind a colon, a dash or a line break: "stop: #cats".

    Only if its clause begins with it, and the one before holds nothing but the words of the phrase:
    below a whole sentence stand hashtags that ask for nothing.
    """
    at = places[-1] + 1 if places else 0
    if not places or at >= len(tokens) or tokens[at].tag is None:
        return None
    clause = tokens[places[0]].clause
    said = [i for i in range(at) if tokens[i].clause == clause and not tokens[i].polite]
    return at if said == places and tokens[at].clause > clause else None


def _next(part: str, tokens: list[Token], at: int, how: tuple[int, int | None, bool]) -> int | None:
    """Find the next word of a phrase, over polite words and, where there is a gap, over others."""
    gap, clause, literal = how
    polite = _POLITE
    for place in range(at, min(len(tokens), at + gap + polite + 1)):
        token = tokens[place]
        if clause is not None and token.clause != clause:
            return None
        if _is(part, token, literal=literal):
            return place
        if token.polite or token.emoji:
            polite -= 1
        else:
            gap -= 1
        if gap < 0 or polite < 0:
            return None
    return None


def _is(part: str, token: Token, *, literal: bool) -> bool:
    if part == "#":
        return token.tag is not None
    if part == "$":
        return token.text.isalnum() and not token.polite
    if part.endswith("*"):
        return token.text.startswith(part[:-1])
    return part == token.text or (not literal and part == token.guess)


def _stands(hit: Hit, tokens: list[Token]) -> bool:
    """Tell whether a phrase that must be alone, or first, in its clause is."""
    if not (hit.phrase.alone or hit.phrase.first):
        return True
    clause, inside = tokens[hit.start].clause, set(hit.places)
    before = range(hit.start - 1, -1, -1)
    after = range(hit.end + 1, len(tokens)) if hit.phrase.alone else range(0)
    for way in (before, after):
        for place in way:
            token = tokens[place]
            if token.clause != clause:
                break
            if place not in inside and not (token.polite or token.emoji):
                return False
    return True


def _meant(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    cover: dict[int, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: -len(hit.places)):
        if any(_masks(other, hit) for other in cover[hit.start]):
            continue
        kept.append(hit)
        for place in range(hit.start, hit.end + 1):
            cover[place].append(hit)
    return kept


def _masks(other: Hit, hit: Hit) -> bool:
    if len(other.places) <= len(hit.places) or not set(hit.places) <= set(other.places):
        return False
    if hit.kind in _SCHEDULES or (hit.kind is Kind.PUBLIC and other.kind is Kind.SUMMARIZE):
        return False
    return hit.kind not in _ANYWHERE or other.kind in _UNMASKED
