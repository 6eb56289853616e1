"""What can be asked of the bot."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Length = Literal["shorter", "normal", "longer"]
Span = Literal["all", "day", "new"]
Every = Literal["daily", "weekly"]


class Wish(StrEnum):
    """What can be asked for. None publishes more than an answer to the one who asks."""

    SUMMARIZE = "summarize"
    QUESTION = "question"
    DIGEST = "digest"
    FOLLOW_TAG = "follow tag"
    UNFOLLOW_TAG = "unfollow tag"
    FOLLOW_THREAD = "follow thread"
    UNFOLLOW_THREAD = "unfollow thread"
    STOP_ALL = "stop all"
    NOT_HERE = "not here"
    INCLUDE = "include me"
    EXCLUDE = "leave me out"
    HELP = "help"
    STATUS = "status"
    THANKS = "thanks"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, with how, in what language and how widely it is to be answered."""

    wish: Wish
    length: Length = "normal"
    language: str | None = None
    """The language the answer is asked in (ISO 639-1), if one is named."""
    public: bool = False
    """True only if the person asked for it in so many words."""
    private: bool = False
    """True if the answer is asked to be for the person alone."""
    span: Span = "all"
    question: str | None = None
    """What is asked about the thread, in the person's own words."""
    tags: tuple[str, ...] = ()
    """The hashtags to follow or to leave, casefolded, without ``#``."""
    every: Every = "daily"
    spoken: str | None = None
    """The language the person wrote in (ISO 639-1), as far as the known phrases tell."""
