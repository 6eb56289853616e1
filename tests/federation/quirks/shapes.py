"""Documents in the shapes of other programs, written by us from their public documentation.

Each program has an actor, posts (or a thread of them) and activities, and `EXPECTED` says what must be
read of them. Names, hosts and words are invented.
"""

from typing import Any

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
PEM = "-----BEGIN PUBLIC KEY-----\nMIIB...\n-----END PUBLIC KEY-----\n"
Shape = dict[str, Any]


def person(me: str, **more: Any) -> Shape:
    """Return what all actors have in common; `more` replaces or adds."""
    key = {"id": f"{me}#main-key", "owner": me, "publicKeyPem": PEM}
    common = {"@context": [AS, "https://w3id.org/security/v1"], "id": me, "type": "Person"}
    return {**common, "inbox": f"{me}/inbox", "outbox": f"{me}/outbox", "publicKey": key, **more}


MASTODON = "https://mastodon.example/users/ada"
THREADS = "https://threads.example/ap/users/17841400/"
GTS = "https://gts.example/users/bo"
MISSKEY = "https://misskey.example/users/9abc"
AKKOMA = "https://akkoma.example/users/chen"
LEMMY = "https://lemmy.example/u/dora"
LEMMY_GROUP = "https://lemmy.example/c/openweights"
PIEFED = "https://piefed.example/u/edo"
PIEFED_GROUP = "https://piefed.example/c/models"
NODEBB = "https://nodebb.example/uid/7"
NODEBB_GROUP = "https://nodebb.example/category/3"
DISCOURSE = "https://discourse.example/ap/actor/f00d"
DISCOURSE_GROUP = "https://discourse.example/ap/actor/cafe"
PIXELFED = "https://pixelfed.example/users/gil"
PEERTUBE = "https://peertube.example/accounts/hana"
PEERTUBE_CHANNEL = "https://peertube.example/video-channels/lab"
WORDPRESS = "https://blog.example/?author=1"
GHOST = "https://ghost.example/.ghost/activitypub/users/index"
BRIDGY = "https://bsky.brid.example/ap/did:plc:abc"
MOBILIZON = "https://mobilizon.example/@ines"
MOBILIZON_GROUP = "https://mobilizon.example/@club"
FRIENDICA = "https://friendica.example/profile/jo"

ACTORS: dict[str, Shape] = {
    "mastodon": person(
        MASTODON,
        preferredUsername="ada",
        name="Ada",
        summary="<p>Licences. <a href='https://mastodon.example/tags/nobots'>#<span>nobots</span></a></p>",
        url="https://mastodon.example/@ada",
        endpoints={"sharedInbox": "https://mastodon.example/inbox"},
        discoverable=True,
        indexable=True,
        manuallyApprovesFollowers=False,
        featured=f"{MASTODON}/collections/featured",
        webfinger="ada@mastodon.example",
        attachment=[
            {"type": "PropertyValue", "name": "Site", "value": "<a href='https://a.example'>a</a>"}
        ],
        assertionMethod=[
            {
                "id": f"{MASTODON}#ed",
                "type": "Multikey",
                "controller": MASTODON,
                "publicKeyMultibase": "z6Mk",
            }
        ],
    ),
    "threads": person(
        THREADS,
        inbox=f"{THREADS}inbox/",
        preferredUsername="frank",
        url="https://www.threads.example/@frank",
        endpoints={"sharedInbox": "https://threads.example/ap/inbox/"},
        publicKey={"id": f"{THREADS}#main-key", "owner": THREADS, "publicKeyPem": PEM},
        indexable=False,
    ),
    "gotosocial": person(
        GTS,
        preferredUsername="bo",
        publicKey={"id": f"{GTS}/main-key", "owner": GTS, "publicKeyPem": PEM},
        manuallyApprovesFollowers=True,
        discoverable=False,
    ),
    "misskey": person(
        MISSKEY,
        preferredUsername="yuki",
        name="ゆき :neko:",
        sharedInbox="https://misskey.example/inbox",
        endpoints={"sharedInbox": "https://misskey.example/inbox"},
        isCat=True,
        tag=[{"type": "Emoji", "name": ":neko:"}],
        _misskey_summary="モデル",
        attachment=[],
    ),
    "akkoma": person(
        AKKOMA,
        preferredUsername="chen",
        capabilities={"acceptsChatMessages": True},
        endpoints={"oauthTokenEndpoint": "x", "sharedInbox": "https://akkoma.example/inbox"},
        invisible=False,
        summary=None,
    ),
    "lemmy": person(
        LEMMY_GROUP, type="Group", preferredUsername="openweights", postingRestrictedToMods=False
    ),
    "piefed": person(PIEFED_GROUP, type="Group", preferredUsername="models", sensitive=False),
    "nodebb": person(
        NODEBB_GROUP, type="Group", preferredUsername="models", name="Models &amp; data"
    ),
    "discourse": person(DISCOURSE_GROUP, type="Group", preferredUsername="ai", name="AI"),
    "pixelfed": person(PIXELFED, preferredUsername="gil", manuallyApprovesFollowers=True),
    "peertube": person(
        PEERTUBE_CHANNEL,
        type="Group",
        preferredUsername="lab",
        attributedTo=[{"type": "Person", "id": PEERTUBE}],
    ),
    "wordpress": person(
        WORDPRESS,
        inbox="https://blog.example/wp-json/activitypub/1.0/actors/1/inbox",
        publicKey={"id": f"{WORDPRESS}#main-key", "owner": WORDPRESS, "publicKeyPem": PEM},
        preferredUsername="editor",
        generator={
            "type": "Application",
            "implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421"}],
        },
    ),
    "ghost": person(GHOST, preferredUsername="index", url="https://ghost.example/"),
    "bridgy": person(
        BRIDGY,
        preferredUsername="kim.bsky.example",
        alsoKnownAs=["at://did:plc:abc"],
        type="Person",
    ),
    "mobilizon": person(
        MOBILIZON_GROUP, type="Group", preferredUsername="club", openness="invite_only"
    ),
    "friendica": person(
        FRIENDICA, preferredUsername="jo", type=["Person"], **{"diaspora:guid": "g-1"}
    ),
}

NOTES: dict[str, Shape] = {
    "mastodon": {
        "@context": [AS, {"ostatus": "http://ostatus.org#", "toot": "http://joinmastodon.org/ns#"}],
        "id": f"{MASTODON}/statuses/112",
        "type": "Note",
        "summary": "model talk",
        "inReplyTo": None,
        "published": "2026-11-20T08:00:00Z",
        "url": "https://mastodon.example/@ada/112",
        "attributedTo": MASTODON,
        "to": [PUBLIC],
        "cc": [f"{MASTODON}/followers"],
        "sensitive": True,
        "atomUri": f"{MASTODON}/statuses/112",
        "conversation": "tag:mastodon.example,2026-11-20:objectId=1:objectType=Conversation",
        "context": "https://mastodon.example/contexts/ada-112",
        "content": '<p>Weights are out. <a href="https://mastodon.example/tags/OpenWeights" class="mention hashtag" rel="tag">#<span>OpenWeights</span></a></p>',
        "contentMap": {"en": "<p>Weights are out.</p>"},
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": "https://mastodon.example/m/1.png",
                "name": "a chart",
            }
        ],
        "tag": [
            {
                "type": "Hashtag",
                "href": "https://mastodon.example/tags/OpenWeights",
                "name": "#OpenWeights",
            }
        ],
        "replies": {
            "id": f"{MASTODON}/statuses/112/replies",
            "type": "Collection",
            "first": {
                "type": "CollectionPage",
                "next": f"{MASTODON}/statuses/112/replies?only_other_accounts=true&page=true",
                "partOf": f"{MASTODON}/statuses/112/replies",
                "items": [],
            },
        },
        "likes": {"id": "x", "type": "Collection", "totalItems": 3},
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
    },
    "threads": {
        "@context": [AS],
        "id": f"{THREADS}post/180/",
        "type": "Note",
        "content": "<p>Open models on phones.</p>",
        "published": "2026-11-20T15:00:00+0000",
        "attributedTo": THREADS,
        "to": ["as:Public"],
        "url": [
            {
                "type": "Link",
                "href": "https://www.threads.example/@frank/post/C8",
                "mediaType": "text/html",
            },
            "threads://post/C8",
        ],
        "tag": [{"type": "Hashtag", "name": "Open Models"}],
        "attachment": [],
    },
    "gotosocial": {
        "@context": AS,
        "id": f"{GTS}/statuses/01H",
        "type": "Note",
        "attributedTo": GTS,
        "to": f"{GTS}/followers",
        "cc": PUBLIC,
        "content": "<p>Quiet word.</p>",
        "contentMap": {"de": "<p>Quiet word.</p>"},
        "published": "2026-11-20T08:00:00+01:00",
        "url": "https://gts.example/@bo/statuses/01H",
        "tag": {
            "type": "Hashtag",
            "name": "#openweights",
            "href": "https://gts.example/tags/openweights",
        },
        "inReplyTo": f"{MASTODON}/statuses/112",
        "interactionPolicy": {"canReply": {"always": [GTS], "approvalRequired": [PUBLIC]}},
        "replies": {
            "type": "Collection",
            "id": f"{GTS}/statuses/01H/replies",
            "first": f"{GTS}/statuses/01H/replies?page=true",
        },
    },
    "misskey": {
        "@context": [
            AS,
            "https://w3id.org/security/v1",
            {"misskey": "https://misskey-hub.net/ns#"},
        ],
        "id": "https://misskey.example/notes/9n1",
        "type": "Note",
        "attributedTo": MISSKEY,
        "summary": None,
        "content": '<p><span>小さいモデル<br>RE: <a href="https://x.example/1">https://x.example/1</a></span></p>',
        "_misskey_content": "小さいモデル",
        "source": {"content": "小さいモデル", "mediaType": "text/x.misskeymarkdown"},
        "_misskey_quote": "https://x.example/1",
        "quoteUrl": "https://x.example/1",
        "published": "2026-11-20T08:00:00.123Z",
        "to": [PUBLIC],
        "cc": [f"{MISSKEY}/followers"],
        "inReplyTo": None,
        "attachment": [],
        "sensitive": False,
        "tag": [
            {"type": "Hashtag", "href": "https://misskey.example/tags/ai", "name": "#AI"},
            {"type": "Emoji", "name": ":x:"},
        ],
    },
    "akkoma": {
        "@context": [AS, "https://akkoma.example/schemas/litepub-0.1.jsonld"],
        "id": "https://akkoma.example/objects/5f",
        "type": "Note",
        "actor": AKKOMA,
        "attributedTo": AKKOMA,
        "to": [PUBLIC, MASTODON],
        "cc": [f"{AKKOMA}/followers"],
        "context": "https://akkoma.example/contexts/77",
        "conversation": "https://akkoma.example/contexts/77",
        "content": "Data <b>matters</b>",
        "source": "Data *matters*",
        "summary": "",
        "published": "2026-11-20T08:00:00.000000Z",
        "inReplyTo": f"{MASTODON}/statuses/112",
        "tag": [
            {"type": "Mention", "href": MASTODON, "name": "@ada@mastodon.example"},
            "openweights",
        ],
        "repliesCount": 0,
    },
    "lemmy": {
        "@context": ["https://join-lemmy.org/context.json", AS],
        "id": "https://lemmy.example/post/5",
        "type": "Page",
        "attributedTo": LEMMY,
        "to": [LEMMY_GROUP, PUBLIC],
        "audience": LEMMY_GROUP,
        "name": "Which 7B model for a library?",
        "content": "<p>We have 200 questions.</p>\n",
        "mediaType": "text/html",
        "source": {"content": "We have 200 questions.", "mediaType": "text/markdown"},
        "attachment": [
            {"href": "https://news.example/7b", "mediaType": "text/html", "type": "Link"}
        ],
        "sensitive": False,
        "published": "2026-11-20T08:00:00.000000Z",
        "language": {"identifier": "en", "name": "English"},
        "tag": [
            {"href": "https://lemmy.example/post/5", "name": "#openweights", "type": "Hashtag"}
        ],
    },
    "piefed": {
        "id": "https://piefed.example/comment/9",
        "type": "Note",
        "attributedTo": PIEFED,
        "to": [PUBLIC, LEMMY],
        "cc": [PIEFED_GROUP],
        "audience": PIEFED_GROUP,
        "inReplyTo": "https://lemmy.example/post/5",
        "content": "<p>Try the small one.</p>",
        "language": {"identifier": "fr", "name": "Français"},
        "published": "2026-11-20T08:00:00.1+00:00",
        "distinguished": False,
        "flair": "",
        "replies": [],
    },
    "nodebb": {
        "@context": AS,
        "id": "https://nodebb.example/post/12",
        "type": "Article",
        "attributedTo": NODEBB,
        "to": [PUBLIC],
        "cc": [NODEBB_GROUP, f"{NODEBB}/followers"],
        "audience": NODEBB_GROUP,
        "context": "https://nodebb.example/topic/4",
        "name": "Training data",
        "summary": "An abstract, no warning.",
        "preview": {"type": "Note", "content": "<p>Short</p>"},
        "content": "<p>Long text about data.</p>",
        "published": "2026-11-20T08:00:00.000Z",
        "url": "https://nodebb.example/post/12",
        "inReplyTo": None,
        "tag": [],
        "replies": {
            "id": "https://nodebb.example/post/12/replies",
            "type": "OrderedCollection",
            "totalItems": 2,
            "orderedItems": ["https://a.example/1"],
        },
    },
    "discourse": {
        "@context": AS,
        "id": "https://discourse.example/ap/object/aa",
        "type": "Note",
        "attributedTo": DISCOURSE,
        "to": [PUBLIC],
        "cc": [f"{DISCOURSE_GROUP}/followers"],
        "audience": DISCOURSE_GROUP,
        "context": "https://discourse.example/ap/collection/bb",
        "name": "Which licence?",
        "content": "<p>Which licence fits?</p>",
        "published": "2026-11-20T08:00:00Z",
        "updated": "2026-11-21T08:00:00Z",
        "url": "https://discourse.example/t/which-licence/12/1",
        "inReplyTo": None,
    },
    "pixelfed": {
        "@context": [AS, {"capabilities": {"announce": {"@type": "@id"}}}],
        "id": "https://pixelfed.example/p/gil/77",
        "type": "Note",
        "summary": None,
        "content": "GPUs at work",
        "inReplyTo": None,
        "published": "2026-11-20T08:00:00+00:00",
        "url": "https://pixelfed.example/p/gil/77",
        "attributedTo": PIXELFED,
        "to": [PUBLIC],
        "cc": [f"{PIXELFED}/followers"],
        "sensitive": False,
        "attachment": [
            {
                "type": "Image",
                "mediaType": "image/jpeg",
                "url": "https://pixelfed.example/s/1.jpg",
                "name": "Two fans",
            }
        ],
        "tag": [
            {
                "type": "Hashtag",
                "href": "https://pixelfed.example/discover/tags/gpu",
                "name": "#gpu",
            }
        ],
        "commentsEnabled": True,
        "capabilities": {"reply": PUBLIC},
    },
    "peertube": {
        "@context": [AS, {"pt": "https://joinpeertube.org/ns#"}],
        "id": "https://peertube.example/videos/watch/u-1",
        "type": "Video",
        "name": "How quantization works",
        "duration": "PT620S",
        "uuid": "u-1",
        "tag": [{"type": "Hashtag", "name": "quantization"}],
        "language": {"identifier": "pt", "name": "Portuguese"},
        "sensitive": False,
        "mediaType": "text/markdown",
        "content": "A talk on **small** models.",
        "published": "2026-11-20T08:00:00.000Z",
        "to": [PUBLIC],
        "cc": [f"{PEERTUBE}/followers"],
        "attributedTo": [
            {"type": "Person", "id": PEERTUBE},
            {"type": "Group", "id": PEERTUBE_CHANNEL},
        ],
        "url": [
            {"type": "Link", "mediaType": "video/mp4", "href": "https://peertube.example/v.mp4"},
            {"type": "Link", "mediaType": "text/html", "href": "https://peertube.example/w/u1"},
        ],
        "comments": "https://peertube.example/videos/watch/u-1/comments",
    },
    "wordpress": {
        "@context": [AS, {"Hashtag": "as:Hashtag", "sensitive": "as:sensitive"}],
        "id": "https://blog.example/?p=12",
        "type": "Article",
        "name": "Open, said the label",
        "summary": "What the label hides.",
        "content": "<p>The label says open.</p>",
        "contentMap": {"it": "<p>The label says open.</p>"},
        "published": "2026-11-20T08:00:00Z",
        "url": "https://blog.example/open-label/",
        "attributedTo": WORDPRESS,
        "to": [PUBLIC, "https://blog.example/wp-json/activitypub/1.0/actors/1/followers"],
        "cc": [],
        "tag": [{"type": "Hashtag", "href": "https://blog.example/tag/open", "name": "#open"}],
        "replies": {
            "id": "https://blog.example/wp-json/activitypub/1.0/posts/12/replies",
            "type": "Collection",
            "first": {"type": "CollectionPage", "partOf": "x", "items": []},
        },
        "interactionPolicy": {"canQuote": {"automaticApproval": PUBLIC, "always": PUBLIC}},
    },
    "ghost": {
        "@context": [AS, {"sensitive": "as:sensitive"}],
        "id": "https://ghost.example/.ghost/activitypub/article/a1",
        "type": "Article",
        "attributedTo": GHOST,
        "name": "A letter on weights",
        "preview": {
            "id": "https://ghost.example/.ghost/activitypub/note/n1",
            "type": "Note",
            "content": "In short",
        },
        "content": "<p>Dear reader.</p>",
        "image": "https://ghost.example/cover.jpg",
        "published": "2026-11-20T08:00:00Z",
        "to": "as:Public",
        "cc": "https://ghost.example/.ghost/activitypub/followers/index",
        "url": "https://ghost.example/letter/",
    },
    "bridgy": {
        "@context": [AS, {"quoteUrl": "as:quoteUrl"}],
        "id": "https://bsky.brid.example/convert/ap/at://did:plc:abc/app.bsky.feed.post/3k",
        "type": "Note",
        "url": "http://localhost/r/https://bsky.example/profile/kim/post/3k",
        "attributedTo": BRIDGY,
        "content": "<p>Benchmarks <a href='https://b.example'>here</a></p>",
        "contentMap": {"en": "<p>Benchmarks</p>"},
        "to": [PUBLIC],
        "cc": [],
        "published": "2026-11-20T08:00:00.000Z",
        "tag": [
            {
                "type": "Hashtag",
                "name": "#benchmarks",
                "href": "https://bsky.brid.example/hashtag/benchmarks",
            }
        ],
    },
    "mobilizon": {
        "@context": [AS, {"mz": "https://joinmobilizon.org/ns#"}],
        "id": "https://mobilizon.example/events/e1",
        "type": "Event",
        "name": "Model night",
        "content": "<p>Bring a laptop.</p>",
        "actor": MOBILIZON,
        "attributedTo": MOBILIZON_GROUP,
        "startTime": "2026-12-01T19:00:00+01:00",
        "inLanguage": "de",
        "published": "2026-11-20T08:00:00Z",
        "to": [PUBLIC],
        "cc": [],
        "tag": [
            {"type": "Hashtag", "name": "#meetup", "href": "https://mobilizon.example/tags/meetup"}
        ],
        "attachment": [
            {"type": "Document", "name": "banner", "url": "https://mobilizon.example/b.png"}
        ],
        "replies": "https://mobilizon.example/events/e1/comments",
    },
    "friendica": {
        "@context": [AS, {"diaspora": "https://diasporafoundation.org/ns/"}],
        "id": "https://friendica.example/objects/o1",
        "type": "Note",
        "diaspora:guid": "o1",
        "inReplyTo": f"{MASTODON}/statuses/112",
        "published": "2026-11-20T08:00:00Z",
        "url": "https://friendica.example/display/o1",
        "attributedTo": FRIENDICA,
        "sensitive": False,
        "conversation": "https://friendica.example/objects/conv#context",
        "context": "https://friendica.example/objects/conv#context",
        "content": "I <strong>agree</strong> on data.",
        "contentMap": {"en": "I <strong>agree</strong> on data."},
        "source": {"content": "I [b]agree[/b]", "mediaType": "text/bbcode"},
        "attachment": [],
        "tag": [],
        "to": [PUBLIC, MASTODON],
        "cc": [f"{FRIENDICA}/followers"],
        "generator": {"type": "Application", "name": "Friendica"},
    },
}

# What must be read of each post: author, text, audience, language, hashtags, warning, parent, page.
EXPECTED: dict[str, Shape] = {
    "mastodon": {
        "author": MASTODON,
        "text": "Weights are out",
        "audience": "public",
        "language": "en",
        "hashtags": ["openweights"],
        "cw": "model talk",
        "alt": ["a chart"],
        "context": "https://mastodon.example/contexts/ada-112",
        "replies": f"{MASTODON}/statuses/112/replies",
        "url": "https://mastodon.example/@ada/112",
    },
    "threads": {
        "author": THREADS,
        "text": "Open models on phones.",
        "audience": "public",
        "hashtags": ["open models"],
        "url": "https://www.threads.example/@frank/post/C8",
    },
    "gotosocial": {
        "author": GTS,
        "text": "Quiet word.",
        "audience": "quiet",
        "language": "de",
        "hashtags": ["openweights"],
        "parent": f"{MASTODON}/statuses/112",
        "replies": f"{GTS}/statuses/01H/replies",
    },
    "misskey": {
        "author": MISSKEY,
        "text": "小さいモデル",
        "audience": "public",
        "hashtags": ["ai"],
        "cw": None,
    },
    "akkoma": {
        "author": AKKOMA,
        "text": "Data matters",
        "audience": "public",
        "cw": None,
        "parent": f"{MASTODON}/statuses/112",
        "context": "https://akkoma.example/contexts/77",
    },
    "lemmy": {
        "author": LEMMY,
        "text": "We have 200 questions.",
        "title": "Which 7B model for a library?",
        "audience": "public",
        "language": "en",
        "publication": True,
        "hashtags": ["openweights"],
        "links": ["https://news.example/7b"],
    },
    "piefed": {
        "author": PIEFED,
        "text": "Try the small one.",
        "audience": "public",
        "language": "fr",
        "publication": True,
        "parent": "https://lemmy.example/post/5",
    },
    "nodebb": {
        "author": NODEBB,
        "text": "Long text about data.",
        "title": "Training data",
        "audience": "public",
        "cw": None,
        "publication": True,
        "context": "https://nodebb.example/topic/4",
    },
    "discourse": {
        "author": DISCOURSE,
        "text": "Which licence fits?",
        "title": "Which licence?",
        "audience": "public",
        "publication": True,
        "context": "https://discourse.example/ap/collection/bb",
    },
    "pixelfed": {
        "author": PIXELFED,
        "text": "GPUs at work",
        "audience": "public",
        "hashtags": ["gpu"],
        "alt": ["Two fans"],
    },
    "peertube": {
        "author": PEERTUBE,
        "text": "small",
        "title": "How quantization works",
        "audience": "public",
        "language": "pt",
        "hashtags": ["quantization"],
        "url": "https://peertube.example/w/u1",
    },
    "wordpress": {
        "author": WORDPRESS,
        "text": "The label says open.",
        "title": "Open, said the label",
        "audience": "public",
        "language": "it",
        "cw": None,
        "publication": True,
        "hashtags": ["open"],
    },
    "ghost": {
        "author": GHOST,
        "text": "Dear reader.",
        "title": "A letter on weights",
        "audience": "public",
        "publication": True,
        "url": "https://ghost.example/letter/",
    },
    "bridgy": {
        "author": BRIDGY,
        "text": "Benchmarks here",
        "audience": "public",
        "language": "en",
        "hashtags": ["benchmarks"],
    },
    "mobilizon": {
        "author": MOBILIZON_GROUP,
        "text": "Bring a laptop.",
        "title": "Model night",
        "audience": "public",
        "language": "de",
        "hashtags": ["meetup"],
        "alt": ["banner"],
        "replies": "https://mobilizon.example/events/e1/comments",
    },
    "friendica": {
        "author": FRIENDICA,
        "text": "I agree on data.",
        "audience": "public",
        "language": "en",
        "cw": None,
        "parent": f"{MASTODON}/statuses/112",
    },
}


def activities(program: str) -> dict[str, Shape]:
    """Return Create, Update, Delete and Announce of a program's post in its manner."""
    note = NOTES[program]
    author, uri = EXPECTED[program]["author"], note["id"]
    inner = {name: value for name, value in note.items() if name != "@context"}
    start: Shape = {"@context": AS, "actor": author, "to": [PUBLIC], "cc": f"{author}/followers"}
    found = {
        "Create": {**start, "id": f"{uri}#create", "type": "Create", "object": inner},
        "Update": {
            **start,
            "id": f"{uri}#update-1",
            "type": "Update",
            "object": {**inner, "updated": "2026-11-21T08:00:00Z"},
        },
        "Delete": {
            **start,
            "id": f"{uri}#delete",
            "type": "Delete",
            "object": {"id": uri, "type": "Tombstone"},
        },
        "Announce": {**start, "id": f"{uri}#announce", "type": "Announce", "object": uri},
    }
    groups = {
        "lemmy": LEMMY_GROUP,
        "piefed": PIEFED_GROUP,
        "nodebb": NODEBB_GROUP,
        "discourse": DISCOURSE_GROUP,
        "peertube": PEERTUBE_CHANNEL,
        "mobilizon": MOBILIZON_GROUP,
    }
    if program in {"gotosocial", "misskey"}:
        found["Delete"]["object"] = uri  # named by its id only
    if program == "threads":
        found["Create"]["to"] = ["as:Public"]
    if program == "ghost":
        found["Create"]["object"] = [inner]
    if program == "akkoma":
        found["Update"]["type"] = ["Update"]
        found["Announce"]["actor"] = {"id": author, "type": "Person"}
    if program in groups:
        wrapped = (
            found["Create"]
            if program != "piefed"
            else {k: v for k, v in found["Create"].items() if k != "@context"}
        )
        found["Announce"] = {
            **start,
            "actor": groups[program],
            "id": f"{groups[program]}/announce/1",
            "type": "Announce",
            "object": wrapped,
            "cc": [f"{groups[program]}/followers"],
        }
    return found
