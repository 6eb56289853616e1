"""The default engine: chooses sentences by words alone. No model, no training, no network."""

from collections import Counter
from collections.abc import Sequence

from bot.summary.candidates import Candidate
from bot.summary.choosing import Thread, choose, choose_gist, leave_open, read
from bot.summary.discourse import ASKED, author_of
from bot.summary.engines import ByRules
from bot.summary.model import CitedSentence, Length, SourcePost, Summary
from bot.summary.text import detect_language

NAME = ByRules.name
SAMPLE = 40
"""Posts whose language decides that of the thread."""


class Extractive:
    """Implements `model.Engine`. Deterministic: the same posts give the same summary."""

    name = NAME

    def summarize(self, posts: Sequence[SourcePost], length: Length) -> Summary:
        """Choose a gist and at most `length` sentences; empty for posts that say nothing."""
        language = main_language(posts)
        thread = read(posts, language, length)
        gist, sentences = _chosen(thread, length) if thread else (None, ())
        return Summary(
            gist=gist,
            sentences=sentences,
            posts_read=len(posts),
            people=len({author_of(post) for post in posts if post.author_id or post.author}),
            engine=NAME,
            language=language,
            cw=_warnings(posts),
        )


def main_language(posts: Sequence[SourcePost]) -> str | None:
    """Return the language most of the thread is in: as stated, else as guessed."""
    stated = Counter(post.language for post in posts if post.language)
    if not stated:
        stated = Counter(
            guess for post in posts[:SAMPLE] if (guess := detect_language(post.text)) is not None
        )
    return stated.most_common(1)[0][0] if stated else None


def _chosen(
    thread: Thread, length: Length
) -> tuple[CitedSentence | None, tuple[CitedSentence, ...]]:
    """Return the gist, if there is one, and the sentences in the order of the thread."""
    sentences, posts = thread.sentences, thread.posts
    gist = choose_gist(thread)
    chosen = choose(thread, length, gist)
    leave_open(chosen, thread, gist)
    return (
        _cited(sentences[gist], posts) if gist is not None else None,
        tuple(_cited(sentences[i], posts, _act(sentences[i], thread)) for i in sorted(chosen)),
    )


def _cited(sentence: Candidate, posts: Sequence[SourcePost], act: str = "") -> CitedSentence:
    post = posts[sentence.post]
    return CitedSentence(sentence.text, post.id, post.author, post.url, act=act)


def _act(sentence: Candidate, thread: Thread) -> str:
    """Return what a sentence does: of a post that asks, only a question left open asks."""
    act = thread.done[sentence.post] or ""
    is_open = sentence.post in thread.open_questions and sentence.text.endswith(ASKED)
    return "" if act == "asks" and not is_open else act


def _warnings(posts: Sequence[SourcePost]) -> str | None:
    found = dict.fromkeys(post.cw.strip() for post in posts if post.cw and post.cw.strip())
    return "; ".join(found)[:300] or None
