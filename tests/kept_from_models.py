"""What no language model may be shown, in whatever test: the scripted endpoint looks for it.

The rule for the sample fediverse is written out here once more, without the code that is tested.
"""

import re
from datetime import UTC, datetime

from bot.demo.world import Person, Post, load

MORE_THAN_CHANCE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){3,}")
"""Four plain words in a row, or more."""
REFUSES = re.compile(r"no(bots?|index|search|ai|ml|llm)\b", re.IGNORECASE)


class KeptFromModels:
    """Words that their authors keep from models, and those of them that were shown to one."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self.shown: list[str] = []

    def keep(self, text: str) -> None:
        """Note that a text may be shown to no model."""
        self._words |= set(MORE_THAN_CHANCE.findall(text)) or {text}

    def look(self, prompt: str) -> None:
        """Look through what a model is shown."""
        self.shown += [words for words in sorted(self._words) if words in prompt]

    def take(self) -> list[str]:
        """Return what was shown since the last time."""
        found, self.shown = self.shown, []
        return found


def may_be_shown(post: Post, person: Person) -> bool:
    """Tell whether a sample post may go to a model: permitted or a publication, and not refused."""
    published = post.kind in {"Article", "Page"} or post.group is not None
    if not (person.indexable or published) or REFUSES.search(person.bio + person.display):
        return False
    return post.audience != "narrow" and not post.deleted


def sample_words() -> KeptFromModels:
    """Return what the people of the sample fediverse keep from models."""
    kept, world = KeptFromModels(), load(datetime.now(UTC))
    open_to_models = " ".join(
        post.text for post in world.posts.values() if may_be_shown(post, world.people[post.by])
    )
    for post in world.posts.values():
        if not may_be_shown(post, world.people[post.by]) and post.text not in open_to_models:
            kept.keep(post.text)
    return kept


KEPT = sample_words()
"""One for the whole session, so that every endpoint of every test looks for all of it."""
