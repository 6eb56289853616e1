"""Where the search begins: inputs of the kinds that are really sent."""

from collections.abc import Iterator, Mapping, Sequence

import orjson

from activitypub.signatures import cavage, message
from tests.federation.quirks.shapes import ACTORS, NOTES, activities
from tests.fuzz.targets import BODY, NOW, SPLIT, URL, key

TEXTS = (
    "summarize this, please",
    "@news leave me out",
    "fasse zusammen, kurz",
    "what does @ada@a.example say about #openweights?",
    "¿puedes resumir esto?",
    "要約して",
)
MARKUP = (
    '<p>One. Two <a href="https://b.example/x?utm_source=y">three</a><br>four</p>',
    '<span class="invisible">https://</span><a class="mention" href="https://a.example/@u">@u</a>',
    "<blockquote>quoted</blockquote><pre>code</pre><script>x</script><ul><li>a<li>b</ul>",
)
RSS = (
    '<rss version="2.0"><channel><title>t</title><item><title>a</title>'
    "<link>https://a.example/1</link></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>https://a.example/1</id>'
    "</entry></feed>"
)
JSON_FEED = '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"url":"https://a.example"}]}'
ADDRESSES = (
    "https://user@a.example:8443/%7Eu/?q=1#f",
    "https://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "@u@a.example",
    "acct:u@a.example",
    "120",
    "Wed, 25 Nov 2026 10:00:00 GMT",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
PAGES = (
    '<html lang="en"><head><title>t</title><link rel="canonical" href="/x"></head></html>',
    "User-agent: *\nDisallow: /private*$\nCrawl-delay: 5",
    "#domain,#severity\nspam.example,suspend",
)
JRD = (
    '{"subject":"acct:u@a.example","links":[{"rel":"self","type":"application/activity+json",'
    '"href":"https://a.example/u"}]}'
)


WRITTEN: Mapping[str, Sequence[str]] = {
    "html": MARKUP,
    "posts": MARKUP,
    "asking": TEXTS,
    "feeds": (RSS, ATOM, JSON_FEED),
    "addresses": ADDRESSES,
    "pages": PAGES,
    "jrd": (JRD,),
    "public_keys": ("6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",),
    "digests": ("SHA-256=x\x1ey", "sha-256=:AA==:, SHA-512=AA=="),
}


def seeds(name: str) -> Iterator[bytes]:
    """Yield inputs for a target."""
    yield from (text.encode() for text in WRITTEN.get(name, ()))
    if name in {"signatures", "inbox"}:
        yield from _signed()
    if name in {"documents", "posts", "proofs", "inbox"}:
        yield from _documents()


def _documents() -> Iterator[bytes]:
    for shapes in (ACTORS, NOTES):
        yield from (orjson.dumps(shape) for shape in shapes.values())
    for program in NOTES:
        yield from (orjson.dumps(shape) for shape in activities(program).values())


def _signed() -> Iterator[bytes]:
    old = cavage.sign(key(), "POST", URL, now=NOW, body=BODY)
    new = message.sign(key(), "POST", URL, now=NOW, body=BODY)
    yield SPLIT.join((old["Signature"].encode(), b"", old["Digest"].encode()))
    parts = (new["Signature"], new["Signature-Input"], new["Content-Digest"])
    yield SPLIT.join(part.encode() for part in parts)
