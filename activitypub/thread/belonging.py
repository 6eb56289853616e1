"""Which posts belong to a thread: a server can list what it likes as a discussion of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from activitypub.vocab import Object


@dataclass(frozen=True, slots=True)
class Trunk:
    """The top of a thread; `contexts` are the names that its root gives to the conversation."""

    root: str
    contexts: frozenset[str] = frozenset()
    is_top: bool = False

    @classmethod
    def of(cls, root: Object) -> "Trunk":
        """Return the trunk of a thread with this root."""
        return cls(root.id, frozenset(filter(None, names(root))), root.in_reply_to is None)

    def shares(self, post: Object) -> bool:
        """Tell whether a post itself says that it belongs here."""
        return not self.contexts.isdisjoint(names(post))

    def excludes(self, post: Object) -> bool:
        """Tell whether a post opens another thread than the one whose top is known."""
        return (
            self.is_top
            and post.in_reply_to is None
            and post.id != self.root
            and not self.shares(post)
        )


def names(post: Object) -> tuple[str | None, str | None]:
    """Return what a post calls its conversation."""
    return post.context, post.conversation


def strangers(posts: Mapping[str, Object], trunk: Trunk, elsewhere: Iterable[str]) -> set[str]:
    """Return the ids of those posts whose line of `inReplyTo` ends at the top of another thread.

    `elsewhere` are such tops that were found before. A line that ends at a post that could not be
    read is given the benefit of the doubt: most long threads have replies below deleted posts.
    """
    verdicts = {**dict.fromkeys(elsewhere, False), trunk.root: True}
    above = posts[trunk.root].in_reply_to if trunk.root in posts else None
    while above and above in posts and above not in verdicts:
        verdicts[above] = True
        above = posts[above].in_reply_to
    for uri in posts:
        line: dict[str, None] = {}
        here: str | None = uri
        while here and here in posts and here not in verdicts and here not in line:
            if trunk.shares(posts[here]):
                verdicts[here] = True
                break
            line[here] = None
            here = posts[here].in_reply_to
        belongs = here is not None and verdicts.get(here, True)
        verdicts.update(dict.fromkeys(line, belongs))
    return {uri for uri in posts if not verdicts[uri]}
