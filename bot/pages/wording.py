"""What stands beside quoted sentences, in one wording: pages, Notes and feeds say the same."""

import unicodedata

from bot.pages.views import AnswerView, SentenceView, ThreadView
from bot.summary.model import is_written
from bot.words import Words

NAMED = 3
"""People of a thread who are named; the others are counted."""
BETWEEN = " · "
"""Stands between facts: a mark that all languages write alike."""
RIGHT_TO_LEFT = {"R", "AL"}
ISOLATE, END = "\u2068", "\u2069"
LEFT, RIGHT = "\u200e", "\u200f"
"""Says of a line that begins with a Latin handle that it is written from right to left."""


def source(sentence: SentenceView, said: Words) -> str:
    """Name who says a sentence, what that does in the discussion, and whether it is new."""
    act = f" {does(sentence.act, said)}" if sentence.act else ""
    new = f" ({said.say('answer.new')})" if sentence.is_new else ""
    return f"{sentence.author}{act}{new}"


def does(act: str, said: Words) -> str:
    """Return what a post does in the discussion, as it is read after its author's name."""
    return said.say(f"acts.{act}") if act else ""


def who(thread: ThreadView, said: Words) -> str:
    """Name those who may be named, and count the rest."""
    named = [isolated(name, said) for name in thread.people[:NAMED]]
    others = thread.speakers - len(named)
    if not named:
        return said.count("people", thread.speakers)
    return said.listing([*named, said.count("others", others)] if others > 0 else named)


def coverage(thread: ThreadView, said: Words) -> str:
    """State how much was read, and how much is left out at the authors' wish."""
    text = said.say("answer.coverage", posts=thread.posts_read, hosts=thread.hosts)
    if thread.posts_known > thread.posts_read:
        text += f" ({said.say('answer.known', number=thread.posts_known)})"
    if thread.left_out:
        text += BETWEEN + said.say("answer.left_out", number=thread.left_out)
    return text


def state(view: AnswerView, said: Words) -> str:
    """State how much was read for an answer, and since when it is as it is."""
    text = coverage(view.thread, said)
    if view.updated:
        text += BETWEEN + said.say("answer.updated", when=view.updated, number=view.more)
    return text


def making(engine: str, said: Words) -> str:
    """State how the sentences came about, and by which version of what."""
    way = "answer.by_model" if is_written(engine) else "answer.by_rules"
    return f"{said.say(way)} ({engine})"


def direction(text: str) -> str:
    """Return "rtl" when the first letter with a direction runs from right to left, else "ltr"."""
    for char in text[:200]:
        kind = unicodedata.bidirectional(char)
        if kind in RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def isolated(name: str, said: Words) -> str:
    """Keep a name that runs the other way from reordering what stands around it."""
    return name if direction(name) == said.direction else f"{ISOLATE}{name}{END}"


def hashtag(name: str, said: Words) -> str:
    """Return a hashtag whose "#" stays at its front, also among words from right to left."""
    return f"{LEFT if said.direction == 'rtl' else ''}#{name}"


def marked(said: Words) -> str:
    """Return what a line begins with, so that clients write it in its language's direction."""
    return RIGHT if said.direction == "rtl" else ""
