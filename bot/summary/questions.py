"""Answering a question about a thread with what its posts say, or with nothing."""

import math
from collections import Counter
from collections.abc import Sequence

from bot.summary.candidates import Candidate, candidates
from bot.summary.content import content
from bot.summary.discourse import author_of
from bot.summary.engines import ByRules
from bot.summary.extractive import main_language
from bot.summary.model import CitedSentence, Length, SourcePost, Summary

ENOUGH = 0.34
"""The share of a question's weight that a sentence has to hold: of three such words one."""
MOST_BY_ONE = 2


def answer(posts: Sequence[SourcePost], question: str, length: Length) -> Summary:
    """Return the sentences that speak of what `question` asks, best first kept, in order.

    No sentence at all means that nobody says anything of it. Words of the question that no post
    uses count in full: a question about what is not there is not answered with what is.
    """
    language = main_language(posts)
    asked = content(question, language)
    sentences = candidates(posts)
    words = [frozenset(content(s.text, posts[s.post].language or language)) for s in sentences]
    seen = Counter(word for found in words for word in found)
    weights = {word: math.log1p(len(sentences) / (1 + seen[word])) for word in asked}
    whole = sum(weights.values())
    scored = [
        (sum(weights[word] for word in asked if word in found) / whole, -i)
        for i, found in enumerate(words)
        if whole
    ]
    chosen: list[int] = []
    by: Counter[str] = Counter()
    spent = 0
    for score, minus in sorted(scored, reverse=True):
        sentence = sentences[-minus]
        author = author_of(posts[sentence.post])
        if score < ENOUGH or len(chosen) >= length.sentences:
            break
        if "?" in sentence.text or by[author] >= MOST_BY_ONE:
            continue  # who asks the same does not answer it
        if chosen and spent + sentence.words > length.words:
            continue
        chosen.append(-minus)
        by[author] += 1
        spent += sentence.words
    return Summary(
        gist=None,
        sentences=tuple(_cited(sentences[i], posts) for i in sorted(chosen)),
        posts_read=len(posts),
        people=len({author_of(post) for post in posts}),
        engine=ByRules.name,
        language=language,
        cw=", ".join(dict.fromkeys(p.cw for p in posts if p.cw))[:200] or None,
    )


def _cited(sentence: Candidate, posts: Sequence[SourcePost]) -> CitedSentence:
    post = posts[sentence.post]
    return CitedSentence(sentence.text, post.id, post.author, post.url)
