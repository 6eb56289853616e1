"""For any input: nothing forged verifies, nothing hidden leaks, nothing breaks the readers."""

import os
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activitypub.client import read_json
from activitypub.delivery import Parcel
from activitypub.errors import ActivityPubError, BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import candidates, cavage, keys, message
from activitypub.signatures.request import Request
from activitypub.vocab import Activity, Actor, Collection, Object, parse

EXAMPLES = int(os.environ.get("FEDIGEST_EXAMPLES", "200"))
"""How many inputs each property is tried with; set it high for a long search."""
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "https://digest.example/ap/inbox?a=1"
PRIVATE = rsa.generate_private_key(65537, 2048)
KEY = SigningKey("https://peer.example/u#main-key", PRIVATE)
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
SIGNERS = {"cavage": cavage.sign, "rfc9421": message.sign}
BODY = b'{"type":"Create","id":"https://peer.example/1"}'

NAMES = [
    *("id", "type", "actor", "object", "to", "cc", "bto", "bcc", "tag", "name", "href", "content"),
    *("contentMap", "attributedTo", "url", "items", "first", "next", "inbox", "publicKey"),
    *("endpoints", "replies", "published", "attachment"),
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=30,
)
documents = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), json_values, max_size=6)


def verified(request: Request) -> bool:
    try:
        [candidate, *_] = candidates(request, NOW)
        keys.verify(candidate, PEM)
    except BadSignature:
        return False
    return candidate.key_id == KEY.key_id  # under another id, another key would be asked


def signed(scheme: str) -> dict[str, str]:
    headers = SIGNERS[scheme](KEY, "POST", URL, now=NOW, body=BODY)
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("scheme", SIGNERS)
@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_changed_request_verifies(scheme: str, data: st.DataObject) -> None:
    headers = signed(scheme)
    assert verified(Request("POST", URL, headers, BODY))
    what = data.draw(st.sampled_from(["method", "url", "body", *sorted(headers)]))
    method, url, body = "POST", URL, BODY
    if what == "method":
        method = data.draw(st.sampled_from(["GET", "PUT", "DELETE", "PATCH"]))
    elif what == "url":
        url = data.draw(
            st.sampled_from(
                [
                    "https://other.example/ap/inbox?a=1",
                    "https://digest.example/ap/actors/news/inbox?a=1",
                    "https://digest.example/ap/inbox?a=2",
                    "https://digest.example:8443/ap/inbox?a=1",
                ]
            )
        )
    elif what == "body":
        position = data.draw(st.integers(0, len(BODY) - 1))
        body = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]
    else:
        old = headers[what]
        new = data.draw(mutations(old))
        if new == old or (what == "host" and scheme in SIGNERS):
            return  # the host is taken from our own address, so the header changes nothing
        headers = {**headers, what: new}
    request = Request(method, url, headers, body)
    if verified(request):
        # What may change without harm: how a header is written, never what it says.
        assert meaning(headers) == meaning(signed(scheme)), what
        assert (method, url, body) == ("POST", URL, BODY)


@st.composite
def mutations(draw: st.DrawFn, old: str) -> str:
    kind = draw(st.sampled_from(["flip", "cut", "insert", "double"]))
    position = draw(st.integers(0, max(len(old) - 1, 0)))
    if kind == "flip":
        return old[:position] + draw(st.characters(codec="ascii")) + old[position + 1 :]
    if kind == "cut":
        return old[:position]
    if kind == "insert":
        return old[:position] + draw(st.text(max_size=3)) + old[position:]
    return f"{old}, {old}"


def meaning(headers: dict[str, str]) -> tuple[Any, ...]:
    """Return what the signature says: its bytes, key and what it covers."""
    request = Request("POST", URL, headers, BODY)
    [found, *_] = candidates(request, NOW)
    return found.key_id, found.signature, found.bases[0]


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_header_breaks_the_readers(one: str, other: str) -> None:
    for headers in (
        {"signature": one},
        {"signature": one, "signature-input": other},
        {"signature": f"sig1={one}", "signature-input": f"sig1=({other})"},
        {**signed("cavage"), "date": one, "digest": other},
        {**signed("rfc9421"), "signature-input": one},
        {**signed("rfc9421"), "content-digest": one},
    ):
        assert not verified(Request("POST", URL, headers, BODY)) or one == headers.get("x")
    message.wanted(one, KEY)
    assert not isinstance(cavage.http_date(NOW), bytes)


@given(st.binary(max_size=200) | documents.map(orjson.dumps))
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_document_breaks_the_readers(body: bytes) -> None:
    try:
        document = read_json(body)
        found = parse(document)
    except ActivityPubError:
        return
    again = parse(orjson.loads(orjson.dumps(dict(found.document))))
    assert again == found


@given(documents)
@example({"tag": {"type": ""}, "attachment": [{"type": ""}, {"type": ["Link"], "href": "x"}]})
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_we_write_reads_back_the_same(document: dict[str, Any]) -> None:
    for kind in (Activity, Object, Collection, Actor):
        try:
            first = kind.parse({"id": "https://a.example/1", "type": kind.__name__, **document})
            written = orjson.loads(orjson.dumps(first.to_document()))
            second = kind.parse(written)
        except ValueError:
            continue
        assert orjson.loads(orjson.dumps(second.to_document())) == written


@given(documents)
@settings(max_examples=EXAMPLES, deadline=None)
def test_blind_recipients_never_leave(document: dict[str, Any]) -> None:
    sent = orjson.loads(Parcel.write({**document, "bto": ["https://secret.example/x"]}))
    assert "bto" not in sent
    assert "bcc" not in sent
    inner = sent.get("object")
    while isinstance(inner, dict):
        assert not {"bto", "bcc"} & inner.keys()
        inner = inner.get("object")
