"""Digests as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from xml.etree import ElementTree as ET

from bot.notes import link
from bot.pages.views import BotView, DigestView

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def digest_feed(bot: BotView, digests: Sequence[DigestView]) -> bytes:
    """Return the feed of a bot's digests, newest first; without any it is valid and empty."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(_name("feed"))
    _text(feed, "id", bot.actor_id)
    _text(feed, "title", bot.name)
    _text(feed, "updated", _stamp(max((d.updated or d.published for d in digests), default=NEVER)))
    ET.SubElement(feed, _name("link"), rel="self", href=bot.feed_url)
    ET.SubElement(feed, _name("link"), rel="alternate", type="text/html", href=bot.url)
    _text(ET.SubElement(feed, _name("author")), "name", bot.name)
    for digest in digests:
        _entry(feed, digest)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, digest: DigestView) -> None:
    entry = ET.SubElement(feed, _name("entry"))
    _text(entry, "id", digest.object_id)
    _text(entry, "title", digest.title)
    _text(entry, "published", _stamp(digest.published))
    # A reader's program shows the words that it has until this changes.
    _text(entry, "updated", _stamp(digest.updated or digest.published))
    ET.SubElement(entry, _name("link"), rel="alternate", type="text/html", href=digest.url)
    content = ET.SubElement(entry, _name("content"), type="html")
    content.text = clean("".join(_html(digest)))


def _html(digest: DigestView) -> list[str]:
    parts = []
    for thread in digest.threads:
        if thread.cw:
            parts.append(f"<p><strong>Content warning: {escape(thread.cw)}</strong></p>")
        if thread.gist:
            parts.append(f"<h2>{link(thread.gist.post_url, thread.gist.text)}</h2>")
        items = [
            f"<li>{escape(s.text)} — {link(s.post_url, f'{s.author} {s.does}'.rstrip())}</li>"
            for s in thread.sentences
        ]
        parts.append(f"<ul>{''.join(items)}</ul>")
    return parts


def clean(text: str) -> str:
    """Drop the characters that XML 1.0 cannot hold."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = clean(text)


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
