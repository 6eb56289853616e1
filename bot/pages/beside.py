"""What is shown beside a summary (links, warnings), and which posts each of it rests on.

A link or a warning is somebody's as much as a sentence is: it goes when its posts go.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.consent.standing import Standing
from bot.consent.table import Use
from storage import UnitOfWork, tables

MOST_LINKS = 5
LONGEST = 300
"""Characters of joined warnings."""

Facts = dict[str, Any]


def links(posts: Iterable[tables.Post], same: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the pages that posts link to, those of most people first, each with its posts.

    A page is counted by the people who link to it, by whichever of its addresses (`same` leads to
    the one that the page itself prefers).
    """
    linking: dict[str, dict[str, str]] = {}
    for post in posts:
        for url in post.links:
            linking.setdefault(same.get(url, url), {})[post.id] = post.author_id
    shared = sorted(linking.items(), key=lambda item: -len(set(item[1].values())))
    return [
        {"url": url, "people": len(set(by.values())), "posts": list(by)}
        for url, by in shared[:MOST_LINKS]
    ]


def warnings(posts: Iterable[tables.Post]) -> dict[str, list[str]]:
    """Return the content warnings of posts, each with the posts that carry it."""
    found: dict[str, list[str]] = {}
    for post in posts:
        if post.cw and post.cw.strip():
            found.setdefault(post.cw.strip(), []).append(post.id)
    return found


def resting(facts: Mapping[str, Any]) -> set[str]:
    """Return the ids of all posts on which links and warnings rest."""
    entries = [link.get("posts", ()) for link in facts.get("links", ())]
    return {post for posts in (*entries, *facts.get("warnings", {}).values()) for post in posts}


def still(
    facts: Mapping[str, Any],
    standing: Standing,
    use: Use,
    same: Mapping[str, str],
    cited: Collection[str] = (),
) -> Facts:
    """Return what of `facts` may be shown as things are: of posts that are there and allow `use`.

    A warning that a `cited` post has got since is added: what it says is behind it from now on.
    """
    kept = []
    for link in facts.get("links", ()):
        posts = [
            standing.posts[post]
            for post in link.get("posts", ())
            if standing.allows(post, use)
            and link["url"] in {same.get(url, url) for url in standing.posts[post].links}
        ]
        if posts:
            people = len({post.author_id for post in posts})
            kept.append({"url": link["url"], "people": people, "posts": [p.id for p in posts]})
    warned = {post for posts in facts.get("warnings", {}).values() for post in posts}
    present = [standing.posts[p] for p in (*warned, *cited) if standing.allows(p, use)]
    present = list({post.id: post for post in present}.values())
    present.sort(key=lambda post: (post.published, post.id))
    return {**facts, "links": kept, "warnings": warnings(present)}


def joined(found: Mapping[str, Any]) -> str | None:
    """Join the content warnings of one thread to a single one."""
    return "; ".join(found.get("warnings", {}))[:LONGEST] or None


async def preferred(unit: UnitOfWork, urls: Iterable[str]) -> dict[str, str]:
    """Return for those pages that prefer another address of theirs which one that is."""
    known = await unit.links.get_many(list(dict.fromkeys(urls)))
    return {url: link.canonical for url, link in known.items() if link.canonical}
