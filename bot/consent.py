"""Whose words may be used for what: the table of CONSENT.md as code.

Pure: signals go in, permitted uses come out. What cannot be established counts as "no".
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Literal

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

REFUSING_TAGS = frozenset({"nobot", "nobots", "noindex", "nosearch"})
NO_MODEL_TAGS = frozenset({"noai", "noml", "nollm"})
TAG_ACTOR_REFUSING_TAGS = frozenset({"notagspub"})

_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_TAG = re.compile(r"[#＃](\w{2,40})")


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
    it. `own`: the person who asks us wrote it.
    """

    audience: Audience
    publication: bool = False
    watched_root: bool = False
    searchable: bool | None = None
    by_tag_actor: bool = False
    own: bool = False


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
    if author.choice == "include" or (actor is not None and actor.indexable is True):
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


def carries(actor: Actor, tags: frozenset[str]) -> bool:
    """Tell whether bio, profile fields or display name carry one of `tags`.

    In any case, as text or as HTML link (`#<span>nobots</span>`), with full-width # too.
    """
    return any(tag.casefold() in tags for place in _places(actor) for tag in _TAG.findall(place))


def _places(actor: Actor) -> Iterator[str]:
    yield actor.name
    yield plain(actor.summary)
    for row in actor.properties:
        yield plain(row.name)
        yield plain(row.value)
    # `tag` of an actor lists the hashtags of its bio where the server extracts them.
    for tag in actor.document.get("tag") or ():
        if isinstance(tag, dict) and isinstance(tag.get("name"), str):
            yield f"#{tag['name'].lstrip('#')}"


def plain(markup: str) -> str:
    """Return HTML as text in which `#<span>tag</span>` reads `#tag`."""
    return html.unescape(_MARKUP.sub("", markup))


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
