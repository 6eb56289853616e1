"""The sample servers' documents, in the shapes of the programs they play."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from activitypub.vocab import CONTEXT, PUBLIC
from activitypub.vocab.values import stamp
from bot.demo.world import Person, Post, World

PAGE_SIZE = 3
"""Replies on one page: small, so that even the sample threads have several."""
PRESS = re.compile(r"\{press:(\w+)\}")


class Documents:
    """Writes documents for a world whose servers have the given origins."""

    def __init__(self, world: World, origins: Mapping[str, str]) -> None:
        self.world = world
        self.origins = origins
        self._numbers = {post_id: 1000 + n for n, post_id in enumerate(world.posts)}

    def number(self, post: Post) -> int:
        """Return the number a post has on its server."""
        return self._numbers.setdefault(post.id, 1000 + len(self._numbers))

    def origin(self, person: str) -> str:
        """Return the origin of a person's server."""
        return self.origins[self.world.people[person].server]

    def actor_id(self, person: str) -> str:
        """Return a person's id."""
        return f"{self.origin(person)}/users/{person}"

    def key_id(self, person: str) -> str:
        """Return the id of a person's key: a document of its own on the GoToSocial-like server."""
        apart = self.world.people[person].server == "plaza"
        return f"{self.actor_id(person)}{'/' if apart else '#'}main-key"

    def post_id(self, post: Post) -> str:
        """Return a post's id, in its server's style."""
        number, origin = self.number(post), self.origin(post.by)
        if self.world.people[post.by].server == "forum":
            return f"{origin}/{'comment' if post.reply_to else 'post'}/{number}"
        return f"{origin}/users/{post.by}/statuses/{number}"

    def page(self, post: Post) -> str:
        """Return the URL of a post's web page."""
        if self.world.people[post.by].server == "forum":
            return self.post_id(post)
        return f"{self.origin(post.by)}/@{post.by}/{self.number(post)}"

    def actor(self, person: Person, pem: str) -> dict[str, Any]:
        """Write an actor."""
        actor_id = self.actor_id(person.name)
        document = {
            "@context": [CONTEXT, "https://w3id.org/security/v1"],
            "id": actor_id,
            "type": person.type,
            "preferredUsername": person.name,
            "name": person.display,
            "summary": person.bio,
            "url": f"{self.origin(person.name)}/@{person.name}",
            "inbox": f"{actor_id}/inbox",
            "outbox": f"{actor_id}/outbox",
            "followers": f"{actor_id}/followers",
            "endpoints": {"sharedInbox": f"{self.origin(person.name)}/inbox"},
            "manuallyApprovesFollowers": person.locked,
            "discoverable": True,
            "publicKey": {
                "id": self.key_id(person.name),
                "owner": actor_id,
                "publicKeyPem": pem,
            },
        }
        return document if person.indexable is None else {**document, "indexable": person.indexable}

    def post(self, post: Post) -> dict[str, Any]:
        """Write a post, or the Tombstone of a deleted one."""
        uri = self.post_id(post)
        if post.deleted:
            return {"@context": CONTEXT, "id": uri, "type": "Tombstone"}
        followers = f"{self.actor_id(post.by)}/followers"
        to, cc = [PUBLIC], [followers]
        if post.audience != "public":
            to, cc = [followers], [PUBLIC] if post.audience == "quiet" else []
        content = self.html(post)
        document: dict[str, Any] = {
            "@context": [CONTEXT, {"Hashtag": "as:Hashtag", "sensitive": "as:sensitive"}],
            "id": uri,
            "type": post.kind,
            "attributedTo": self.actor_id(post.by),
            "content": content,
            "contentMap": {post.language: content},
            "published": stamp(post.published),
            "url": self.page(post),
            "to": to,
            "cc": [*cc, *(href for href, _ in post.mentions)],
            "inReplyTo": self.parent(post),
            "summary": post.cw,
            "sensitive": post.cw is not None,
            "tag": self._tags(post),
            "replies": self.replies(post),
        }
        if post.title:
            document["name"] = post.title
        if post.group:
            group = self.actor_id(post.group)
            document |= {"audience": group, "to": [PUBLIC, group]}
            document["context"] = f"{self.post_id(self.world.root(post))}/context"
        return document

    def parent(self, post: Post) -> str | None:
        """Return the id of what a post replies to."""
        above = self.world.posts.get(post.reply_to or "")
        return self.post_id(above) if above else post.reply_to

    def html(self, post: Post) -> str:
        """Write a post's content as its server would: links, mentions and hashtags marked up."""
        press = self.origins["press"]
        text = PRESS.sub(
            lambda m: (
                f'<a href="{press}/articles/{m[1]}?utm_source=sample" rel="nofollow">'
                f'<span class="invisible">http://</span>{press.partition("//")[2]}/articles/{m[1]}</a>'
            ),
            escape(post.text, quote=False),
        )
        mentions = "".join(
            f'<span class="h-card"><a href="{href}" class="u-url mention">@<span>'
            f"{name.split('@')[1]}</span></a></span> "
            for href, name in post.mentions
        )
        tags = "".join(
            f' <a href="{self.origin(post.by)}/tags/{tag.lower()}" class="mention hashtag" '
            f'rel="tag">#<span>{tag}</span></a>'
            for tag in post.tags
        )
        return f"<p>{mentions}{text}{tags}</p>"

    def replies(self, post: Post) -> dict[str, Any]:
        """Write the replies collection with its first page embedded, as Mastodon does."""
        uri = f"{self.post_id(post)}/replies"
        return {"id": uri, "type": "Collection", "first": self.replies_page(post, 0)}

    def replies_page(self, post: Post, page: int) -> dict[str, Any]:
        """Write one page of replies: bare ids, with a next page while there are more."""
        uri = f"{self.post_id(post)}/replies"
        replies = [self.post_id(reply) for reply in self.world.replies(post.id)]
        start = page * PAGE_SIZE
        document: dict[str, Any] = {
            "id": f"{uri}?page={page}",
            "type": "CollectionPage",
            "partOf": uri,
            "items": replies[start : start + PAGE_SIZE],
        }
        if len(replies) > start + PAGE_SIZE:
            document["next"] = f"{uri}?page={page + 1}"
        return document

    def context(self, root: Post) -> dict[str, Any]:
        """Write the context collection of a forum thread (FEP-7888)."""
        members = [post for post in self.world.posts.values() if self.world.root(post) is root]
        return {
            "@context": CONTEXT,
            "id": f"{self.post_id(root)}/context",
            "type": "OrderedCollection",
            "totalItems": len(members),
            "orderedItems": [self.post_id(post) for post in members],
        }

    def _tags(self, post: Post) -> list[dict[str, str]]:
        origin = self.origin(post.by)
        tags = [
            {"type": "Hashtag", "name": f"#{tag}", "href": f"{origin}/tags/{tag.lower()}"}
            for tag in post.tags
        ]
        return tags + [{"type": "Mention", "href": h, "name": n} for h, n in post.mentions]
