"""What is fuzzed: each target takes any bytes, and returns unless something is wrong with ours.

A target raises when a reader raises what it does not document, when a round trip changes
something, or when what nobody signed verifies.
"""

import contextlib
import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache

import feedparser
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from multidict import CIMultiDict
from protego import Protego

from activitypub.addressing import host_of, origin_of, same_origin
from activitypub.client import is_activity, retry_after
from activitypub.delivery import Parcel
from activitypub.discovery import read_jrd, split
from activitypub.errors import ActivityPubError, BadSignature, Forbidden, Malformed
from activitypub.guard import AddressGuard
from activitypub.ports import SigningKey
from activitypub.signatures import Request, candidates, cavage, digest, keys, message, proof
from activitypub.vocab import Activity, Actor, Collection, Object, parse
from activitypub.vocab.values import web_host
from bot.asking.reading import parse as parse_wish
from bot.consent.ingest import canonical, links_in, own_object, row_of, text_of
from bot.consent.lists import NotAList, read_csv
from bot.contained.page import read_head
from bot.sources.port import NotAFeed
from bot.sources.rss import json_feed, usable
from bot.summary.text import clean, detect_language, html_to_text, split_sentences, tokens, unwrap
from tests.fuzz.documents import document_of
from tests.fuzz.inbox import InboxProbe

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "https://digest.example/ap/inbox?a=1"
BODY = b'{"type":"Create"}'
SPLIT = b"\x1e"
"""Stands between the parts of an input that has several."""


@cache
def key() -> SigningKey:
    """Return a key that signs nothing here but what is signed on purpose."""
    return SigningKey("https://peer.example/u#k", Ed25519PrivateKey.from_private_bytes(bytes(32)))


@cache
def text_of_key(number: int = 0) -> str:
    """Return the public half of `key`, or that of a key which signed nothing."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([*bytes(31), number]))
    return keys.multikey(private.public_key())


@cache
def probe() -> InboxProbe:
    """Return the inbox that is knocked at; opening it takes a while."""
    return InboxProbe()


def texts(data: bytes, count: int) -> list[str]:
    """Return `count` parts of an input, as aiohttp would hand over what stood in a header."""
    parts = data.split(SPLIT)[:count]
    found = [part.decode("utf-8", "surrogateescape") for part in parts]
    return found + [""] * (count - len(found))


def documents(data: bytes) -> None:
    """Read any document; what we write of it must read back the same."""
    try:
        document = document_of(data)
    except Malformed:
        return
    with contextlib.suppress(ActivityPubError):
        found = parse(document)
        orjson.dumps(dict(found.document))
    for kind in (Activity, Actor, Collection, Object):
        with contextlib.suppress(ValueError):
            first = kind.parse(document)
            written = orjson.loads(orjson.dumps(first.to_document()))
            try:
                second = kind.parse(written)
            except ValueError:
                continue
            again = orjson.loads(orjson.dumps(second.to_document()))
            # The context of what is inside moves up, where its own was.
            if {**again, "@context": 0} != {**written, "@context": 0}:
                raise AssertionError(f"{kind.__name__} does not read back as it was written")
    if (
        b'"bcc"'
        in Parcel.write({**document, "bcc": ["https://secret.example/"]}).partition(b'"object"')[0]
    ):
        raise AssertionError("blind recipients leave")


def posts(data: bytes) -> None:
    """Read a post to the row that is kept of it."""
    with contextlib.suppress(ActivityPubError, ValueError):
        post = Object.parse(document_of(data))
        text_of(post)
        links_in(post)
        row_of(post, (), "fuzz", NOW)
    with contextlib.suppress(ActivityPubError, ValueError):
        own_object(Activity.parse(document_of(data)))


def signatures(data: bytes) -> None:
    """Read signature headers of both schemes: what nobody signed must not verify."""
    one, two, three, four = texts(data, 4)
    base = {"host": "digest.example", "date": cavage.http_date(NOW), "digest": three}
    base |= {"content-digest": three, "content-type": four}
    _judge({**base, "signature": one})
    _judge({**base, "signature": one, "signature-input": two})
    good = {n.lower(): v for n, v in cavage.sign(key(), "POST", URL, now=NOW, body=BODY).items()}
    _judge({**good, "signature": one, "date": two})
    message.wanted(one, key())


def _judge(headers: Mapping[str, str]) -> None:
    request = Request("POST", URL, headers, BODY)
    try:
        found = candidates(request, NOW)
    except BadSignature:
        return
    for candidate in found:
        with contextlib.suppress(BadSignature):
            keys.verify(candidate, text_of_key(1))
            raise AssertionError("what another key signed verifies")


def mutated(data: bytes) -> None:
    """Change a right signature header somewhere: it must say the same or not verify."""
    for sign in (cavage.sign, message.sign):
        good = {n.lower(): v for n, v in sign(key(), "POST", URL, now=NOW, body=BODY).items()}
        for name in ("signature", "signature-input"):
            if name in good:
                changed = _changed(good[name], data)
                _same_or_refused({**good, name: changed}, good)


def _changed(value: str, data: bytes) -> str:
    raw = bytearray(value.encode())
    for place, byte in zip(data[::2], data[1::2], strict=False):
        position = place * 4 % (len(raw) + 1)
        if byte < 128:
            raw[position : position + 1] = bytes([byte])
        else:
            raw.insert(position, byte - 128)
    return raw.decode()


def _same_or_refused(headers: Mapping[str, str], good: Mapping[str, str]) -> None:
    try:
        found = candidates(Request("POST", URL, headers, BODY), NOW)
        [right] = candidates(Request("POST", URL, good, BODY), NOW)
    except BadSignature:
        return
    for candidate in found:
        with contextlib.suppress(BadSignature):
            keys.verify(candidate, text_of_key())
            if candidate.key_id == key().key_id and right.bases[0] not in candidate.bases:
                raise AssertionError("a changed signature verifies")


def digests(data: bytes) -> None:
    """Hold a body against any digest header."""
    header, _, body = data.partition(SPLIT)
    with contextlib.suppress(BadSignature):
        digest.verify_digest(header.decode("utf-8", "surrogateescape"), body)


def public_keys(data: bytes) -> None:
    """Load any text as a key, bare and as the middle of a PEM or a Multikey."""
    text = data.decode("utf-8", "replace")
    pem = f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"
    for form in (text, pem, f"z{text}", f"z6Mk{text}"):
        with contextlib.suppress(BadSignature):
            keys.load(form)


def proofs(data: bytes) -> None:
    """Check the proof of any document."""
    try:
        document = document_of(data)
    except Malformed:
        return
    options = {"type": "DataIntegrityProof", "cryptosuite": proof.SUITE}
    options |= {"proofPurpose": "assertionMethod", "verificationMethod": "x", "proofValue": "zz"}
    for form in (document, {**document, "proof": options}):
        with contextlib.suppress(BadSignature):
            proof.verify(form, text_of_key(), NOW)
            raise AssertionError("an unsigned document verifies")


def inbox(data: bytes) -> None:
    """Post any headers and body to the inbox route, unsigned and signed."""
    content_type, signature, signature_input, rest = (*texts(data, 3), data.split(SPLIT)[-1])
    headers = CIMultiDict({"Content-Type": content_type, "Signature": signature})
    headers["Signature-Input"] = signature_input
    probe().post(headers, rest)
    with contextlib.suppress(Malformed):
        probe().post_signed(orjson.dumps(document_of(rest)))


def html(data: bytes) -> None:
    """Read any markup as a post's, to the sentences and words in it."""
    markup = data.decode("utf-8", "replace")
    text = html_to_text(markup)
    clean(markup)
    for sentence in split_sentences(unwrap(text)):
        tokens(sentence)
    detect_language(text)
    post = Object(id="https://a.example/1", type="Note", content=markup)
    links_in(post)


def addresses(data: bytes) -> None:
    """Take any text for an address."""
    one, other = texts(data.decode("utf-8", "replace").encode(), 2)
    host_of(one), origin_of(one), same_origin(one, other), web_host(one)
    clean_one = canonical(one)
    if clean_one is not None and canonical(clean_one) is None:
        raise AssertionError("a clean address is none any more")
    for guard in (AddressGuard(), AddressGuard(allow_loopback=True)):
        with contextlib.suppress(Forbidden):
            guard.check_url(one)
    with contextlib.suppress(Malformed):
        split(one)
    is_activity(one)
    retry_after({"Retry-After": one, "Date": other}, NOW)
    retry_after({"X-RateLimit-Reset": one}, NOW)


def jrd(data: bytes) -> None:
    """Read any answer to WebFinger."""
    with contextlib.suppress(Malformed):
        read_jrd(orjson.dumps(document_of(data)), "https://a.example/")
    with contextlib.suppress(Malformed):
        read_jrd(data, "https://a.example/")


def feeds(data: bytes) -> None:
    """Read any feed, as the process apart does, and any JSON feed."""
    parsed = feedparser.parse(io.BytesIO(data))
    for entry in parsed.entries:
        str(entry.get("link") or entry.get("id") or ""), str(entry.get("title", ""))
    with contextlib.suppress(NotAFeed):
        list(usable(json_feed(data, "https://a.example/feed")[1]))


def pages(data: bytes) -> None:
    """Read the head of any page, any robots.txt and any list of blocked hosts."""
    read_head(data)
    text = data.decode("utf-8", "replace")
    Protego.parse(text).can_fetch("https://a.example/x", "Fedigest")
    with contextlib.suppress(csv.Error, NotAList):
        list(read_csv(text, NOW))


def asking(data: bytes) -> None:
    """Understand any mention."""
    text = data.decode("utf-8", "replace")
    for under_a_post in (True, False):
        parse_wish(text, under_a_post=under_a_post)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        *(documents, posts, signatures, mutated, digests, public_keys, proofs, inbox),
        *(html, addresses, jrd, feeds, pages, asking),
    )
}
