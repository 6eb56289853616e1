"""A page on which a thread stands beside its summary, linked both ways, so that people can judge."""

from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined

from bot.summary.model import CitedSentence, SourcePost, Summary, is_written

PAGE = """<!doctype html>
<html lang="{{ summary.language or 'en' }}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A summary beside its thread</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; display: grid; gap: 2rem }
@media (min-width: 60rem) { body { grid-template-columns: 2fr 3fr } aside { position: sticky; top: 1rem;
  align-self: start; max-height: 95vh; overflow: auto } }
h1 { font-size: 1.2rem } blockquote, article { margin: 0 0 1rem; padding: .5rem .8rem;
  border-left: .25rem solid #8888; overflow-wrap: anywhere } :target { border-color: #d60; background: #fd62 }
.cited { border-color: #27c } cite, footer { font-size: .85rem; opacity: .8; font-style: normal; display: block }
p { margin: 0; white-space: pre-wrap }
</style></head><body>
<aside><h1>Summary</h1>
{% for number, sentence in sentences %}<blockquote id="s{{ number }}" dir="auto">
<p>{% if number == 0 %}<strong>{{ sentence.text }}</strong>{% else %}{{ sentence.text }}{% endif %}</p>
<cite>{% for post in sentence.posts %}<a href="#p{{ places[post] }}">{{ authors[post] or 'post ' ~ post }}</a>
{% endfor %}{{ sentence.does }}</cite></blockquote>
{% endfor %}
<footer>{{ summary.posts_read }} posts; {{ summary.engine }}, {% if written %}written by a language model and
checked against the posts{% else %}no language model{% endif %}.</footer></aside>
<main><h1>The thread</h1>
{% for post in posts %}<article id="p{{ places[post.id] }}" dir="auto"{% if cited[post.id] %} class="cited"{% endif %}
 style="margin-inline-start: {{ depths[post.id] }}rem">
<cite>{{ post.author or 'post ' ~ post.id }}{% if post.cw %} · content warning: {{ post.cw }}{% endif %}</cite>
<p>{{ post.text }}</p>
{% if cited[post.id] %}<footer>said in {% for number in cited[post.id] %}<a href="#s{{ number }}">
{{ 'the gist' if number == 0 else 'sentence ' ~ number }}</a> {% endfor %}</footer>{% endif %}</article>
{% endfor %}</main></body></html>
"""


def page(posts: Sequence[SourcePost], summary: Summary) -> str:
    """Return an HTML page; nothing in it is taken for mark-up, and it needs no script."""
    sentences: list[tuple[int, CitedSentence]] = list(enumerate(summary.sentences, 1))
    if summary.gist:
        sentences.insert(0, (0, summary.gist))
    cited: dict[str, list[int]] = {post.id: [] for post in posts}
    for number, sentence in sentences:
        for post in sentence.posts:
            cited[post].append(number)
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(
        summary=summary,
        posts=posts,
        sentences=sentences,
        cited=cited,
        places={post.id: number for number, post in enumerate(posts)},
        authors={post.id: post.author for post in posts},
        depths=depths(posts),
        written=is_written(summary.engine),
    )


def depths(posts: Sequence[SourcePost]) -> dict[str, int]:
    """Return how far below the root each post is, at most 8: a phone is narrow."""
    found: dict[str, int] = {}
    for post in posts:
        above = found.get(post.parent) if post.parent is not None else None
        found[post.id] = 0 if above is None else min(8, above + 1)
    return found
