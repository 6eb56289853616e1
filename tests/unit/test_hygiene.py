"""What is kept out of a digest, and what is told only once."""

import pytest

from activitypub.vocab import Object
from bot.consent.ingest import canonical
from bot.contained.page import Head, read_head
from bot.publishing.hygiene import alike, folded, mostly_bots, plain
from bot.reading.links import own

POST = "The new licence forbids training other models on its output, says its third clause."


def test_a_cross_post_is_folded_into_the_first() -> None:
    texts = [
        POST,
        "What do you think?",
        f"{POST} #openweights https://a.example/x via @ada@social.example",
        "Something else entirely is told here, about the price of graphics cards this year.",
        "What do you think?",
    ]
    found = folded(list(range(5)), texts)
    assert found == [(0, [2]), (1, []), (3, []), (4, [])]


def test_alike_is_not_merely_about_the_same() -> None:
    other = "The new licence allows training other models on its output, says its second clause."
    assert alike(plain(POST), plain(POST.upper()))
    assert not alike(plain(POST), plain(POST + " And " + other * 4))


def test_bots_among_themselves() -> None:
    assert mostly_bots(["Service", "Service", "Person"])
    assert not mostly_bots(["Service", "Person", "Person"])
    assert not mostly_bots([None, None])
    assert not mostly_bots([])


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://A.example/x?utm_source=m&id=3&fbclid=9#top", "https://a.example/x?id=3"),
        ("https://a.example:443", "https://a.example/"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("https://a.example/?q=a&b=%C3%A4", "https://a.example/?b=%C3%A4&q=a"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("http://[2606:4700::1111]:8080/x", "http://[2606:4700::1111]:8080/x"),
        (" https://a.example/x ", "https://a.example/x"),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://[::]@/é", None),
        ("https://bücher.example/ä?b=ö", "https://xn--bcher-kva.example/%C3%A4?b=%C3%B6"),
        ("https://a.example:port/", None),
        ("https://a.example/" + "x" * 3000, None),
        ("https://a.example/" + "é" * 1900, None),  # six characters each, once encoded
    ],
)
def test_addresses_without_trackers(url: str, clean: str | None) -> None:
    assert canonical(url) == clean


def test_a_page_names_itself_and_no_other_site() -> None:
    page = (
        '<html lang="pt-BR"><head><title>Pesos abertos</title>'
        '<meta property="og:site_name" content="Um blog">'
        '<link rel="canonical" href="{}"></head><body><p>x</p></body></html>'
    )

    def head(preferred: str) -> Head:
        return own(read_head(page.format(preferred).encode()), "https://b.example/2")

    own_page = head("https://b.example/1?utm_source=x")
    assert (own_page.title, own_page.site, own_page.language) == ("Pesos abertos", "Um blog", "pt")
    assert own_page.canonical == "https://b.example/1"
    assert head("https://c.example/1").canonical is None
    assert read_head(b"\x00\xff<<<").title is None


def test_stuffing_is_seen_by_its_hashtags() -> None:
    tags = [{"type": "Hashtag", "name": f"#t{n}"} for n in range(11)]
    post = Object.parse({"id": "https://a.example/1", "type": "Note", "tag": tags})
    assert len(post.hashtags) == 11
