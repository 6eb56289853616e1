"""What someone who mentions the bot asks for: forgiving, and never guessing something wide."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.asking.phrases.kinds import Kind
from bot.asking.spelling import respell
from bot.asking.table import Hit, find
from bot.asking.tokens import Said, read
from bot.asking.wishes import Ask, Length, Span, Wish

_MODIFIERS = frozenset(
    {Kind.SHORTER, Kind.LONGER, Kind.PUBLIC, Kind.PRIVATE, Kind.DAY, Kind.NEW, Kind.LANGUAGE}
)
_SMALL = frozenset({Kind.FILLER, Kind.POLITE})
_ANSWERED = frozenset({Wish.SUMMARIZE, Wish.QUESTION, Wish.DIGEST})
"""The wishes that an answer is written for, which can be short, long, in French or public."""
_NARROWING = (
    (Kind.NOT_HERE, Wish.NOT_HERE),
    (Kind.UNFOLLOW_TAG, Wish.UNFOLLOW_TAG),
    (Kind.UNFOLLOW_THREAD, Wish.UNFOLLOW_THREAD),
    (Kind.STOP_ALL, Wish.STOP_ALL),
)
_ASKING = (
    (Kind.FOLLOW_TAG, Wish.FOLLOW_TAG),
    (Kind.FOLLOW_THREAD, Wish.FOLLOW_THREAD),
    (Kind.STATUS, Wish.STATUS),
    (Kind.HELP, Wish.HELP),
)
_AND = frozenset(
    {"and", "und", "et", "y", "e", "en", "i", "и", "と", "や", "和", "跟", "과", "와", "و"}
)
_SENTENCES = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])|\n")
_MARKS = ("?", "؟")
_QUESTION_WORDS = 2
"""With fewer words of its own, a question asks nothing about a thread."""


def parse(text: str, *, under_a_post: bool) -> Ask:
    """Read the plain text of a mention, mentions included.

    Who may be read as wanting to be left out is; who permits something has said nothing else.
    An empty mention under a post asks for a summary, the one thing people mention the bot there
    for; elsewhere it gets help.
    """
    said = read(text)
    respell(said.tokens)
    return _Reading(said, under_a_post=under_a_post).ask()


class _Reading:
    def __init__(self, said: Said, *, under_a_post: bool) -> None:
        self.said = said
        self.under = under_a_post
        self.hits = find(said.tokens)
        self.kinds = {hit.kind for hit in self.hits}
        small = {place for hit in self.hits if hit.kind in _SMALL for place in hit.places}
        big = {place for hit in self.hits if hit.kind not in _SMALL for place in hit.places}
        polite = {i for i, token in enumerate(said.tokens) if token.polite}
        every = set(range(len(said.tokens)))
        spoken = {i for i in every - polite if not said.tokens[i].emoji}
        self.own = spoken - small - big
        """The words that no phrase explains."""
        self.content = spoken

    def ask(self) -> Ask:
        wish = self._wish()
        tags = self._tags(wish)
        question = self._question() if wish is Wish.QUESTION else None
        heard = self._modifiers(wish) if wish in _ANSWERED else []
        return Ask(
            wish,
            length=_length(heard),
            language=next((h.phrase.value for h in heard if h.phrase.value), None),
            public=wish in _ANSWERED and self._public(),
            private=wish in _ANSWERED and self._private(),
            span=_span(heard),
            question=question,
            tags=tags,
            every="weekly" if Kind.WEEKLY in self.kinds and tags else "daily",
            spoken=self._spoken(),
        )

    def _wish(self) -> Wish:
        if self._refuses():
            return Wish.EXCLUDE
        for kind, wish in _NARROWING:
            if kind in self.kinds:
                return wish
        if self._permits():
            return Wish.INCLUDE
        for kind, wish in _ASKING:
            if kind in self.kinds:
                return self._possible(wish)
        if self._asks_about_something():
            return Wish.QUESTION if self.under else Wish.UNKNOWN
        return self._answerable() or self._other()

    def _answerable(self) -> Wish | None:
        if Kind.DIGEST in self.kinds and Kind.SUMMARIZE not in self.kinds:
            return Wish.DIGEST
        if Kind.SUMMARIZE in self.kinds and not self.kinds & {Kind.CHAT}:
            return Wish.SUMMARIZE
        if not self.kinds & {Kind.CHAT, Kind.KEEP, Kind.INCLUDE}:
            if self.kinds & _MODIFIERS and not self.own:
                if self.under:
                    return Wish.SUMMARIZE
                return Wish.DIGEST if Kind.NEW in self.kinds else None
            if self._is_question():
                return Wish.QUESTION if self.under else None
        return None

    def _other(self) -> Wish:
        if Kind.THANKS in self.kinds and not self.own and Kind.NEGATION not in self.kinds:
            return Wish.THANKS
        if self.content or self.said.linked or self._shows_something():
            return Wish.UNKNOWN
        return Wish.SUMMARIZE if self.under else Wish.HELP

    def _shows_something(self) -> bool:
        return any(token.emoji and not token.polite for token in self.said.tokens)

    def _possible(self, wish: Wish) -> Wish:
        """There is no thread to follow where there is no post."""
        return Wish.UNKNOWN if wish is Wish.FOLLOW_THREAD and not self.under else wish

    def _refuses(self) -> bool:
        if Kind.EXCLUDE in self.kinds:
            return True
        # "What did people say about opting out?" asks the thread.
        return Kind.MAYBE_EXCLUDE in self.kinds and not self._asks_about_something()

    def _permits(self) -> bool:
        """Tell whether all that is said is one permission, neither asked, quoted nor cut off."""
        if self.said.doubtful or self.said.asking or Kind.NEGATION in self.kinds:
            return False
        return any(
            hit.kind is Kind.INCLUDE and self.content <= set(hit.places) for hit in self.hits
        )

    def _asks_about_something(self) -> bool:
        topic = self.own.union(*(h.places for h in self.hits if h.kind is Kind.MAYBE_EXCLUDE))
        return any(
            hit.kind is Kind.ABOUT
            and (any(place > hit.end for place in topic) or (self.said.asking and self.own))
            for hit in self.hits
        )

    def _is_question(self) -> bool:
        marked = any(self.said.tokens[place].clause in self.said.asking for place in self.own)
        begun = Kind.QUESTION in self.kinds
        return (marked or begun) and bool(self.own) and len(self.content) >= _QUESTION_WORDS

    def _question(self) -> str:
        """Return the sentences that ask, or all if none is marked."""
        sentences = [sentence.strip() for sentence in _SENTENCES.split(self.said.shown)]
        asked = [sentence for sentence in sentences if sentence.rstrip(")\"'").endswith(_MARKS)]
        return " ".join(asked) or self.said.shown

    def _tags(self, wish: Wish) -> tuple[str, ...]:
        """Return the hashtags that a wish names, with those that are counted up beside them."""
        named: dict[str, None] = {}
        for hit in self.hits:
            if hit.kind.name == wish.name and hit.tag:
                before, after = range(hit.end, -1, -1), range(hit.end, len(self.said.tokens))
                around = [*reversed(self._beside(before)), hit.tag, *self._beside(after)]
                named.update(dict.fromkeys(around))
        return tuple(named)

    def _beside(self, places: Sequence[int]) -> list[str]:
        """Return the hashtags next to the one at the first of `places`, with "and" between them."""
        found: list[str] = []
        clause = self.said.tokens[places[0]].clause
        for place in places[1:]:
            token = self.said.tokens[place]
            if token.tag is None and token.text not in _AND:
                break
            if abs(token.clause - clause) > 1:  # more than a comma: below, hashtags ask for nothing
                break
            clause = token.clause
            if token.tag is not None:
                found.append(token.tag)
        return found

    def _modifiers(self, wish: Wish) -> list[Hit]:
        """Return how the answer is to be; in a question only what stands apart from its words."""
        heard = [hit for hit in self.hits if hit.kind in _MODIFIERS]
        if wish is not Wish.QUESTION:
            return heard
        tokens = self.said.tokens
        asked = {tokens[place].clause for place in self.own}
        clause_ends = {token.clause: i for i, token in enumerate(tokens) if not token.polite}
        return [
            hit
            for hit in heard
            if tokens[hit.start].clause not in asked
            or (hit.kind is Kind.LANGUAGE and clause_ends[tokens[hit.end].clause] == hit.end)
        ]

    def _public(self) -> bool:
        """Tell whether it is asked for in so many words, and nothing speaks against it."""
        if self.said.doubtful or self.kinds & {Kind.NEGATION, Kind.PRIVATE, Kind.CHAT}:
            return False
        tokens = self.said.tokens
        unexplained = {tokens[place].clause for place in self.own}
        for hit in self.hits:
            clause = tokens[hit.start].clause
            if hit.kind is Kind.PUBLIC and clause not in unexplained:
                if clause not in self.said.asking:
                    return True
                # "Publicly?" alone is a doubt; "can you summarize it publicly?" is a request.
                return any(
                    other.kind in {Kind.SUMMARIZE, Kind.DIGEST}
                    and tokens[other.start].clause == clause
                    for other in self.hits
                )
        return False

    def _private(self) -> bool:
        """Tell whether it is asked for ("just for me"), or publicity is declined."""
        return Kind.PRIVATE in self.kinds or {Kind.PUBLIC, Kind.NEGATION} <= self.kinds

    def _spoken(self) -> str | None:
        """Return the language of most of the words, if there is one."""
        votes: Counter[str] = Counter()
        for place in range(len(self.said.tokens)):
            found = [hit for hit in self.hits if place in hit.places]
            votes.update({hit.phrase.spoken for hit in found if hit.phrase.spoken})
        best = votes.most_common(2)
        if not best or (len(best) > 1 and best[0][1] == best[1][1]):
            return None
        return best[0][0]


def _length(heard: Iterable[Hit]) -> Length:
    kinds = {hit.kind for hit in heard}
    if Kind.SHORTER in kinds:
        return "shorter"
    return "longer" if Kind.LONGER in kinds else "normal"


def _span(heard: Iterable[Hit]) -> Span:
    kinds = {hit.kind for hit in heard}
    if Kind.NEW in kinds:
        return "new"
    return "day" if Kind.DAY in kinds else "all"
