"""Summaries as data: text with the ids of the posts it rests on. HTML and Notes are renderings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SourcePost:
    """One post of a thread as an engine sees it: plain text, and who wrote it."""

    id: str
    author: str
    text: str
    parent: str | None = None
    url: str | None = None
    author_id: str | None = None
    language: str | None = None
    published: datetime | None = None
    cw: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence and the post that says it, by id; `author` is that post's, by name.

    `also` are further posts that a written sentence rests on. `act` is what its post does in the
    discussion: it "answers", "agrees", "disagrees", "corrects", or "asks" what nobody answers;
    empty where nothing tells.
    """

    text: str
    post: str
    author: str
    url: str | None = None
    also: tuple[str, ...] = ()
    act: str = ""

    @property
    def posts(self) -> tuple[str, ...]:
        """Return every post it rests on."""
        return (self.post, *self.also)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        found = {"text": self.text, "post": self.post, "author": self.author, "url": self.url}
        return found | ({"act": self.act} if self.act else {})


@dataclass(frozen=True, slots=True)
class Summary:
    """A gist (at most 40 words) and cited sentences in the order of the thread.

    `people` counts the authors of the posts read, where they are known. `cw` carries over what the
    posts warn of.
    """

    gist: CitedSentence | None
    sentences: tuple[CitedSentence, ...]
    posts_read: int
    people: int
    engine: str
    language: str | None = None
    cw: str | None = None

    @property
    def all_sentences(self) -> tuple[CitedSentence, ...]:
        """The gist, if there is one, and the sentences."""
        return (self.gist, *self.sentences) if self.gist else self.sentences

    @property
    def is_written(self) -> bool:
        """Tell whether a model wrote it, so that its sentences need not stand in posts verbatim."""
        return is_written(self.engine)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form that `fedigest summarize --json` prints."""
        return {
            "gist": self.gist.text if self.gist else None,
            "sentences": [sentence.as_dict() for sentence in self.sentences],
            "posts_read": self.posts_read,
            "engine": self.engine,
        }


def is_written(engine: str) -> bool:
    """Tell whether an engine of this name writes sentences instead of choosing them."""
    return engine.startswith("llm/")


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds of a summary, the gist apart; whichever is reached first ends it."""

    sentences: int = 5
    words: int = 120


class Engine(Protocol):
    """Writes summaries. Called in a thread: it may take long, and must not touch the loop."""

    @property
    def name(self) -> str:
        """Return what tells this engine, and its version, from others."""
        ...

    def summarize(self, posts: Sequence[SourcePost], length: Length) -> Summary:
        """Summarize posts, given oldest first; never raises for odd input."""
        ...
