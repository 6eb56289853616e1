"""What we publish as HTML of a Note: built here from data, never taken from anyone's markup."""

from collections.abc import Iterable
from html import escape

from activitypub.uris import Uris
from activitypub.vocab import Object, Tag
from bot.markdown import markdown
from bot.pages.views import AnswerView, DigestView, SentenceView, ThreadView
from storage import tables


def digest_note(view: DigestView, uris: Uris, hashtag: str) -> Object:
    """Render a digest, marked with the bot's own `hashtag`, never the watched ones.

    Its first plain link, which becomes the link card, is the digest's page.
    """
    page = link(view.url, "Read it with all sources")
    parts = [f"<p><strong>{escape(view.title)}</strong><br>{page}</p>"]
    for thread in view.threads:
        parts += thread_parts(thread)
    also = [link(t.url, f"{t.posts} posts on {t.host}") for t in view.also]
    if also:
        parts.append(f"<p>Also discussed: {', '.join(also)}</p>")
    parts.append(footer(view.engine, uris, view.bot.address))
    tag = Tag("Hashtag", f"#{hashtag}", view.bot.url)
    parts.append(
        f'<p><a href="{escape(view.bot.url)}" class="mention hashtag" rel="tag">#<span>'
        f"{escape(hashtag)}</span></a></p>"
    )
    cw, content = warnings(view.threads), "".join(parts)
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
    """Render an answer under a thread. It mentions the requester and nobody else."""
    thread = view.thread
    opening = f"{mention_link(requester)} {coverage(thread)}:"
    parts = [f"<p>{opening}</p>", *thread_parts(thread, with_counts=False)]
    if view.url:
        parts.append(f"<p>{link(view.url, 'With sources on a page')}</p>")
    parts.append(footer(view.engine, uris, view.bot.address))
    return reply_note(view.bot.actor_id, requester, "".join(parts), thread.language, thread.cw)


def plain_reply(actor_id: str, requester: tables.Actor, sentences: Iterable[str]) -> Object:
    """Render a short reply in our own words, one paragraph for each of `sentences`."""
    first, *rest = [escape(sentence) for sentence in sentences]
    content = f"<p>{mention_link(requester)} {first}</p>" + "".join(f"<p>{s}</p>" for s in rest)
    return reply_note(actor_id, requester, content, "en", None)


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


def thread_parts(thread: ThreadView, *, with_counts: bool = True) -> list[str]:
    """Render one thread: gist, cited sentences, who spoke, and the outside links they share."""
    parts = []
    if thread.gist:
        parts.append(f"<p><strong>{cited(thread.gist)}</strong></p>")
    if thread.sentences:
        items = "".join(f"<li>{cited(sentence)}</li>" for sentence in thread.sentences)
        parts.append(f"<ul>{items}</ul>")
    details = []
    if with_counts:
        details.append(f"{who(thread)} · {link(thread.url, coverage(thread))}")
    details += [f"{link(item.url, item.title)} ({escape(item.site)})" for item in thread.links]
    if details:
        parts.append(f"<p>{'<br>'.join(details)}</p>")
    return parts


def cited(sentence: SentenceView) -> str:
    """Render a sentence with its author, linked to the post that says it."""
    source = f"— {sentence.author} {sentence.does}".rstrip()
    return f"{escape(sentence.text)} {link(sentence.post_url, source)}"


def who(thread: ThreadView) -> str:
    """Name those who may be named, and count the rest."""
    named = [escape(name) for name in thread.people[:3]]
    others = thread.speakers - len(named)
    if not named:
        return count(thread.speakers, "person", "people")
    tail = f" and {count(others, 'other', 'others')}" if others > 0 else ""
    return ", ".join(named) + tail


def coverage(thread: ThreadView) -> str:
    """State how much was read, and how much is left out at the authors' wish."""
    read = count(thread.posts_read, "post", "posts")
    hosts = count(thread.hosts, "server", "servers")
    text = f"{read} from {hosts}"
    if thread.left_out:
        are = "is" if thread.left_out == 1 else "are"
        text += f", {thread.left_out} of them {are} left out at their authors' wish"
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
