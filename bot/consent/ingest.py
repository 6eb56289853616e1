"""From a fetched object to a stored post: consent first, then visibility, then the row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from yarl import URL

from activitypub.addressing import Audience, audience_of, host_of, same_origin
from activitypub.budget import Budget
from activitypub.ports import Clock
from activitypub.vocab import PUBLIC, Activity, Document, Object, ids
from bot.consent.authors import Authors
from bot.consent.table import AuthorSignals, Mode, PostSignals, Use, permitted
from bot.summary.text import clean, count_words, detect_language, html_to_text, html_within_bounds
from storage import UnitOfWork, tables

PUBLICATION_TYPES = frozenset({"Article", "Page"})
MAX_TEXT = 20_000
"""Characters of one post that are kept; more is an essay, and its start tells what it is about."""
FEW_WORDS = 6
"""A post with fewer words says by its pictures what it says."""
PICTURES = frozenset({"Document", "Image", "Video", "Audio"})
MAX_TITLE = 500
"""Characters of a title or content warning that are kept."""
MAX_MENTIONS = 100
MAX_TAG = 100
"""Characters of a hashtag, a type or the name of a language."""
MAX_HASHTAGS = 10
"""Posts with more are stuffing."""
MAX_LINKS = 10
OPEN_TO = ("always", "automaticApproval")
"""How a policy names those who need no approval, before and since GoToSocial 0.20."""
WRONG_CLOCK = timedelta(minutes=5)
"""How far in the future a server's dates are believed."""
LONGEST_ADDRESS = 2000
MOST_REPLIES = 100_000
"""No server is believed that a post has more."""
MOST_GROUPS = 3
"""Communities of one post whose actors are asked for; more is somebody using us to knock."""
MOST_COMMUNITIES = 20
"""... and of a whole thread."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """What came of a set of objects: rows to store, and how many their authors keep back.

    `refused` are the ids of those kept back in so many words, so that what is stored of them can
    go; an author who cannot be read just now is none of them. `dropped` counts what the operator's
    rules leave out: listed words, and hashtag stuffing.
    """

    posts: tuple[tables.Post, ...]
    left_out: int
    refused: tuple[str, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class _Readable:
    """Posts that the operator's rules leave in, the groups that they name, and what is left out."""

    posts: Sequence[Object]
    groups: Sequence[str]
    dropped: int


class Ingest:
    """Turns objects into rows, leaving out what their authors refuse."""

    def __init__(self, authors: Authors, clock: Clock, mode: Mode) -> None:
        self._authors = authors
        self._clock = clock
        self._mode = mode

    async def sift(
        self,
        objects: Iterable[Object],
        via: str,
        seconds: float = 30.0,
        budget: Budget | None = None,
    ) -> Sifted:
        """Learn the authors of `objects` and keep those posts that may at least be counted.

        `via` names what brought them (a source's key, "thread" or "inbox"); their authors are
        asked for within `seconds` and `budget`, who wrote most first.
        """
        known = self._readable(objects)
        people = Counter(post.author for post in known.posts if post.author)
        wanted = [uri for uri, _ in people.most_common()]
        signals = await self._authors.learn([*wanted, *known.groups], seconds, budget)
        communities = {
            uri for uri in known.groups if (actor := signals[uri].actor) and actor.type == "Group"
        }
        return self._sifted(known, signals, communities, via)

    async def judge(self, unit: UnitOfWork, objects: Iterable[Object], via: str) -> Sifted:
        """Sift by what is stored, asking nobody: an author of whom nothing is known refuses."""
        known = self._readable(objects)
        signals = await self._authors.signals(unit, [p.author for p in known.posts if p.author])
        groups = await unit.actors.get_many(known.groups)
        communities = {uri for uri, row in groups.items() if row.type == "Group"}
        return self._sifted(known, signals, communities, via)

    async def still(self, unit: UnitOfWork, rows: Sequence[tables.Post]) -> list[tables.Post]:
        """Return those rows that may be kept by what is stored now: somebody may just have left."""
        signals = await self._authors.signals(unit, {row.author_id for row in rows})
        return [
            row
            for row in rows
            if Use.COUNT in permitted(signals[row.author_id], signals_of(row), self._mode)
        ]

    def _readable(self, objects: Iterable[Object]) -> "_Readable":
        written = [post for post in objects if post.author]
        readable = [post for post in written if self._is_decent(post)]
        named = Counter(uri for post in readable for uri in post.audience[:MOST_GROUPS])
        groups = [uri for uri, _ in named.most_common(MOST_COMMUNITIES)]
        return _Readable(readable, groups, len(written) - len(readable))

    def _sifted(
        self,
        known: "_Readable",
        signals: Mapping[str, AuthorSignals],
        communities: Iterable[str],
        via: str,
    ) -> Sifted:
        rows, refused = [], []
        for post in known.posts:
            row = row_of(post, communities, via, self._clock.now())
            if Use.COUNT in permitted(signals[row.author_id], signals_of(row), self._mode):
                rows.append(row)
            elif signals[row.author_id].actor is not None:
                refused.append(row.id)
        return Sifted(tuple(rows), len(known.posts) - len(rows), tuple(refused), known.dropped)

    def _is_decent(self, post: Object) -> bool:
        """Tell whether a post is neither hashtag stuffing nor holds a word the operator lists."""
        if len(post.hashtags) > MAX_HASHTAGS:
            return False
        words = " ".join((post.name or "", post.cw or "", text_of(post)))
        return not self._authors.lists.has_listed_word(words)


def signals_of(
    row: tables.Post,
    *,
    watched: Iterable[str] = (),
    root: bool = False,
    own: bool = False,
    published: bool = False,
) -> PostSignals:
    """Return what consent needs to know of a stored post.

    `watched` are the bot's hashtags, `root` says that the post opens its thread, `own` that the
    person who asks wrote it. `published`: it is shown already, and may just stay so; for anything
    new, nobody's having looked whether it may be quoted counts as "no".
    """
    return PostSignals(
        audience=Audience(row.audience),
        publication=row.publication,
        watched_root=root and not set(watched).isdisjoint(row.hashtags),
        searchable=row.searchable,
        by_tag_actor=row.via.startswith("tag-actor:"),
        own=own,
        quotable=False if row.quote_unknown and not published else row.quotable,
    )


def text_of(post: Object) -> str:
    """Return a post's words: of one that says little beside its pictures, their alt texts too."""
    text = html_to_text(post.content)
    described = [
        clean(item.description).strip()
        for item in post.attachments
        if item.description and item.type in PICTURES
    ]
    if described and count_words(text) < FEW_WORDS:
        return "\n".join([text, *described]).strip()
    return text


def row_of(post: Object, communities: Iterable[str], via: str, now: datetime) -> tables.Post:
    """Turn an object into the row that is kept of it: text, not HTML, and no whole document."""
    text = text_of(post)[:MAX_TEXT]
    published = post.published or now
    addressed = {*post.to, *post.cc, *post.audience}
    return tables.Post(
        id=post.id,
        url=post.url or post.id,
        author_id=post.author or "",
        host=host_of(post.id),
        in_reply_to=post.in_reply_to,
        context=post.context or post.conversation,
        audience=audience_of(post.to, post.cc).value,
        kind=post.type[:MAX_TAG],
        title=post.name[:MAX_TITLE] if post.name else None,
        content="",
        text=text,
        language=detect_language(text) or (post.language or "")[:MAX_TAG] or None,
        cw=post.cw[:MAX_TITLE] if post.cw and post.type not in PUBLICATION_TYPES else None,
        sensitive=post.sensitive,
        publication=post.type in PUBLICATION_TYPES or not addressed.isdisjoint(communities),
        answerable=allows_replies(post.interaction_policy),
        searchable=None if post.searchable_by is None else PUBLIC in post.searchable_by,
        quotable=quotable(post.interaction_policy),
        hashtags=[tag for tag in post.hashtags if len(tag) <= MAX_TAG],
        links=links_in(post),
        mentions=[tag.href for tag in post.tags if tag.type == "Mention" and tag.href][
            :MAX_MENTIONS
        ],
        replies_known=min(post.replies_count or 0, MOST_REPLIES),
        # A post dated in the future would open every digest; no edit would come after such a one.
        published=min(published, now + WRONG_CLOCK),
        updated=min(post.updated, now + WRONG_CLOCK) if post.updated else None,
        fetched_at=now,
        via=via,
    )


def allows_replies(policy: Document | None) -> bool:
    """Tell whether a post's interaction policy lets anyone reply, and so us (GoToSocial's).

    A policy that names nobody for replies leaves them open; one that asks for approval does not.
    """
    rule = (policy or {}).get("canReply")
    if not isinstance(rule, Mapping):
        return True
    return any(PUBLIC in ids(rule.get(key)) for key in OPEN_TO)


def quotable(policy: Document | None) -> bool | None:
    """Tell whether a post's policy lets everyone quote it (FEP-044f); None where it says nothing.

    One that lets only some, or wants to be asked each time, does not let us.
    """
    rule = (policy or {}).get("canQuote")
    if rule is None:
        return None
    allowed = rule.get("automaticApproval") if isinstance(rule, Mapping) else None
    return PUBLIC in ids(allowed)


def links_in(post: Object) -> list[str]:
    """Return the outside pages a post links to, without trackers, each once.

    Mentions and hashtags are links too on the wire; they are told by class, rel and target.
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  start fast

    found: dict[str, None] = {}
    known = {tag.href for tag in post.tags if tag.href}
    for node in LexborHTMLParser(html_within_bounds(post.content)).css("a[href]"):
        href = node.attributes.get("href") or ""
        kinds = {
            *(node.attributes.get("class") or "").split(),
            *(node.attributes.get("rel") or "").split(),
        }
        if href not in known and not kinds & {"mention", "hashtag", "tag", "u-url"}:
            found[href] = None
    found.update((item.url, None) for item in post.attachments if item.type == "Link" and item.url)
    clean = (canonical(url) for url in found)
    return list(dict.fromkeys(url for url in clean if url and host_of(url) != host_of(post.id)))[
        :MAX_LINKS
    ]


def canonical(url: str) -> str | None:
    """Return `url` without fragment and trackers, or None when it is no web address.

    Which parameters are trackers is courlan's to know (the crawler library of trafilatura).
    """
    from courlan import normalize_url  # noqa: PLC0415  start fast: 15 MB of domain names

    url = url.strip()
    if not url.isascii():
        try:
            url = str(URL(url))  # a host in other letters becomes the name that is dialled
        except (ValueError, IndexError):  # yarl's word for a bracket without an address
            return None
    host = host_of(url)
    if not host or len(url) > LONGEST_ADDRESS:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return None
    clean = urlsplit(normalize_url(parts._replace(fragment="")))
    # The host stays as it came: a name written out in Unicode could pose as another.
    whole = urlunsplit(clean._replace(scheme=parts.scheme, netloc=host, path=clean.path or "/"))
    return whole if len(whole) <= LONGEST_ADDRESS else None  # it grows when it is encoded


def own_object(activity: Activity) -> Object | None:
    """Return the embedded post if its sender vouches for it: same server, and its author.

    Anything else is known by its id only and fetched from where it lives.
    """
    document = activity.embedded
    if document is None:
        return None
    try:
        post = Object.parse(document)
    except ValueError:
        return None
    trusted = same_origin(post.id, activity.actor) and post.author == activity.actor
    return post if trusted and host_of(post.id) else None
