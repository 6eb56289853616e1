"""What no language model may be shown, in whatever test: the scripted endpoint looks for it.

The rule is written out here once more, over the documents that a test's servers give out, and
without the code that is tested.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from activitypub.vocab import PUBLIC
from bot.demo.documents import Documents
from bot.demo.fediverse import SERVERS
from bot.demo.world import World, load

MORE_THAN_CHANCE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){3,}")
"""Four plain words in a row, or more."""
REFUSES = re.compile(r"#no(bots?|index|search|ai|ml|llm)\b", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]*>")

Served = Mapping[str, Any]


class KeptFromModels:
    """Words that their authors keep from models, and those of them that were shown to one."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._played: list[Callable[[], Iterable[Served]]] = []
        self.shown: list[str] = []

    def keep(self, text: str) -> None:
        """Note that a text may be shown to no model."""
        self._words |= set(MORE_THAN_CHANCE.findall(text)) or {text}

    def play(self, served: Callable[[], Iterable[Served]]) -> None:
        """Note a world that a test plays: what it serves counts as it is when a model is asked."""
        self._played.append(served)

    def look(self, prompt: str) -> None:
        """Look through what a model is shown."""
        kept = self._words.union(*(words(served()) for served in self._played))
        self.shown += [words for words in sorted(kept) if words in prompt]

    def take(self) -> list[str]:
        """Return what was shown since the last time, and forget the worlds of that test."""
        found, self.shown = self.shown, []
        self._played.clear()
        return found


def words(served: Iterable[Served]) -> set[str]:
    """Return the runs of words in served documents that may go to no model."""
    documents = list(served)
    people = {str(d["id"]): d for d in documents if "inbox" in d and "id" in d}
    posts = [d for d in documents if "attributedTo" in d and isinstance(d.get("content"), str)]
    of_all = [(may_be_shown(post, people.get(str(post["attributedTo"]))), post) for post in posts]
    shown = "\n".join(text_of(post) for is_open, post in of_all if is_open)
    kept = (text_of(post) for is_open, post in of_all if not is_open)
    return {run for text in kept for run in MORE_THAN_CHANCE.findall(text) if run not in shown}


def may_be_shown(post: Served, person: Served | None) -> bool:
    """Tell whether a post may go to a model: permitted or a publication, and not refused."""
    if person is None or REFUSES.search(profile(person)) or person.get("movedTo"):
        return False
    published = post["type"] in {"Article", "Page"} or bool(post.get("audience"))
    if not (person.get("indexable") or published):
        return False
    audience = [post.get("to", ()), post.get("cc", ())]
    return any(a == PUBLIC or (isinstance(a, list) and PUBLIC in a) for a in audience)


def profile(person: Served) -> str:
    """Return all that a person says of themselves: name, bio, and the rows of their table."""
    rows = [text for row in person.get("attachment", ()) for text in row.values()]
    said = (person.get("name"), person.get("summary"), *rows)
    return "\n".join(MARKUP.sub("", str(text)) for text in said)


def text_of(post: Served) -> str:
    """Return a post's text without its markup."""
    return unescape(MARKUP.sub("", post["content"]))


def of_sample(world: World, documents: Documents) -> list[Served]:
    """Return what the sample fediverse serves of people and posts, and served of deleted ones."""
    people = [documents.actor(person, "") for person in list(world.people.values())]
    posts = [documents.post(replace(post, deleted=False)) for post in list(world.posts.values())]
    gone = {documents.post_id(post) for post in list(world.posts.values()) if post.deleted}
    return [
        *people,
        *({**post, "to": [], "cc": []} if post["id"] in gone else post for post in posts),
    ]


def sample_words() -> KeptFromModels:
    """Return what the people of the sample fediverse keep from models."""
    kept, world = KeptFromModels(), load(datetime.now(UTC))
    origins = {name: f"https://{name}.example" for name in SERVERS}
    for run in words(of_sample(world, Documents(world, origins))):
        kept.keep(run)
    return kept


KEPT = sample_words()
"""One for the whole session, so that every endpoint of every test looks for all of it."""
