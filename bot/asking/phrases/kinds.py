"""What a phrase can mean, and the notation that the tables of phrases are written in.

Phrases stand between ``|`` or on lines of their own, in any case and with or without accents.
``=`` first: nothing else is said in that clause. ``^`` first: the clause begins with it. A word
ending in ``*`` is the beginning of a word; ``~`` stands for up to three words, ``#`` for a hashtag,
``$`` for the one word that names a hashtag.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a phrase means where it is found."""

    EXCLUDE = "leave me out"
    MAYBE_EXCLUDE = "leave me out, unless the thread is asked about it"
    KEEP = "a protest against being left out, which is not yet a permission"
    NOT_HERE = "be silent in this thread"
    STOP_ALL = "end all that I subscribed to"
    UNFOLLOW_TAG = "no more of a hashtag"
    UNFOLLOW_THREAD = "no more of this thread"
    FOLLOW_TAG = "a hashtag for me"
    FOLLOW_THREAD = "tell me when this thread grows"
    INCLUDE = "you may quote me"
    HELP = "help"
    STATUS = "status"
    DIGEST = "the digest of now"
    SUMMARIZE = "summarize"
    ABOUT = "what does the thread say about the words that follow"
    QUESTION = "a word that questions begin with"
    THANKS = "thanks or praise"
    CHAT = "talk about summaries that asks for none"
    SHORTER = "shorter"
    LONGER = "longer"
    PUBLIC = "for everybody to see"
    PRIVATE = "for me alone"
    DAY = "the last day"
    NEW = "what is new since last time"
    DAILY = "every day"
    WEEKLY = "every week"
    LANGUAGE = "the language of the answer"
    POLITE = "polite, and no part of what is asked"
    FILLER = "a small word that requests are built with"
    NEGATION = "not"


@dataclass(frozen=True, slots=True)
class Speech:
    """How one language says things."""

    code: str | None
    """ISO 639-1, or None for what all languages share."""
    phrases: Mapping[Kind, str]
    names: Mapping[str, str] = field(default_factory=dict)
    """Languages, by ISO 639-1, as this language calls them."""
    within: str = ""
    """How to say "in this language", with ``{}`` for the name."""
