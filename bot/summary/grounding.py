"""Does a post say what a sentence says of it? The measure for sentences that a model wrote.

Containment of the sentence's words in the cited post, the rarer a word in the thread the heavier:
half for the whole post, half for its best sentence, and a bonus when the author is named; what it
keeps and catches is measured in docs/summaries.md.
Names and numbers have to stand there; what is denied there must not be affirmed, nor the other way
round, nor stated where the post only supposes it (`polarity`).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.summary.content import content
from bot.summary.features import frequencies
from bot.summary.model import SourcePost
from bot.summary.polarity import Clause, clauses, contradicted, speaks, supposes, surer
from bot.summary.text import count_words, detect_language, split_sentences, unwrap

GATE = 2
"""Raise it whenever what passes changes: a rule or bound here, or what it asks
(`injection`, `polarity`, `cues`, `content`): what an earlier one let through is written anew."""
ENOUGH = 0.25
"""The score from which on a post says a sentence (measured by `tests.bench.gate`)."""
LEAST = 0.15
"""What the content has to reach by itself: an author's name is no evidence."""
NAMED = 0.25
SURE_LANGUAGE = 40
"""Characters from which on the language of a sentence can be told."""
CLEARLY = 0.15
"""By so much another post has to score higher to be cited instead."""
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"(?<![.!?…:\"“„«\n])\s([A-Z][\w'’.-]*[\w])")
EVERYWHERE = 5.6
"""Zipf frequency of words of which a capital does not make a name."""
POSSESSIVE = re.compile(r"['’]s?$|\.$")
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"”’)\]]+[\w/]")
QUOTE = re.compile(r"[\"“„«]\s?([^\"“”„«»]+? [^\"“”„«»]+?)\s?[\"”“»]")
"""What is given as somebody's words: two words at least, one may be a term."""
PART_OF_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


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
        self._called = {post.id: called(post.author) for post in posts}
        self._split: dict[str, list[frozenset[str]]] = {}
        self._clausal: dict[str, list[Clause]] = {}
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
            and not self._turned(text, ids)
        )

    def score(self, text: str, post_id: str) -> float:
        """Return how much of a sentence stands in a post, from 0 to 1.25 (its author is named)."""
        named = any(whole_word(name, text) for name in self._called[post_id])
        return self.contained(text, post_id) + (NAMED if named else 0.0)

    def contained(self, text: str, post_id: str) -> float:
        """Return how much of a sentence's content stands in a post, from 0 to 1."""
        post = self._posts[post_id]
        words = content(text, post.language)
        if not words:
            return 0.0
        whole = self._contained(words, self._words[post_id])
        parts = self._parts(post_id)
        single = max((self._contained(words, part) for part in parts), default=0.0)
        return whole / 2 + single / 2

    def _parts(self, post_id: str) -> list[frozenset[str]]:
        """Return the content of the sentences of a post, split once."""
        if post_id not in self._split:
            language = self._posts[post_id].language
            self._split[post_id] = [
                frozenset(content(part, language)) for part in self._sentences(post_id)
            ]
        return self._split[post_id]

    def _sentences(self, post_id: str) -> Iterator[str]:
        return split_sentences(unwrap(self._texts[post_id]), self._posts[post_id].language)

    def _contained(self, words: Sequence[str], there: frozenset[str]) -> float:
        weights = [(self._idf.get(word, self._unseen), word in there) for word in words]
        return sum(w for w, found in weights if found) / sum(w for w, _ in weights)

    def _wrong(self, text: str, ids: Sequence[str]) -> str:
        """Say what of a sentence does not stand in the posts it cites; "" if all does."""
        return next((why for why, wrong in self._wrongs(text, ids) if wrong), "") or self._turned(
            text, ids
        )

    def _wrongs(self, text: str, ids: Sequence[str]) -> Iterator[tuple[str, bool]]:
        sources = " ".join(
            f"{self._posts[i].author} {self._texts[i]} {self._posts[i].url or ''}" for i in ids
        ).casefold()
        yield (
            "a link that the post does not hold",
            any(link.casefold() not in sources for link in LINK.findall(text)),
        )
        yield "a number that the post does not name", bool(numbers(text) - numbers(sources))
        yield (
            "a quotation that is not the post's",
            any(flat(quote) not in flat(sources) for quote in QUOTE.findall(text)),
        )
        named = [n for names in self._called.values() for n in names if whole_word(n, text)]
        yield (
            "a person whom the post does not name",
            any(name.casefold() not in sources for name in named),
        )
        yield "a person who does not say it", self._says_another(text, ids)
        names = [POSSESSIVE.sub("", name).casefold() for name in NAME.findall(text)]
        yield "a name that the post does not hold", any(name not in sources for name in names)

    def _says_another(self, text: str, ids: Sequence[str]) -> bool:
        """Tell whether it is given as the words of people of whom none wrote a cited post.

        Unless a cited post says that they say it.
        """
        language = self._language(ids)
        speaking = {
            names
            for names in self._called.values()
            if any(speaks(n, text, language) for n in names)
        }
        heard = {self._called[i] for i in ids} | {
            names
            for names in speaking
            if any(speaks(name, self._texts[i], language) for name in names for i in ids)
        }
        return bool(speaking) and not speaking & heard

    def _turned(self, text: str, ids: Sequence[str]) -> str:
        """Say how a sentence turns round what the cited posts say; "" if it does not."""
        language = self._language(ids)
        for name in (name for names in self._called.values() for name in names):
            text = text.replace(name, " ")
        said = clauses(text, language)
        sources = [clause for i in ids for clause in self._clauses(i)]
        if contradicted(said, sources):
            return "the opposite of what the post says"
        if not supposes(text, language) and surer(said, sources):
            return "surer than the post"
        return ""

    def _clauses(self, post_id: str) -> list[Clause]:
        """Return what the sentences of a post affirm and deny, read once."""
        if post_id not in self._clausal:
            language = self._posts[post_id].language
            self._clausal[post_id] = [
                clause for part in self._sentences(post_id) for clause in clauses(part, language)
            ]
        return self._clausal[post_id]

    def _language(self, ids: Sequence[str]) -> str | None:
        return self._posts[ids[0]].language


def called(author: str) -> tuple[str, ...]:
    """Return what an author may be called in a text: by the whole name, or a part of it.

    A part counts with its capital only, and not if everybody uses the word ("The Open Archive").
    """
    common = frequencies("en")
    parts = [
        part
        for part in PART_OF_NAME.findall(author)
        if len(part) > 2 and part[0].isupper() and common.get(part.casefold(), 0.0) < EVERYWHERE
    ]
    return tuple(dict.fromkeys([*([author] if len(author) > 1 else []), *parts]))


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, written alike."""
    return {number.replace(",", ".") for number in NUMBER.findall(text)}


def flat(text: str) -> str:
    """Return a text as quotations are compared: without case, line breaks and kinds of marks."""
    return " ".join(text.casefold().replace("’", "'").rstrip(".,;").split())


def whole_word(word: str, text: str) -> bool:
    """Tell whether a word stands in a text by itself."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def short(text: str, words: int) -> bool:
    """Tell whether a text keeps within a number of words."""
    return count_words(text) <= words
