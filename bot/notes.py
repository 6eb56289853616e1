"""What we publish as HTML of a Note: built here from data, never taken from anyone's markup."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape, unescape
from typing import NamedTuple

from babel.dates import format_datetime

from activitypub.uris import Uris
from activitypub.vocab import Object, Tag
from bot.markdown import markdown
from bot.pages.views import AnswerView, DigestView, PersonalView, SentenceView, ThreadView
from bot.words import Words, words
from storage import tables

LONGEST = 500
"""Characters of an answer that has a page: what a post may be long on most servers."""
TAG = re.compile(r"<[^<>]*>")


class Link(NamedTuple):
    """A line of a reply that is a link."""

    url: str
    text: str


def digest_note(view: DigestView, uris: Uris, hashtag: str) -> Object:
    """Render a digest, marked with the bot's own `hashtag`, never the watched ones.

    Its first plain link, which becomes the link card, is the digest's page. A thread behind a
    content warning is linked there; where all are, the whole Note is behind theirs.
    """
    page = link(view.url, "Read it with all sources")
    parts = [f"<p><strong>{escape(view.title)}</strong><br>{page}</p>"]
    said, warned = words(view.language), all(thread.cw for thread in view.threads)
    for number, thread in enumerate(view.threads, 1):
        if thread.cw and not warned:
            # One thread's warning would fold the whole Note: what is behind it has the page.
            aside = link(f"{view.url}#t{number}", coverage(thread, said))
            parts.append(f"<p>{escape(thread.cw)} · {aside}</p>")
        else:
            parts += thread_parts(thread, said)
    also = [link(t.url, f"{t.posts} posts on {t.host}") for t in view.also]
    if also:
        parts.append(f"<p>Also discussed: {', '.join(also)}</p>")
    parts.append(footer(view.engine, uris, view.bot.address))
    tag = Tag("Hashtag", f"#{hashtag}", view.bot.url)
    parts.append(
        f'<p><a href="{escape(view.bot.url)}" class="mention hashtag" rel="tag">#<span>'
        f"{escape(hashtag)}</span></a></p>"
    )
    cw, content = warnings(view.threads) if warned else None, "".join(parts)
    return Object(
        id=view.object_id,
        type="Note",
        attributed_to=(view.bot.actor_id,),
        content=content,
        source=markdown(content),
        cw=cw,
        sensitive=cw is not None,
        language=view.language,
        published=view.published,
        url=view.url,
        tags=(tag,),
        interaction_policy=ANYONE_MAY_QUOTE,
    )


def answer_note(view: AnswerView, requester: tables.Actor, uris: Uris) -> Object:
    """Render an answer under a thread. It mentions the requester and nobody else.

    One that has a page is short enough to be read in a timeline, and the page has the rest; a
    direct one is whole.
    """
    said, thread = words(view.spoken), view.thread
    opening = [f"<p>{mention_link(requester)} {escape(_read(view, said))}</p>"]
    closing = [f"<p>{escape(said.say(remark))}</p>" for remark in view.remarks]
    if view.elsewhere:
        closing.append(f"<p>{link(view.elsewhere, said.say('answer.elsewhere'))}</p>")
    closing.append(_made(view.engine, uris, said))
    room = LONGEST - visible(opening, closing) if view.url else None
    if room is None:
        body = [*sayings(thread, said), *outside(thread)]
    else:
        body = _short(thread, said, view.url, room)
    content = "".join([*opening, *body, *closing])
    return reply_note(view.bot.actor_id, requester, content, thread.language, thread.cw)


def _short(thread: ThreadView, said: Words, page: str, room: int) -> list[str]:
    """Render the gist, or the first sentence, and as many more as fit; the page has the rest."""
    ends = (said.say("answer.more", number=99), said.say("answer.page"))
    room -= max(map(len, ends))
    first, *others = [s for s in (thread.gist, *thread.sentences) if s]
    leading = cited(shortened(first, room, said), said)
    items = [f"<li>{cited(sentence, said)}</li>" for sentence in others]
    kept = fitting(items, room - visible([leading]))
    rest = len(items) - len(kept)
    more = said.say("answer.more", number=rest) if rest else said.say("answer.page")
    if thread.gist:
        body = [f"<p><strong>{leading}</strong></p>", *listed(kept)]
    else:
        body = listed([f"<li>{leading}</li>", *kept])
    return [*body, f"<p>{link(page, more)}</p>"]


def shortened(sentence: SentenceView, room: int, said: Words) -> SentenceView:
    """Cut a sentence, at a word, so that it can be read with its source in `room` characters."""
    over = visible([cited(sentence, said)]) - room
    if over <= 0:
        return sentence
    kept = sentence.text[: max(20, len(sentence.text) - over - 1)]
    at_word = kept.rpartition(" ")[0] if " " in kept[-30:] else kept
    return replace(sentence, text=f"{at_word.rstrip()}…")


def personal_note(view: PersonalView, requester: tables.Actor, uris: Uris) -> Object:
    """Render what one person asked to be sent, to that person alone."""
    said = words(view.spoken)
    opening = escape(said.say(view.opening, **view.values))
    parts = [f"<p>{mention_link(requester)} {opening}</p>"]
    if view.link:
        parts.insert(0, f"<p>{link(*view.link)}</p>")
    for thread in view.threads:
        parts += sayings(thread, said)
        parts.append(f"<p>{link(thread.url, coverage(thread, said))}</p>")
    parts.append(_made(view.engine, uris, said))
    language = next((thread.language for thread in view.threads if thread.language), said.language)
    content, cw = "".join(parts), warnings(view.threads)
    return reply_note(view.bot.actor_id, requester, content, language, cw)


def plain_reply(
    actor_id: str, requester: tables.Actor, lines: Iterable[str | Link], language: str = "en"
) -> Object:
    """Render a short reply in our own words, one paragraph for each of `lines`."""
    first, *rest = [
        link(line.url, line.text) if isinstance(line, Link) else escape(line) for line in lines
    ]
    content = f"<p>{mention_link(requester)} {first}</p>" + "".join(f"<p>{s}</p>" for s in rest)
    return reply_note(actor_id, requester, content, language, None)


def reply_note(
    actor_id: str, requester: tables.Actor, content: str, language: str | None, cw: str | None
) -> Object:
    """Return a Note whose one Mention is the requester."""
    return Object(
        id="",
        type="Note",
        attributed_to=(actor_id,),
        content=content,
        source=markdown(content),
        cw=cw,
        sensitive=cw is not None,
        language=language or "en",
        tags=(Tag("Mention", f"@{requester.handle}", requester.id),),
        interaction_policy=ANYONE_MAY_QUOTE,
    )


def fitting(items: Sequence[str], room: int) -> list[str]:
    """Return as many of the first items as can be read in `room` characters."""
    kept: list[str] = []
    for item in items:
        room -= visible([item])
        if room < 0:
            break
        kept.append(item)
    return kept


def visible(*parts: Sequence[str]) -> int:
    """Return how many characters a reader sees of HTML that we wrote."""
    return sum(len(unescape(TAG.sub("", part))) for some in parts for part in some)


def listed(items: Sequence[str]) -> list[str]:
    """Return a list of items, or nothing."""
    return [f"<ul>{''.join(items)}</ul>"] if items else []


def outside(thread: ThreadView) -> list[str]:
    """Render the outside pages that a thread shares."""
    links = [f"{link(item.url, item.title)} ({escape(item.site)})" for item in thread.links]
    return [f"<p>{'<br>'.join(links)}</p>"] if links else []


def _read(view: AnswerView, said: Words) -> str:
    """State how much was read, and since when the answer is as it is."""
    text = coverage(view.thread, said)
    if view.updated:
        when = format_datetime(view.updated, "short", locale=said.locale)
        text += f"; {said.say('answer.updated', when=f'{when} UTC', number=view.more)}"
    return f"{text}:"


def _made(engine: str, uris: Uris, said: Words) -> str:
    made = said.say("answer.by_rules" if engine.startswith("extractive") else "answer.by_model")
    about = link(uris.about, said.say("answer.about"))
    opt_out = escape(said.say("answer.opt_out"))
    return f"<p><em>{escape(made)} ({escape(engine)}) · {about} · {opt_out}</em></p>"


def thread_parts(thread: ThreadView, said: Words) -> list[str]:
    """Render one thread: gist, cited sentences, who spoke, and the outside links they share."""
    about = f"<p>{who(thread)} · {link(thread.url, coverage(thread, said))}</p>"
    return [*sayings(thread, said), about, *outside(thread)]


def sayings(thread: ThreadView, said: Words) -> list[str]:
    """Render what is quoted of a thread: its gist and its cited sentences."""
    gist = [f"<p><strong>{cited(thread.gist, said)}</strong></p>"] if thread.gist else []
    items = [f"<li>{cited(sentence, said)}</li>" for sentence in thread.sentences]
    return [*gist, *listed(items)]


def cited(sentence: SentenceView, said: Words) -> str:
    """Render a sentence with its author, linked to the post that says it."""
    act = f" {said.say(f'acts.{sentence.act}')}" if sentence.act else ""
    new = f" ({said.say('answer.new')})" if sentence.is_new else ""
    source = f"— {sentence.author}{act}{new}"
    return f"{escape(sentence.text)} {link(sentence.post_url, source)}"


def who(thread: ThreadView) -> str:
    """Name those who may be named, and count the rest."""
    named = [escape(name) for name in thread.people[:3]]
    others = thread.speakers - len(named)
    if not named:
        return count(thread.speakers, "person", "people")
    tail = f" and {count(others, 'other', 'others')}" if others > 0 else ""
    return ", ".join(named) + tail


def coverage(thread: ThreadView, said: Words) -> str:
    """State how much was read, and how much is left out at the authors' wish."""
    text = said.say("answer.coverage", posts=thread.posts_read, hosts=thread.hosts)
    if thread.posts_known > thread.posts_read:
        text += f" ({said.say('answer.known', number=thread.posts_known)})"
    if thread.left_out:
        text += f"; {said.say('answer.left_out', number=thread.left_out)}"
    return text


def count(number: int, one: str, many: str) -> str:
    """Return "1 post", "2 posts"."""
    return f"{number} {one if number == 1 else many}"


def warnings(threads: Iterable[ThreadView]) -> str | None:
    """Join the content warnings of threads: what was behind one stays behind one."""
    found = dict.fromkeys(thread.cw for thread in threads if thread.cw)
    return "; ".join(found)[:500] or None


def footer(engine: str, uris: Uris, address: str) -> str:
    """State how the text was made, and how to be left out of it."""
    made = (
        "sentences chosen by rules, no language model"
        if engine.startswith("extractive")
        else "sentences written by a language model and checked against the posts they cite"
    )
    about = link(uris.about, "how this works")
    return (
        f"<p><em>Automatic: {escape(made)} ({escape(engine)}); {about}. "
        f"Not you? Write “leave me out” to {escape(address)}.</em></p>"
    )


def mention_link(person: tables.Actor) -> str:
    """Render a mention the way Mastodon marks it, so that it is no link card."""
    name = person.handle.partition("@")[0]
    return (
        f'<span class="h-card"><a href="{escape(person.url)}" class="u-url mention">'
        f"@<span>{escape(name)}</span></a></span>"
    )


def link(url: str, text: str) -> str:
    """Render a link; what is no web address stays text."""
    if not url.startswith(("https://", "http://")):
        return escape(text)
    return f'<a href="{escape(url)}">{escape(text)}</a>'


ANYONE_MAY_QUOTE = {
    "canQuote": {"automaticApproval": "https://www.w3.org/ns/activitystreams#Public"}
}
"""FEP-044f; Mastodon takes a missing policy as a refusal."""
