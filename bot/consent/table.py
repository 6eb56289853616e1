"""Whose words may be used for what: the table of CONSENT.md as code.

Pure: signals go in, permitted uses come out. What cannot be established counts as "no".
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Literal
from urllib.parse import unquote

from activitypub.addressing import Audience
from activitypub.vocab import PUBLIC, Actor

Mode = Literal["table", "strict"]
Choice = Literal["include", "exclude"]


class Use(Enum):
    """What a post may be used for: the columns of the table."""

    COUNT = "counted"
    LINK = "linked"
    DIGEST = "words in a digest"
    QUIET = "words in a quiet public answer"
    DIRECT = "words in a direct answer"
    MODEL = "shown to a language model"


class Standing(StrEnum):
    """Where a post stands: the rows of the table, strongest first."""

    REFUSED = "refused"
    NARROW = "narrow"
    PERMITTED = "permitted"
    PUBLICATION = "publication"
    ORDINARY = "ordinary"


NOTHING: frozenset[Use] = frozenset()
WORDS = frozenset({Use.QUIET, Use.DIRECT, Use.MODEL})

REFUSING_TAGS = frozenset(
    {"nobot", "nobots", "noindex", "nosearch"}
    | {"keinbot", "keinebots", "pasdebot", "pasdebots", "sinbot", "sinbots", "sembot", "sembots"}
    | {"nessunbot", "nientebot", "geenbot", "geenbots", "bezbotów", "bezbotow", "ботамнет"}
    | {"bot禁止", "ボット禁止", "ボットお断り", "禁止机器人", "봇금지", "ممنوعالبوتات"}
)
"""The tag that people agreed on, and what it is in other languages."""
NO_MODEL_TAGS = frozenset(
    {"noai", "noml", "nollm", "noaitraining", "keineki", "pasdia", "sinia", "semia", "geenai"}
    | {"bezai", "ai禁止", "ai学習禁止", "無断学習禁止", "生成ai禁止", "禁止ai", "ai학습금지"}
)
TAG_ACTOR_REFUSING_TAGS = frozenset({"notagspub"})

_INLINE = re.compile(r"</?(?:span|a|b|i|em|strong|wbr|bdi|u|small|font)\b[^<>]{0,2000}>", re.I)
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_TAG = re.compile(r"#(\w{2,40})")
_TAG_LINK = re.compile(r"""href=["']?[^"'\s<>]{0,500}/tags?/([^"'\s<>/?#]{2,200})""", re.I)


@dataclass(frozen=True, slots=True)
class AuthorSignals:
    """What is known of an author's wishes.

    `actor` is None when the actor document could not be read, which is a refusal. `listed` says
    that the operator listed the author or the host; `blocks_us` that either blocks our actor.
    """

    actor: Actor | None
    choice: Choice | None = None
    listed: bool = False
    blocks_us: bool = False


@dataclass(frozen=True, slots=True)
class PostSignals:
    """What is known of one post.

    `publication`: an Article, a Page, a post to a group, or an entry of a public feed.
    `watched_root`: it opens a thread and carries a watched hashtag. `searchable`: whether
    `searchableBy` names the public, None where it is absent. `by_tag_actor`: a tag actor brought
    it. `own`: the person who asks us wrote it. `quotable`: whether its own policy (FEP-044f) lets
    everyone quote it, None where it has none.
    """

    audience: Audience
    publication: bool = False
    watched_root: bool = False
    searchable: bool | None = None
    by_tag_actor: bool = False
    own: bool = False
    quotable: bool | None = None


def permitted(author: AuthorSignals, post: PostSignals, mode: Mode = "table") -> frozenset[Use]:
    """Return what the post may be used for. This is the table of CONSENT.md, row by row."""
    standing = standing_of(author, post)
    uses = _row(standing, post)
    if post.own and standing not in {Standing.REFUSED, Standing.NARROW}:
        uses |= {Use.COUNT, Use.LINK} | WORDS
    if mode == "strict" and standing is not Standing.PERMITTED and not post.own:
        uses -= {Use.DIGEST, *WORDS}
    if refuses_digests(author, post):
        uses -= {Use.DIGEST}
    if author.actor is None or carries(author.actor, NO_MODEL_TAGS):
        uses -= {Use.MODEL}
    return uses


def standing_of(author: AuthorSignals, post: PostSignals) -> Standing:
    """Return the row of the table that applies: the first that fits, strongest signal first."""
    if refuses(author, post):
        return Standing.REFUSED
    if post.audience is Audience.NARROW:
        return Standing.NARROW
    actor = author.actor
    if author.choice == "include":
        return Standing.PERMITTED
    if post.quotable is False:  # what is said of this very post counts more than a general setting
        return Standing.ORDINARY
    if actor is not None and actor.indexable is True:
        return Standing.PERMITTED
    return Standing.PUBLICATION if post.publication else Standing.ORDINARY


def refuses(author: AuthorSignals, post: PostSignals) -> bool:
    """Tell whether signal 1 of CONSENT.md is given: any refusal, or an unreadable author."""
    actor = author.actor
    if actor is None or author.choice == "exclude" or author.listed or author.blocks_us:
        return True
    if actor.memorial or actor.suspended or actor.moved_to:
        return True
    if carries(actor, REFUSING_TAGS):
        return True
    if post.searchable is not None:
        return not post.searchable
    return actor.searchable_by is not None and PUBLIC not in actor.searchable_by


def refuses_digests(author: AuthorSignals, post: PostSignals) -> bool:
    """Tell whether the author is to be left out of digests though not of answers."""
    actor = author.actor
    if actor is None or actor.discoverable is False:
        return True
    if post.by_tag_actor and carries(actor, TAG_ACTOR_REFUSING_TAGS):
        return True
    permits = author.choice == "include" or actor.indexable is True
    return bool(actor.manually_approves_followers) and not permits


def allows_more(before: Actor | None, after: Actor) -> bool:
    """Tell whether a profile allows anything that the one before, if there was one, did not."""
    post = PostSignals(Audience.PUBLIC, watched_root=True)
    return not permitted(AuthorSignals(after), post) <= permitted(AuthorSignals(before), post)


def carries(actor: Actor, tags: frozenset[str]) -> bool:
    """Tell whether bio, profile fields or display name carry one of `tags`.

    In any case and width, as text or as HTML link (`#<span>nobots</span>`).
    """
    return any(tag in tags for place in _places(actor) for tag in hashtags(place))


def _places(actor: Actor) -> Iterator[str]:
    """Yield every text of a profile in which its owner can say something, in each language."""
    yield from (actor.name, actor.summary)
    for row in actor.properties:
        yield from (row.name, row.value)
    document = actor.document
    for name in ("nameMap", "summaryMap"):
        texts = document.get(name)
        yield from _texts(list(texts.values()) if isinstance(texts, Mapping) else ())
    # Rows of the profile table, whatever type a server gives them.
    for entry in _entries(document.get("attachment")):
        yield from _texts([entry.get(name) for name in ("name", "value", "content", "href")])
    # `tag` of an actor lists the hashtags of its bio where the server extracts them.
    for tag in _entries(document.get("tag")):
        yield from (f"#{name.lstrip('#＃')}" for name in _texts([tag.get("name")]))


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON-LD value, which may be a single one or a list."""
    for entry in value if isinstance(value, list | tuple) else (value,):
        if isinstance(entry, Mapping):
            yield entry


def _texts(found: Iterable[object]) -> Iterator[str]:
    return (text for text in found if isinstance(text, str))


def hashtags(markup: str) -> set[str]:
    """Return the hashtags of a text or of HTML, in lower case, as text or as links."""
    linked = (unquote(name) for name in _TAG_LINK.findall(markup))
    return {even(tag) for tag in (*_TAG.findall(even(plain(markup))), *linked)}


def even(text: str) -> str:
    """Return a text in one case and width, without invisible characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def plain(markup: str) -> str:
    """Return HTML as text in which `#<span>tag</span>` reads `#tag` and a paragraph ends a word."""
    return html.unescape(_MARKUP.sub(" ", _INLINE.sub("", markup)))


def _row(standing: Standing, post: PostSignals) -> frozenset[Use]:
    public = post.audience is Audience.PUBLIC
    match standing:
        case Standing.REFUSED | Standing.NARROW:
            return NOTHING
        case Standing.PERMITTED:
            both = frozenset({Use.COUNT, Use.LINK}) | WORDS
            return both | {Use.DIGEST} if public else both
        case Standing.PUBLICATION:
            return frozenset(Use)
        case Standing.ORDINARY:
            uses = frozenset({Use.COUNT, Use.DIRECT})
            return uses | {Use.LINK} if public and post.watched_root else uses
