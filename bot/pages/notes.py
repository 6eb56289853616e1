"""What we publish as HTML of a Note: built here from data, never taken from anyone's markup."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape, unescape
from typing import NamedTuple

from activitypub.uris import Uris
from activitypub.vocab import Object, Tag
from bot.pages import wording
from bot.pages.markdown import markdown
from bot.pages.views import AnswerView, DigestView, PersonalView, SentenceView, ThreadView
from bot.words import Words, words
from storage import tables

LONGEST = 500
"""Characters of an answer that has a page: what a post may be long on most servers."""
TAG = re.compile(r"<[^<>]*>")
BREAKS = {"</p>": "\n\n", "<br>": "\n", "</li>": "\n"}
URL = re.compile(r"https?://\S+")
URL_LENGTH = 23
"""Characters that Mastodon counts for an address, however short it is."""
LONGEST_WARNING = 60
"""Characters of the content warning of a short answer, which count among those of the post."""


SHORTEST = 40
"""Characters of a sentence that are shown of it at least."""


class Frame(NamedTuple):
    """What stands around the quoted sentences of a short answer, and how long all may be."""

    opening: str
    remarks: str
    ending: str
    longest: int

    def around(self, body: str) -> str:
        """Return the whole."""
        return f"{self.opening}{body}{self.remarks}{self.ending}"

    def over(self, body: str) -> int:
        """Return by how many characters the whole is too long."""
        return visible(self.around(body)) - self.longest


class Link(NamedTuple):
    """A line of a reply that is a link."""

    url: str
    text: str


def digest_note(view: DigestView, uris: Uris, hashtag: str) -> Object:
    """Render a digest, marked with the bot's own `hashtag`, never the watched ones.

    Its first plain link, which becomes the link card, is the digest's page. A thread behind a
    content warning is linked there, since one warning would fold the whole Note; where all are
    behind one, so is the Note.
    """
    said, warned = words(view.language), all(thread.cw for thread in view.threads)
    page = link(view.url, said.say("page.read_all"))
    parts = [f"<p><strong>{escape(view.title)}</strong><br>{page}</p>"]
    parts += digest_parts(view, uris, said, folded=warned)
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
        language=view.language if said.speaks(view.language) else said.language,
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
    said, thread = words(view.spoken, view.bot.language), view.thread
    opening = addressed(requester, escape(wording.state(view, said)), said)
    remarks = [f"<p>{escape(said.say(remark))}</p>" for remark in view.remarks]
    if view.elsewhere:
        remarks.append(f"<p>{link(view.elsewhere, said.say('answer.elsewhere'))}</p>")
    ending = footer(view.engine, uris, said)
    cw = thread.cw
    if view.url:
        cw = cut(cw, LONGEST_WARNING) if cw else None
        frame = Frame(opening, "".join(remarks), ending, LONGEST - len(cw or ""))
        content = _short(thread, said, view.url, frame)
    else:
        content = "".join([opening, *sayings(thread, said), *outside(thread), *remarks, ending])
    return reply_note(view.bot.actor_id, requester, content, thread.language or said.language, cw)


def digest_parts(view: DigestView, uris: Uris, said: Words, *, folded: bool) -> list[str]:
    """Render what a digest says. What is behind a warning is linked, unless all is `folded`."""
    parts = []
    for number, thread in enumerate(view.threads, 1):
        if thread.cw and not folded:
            facts = escape(wording.coverage(thread, said))
            warning = escape(said.say("page.warning", text=thread.cw))
            aside = link(f"{view.url}#t{number}", said.say("page.read_all"))
            parts.append(f"<p>{warning} · {facts} · {aside}</p>")
        else:
            parts += thread_parts(thread, said)
    return [*parts, *also(view, said), footer(view.engine, uris, said)]


def _short(thread: ThreadView, said: Words, page: str, frame: Frame) -> str:
    """Render the gist, or the first sentence, and as many more as fit; the page has the rest.

    Where that one does not fit it is cut; where too little of it would be left, what we remark
    gives way, since the page has it too.
    """
    first, *others = [s for s in (thread.gist, *thread.sentences) if s]
    items = [f"<li>{cited(sentence, said)}</li>" for sentence in others]

    def body(leading: SentenceView, kept: int) -> str:
        rest = len(items) - kept
        more = said.say("answer.more", number=rest) if rest else said.say("answer.page")
        shown, top = items[:kept], cited(leading, said)
        said_first = (
            [f"<p><strong>{top}</strong></p>", *listed(shown)]
            if thread.gist
            else listed([f"<li>{top}</li>", *shown])
        )
        return "".join([*said_first, f"<p>{link(page, more)}</p>"])

    for kept in range(len(items), -1, -1):
        if frame.over(body(first, kept)) <= 0:
            return frame.around(body(first, kept))
    for tried in (frame, frame._replace(remarks="")):
        leading = shortened(first, tried.over(body(first, 0)))
        if tried.over(body(leading, 0)) <= 0:
            break
    return tried.around(body(leading, 0))


def shortened(sentence: SentenceView, over: int) -> SentenceView:
    """Cut `over` characters of a sentence, at a word, but never all of it."""
    if over <= 0:
        return sentence
    return replace(sentence, text=cut(sentence.text, max(SHORTEST, len(sentence.text) - over)))


def cut(text: str, longest: int) -> str:
    """Cut a text that is longer than `longest` characters, at a word if one ends near."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at_word = kept.rpartition(" ")[0] if " " in kept[-30:] else kept
    return f"{at_word.rstrip()}…"


def personal_note(view: PersonalView, requester: tables.Actor, uris: Uris) -> Object:
    """Render what one person asked to be sent, to that person alone."""
    said = words(view.spoken, view.bot.language)
    parts = [addressed(requester, escape(said.say(view.opening, **view.values)), said)]
    if view.link:
        parts.insert(0, f"<p>{link(*view.link)}</p>")
    for thread in view.threads:
        parts += sayings(thread, said)
        parts.append(about(thread, said))
    parts.append(footer(view.engine, uris, said))
    language = next((thread.language for thread in view.threads if thread.language), said.language)
    content, cw = "".join(parts), warnings(view.threads)
    return reply_note(view.bot.actor_id, requester, content, language, cw)


def plain_reply(
    actor_id: str, requester: tables.Actor, lines: Iterable[str | Link], said: Words
) -> Object:
    """Render a short reply in our own words, one paragraph for each of `lines`."""
    first, *rest = [
        link(line.url, line.text) if isinstance(line, Link) else escape(line) for line in lines
    ]
    content = addressed(requester, first, said) + "".join(f"<p>{line}</p>" for line in rest)
    return reply_note(actor_id, requester, content, said.language, None)


def reply_note(
    actor_id: str, requester: tables.Actor, content: str, language: str, cw: str | None
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
        language=language,
        tags=(Tag("Mention", f"@{requester.handle}", requester.id),),
        interaction_policy=ANYONE_MAY_QUOTE,
    )


def visible(html: str) -> int:
    """Return how long HTML that we wrote is, as Mastodon counts: line breaks, and addresses as 23.

    An address that is longer is counted whole, since other servers do that.
    """
    for tag, instead in BREAKS.items():
        html = html.replace(tag, instead)
    text = unescape(TAG.sub("", html)).rstrip()
    return len(text) + sum(max(0, URL_LENGTH - len(url)) for url in URL.findall(text))


def listed(items: Sequence[str]) -> list[str]:
    """Return a list of items, or nothing."""
    return [f"<ul>{''.join(items)}</ul>"] if items else []


def outside(thread: ThreadView) -> list[str]:
    """Render the outside pages that a thread shares."""
    links = [f"{link(item.url, item.title)} ({escape(item.site)})" for item in thread.links]
    return [f"<p>{'<br>'.join(links)}</p>"] if links else []


def also(view: DigestView, said: Words) -> list[str]:
    """Render the threads that a digest links to without quoting them."""
    items = [
        f"<li>{link(t.url, said.say('page.on_host', number=t.posts, host=t.host))}</li>"
        for t in view.also
    ]
    return [f"<p>{escape(said.say('page.also'))}</p>", *listed(items)] if items else []


def footer(engine: str, uris: Uris, said: Words) -> str:
    """State how the text was made, and how to be left out of it."""
    how = link(uris.about, said.say("answer.about"))
    opt_out = escape(said.say("answer.opt_out"))
    return f"<p><em>{escape(wording.making(engine, said))} · {how} · {opt_out}</em></p>"


def thread_parts(thread: ThreadView, said: Words) -> list[str]:
    """Render one thread: gist, cited sentences, who spoke, and the outside links they share."""
    return [*sayings(thread, said), about(thread, said), *outside(thread)]


def about(thread: ThreadView, said: Words) -> str:
    """Say who spoke and how much was read, and link to the thread itself if that may be."""
    facts = [wording.who(thread, said), wording.coverage(thread, said)]
    parts = [escape(fact) for fact in facts]
    if thread.url:
        parts.append(link(thread.url, said.say("page.discussion", host=thread.host)))
    return f"<p>{wording.BETWEEN.join(parts)}</p>"


def sayings(thread: ThreadView, said: Words) -> list[str]:
    """Render what is quoted of a thread: its gist and its cited sentences."""
    gist = [f"<p><strong>{cited(thread.gist, said)}</strong></p>"] if thread.gist else []
    items = [f"<li>{cited(sentence, said)}</li>" for sentence in thread.sentences]
    return [*gist, *listed(items)]


def cited(sentence: SentenceView, said: Words) -> str:
    """Render a sentence with its author, linked to the post that says it."""
    return f"{escape(sentence.text)} — {link(sentence.post_url, wording.source(sentence, said))}"


def warnings(threads: Iterable[ThreadView]) -> str | None:
    """Join the content warnings of threads: what was behind one stays behind one."""
    found = dict.fromkeys(thread.cw for thread in threads if thread.cw)
    return "; ".join(found)[:500] or None


def addressed(requester: tables.Actor, html: str, said: Words) -> str:
    """Render the first paragraph of a reply: whom it is for, and what is said."""
    return f"<p>{wording.marked(said)}{mention_link(requester)} {html}</p>"


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
