"""Which sentences of a thread are chosen: a gist, what adds most, and each side of a dispute."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.summary.candidates import Candidate, candidates
from bot.summary.conceding import withdrawn
from bot.summary.discourse import (
    A_SIDE,
    ASKED,
    Act,
    Dispute,
    acts,
    author_of,
    dispute,
    open_questions,
    parents,
)
from bot.summary.features import LONG, SHORT, Features, Floats, measure, quotes_few
from bot.summary.gains import Gains
from bot.summary.model import Length, SourcePost
from bot.summary.objections import objections

GIST_WORDS = 40
FEWEST_GIST_WORDS = 5
TELLING = 0.25
"""The opening has to weigh at least so much of the best: "Welcome, everyone" tells no topic."""
FEWEST_WORDS_LEFT = 4
FEWEST_WITH_QUESTION = 4
"""Sentences of a summary in which an open question may take a place."""
CROWD = 4
"""So many people for each sentence leave no second one to any of them."""
TAKEN_BACK, SETTLED = 0.2, 0.5
WEIGHTY = 0.5
"""An open question has to weigh at least so much of what it replaces."""


@dataclass(frozen=True)
class Thread:
    """What is chosen from: posts, their sentences, these in numbers, and what each post does."""

    posts: Sequence[SourcePost]
    sentences: Sequence[Candidate]
    features: Features
    done: Sequence[Act | None]

    @cached_property
    def gains(self) -> Floats:
        """What each sentence would add to an empty summary, whoever wrote it."""
        return Gains(self.sentences, self.features).now()

    @cached_property
    def dispute(self) -> Dispute | None:
        """The disagreement that most posts take part in."""
        return dispute(self.posts, self.done, self.withdrawn)

    @cached_property
    def withdrawn(self) -> frozenset[int]:
        """The posts whose authors took back what they claim."""
        return withdrawn(self.posts, self.done)

    @cached_property
    def objections(self) -> Sequence[int]:
        """The sentences in which somebody speaks against the others."""
        return objections(self.sentences)

    @cached_property
    def open_questions(self) -> Sequence[int]:
        """The posts that ask what nobody answers."""
        return open_questions(self.posts, self.done)


def read(posts: Sequence[SourcePost], language: str | None, length: Length) -> Thread | None:
    """Read a thread, mainly in `language`, to summarize it in some length; None if it is empty."""
    sentences = candidates(posts)
    if not sentences:
        return None
    thread = Thread(posts, sentences, measure(sentences, posts, language, length), acts(posts))
    thread.features.priors[:] *= _lasting(thread, length)
    return thread


def _lasting(thread: Thread, length: Length) -> Floats:
    """Return what the replies left of each sentence: 1, or less.

    Little of what its author took back; and where few are shown, half of a question that somebody
    answered: the answer says more. What the opening asks is what the thread is about.
    """
    is_open = set(thread.open_questions)
    settled = quotes_few(length) and any(parent is not None for parent in parents(thread.posts))
    return np.array(
        [
            TAKEN_BACK
            if s.post in thread.withdrawn
            else SETTLED
            if settled and s.post > 0 and s.post not in is_open and s.text.endswith(ASKED)
            else 1.0
            for s in thread.sentences
        ]
    )


def choose_gist(thread: Thread) -> int | None:
    """Choose the sentence that says best what the thread is about.

    The opening post sets the topic, so its most telling sentence is taken if it has one that
    tells something beside the best of the others. Where the posts do not hang together, none is
    the opening.
    """
    sentences, features = thread.sentences, thread.features
    fitting = [i for i, s in enumerate(sentences) if FEWEST_GIST_WORDS <= s.words <= GIST_WORDS]
    opening = [i for i in fitting if sentences[i].post == 0] if features.opened else []
    gains = thread.gains * features.words**0.2
    best = max(fitting, key=lambda i: (gains[i], -i), default=None)
    first = max(opening, key=lambda i: (gains[i], -i), default=best)
    if first is None or best is None or gains[first] < TELLING * gains[best]:
        return best
    return first


def choose(
    thread: Thread, length: Length, gist: int | None = None, *, named: bool = False
) -> list[int]:
    """Pick greedily what adds most, while words and sentences last and no author fills it.

    With `named`, the author's name before each sentence counts as words.
    """
    sentences, posts = thread.sentences, thread.posts
    authors = [author_of(posts[s.post]) for s in sentences]
    names = [len(posts[s.post].author.split()) if named else 0 for s in sentences]
    most = _most_for_each(authors, author_of(posts[0]), length.sentences)
    gains = Gains(sentences, thread.features, authors)
    spoken: Counter[str] = Counter()
    if gist is not None:
        gains.take(gist)
        spoken[authors[gist]] += 1
    chosen: list[int] = []
    words = 0
    while len(chosen) < length.sentences and length.words - words >= FEWEST_WORDS_LEFT:
        for i in gains.best_first():
            cost = sentences[i].words + names[i]
            fits = words + cost <= length.words or (not chosen and cost <= 1.5 * length.words)
            if fits and spoken[authors[i]] < most[authors[i]]:
                break
            gains.leave(i)  # what does not fit now never will
        else:
            break
        chosen.append(i)
        words += cost
        spoken[authors[i]] += 1
        gains.take(i)
    _hear_both(chosen, thread, length, gist)
    return chosen


def _hear_both(chosen: list[int], thread: Thread, length: Length, gist: int | None) -> None:
    """Give the silenced side of the largest dispute the place of the choice that adds least."""
    sentences = thread.sentences
    found = thread.dispute
    if len(chosen) < 2:
        return
    if found is None:
        _hear_objection(chosen, thread, length, gist)
        return
    authors = [author_of(post) for post in thread.posts]
    heard = {authors[sentences[i].post] for i in (*chosen, *([] if gist is None else [gist]))}
    for side, other in ((found.dissent, found.claim), (found.claim, found.dissent)):
        if any(authors[post] in heard for post in side):
            continue  # whoever takes part elsewhere in the thread, too, is heard
        others = [i for i in chosen if sentences[i].post in other]
        leaving = next((i for i in reversed(chosen) if i not in others[:1]), None)
        if leaving is None:
            continue
        room = length.words - sum(sentences[i].words for i in chosen if i != leaving)
        speaking = [
            i
            for i, s in enumerate(sentences)
            if s.post in side and SHORT <= s.words <= room and i != gist
        ]
        themselves = [i for i in speaking if thread.done[sentences[i].post] != "agrees"]
        if speaking:  # whoever agrees says less of it
            best = max(themselves or speaking, key=lambda i: (thread.gains[i], -i))
            chosen[chosen.index(leaving)] = best


def _hear_objection(chosen: list[int], thread: Thread, length: Length, gist: int | None) -> None:
    """Let one who speaks against the others be heard, if enough do so, and none of them is."""
    sentences = thread.sentences
    objecting = {sentences[i].post for i in thread.objections}
    if len(objecting) < max(1, A_SIDE * len(thread.posts)):
        return
    if any(sentences[i].post in objecting for i in chosen):
        return
    room = length.words - sum(sentences[i].words for i in chosen[:-1])
    speaking = [
        i
        for i in thread.objections
        if SHORT <= sentences[i].words <= room
        and i != gist
        and not sentences[i].text.endswith(ASKED)
    ]
    if speaking:
        chosen[-1] = max(speaking, key=lambda i: (thread.gains[i], -i))


def leave_open(chosen: list[int], thread: Thread, gist: int | None) -> None:
    """Let a weighty question that nobody answers stand for the choice that adds least."""
    sentences = thread.sentences
    asking = set(thread.open_questions)
    if len(chosen) < FEWEST_WITH_QUESTION or any(sentences[i].post in asking for i in chosen):
        return
    both = thread.dispute
    sides = both.claim | both.dissent if both else {sentences[i].post for i in thread.objections}
    leaving = next((i for i in reversed(chosen) if sentences[i].post not in sides), None)
    questions = [
        i
        for i, s in enumerate(sentences)
        if s.post in asking and s.text.endswith(ASKED) and s.words >= SHORT and i != gist
    ]
    best = max(questions, key=lambda i: (thread.gains[i], -i), default=None)
    if best is None or leaving is None or best in chosen:
        return
    if thread.gains[best] >= WEIGHTY * thread.gains[leaving] and sentences[best].words <= LONG:
        chosen[chosen.index(leaving)] = best


def _most_for_each(authors: Sequence[str], opener: str, sentences: int) -> dict[str, int]:
    """Return how many sentences each person may have: a third, or half where there are few others.

    A thread of one person alone is that person's. In a crowd whoever says it again and again has
    one; who opened the thread, and answers for what is said there, may have more.
    """
    people = len(set(authors))
    if people == 1:
        return dict.fromkeys(authors, sentences)
    most = max(1, round(sentences / 3)) if people > 3 else max(1, -(-sentences // 2))
    crowd = people > CROWD * sentences
    return {author: 1 if crowd and author != opener else most for author in authors}
