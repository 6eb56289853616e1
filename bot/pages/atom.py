"""Digests as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from activitypub.uris import Uris
from bot.pages.notes import digest_parts
from bot.pages.views import BotView, DigestView
from bot.words import words

ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
HTML, ACTIVITY = "text/html", "application/activity+json"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def digest_feed(bot: BotView, digests: Sequence[DigestView], uris: Uris) -> bytes:
    """Return the feed of a bot's digests, newest first; without any it is valid and empty."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(_name("feed"), {LANGUAGE: bot.language})
    _text(feed, "id", bot.actor_id)
    _text(feed, "title", bot.name)
    if bot.summary:
        _text(feed, "subtitle", bot.summary)
    _text(feed, "updated", _stamp(max((d.updated or d.published for d in digests), default=NEVER)))
    _link(feed, "self", "application/atom+xml", bot.feed_url)
    _link(feed, "alternate", HTML, bot.url)
    _text(feed, "icon", f"{uris.base}/static/icon.png")
    author = ET.SubElement(feed, _name("author"))
    _text(author, "name", bot.name)
    _text(author, "uri", bot.url)
    for digest in digests:
        _entry(feed, digest, uris)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, digest: DigestView, uris: Uris) -> None:
    said = words(digest.language)
    language = digest.language if said.speaks(digest.language) else said.language
    entry = ET.SubElement(feed, _name("entry"), {LANGUAGE: language})
    _text(entry, "id", digest.object_id)
    _text(entry, "title", digest.title)
    _text(entry, "published", _stamp(digest.published))
    # A reader's program shows the words that it has until this changes.
    _text(entry, "updated", _stamp(digest.updated or digest.published))
    _link(entry, "alternate", HTML, digest.url)
    _link(entry, "alternate", ACTIVITY, digest.object_id)
    body = "".join(digest_parts(digest, uris, said, folded=False))
    content = ET.SubElement(entry, _name("content"), type="html")
    content.text = clean(f'<div lang="{said.language}" dir="{said.direction}">{body}</div>')


def clean(text: str) -> str:
    """Drop the characters that XML 1.0 cannot hold."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = clean(text)


def _link(parent: ET.Element, rel: str, kind: str, url: str) -> None:
    ET.SubElement(parent, _name("link"), rel=rel, type=kind, href=url)


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
