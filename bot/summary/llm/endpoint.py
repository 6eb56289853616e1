"""Where a model answers, and that it did not."""

from dataclasses import dataclass


class NotWritten(Exception):
    """No written summary came of it; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers, and what a summary may take: seconds, and tokens for each answer.

    `silence` is how long a word may take to come: a server without a graphics card reads slowly.
    `posts` are shown in one request; a thread with more is summarized in rounds, at most `rounds`.
    """

    base_url: str
    model: str
    api_key: str = "none"
    seconds: float = 60.0
    silence: float = 30.0
    tokens: int = 700
    posts: int = 24
    rounds: int = 4
