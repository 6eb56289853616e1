"""Replies in each program's manner, and the people behind groups and channels; see `shapes`."""

from typing import Any

from tests.federation.quirks.shapes import (
    AKKOMA,
    AS,
    BRIDGY,
    DISCOURSE,
    FRIENDICA,
    GHOST,
    GTS,
    LEMMY,
    LEMMY_GROUP,
    MASTODON,
    MISSKEY,
    MOBILIZON,
    NODEBB,
    NODEBB_GROUP,
    PEERTUBE,
    PIEFED,
    PIEFED_GROUP,
    PIXELFED,
    PUBLIC,
    THREADS,
    WORDPRESS,
    Shape,
    person,
)

PARENT = f"{MASTODON}/statuses/112"
TO_ADA = {"type": "Mention", "href": MASTODON, "name": "@ada@mastodon.example"}


def reply(author: str, uri: str, **more: Any) -> Shape:
    """Return what most replies have in common; `more` replaces or adds, None takes away."""
    note = {
        "@context": AS,
        "id": uri,
        "type": "Note",
        "attributedTo": author,
        "inReplyTo": PARENT,
        "content": "<p>Small ones do.</p>",
        "published": "2026-11-20T08:00:00Z",
        "to": [PUBLIC],
        "cc": [f"{author}/followers", MASTODON],
        "tag": [TO_ADA],
        **more,
    }
    return {name: value for name, value in note.items() if value is not None}


REPLIES: dict[str, Shape] = {
    "mastodon": reply(
        MASTODON,
        f"{MASTODON}/statuses/113",
        to=[f"{MASTODON}/followers"],
        cc=[PUBLIC, GTS],
        tag=[{"type": "Mention", "href": GTS, "name": "@bo@gts.example"}],
        inReplyToAtomUri=PARENT,
        content='<p><span class="h-card" translate="no"><a href="https://gts.example/@bo" class="u-url mention">@<span>bo</span></a></span> Small ones do.</p>',
    ),
    "threads": reply(
        THREADS, f"{THREADS}post/181/", to=["as:Public"], cc=[f"{THREADS}followers/"], tag=[TO_ADA]
    ),
    "gotosocial": reply(GTS, f"{GTS}/statuses/02H", to=PUBLIC, cc=MASTODON, tag=TO_ADA),
    "misskey": reply(
        MISSKEY,
        "https://misskey.example/notes/9n2",
        content='<p><a href="https://mastodon.example/@ada" class="u-url mention">@ada@mastodon.example</a><span> Small ones do.</span></p>',
        _misskey_content="@ada@mastodon.example Small ones do.",
    ),
    "akkoma": reply(
        AKKOMA,
        "https://akkoma.example/objects/6f",
        actor=AKKOMA,
        to=[PUBLIC, MASTODON],
        context="https://akkoma.example/contexts/77",
    ),
    "lemmy": reply(
        LEMMY,
        "https://lemmy.example/comment/31",
        cc=[LEMMY_GROUP, MASTODON],
        audience=LEMMY_GROUP,
        content="<p>Small ones do.</p>\n",
        mediaType="text/html",
        source={"content": "Small ones do.", "mediaType": "text/markdown"},
        language={"identifier": "en", "name": "English"},
        distinguished=False,
        attachment=[],
        tag=[{"href": MASTODON, "name": "@ada@mastodon.example", "type": "Mention"}],
    ),
    "piefed": reply(
        PIEFED, "https://piefed.example/comment/10", to=[PUBLIC, MASTODON], cc=[PIEFED_GROUP],
        audience=PIEFED_GROUP, searchableBy=[PUBLIC], replies=[], flair="", repliesEnabled=True,
    ),
    "nodebb": reply(
        NODEBB,
        "https://nodebb.example/post/13",
        cc=[NODEBB_GROUP, f"{NODEBB}/followers"],
        audience=NODEBB_GROUP,
        context="https://nodebb.example/topic/4",
        name=None,
        summary=None,
        source={"content": "Small ones do.", "mediaType": "text/markdown"},
    ),
    "discourse": reply(
        DISCOURSE, "https://discourse.example/ap/object/bb", cc=None, tag=None,
        context="https://discourse.example/ap/collection/topic",
    ),
    "pixelfed": reply(
        PIXELFED, "https://pixelfed.example/p/gil/8", sensitive=False, commentsEnabled=True,
        capabilities={"announce": PUBLIC, "like": PUBLIC, "reply": PUBLIC}, location=None,
    ),
    "peertube": reply(
        PEERTUBE, "https://peertube.example/videos/watch/u-1/comments/3", tag=[],
        cc=[f"{PEERTUBE}/followers", MASTODON], replyApproval=None, mediaType="text/markdown",
        content="Small ones do.", url="https://peertube.example/videos/watch/u-1;threadId=3",
    ),
    "wordpress": reply(
        WORDPRESS, "https://blog.example/?c=9", cc=["https://blog.example/?author=1/followers"],
        contentMap={"en": "<p>Small ones do.</p>"}, to=[PUBLIC, MASTODON],
    ),
    "ghost": reply(GHOST, "https://ghost.example/.ghost/activitypub/note/2", cc=[MASTODON]),
    "bridgy": reply(
        BRIDGY, "https://bsky.brid.example/convert/ap/at://did:plc:abc/app.bsky.feed.post/2",
        contentMap={"en": "<p>Small ones do.</p>"}, url=["https://bsky.example/profile/abc/post/2"],
    ),
    "mobilizon": reply(
        MOBILIZON, "https://mobilizon.example/comments/7", actor=MOBILIZON, isAnnouncement=False,
        language="en", to=[PUBLIC], cc=[MASTODON],
    ),
    "friendica": reply(
        FRIENDICA, "https://friendica.example/objects/8", to=[PUBLIC, MASTODON], cc=[],
        context="https://friendica.example/context/1", conversation="https://friendica.example/context/1",
        content="Small ones do.", contentMap={"en": "Small ones do."}, directMessage=False,
    ),
}  # fmt: skip
QUIET = frozenset({"mastodon"})
"""Whose sample is quiet public; the others' are public."""

PEOPLE: dict[str, Shape] = {
    "lemmy": person(
        LEMMY, preferredUsername="dora", endpoints={"sharedInbox": "https://lemmy.example/inbox"},
        source={"content": "hi", "mediaType": "text/markdown"}, summary="<p>hi</p>\n",
        published="2026-01-01T00:00:00.000000Z", matrixUserId="@dora:lemmy.example",
    ),
    "piefed": person(
        PIEFED, preferredUsername="edo", indexable=False, manuallyApprovesFollowers=False,
        endpoints={"sharedInbox": "https://piefed.example/inbox"}, summary="<p>hi</p>",
    ),
    "nodebb": person(
        NODEBB, preferredUsername="fin", url="https://nodebb.example/user/fin", summary="",
        endpoints={"sharedInbox": "https://nodebb.example/inbox"},
    ),
    "discourse": person(DISCOURSE, preferredUsername="gus", name="Gus"),
    "peertube": person(
        PEERTUBE, preferredUsername="hana", summary=None, support=None,
        endpoints={"sharedInbox": "https://peertube.example/inbox"},
    ),
    "mobilizon": person(
        MOBILIZON, preferredUsername="ines", discoverable=True, manuallyApprovesFollowers=False,
        endpoints={"sharedInbox": "https://mobilizon.example/inbox"}, openness="open",
    ),
}  # fmt: skip
