"""The people and posts of the sample fediverse. All are invented."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a sample server; `indexable` None is what most accounts say: nothing."""

    name: str
    server: str
    display: str
    bio: str
    indexable: bool | None
    locked: bool = False
    type: str = "Person"


@dataclass(slots=True)
class Post:
    """A post. `reply_to` is another post's id or the URI of a post elsewhere."""

    id: str
    by: str
    text: str
    published: datetime
    language: str = "en"
    reply_to: str | None = None
    tags: tuple[str, ...] = ()
    kind: str = "Note"
    title: str | None = None
    group: str | None = None
    cw: str | None = None
    audience: str = "public"
    deleted: bool = False
    mentions: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class World:
    """Everything in it, and who plays which part."""

    people: dict[str, Person]
    posts: dict[str, Post]
    pages: dict[str, dict[str, str]]
    parts: dict[str, str] = field(default_factory=dict)

    def replies(self, post_id: str) -> list[Post]:
        """Return the replies to a post, oldest first."""
        return [post for post in self.posts.values() if post.reply_to == post_id]

    def root(self, post: Post) -> Post:
        """Return the post that opened a post's thread."""
        while post.reply_to in self.posts:
            post = self.posts[post.reply_to]
        return post


def load(now: datetime) -> World:
    """Return the world with its posts dated back from `now`."""
    data: dict[str, Any] = json.loads((files("bot.demo") / "world.json").read_text("utf-8"))
    people = {
        name: Person(
            name,
            entry["server"],
            entry["name"],
            entry["bio"],
            entry.get("indexable"),
            entry.get("locked", False),
            entry.get("type", "Person"),
        )
        for name, entry in data["people"].items()
    }
    posts = {
        entry["id"]: Post(
            id=entry["id"],
            by=entry["by"],
            text=entry["text"],
            published=now - timedelta(minutes=entry["ago"]),
            language=entry["lang"],
            reply_to=entry.get("to"),
            tags=tuple(entry.get("tags", ())),
            kind=entry.get("kind", "Note"),
            title=entry.get("title"),
            group=entry.get("group"),
            cw=entry.get("cw"),
            audience=entry.get("audience", "public"),
            deleted=entry.get("deleted", False),
        )
        for entry in data["posts"]
    }
    parts = ("long_thread", "follower", "requester", "deleted", "opted_out", "narrow")
    return World(people, posts, data["pages"], {part: data[part] for part in parts})
