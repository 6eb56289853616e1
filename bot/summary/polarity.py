"""What a sentence affirms and what it denies, clause by clause, told by words alone (`cues`).

Denying words turn a clause round, wherever they stand in it; opposites ("allows", "forbids") are
the two ends of one scale, so that "does not allow" and "forbids" say the same; "without" turns
only what follows it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.summary.content import content
from bot.summary.cues import CUES, ELSEWHERE
from bot.summary.text import QUESTION_MARKS, UNSPACED

WORD = re.compile(r"\w+n't|\w+")
MARK = re.compile(r"[,;:()\[\]—–!?…。、，；：！？،؛؟\"“”„«»]|\.(?!\d)|\s-\s")
FEW = 5
"""Words of a clause that may speak of the next one ("I do not think that ...")."""
PHRASE = 4
"""Words after "without" that it may speak of."""
COMMON = 5.9
"""Frequency of words that say nothing even in a clause, of which there are few."""
NEAR, NEAR_DENIED = 0.75, 0.6
"""So near to the clause most alike another has to be for what it says to count: whoever denies is
borne out by whatever denies nearby."""
SAME = 0.5
"""A clause that holds so much of another speaks of the same."""
END = 2
"""The end of a scale says as much as so many words."""
KANA = re.compile(r"[\u3041-\u309f]")
"""Hiragana: endings and small words."""
ENDING = ' "”»)'


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: stems of its content, which ends of scales it names, and whether it denies.

    `hedged`: it asks, or says that something may be. `beside`: it is but a phrase ("without a
    car"), and these stems stand beside it.
    """

    words: frozenset[str]
    ends: Mapping[str, bool]
    denies: bool
    hedged: bool = False
    beside: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Cue:
    """What a word does; of a scale also which end it names, and whether that denies."""

    kind: str
    first: bool = True
    acts: bool = False

    @property
    def denies(self) -> bool:
        """Whoever forbids does not allow."""
        return self.acts and not self.first


class _Cues:
    """The cues of one language, ready to be looked up."""

    def __init__(self, lines: str) -> None:
        self._whole: dict[str, list[_Cue]] = {}
        self._begun: dict[str, list[_Cue]] = {}
        for line in lines.strip().splitlines():
            name, _, listed = line.partition(":")
            for place, words in enumerate(listed.split("|")):
                cue = _Cue(name.rstrip("!"), place == 0, name.endswith("!"))
                for word in words.split():
                    known = self._begun if word.endswith("*") else self._whole
                    known.setdefault(word.rstrip("*"), []).append(cue)
        written = sorted((word.replace("_", " ") for word in self._whole), key=len, reverse=True)
        joined = "|".join(re.escape(word) for word in written if UNSPACED.search(word))
        self._inside = re.compile(f"({joined})") if joined else None
        phrases = "|".join(word for word in written if " " in word)
        self._phrases = re.compile(rf"\b(?:{phrases})\b" if phrases else r"(?!)")

    def words(self, text: str) -> list[str]:
        """Return the words of a clause in lower case; a cue of several words is one."""
        if self._inside:
            return [w.replace(" ", "_") for w in self._inside.split(text) if w and w.strip()]
        joined = self._phrases.sub(lambda found: found.group().replace(" ", "_"), text)
        return WORD.findall(joined)

    def of(self, word: str) -> Sequence[_Cue]:
        """Return what a word is a cue for."""
        if word.endswith("n't"):
            return (_Cue("deny"),)
        if found := self._whole.get(word):
            return found
        starts = (word[:size] for size in range(len(word), 1, -1))
        return next((self._begun[start] for start in starts if start in self._begun), ())


@lru_cache(maxsize=32)
def _cues(language: str) -> _Cues:
    return _Cues(CUES.get(language, ELSEWHERE))


def clauses(text: str, language: str | None) -> list[Clause]:
    """Return the clauses of one sentence."""
    asks = text.rstrip(ENDING).endswith(QUESTION_MARKS)
    cues = _cues((language or "en").partition("-")[0])
    found: list[Clause] = []
    denying = hedging = False
    for words in _pieces(text, cues):
        main, phrases = _apart(words, cues)
        clause = _clause(main, cues, language)
        denies, hedged = clause.denies != denying, clause.hedged or hedging
        speaks_of_next = len(words) <= FEW and bool(
            _kinds(words[-1:], cues) & {"that", "says", "hedge"}
        )
        denying, hedging = speaks_of_next and denies, speaks_of_next and hedged
        found.append(Clause(clause.words, clause.ends, denies, asks or hedged))
        for phrase in phrases:
            part = _clause(phrase, cues, language)
            found.append(Clause(part.words, part.ends, True, asks, beside=clause.words))
    return [clause for clause in found if clause.words or clause.ends]


def supposes(text: str, language: str | None) -> bool:
    """Tell whether a sentence asks or supposes, or says that somebody does."""
    cues = _cues((language or "en").partition("-")[0])
    words = cues.words(_plain(text))
    return text.rstrip(ENDING).endswith(QUESTION_MARKS) or bool(
        _kinds(words, cues) & {"hedge", "suppose"}
    )


def speaks(name: str, text: str, language: str | None) -> bool:
    """Tell whether a text reports what somebody says ("Ada says", "selon Ada") or thinks."""
    cues = _cues((language or "en").partition("-")[0])
    return any(
        _kinds((*cues.words(_plain(before))[-2:], *cues.words(_plain(after))[:2]), cues)
        & {"says", "suppose"}
        for before, after in (
            (text[: found.start()], text[found.end() :])
            for found in re.finditer(rf"(?<!\w){re.escape(name)}", text)
        )
    )


def _plain(text: str) -> str:
    return text.casefold().replace("’", "'").replace("-", " ")


def _pieces(text: str, cues: _Cues) -> Iterator[list[str]]:
    """Yield the words of each clause, "that" at the end of the one before it."""
    for part in MARK.split(text):
        piece: list[str] = []
        for word in cues.words(_plain(part)):
            kinds = _kinds([word], cues)
            if "join" in kinds and piece:
                yield piece
                piece = []
            piece.append(word)
            if kinds & {"that", "says"}:
                yield piece
                piece = []
        if piece:
            yield piece


def _apart(words: Sequence[str], cues: _Cues) -> tuple[list[str], list[list[str]]]:
    """Return a clause without its phrases of "without", and these."""
    main: list[str] = []
    phrases: list[list[str]] = []
    room = 0
    for word in words:
        kinds = _kinds([word], cues)
        if "lacks" in kinds:
            phrases.append([])
            room = PHRASE
        elif room and kinds <= {"suppose"}:
            phrases[-1].append(word)
            room -= 1
        else:
            main.append(word)
            room = 0
    return main, phrases


def _clause(words: Sequence[str], cues: _Cues, language: str | None) -> Clause:
    """Return what the words of a clause say."""
    ends: dict[str, bool] = {}
    verbs: set[str] = set()
    rest: list[str] = []
    turned = denying = hedged = False
    for word in words:
        found = cues.of(word)
        kinds = {cue.kind for cue in found}
        denying |= "deny" in kinds
        hedged |= "hedge" in kinds
        turned ^= "undo" in kinds or any(cue.denies for cue in found)
        ends |= {cue.kind: cue.first for cue in found if cue.kind not in PLAIN}
        verbs |= {cue.kind for cue in found if cue.acts}
        if not found or kinds <= {"suppose"}:
            rest.append(word)
    ends = {
        scale: first != (denying and (scale in verbs or not verbs)) for scale, first in ends.items()
    }
    stems = frozenset(content(" ".join(rest), language, common=COMMON))
    if any(KANA.search(stem) for stem in stems):
        stems = frozenset(stem for stem in stems if not KANA.search(stem))
    return Clause(stems, ends, denying != turned, hedged)


PLAIN = frozenset({"deny", "undo", "idle", "lacks", "hedge", "suppose", "that", "says", "join"})


def _kinds(words: Sequence[str], cues: _Cues) -> set[str]:
    return {cue.kind for word in words for cue in cues.of(word)}


def contradicted(said: Sequence[Clause], sources: Sequence[Clause]) -> bool:
    """Tell whether a sentence affirms what its sources deny, or the other way round.

    Each clause is held against those of the sources that are most alike: one has to agree.
    """
    return any(
        _affirms_a_denied_part(clause, sources)
        or _names_other_end(clause, sources)
        or _turned(clause, sources)
        for clause in said
    )


def surer(said: Sequence[Clause], sources: Sequence[Clause]) -> bool:
    """Tell whether a sentence states what its sources only ask, or say may be."""
    for clause in said:
        most, near = _nearest(clause, sources, NEAR)
        if near and most >= SAME * _weight(clause) and all(s.hedged for s in near):
            return True
    return False


def _affirms_a_denied_part(clause: Clause, sources: Sequence[Clause]) -> bool:
    """Tell whether it holds all words of "without a car", or "it never crashed"."""
    affirmed = {word for source in sources if not source.denies for word in source.words}
    return not clause.denies and any(
        source.words <= clause.words and not source.words & affirmed
        for source in sources
        if source.words
        and source.denies
        and (len(source.words) == 1 if source.beside is None else source.beside & clause.words)
    )


def _names_other_end(clause: Clause, sources: Sequence[Clause]) -> bool:
    """Tell whether it names an end of a scale of which its sources name the other end only."""
    for scale, end in clause.ends.items():
        naming = [source for source in sources if scale in source.ends]
        if any(source.words & clause.words for source in naming) and not any(
            source.ends[scale] == end for source in naming
        ):
            return True
    return False


def _turned(clause: Clause, sources: Sequence[Clause]) -> bool:
    """Tell whether it turns the other way than all that are most like it."""
    bound = NEAR_DENIED if clause.denies else NEAR
    most, near = _nearest(clause, sources, bound)
    if not near or any(_agree(clause, source) for source in near):
        return False
    return clause.denies or most >= SAME * _weight(clause)


def _nearest(clause: Clause, sources: Sequence[Clause], bound: float) -> tuple[int, list[Clause]]:
    """Return how much of a clause the most alike source holds, and those that come near it."""
    alike = [
        (_shared(clause, source), source)
        for source in sources
        if clause.denies or source.beside is None
    ]
    most = max((score for score, _ in alike), default=0)
    return most, [source for score, source in alike if most and score >= bound * most]


def _weight(clause: Clause) -> int:
    """Return how much a clause says."""
    return len(clause.words) + END * len(clause.ends)


def _shared(clause: Clause, source: Clause) -> int:
    """Return how much of a clause a source speaks of, too."""
    return len(clause.words & source.words) + END * len(clause.ends.keys() & source.ends)


def _agree(clause: Clause, source: Clause) -> bool:
    """Tell whether two clauses turn the same way: on the scales of both, or else as wholes."""
    scales = clause.ends.keys() & source.ends
    if scales:
        return all(clause.ends[scale] == source.ends[scale] for scale in scales)
    return clause.denies == source.denies
