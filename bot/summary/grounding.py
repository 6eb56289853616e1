"""Does a post say what a sentence says of it? The measure for sentences that a model wrote.

Containment of the sentence's words in the cited post, the rarer a word in the thread the heavier:
half for the whole post, half for its best sentence, and a bonus when the author is named; what it
keeps and catches is measured in docs/summaries.md.
Names and numbers have to stand there; a negation has to stand on both sides or on neither.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.summary.features import frequencies
from bot.summary.model import SourcePost
from bot.summary.text import UNSPACED, count_words, detect_language, split_sentences, stems, tokens

ENOUGH = 0.25
"""The score from which on a post says a sentence (measured by `tests.bench.gate`)."""
LEAST = 0.15
"""What the content has to reach by itself: an author's name is no evidence."""
NAMED = 0.25
CLEARLY = 0.15
"""By so much another post has to score higher to be cited instead."""
COMMON = 5.3
"""Words at least so frequent in the language (wordfreq's Zipf scale) say nothing of content."""
SURE_LANGUAGE = 40
"""Characters from which on the language of a sentence can be told."""
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"(?<![.!?…:\"“„«\n])\s([A-Z][\w'’.-]*[\w])")
NEGATIONS = frozenset(
    """no not never none nobody nothing neither nor cannot without ohne nicht kein keine keinen nie
    niemals ne pas jamais aucun aucune sans rien nunca ningún ninguna nada sin não nem sem non
    mai nessuno niente senza niet geen nooit zonder nigdy żaden bez не нет ни никогда без
    لا ليس لم لن""".split()  # noqa: SIM905  a list of words is read more easily as words
)
NEGATED = re.compile(r"ない|ません|ず$|不|没|無|非|않|없|못")


@dataclass(frozen=True, slots=True)
class Grounds:
    """Whether a sentence may stand, on which posts it rests, and if it may not, why."""

    ok: bool
    posts: tuple[str, ...] = ()
    reason: str = ""
    score: float = 0.0


class Evidence:
    """The posts of one thread, prepared to be asked what they say."""

    def __init__(self, posts: Sequence[SourcePost]) -> None:
        self._posts = {post.id: post for post in posts}
        self._texts = {post.id: f"{post.title or ''}\n{post.text}".strip() for post in posts}
        self._words = {
            post.id: frozenset(content(self._texts[post.id], post.language)) for post in posts
        }
        seen = Counter(word for words in self._words.values() for word in words)
        self._idf = {word: math.log(1 + len(posts) / n) for word, n in seen.items()}
        self._unseen = math.log(1 + 2 * max(1, len(posts)))

    def check(self, text: str, cited: Iterable[str], *, language: str | None = None) -> Grounds:
        """Hold a written sentence against the posts it cites, and find better ones if it can.

        `language` is the one that was asked for.
        """
        ids = tuple(dict.fromkeys(post for post in cited if post in self._posts))
        if not ids:
            return Grounds(ok=False, reason="unknown post")
        if language and len(text) >= SURE_LANGUAGE:
            found = detect_language(text)
            if found and found != language.partition("-")[0]:
                return Grounds(ok=False, reason="another language")
        # Whose name is in the text does not count here: it may be the wrong one.
        said = {post: self.contained(text, post) for post in self._posts}
        best = max(said, key=lambda post: said[post])
        if said[best] > max(said[post] for post in ids) + CLEARLY:
            ids = (best,)
        score = max(self.score(text, post) for post in ids)
        if max(said[post] for post in ids) < LEAST:
            return Grounds(ok=False, posts=ids, reason="not what the post says", score=score)
        reason = self._wrong(text, ids)
        if reason:
            return Grounds(ok=False, posts=ids, reason=reason, score=score)
        if score < ENOUGH:
            return Grounds(ok=False, posts=ids, reason="not what the post says", score=score)
        ordered = sorted(ids, key=lambda post: self.score(text, post), reverse=True)
        kept = [post for post in ordered if self.score(text, post) >= ENOUGH / 2]
        return Grounds(ok=True, posts=tuple(kept), score=score)

    def says(self, text: str, cited: Iterable[str]) -> bool:
        """Tell whether posts that were found to say a sentence still do: an edit may undo it.

        Who is named is not asked again, since names are not part of a stored post.
        """
        ids = [post for post in cited if post in self._posts]
        words = NUMBER.findall(text)
        there = " ".join(self._texts[i] for i in ids)
        scores = [self.score(text, post) for post in ids]
        return (
            max(scores, default=0.0) >= ENOUGH / 2
            and all(number in NUMBER.findall(there) for number in words)
            and self._negated_alike(text, ids)
        )

    def score(self, text: str, post_id: str) -> float:
        """Return how much of a sentence stands in a post, from 0 to 1.25 (its author is named)."""
        author = self._posts[post_id].author
        named = bool(author) and whole_word(author.casefold(), text.casefold())
        return self.contained(text, post_id) + (NAMED if named else 0.0)

    def contained(self, text: str, post_id: str) -> float:
        """Return how much of a sentence's content stands in a post, from 0 to 1."""
        post = self._posts[post_id]
        words = content(text, post.language)
        if not words:
            return 0.0
        whole = self._contained(words, self._words[post_id])
        parts = split_sentences(self._texts[post_id], post.language)
        single = max(
            (self._contained(words, frozenset(content(part, post.language))) for part in parts),
            default=0.0,
        )
        return whole / 2 + single / 2

    def _contained(self, words: Sequence[str], there: frozenset[str]) -> float:
        weights = [(self._idf.get(word, self._unseen), word in there) for word in words]
        return sum(w for w, found in weights if found) / sum(w for w, _ in weights)

    def _wrong(self, text: str, ids: Sequence[str]) -> str:
        """Say what of a sentence does not stand in the posts it cites; "" if all does."""
        sources = " ".join(
            f"{self._posts[i].author} {self._texts[i]} {self._posts[i].url or ''}" for i in ids
        ).casefold()
        numbers = {number.replace(",", ".") for number in NUMBER.findall(text)}
        there = {number.replace(",", ".") for number in NUMBER.findall(sources)}
        if numbers - there:
            return "a number that the post does not name"
        for post in self._posts.values():
            name = post.author.casefold()
            if len(name) > 1 and whole_word(name, text.casefold()) and name not in sources:
                return "a person whom the post does not name"
        for name in NAME.findall(f" {text}"[1:]):
            if name.casefold().rstrip(".'’s") not in sources and name.casefold() not in sources:
                return "a name that the post does not hold"
        return "" if self._negated_alike(text, ids) else "a negation on one side only"

    def _negated_alike(self, text: str, ids: Sequence[str]) -> bool:
        """Compare with the sentence of the cited posts that is most alike: "not" is a cheap cue."""
        pairs = [
            (self._contained(words, frozenset(content(part, self._posts[i].language))), part)
            for i in ids
            if (words := content(text, self._posts[i].language))
            for part in split_sentences(self._texts[i], self._posts[i].language)
        ]
        if not pairs:
            return True
        _, nearest = max(pairs, key=lambda pair: pair[0])
        return bool(negations(text)) == bool(negations(nearest))


def whole_word(word: str, text: str) -> bool:
    """Tell whether a word stands in a text by itself."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def negations(text: str) -> int:
    """Count the words of a text that deny."""
    words = re.findall(r"[^\W\d_]+(?:['’]\w+)?", text.casefold())
    spaced = sum(word in NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    unspaced = len(NEGATED.findall(text)) if UNSPACED.search(text) else 0
    return int(spaced) + unspaced


def content(text: str, language: str | None) -> list[str]:
    """Return the stems of the words that carry content, each once."""
    words = [word for word in tokens(text) if not is_common(word, language or "en")]
    return list(dict.fromkeys(stems(words, language)))


@lru_cache(maxsize=50_000)
def is_common(word: str, language: str) -> bool:
    """Tell whether a word is too frequent in its language to say anything."""
    return frequencies(language.partition("-")[0]).get(word, 0.0) >= COMMON


def short(text: str, words: int) -> bool:
    """Tell whether a text keeps within a number of words."""
    return count_words(text) <= words
