"""The default engine: chooses sentences by words alone. No model, no training, no network."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.summary.candidates import Candidate, candidates
from bot.summary.discourse import A_SIDE, ASKED, Act, acts, author_of, dispute, open_questions
from bot.summary.engines import ByRules
from bot.summary.features import LONG, SHORT, Features, measure
from bot.summary.gains import Gains
from bot.summary.model import CitedSentence, Length, SourcePost, Summary
from bot.summary.objections import objections
from bot.summary.replies import is_opened
from bot.summary.text import detect_language

NAME = ByRules.name
GIST_WORDS = 40
FEWEST_GIST_WORDS = 5
TELLING = 0.25
"""The opening has to weigh at least so much of the best: "Welcome, everyone" tells no topic."""
FEWEST_WORDS_LEFT = 4
FEWEST_WITH_QUESTION = 4
"""Sentences of a summary in which an open question may take a place."""
WEIGHTY = 0.5
"""An open question has to weigh at least so much of what it replaces."""
SAMPLE = 40
"""Posts whose language decides that of the thread."""


class Extractive:
    """Implements `model.Engine`. Deterministic: the same posts give the same summary."""

    name = NAME

    def summarize(self, posts: Sequence[SourcePost], length: Length) -> Summary:
        """Choose a gist and at most `length` sentences; empty for posts that say nothing."""
        language = main_language(posts)
        sentences = candidates(posts)
        done = acts(posts)
        unanswered = open_questions(posts, done)
        gist = None
        chosen: list[int] = []
        if sentences:
            features = measure(sentences, posts, language, length)
            gist = _gist(sentences, features, opened=is_opened(posts))
            thread = _Thread(posts, sentences, features, done)
            chosen = _choose(thread, length, gist)
            _leave_open(chosen, thread, gist)
        return Summary(
            gist=_cited(sentences[gist], posts) if gist is not None else None,
            sentences=tuple(
                _cited(sentences[i], posts, _act(sentences[i], done, unanswered))
                for i in sorted(chosen)
            ),
            posts_read=len(posts),
            people=len({author_of(post) for post in posts if post.author_id or post.author}),
            engine=NAME,
            language=language,
            cw=_warnings(posts),
        )


def pick(posts: Sequence[SourcePost], length: Length, *, named: bool = False) -> list[Candidate]:
    """Choose sentences of a thread, in its order."""
    language = main_language(posts)
    sentences = candidates(posts)
    if not sentences:
        return []
    features = measure(sentences, posts, language, length)
    thread = _Thread(posts, sentences, features, acts(posts))
    return [sentences[i] for i in sorted(_choose(thread, length, None, named=named))]


def main_language(posts: Sequence[SourcePost]) -> str | None:
    """Return the language most of the thread is in: as stated, else as guessed."""
    stated = Counter(post.language for post in posts if post.language)
    if not stated:
        stated = Counter(
            guess for post in posts[:SAMPLE] if (guess := detect_language(post.text)) is not None
        )
    return stated.most_common(1)[0][0] if stated else None


def _gist(sentences: Sequence[Candidate], features: Features, *, opened: bool) -> int | None:
    """Choose the sentence that says best what the thread is about.

    The opening post sets the topic, so its most telling sentence is taken if it has one that
    tells something beside the best of the others. Where the posts do not hang together, none is
    the opening.
    """
    fitting = [i for i, s in enumerate(sentences) if FEWEST_GIST_WORDS <= s.words <= GIST_WORDS]
    opening = [i for i in fitting if sentences[i].post == 0] if opened else []
    gains = Gains(sentences, features).now() * features.words**0.2
    best = max(fitting, key=lambda i: (gains[i], -i), default=None)
    first = max(opening, key=lambda i: (gains[i], -i), default=best)
    if first is None or best is None or gains[first] < TELLING * gains[best]:
        return best
    return first


@dataclass(frozen=True, slots=True)
class _Thread:
    """What is chosen from: posts, their sentences, these in numbers, and what each post does."""

    posts: Sequence[SourcePost]
    sentences: Sequence[Candidate]
    features: Features
    done: Sequence[Act | None]


def _choose(thread: _Thread, length: Length, gist: int | None, *, named: bool = False) -> list[int]:
    """Pick greedily what adds most, while words and sentences last and no author fills it."""
    sentences, posts = thread.sentences, thread.posts
    authors = [author_of(posts[s.post]) for s in sentences]
    names = [len(posts[s.post].author.split()) if named else 0 for s in sentences]
    most = _most_for_one(len(set(authors)), length.sentences)
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
            if fits and spoken[authors[i]] < most:
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


def _hear_both(chosen: list[int], thread: _Thread, length: Length, gist: int | None) -> None:
    """Give the silenced side of the largest dispute the place of the choice that adds least."""
    sentences = thread.sentences
    found = dispute(thread.posts, thread.done)
    if len(chosen) < 2:
        return
    if found is None:
        _hear_objection(chosen, thread, length, gist)
        return
    gains = Gains(sentences, thread.features).now()
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
        if speaking:
            chosen[chosen.index(leaving)] = max(speaking, key=lambda i: (gains[i], -i))


def _hear_objection(chosen: list[int], thread: _Thread, length: Length, gist: int | None) -> None:
    """Let one who speaks against the others be heard, if enough do so, and none of them is."""
    sentences = thread.sentences
    against = objections(sentences)
    objecting = {sentences[i].post for i in against}
    if len(objecting) < max(1, A_SIDE * len(thread.posts)):
        return
    if any(sentences[i].post in objecting for i in chosen):
        return
    gains = Gains(sentences, thread.features).now()
    room = length.words - sum(sentences[i].words for i in chosen[:-1])
    speaking = [
        i
        for i in against
        if SHORT <= sentences[i].words <= room
        and i != gist
        and not sentences[i].text.endswith(ASKED)
    ]
    if speaking:
        chosen[-1] = max(speaking, key=lambda i: (gains[i], -i))


def _leave_open(chosen: list[int], thread: _Thread, gist: int | None) -> None:
    """Let a weighty question that nobody answers stand for the choice that adds least."""
    sentences = thread.sentences
    asking = set(open_questions(thread.posts, thread.done))
    if len(chosen) < FEWEST_WITH_QUESTION or any(sentences[i].post in asking for i in chosen):
        return
    gains = Gains(sentences, thread.features).now()
    both = dispute(thread.posts, thread.done)
    sides = (
        both.claim | both.dissent if both else {sentences[i].post for i in objections(sentences)}
    )
    leaving = next((i for i in reversed(chosen) if sentences[i].post not in sides), None)
    questions = [
        i
        for i, s in enumerate(sentences)
        if s.post in asking and s.text.endswith(ASKED) and s.words >= SHORT and i != gist
    ]
    best = max(questions, key=lambda i: (gains[i], -i), default=None)
    if best is None or leaving is None or best in chosen:
        return
    if gains[best] >= WEIGHTY * gains[leaving] and sentences[best].words <= LONG:
        chosen[chosen.index(leaving)] = best


def _most_for_one(people: int, sentences: int) -> int:
    """Return how many sentences one person may have: a third, or half where there are few others.

    A thread of one person alone is that person's.
    """
    if people == 1:
        return sentences
    return max(1, round(sentences / 3)) if people > 3 else max(1, -(-sentences // 2))


def _cited(sentence: Candidate, posts: Sequence[SourcePost], act: str = "") -> CitedSentence:
    post = posts[sentence.post]
    return CitedSentence(sentence.text, post.id, post.author, post.url, act=act)


def _act(sentence: Candidate, done: Sequence[Act | None], unanswered: Collection[int]) -> str:
    """Return what a sentence does: of a post that asks, only a question left open asks."""
    act = done[sentence.post] or ""
    if act == "asks" and not (sentence.post in unanswered and sentence.text.endswith(ASKED)):
        return ""
    return act


def _warnings(posts: Sequence[SourcePost]) -> str | None:
    found = dict.fromkeys(post.cw.strip() for post in posts if post.cw and post.cw.strip())
    return "; ".join(found)[:300] or None
