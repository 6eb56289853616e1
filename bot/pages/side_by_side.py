"""A page on which a thread stands beside its summary, linked both ways, so that people can judge."""

from collections.abc import Sequence
from functools import partial

from jinja2 import Environment, StrictUndefined

from bot.pages import wording
from bot.summary.model import CitedSentence, SourcePost, Summary
from bot.words import words

PAGE = """<!doctype html>
<html lang="{{ said.language }}" dir="{{ said.direction }}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{{ say("beside.title") }}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --soft: #595959 }
@media screen and (prefers-color-scheme: dark) { :root { --soft: #b3b3b3 } }
main { margin: 0 auto; max-width: 80rem; padding: 1rem; display: grid; gap: 0 2rem }
@media screen and (min-width: 60rem) { main { grid-template-columns: 2fr 3fr } h1 { grid-column: 1 / -1 }
  .summary { position: sticky; top: 1rem; align-self: start; max-height: 95vh; overflow: auto } }
h1 { font-size: 1.4rem; margin: .5rem 0 } h2 { font-size: 1.2rem }
blockquote, article { margin: 0 0 1rem; padding: .5rem .8rem; border-inline-start: .25rem solid #8888;
  overflow-wrap: anywhere; break-inside: avoid } :target { border-color: #d60; background: #fd62 }
.cited { border-color: #27c } cite, footer { font-size: .85rem; color: var(--soft); font-style: normal; display: block }
p { margin: 0; white-space: pre-wrap } a { color: LinkText } a:focus-visible { outline: 3px solid #d60 }
</style></head><body>
<main><h1>{{ say("beside.title") }}</h1>
<section class="summary" aria-labelledby="summary" tabindex="0"><h2 id="summary">{{ say("beside.summary") }}</h2>
{% for number, sentence in sentences %}<blockquote id="s{{ number }}">
<p{{ spoken(sentence.text, languages[sentence.post]) }}>{% if number == 0 %}<strong>{{ sentence.text }}</strong>
{%- else %}{{ sentence.text }}{% endif %}</p>
<cite>{% for post in sentence.posts %}<a href="#p{{ places[post] }}"><bdi>{{ names[post] }}</bdi></a>
{% endfor %}{{ does(sentence.act) }}</cite></blockquote>
{% endfor %}
<footer>{{ said.count("posts", summary.posts_read) }} · {{ making(summary.engine) }}</footer></section>
<section aria-labelledby="thread"><h2 id="thread">{{ say("beside.thread") }}</h2>
{% for post in posts %}<article id="p{{ places[post.id] }}"{% if cited[post.id] %} class="cited"{% endif %}
 style="margin-inline-start: {{ depths[post.id] }}rem">
<cite><bdi>{{ names[post.id] }}</bdi>{% if post.cw %} · {{ say("page.warning", text=post.cw) }}{% endif %}</cite>
<p{{ spoken(post.text, post.language) }}>{{ post.text }}</p>
{% if cited[post.id] %}<footer>{{ say("beside.quoted") }} {% for number in cited[post.id] %}<a href="#s{{ number }}">
{{- say("beside.sentence", number=number) if number else say("beside.gist") }}</a> {% endfor %}</footer>{% endif %}</article>
{% endfor %}</section></main></body></html>
"""
SPOKEN = """{% macro spoken(text, language) %} dir="{{ text | direction }}"
{%- if language %} lang="{{ language }}"{% endif %}{% endmacro %}"""


def page(posts: Sequence[SourcePost], summary: Summary) -> str:
    """Return an HTML page; nothing in it is taken for mark-up, and it needs no script."""
    sentences: list[tuple[int, CitedSentence]] = list(enumerate(summary.sentences, 1))
    if summary.gist:
        sentences.insert(0, (0, summary.gist))
    cited: dict[str, list[int]] = {post.id: [] for post in posts}
    for number, sentence in sentences:
        for post in sentence.posts:
            cited[post].append(number)
    said = words(summary.language)
    places = {post.id: number for number, post in enumerate(posts)}
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["direction"] = wording.direction
    return environment.from_string(SPOKEN + PAGE).render(
        said=said,
        say=said.say,
        making=partial(wording.making, said=said),
        does=partial(wording.does, said=said),
        summary=summary,
        posts=posts,
        sentences=sentences,
        cited=cited,
        places=places,
        names={p.id: p.author or said.say("beside.post", number=places[p.id] + 1) for p in posts},
        languages={post.id: post.language for post in posts},
        depths=depths(posts),
    )


def depths(posts: Sequence[SourcePost]) -> dict[str, int]:
    """Return how far below the root each post is, at most 8: a phone is narrow."""
    found: dict[str, int] = {}
    for post in posts:
        above = found.get(post.parent) if post.parent is not None else None
        found[post.id] = 0 if above is None else min(8, above + 1)
    return found
