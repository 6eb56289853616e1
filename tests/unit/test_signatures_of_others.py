"""Both schemes and the proofs, against implementations by others, in both directions."""

from datetime import UTC, datetime
from typing import Any

import pytest
from apsig import ProofSigner, ProofVerifier
from apsig.draft import Signer as DraftSigner
from apsig.draft import Verifier as DraftVerifier
from apsig.rfc9421 import RFC9421Verifier
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import candidates as read
from activitypub.signatures import cavage, keys, message, proof
from activitypub.signatures.request import Request

KEY_ID = "https://peer.example/users/ada#main-key"
URL = "https://digest.example/ap/inbox?from=a%20b"
BODY = '{"type":"Create","content":"Offene Gewichte – frei?"}'.encode()
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = Ed25519PrivateKey.generate()


class Message:
    """A request as `http_message_signatures` wants it."""

    def __init__(self, method: str, url: str, headers: dict[str, str]) -> None:
        self.method, self.url, self.headers = method, url, headers


def pem(key: Any) -> str:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(public.decode())


def accepts(headers: dict[str, str], key: Any, body: bytes | None, method: str = "POST") -> None:
    lower = {name.lower(): value for name, value in headers.items()}
    [candidate] = read(Request(method, URL, lower, body), datetime.now(UTC))
    assert candidate.key_id == KEY_ID
    keys.verify(candidate, pem(key))


KINDS = [
    pytest.param(RSA, algorithms.RSA_V1_5_SHA256, id="rsa"),
    pytest.param(ED25519, algorithms.ED25519, id="ed25519"),
]


def resolver(key: Any) -> Any:
    return MappingKeyResolver(public_keys={KEY_ID: key.public_key()}, private_keys={KEY_ID: key})


@pytest.mark.parametrize(("key", "algorithm"), KINDS)
@pytest.mark.parametrize("with_alg", [True, False])
def test_we_take_what_http_message_signatures_signs(
    key: Any,
    algorithm: Any,
    with_alg: bool,  # noqa: FBT001
) -> None:
    signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=resolver(key))
    sent = Message("POST", URL, {"Date": cavage.http_date(datetime.now(UTC))})
    signer.sign(
        sent,
        key_id=KEY_ID,
        covered_component_ids=("@method", "@authority", "@target-uri", "date"),
        include_alg=with_alg,
        body=BODY,
    )
    accepts(sent.headers, key, BODY)
    with pytest.raises(BadSignature):
        accepts(sent.headers, key, BODY + b" ")


@pytest.mark.parametrize(("key", "algorithm"), KINDS)
def test_http_message_signatures_takes_what_we_sign(key: Any, algorithm: Any) -> None:
    now = datetime.now(UTC)
    headers = message.sign(SigningKey(KEY_ID, key), "POST", URL, now=now, body=BODY)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=resolver(key))
    [result] = verifier.verify(
        Message("POST", URL, headers),
        require_components=("@method", "@target-uri", "content-digest"),
        body=BODY,
    )
    assert result.body == BODY
    assert verifier.verify(
        Message("GET", URL, message.sign(SigningKey(KEY_ID, key), "GET", URL, now=now))
    )


def test_apsig_takes_what_we_sign_by_rfc_9421() -> None:
    # It derives @path and @authority, not @target-uri: so it is asked for those as well.
    key, now = SigningKey(KEY_ID, RSA), datetime.now(UTC)
    url = "https://digest.example/ap/inbox"
    wanted = message.wanted(
        'sig=("@method" "@path" "@authority" "content-digest");created;keyid', key
    )
    assert wanted is not None
    headers = message.sign(key, "POST", url, now=now, body=BODY, wanted=wanted)
    entry = message.parse_inputs(headers["Signature-Input"])[0]
    assert {"@path", "@authority", "@target-uri", "@method", "content-digest"} <= entry.names
    assert wanted.label == entry.label == "sig"
    headers["@target-uri"] = url  # as if it were a field, which gives the same line
    verifier = RFC9421Verifier(RSA.public_key(), "POST", "/ap/inbox", "digest.example", headers)
    assert verifier.verify(raise_on_fail=True) == KEY_ID


def test_apsig_takes_our_cavage_and_we_take_its() -> None:
    url = URL.partition("?")[0]  # it signs and verifies without the query
    headers = cavage.sign(SigningKey(KEY_ID, RSA), "POST", url, now=datetime.now(UTC), body=BODY)
    assert DraftVerifier(pem(RSA), "POST", url, headers, BODY).verify(raise_on_fail=True) == KEY_ID
    sent = {"Date": cavage.http_date(datetime.now(UTC)), "Host": "digest.example"}
    signed = DraftSigner(
        headers=sent, private_key=RSA, method="POST", url=URL, key_id=KEY_ID, body=BODY
    ).sign()
    accepts(signed, RSA, BODY)


NOTE = {
    "@context": ["https://www.w3.org/ns/activitystreams", proof.CONTEXT],
    "id": "https://digest.example/ap/objects/1",
    "type": "Note",
    "content": "<p>„Gewichte“ &amp; Daten 🎉</p>",
    "attributedTo": "https://digest.example/ap/actors/news",
    "replies": {"totalItems": 3, "ratio": 0.5},
}


def test_apsig_takes_our_proofs_and_we_take_its() -> None:
    now = datetime.now(UTC)
    key = SigningKey("https://digest.example/ap/actors/news#ed25519-key", ED25519)
    proved = proof.add(NOTE, key, now)
    multikey = keys.multikey(ED25519.public_key())
    proof.verify(proved, multikey, now)
    assert proved["proof"]["verificationMethod"] == key.key_id
    assert ProofVerifier(multikey).verify(proved, raise_on_fail=True)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "verificationMethod": key.key_id,
        "created": "2026-11-23T08:00:00Z",
    }
    proof.verify(ProofSigner(ED25519).sign(NOTE, options), multikey, now)


@pytest.mark.parametrize(
    "change",
    [
        {"content": "<p>something else</p>"},
        {"extra": 1},
        {"proof": {"proofPurpose": "authentication"}},
        {"proof": {"created": "2030-01-01T00:00:00Z"}},
        {"proof": {"verificationMethod": "https://evil.example/k"}},
        {"proof": {"expires": "2020-01-01T00:00:00Z"}},
        {"proof": {"nonce": "x"}},
        {"proof": {"proofValue": "zzzz"}},
        {"proof": {"proofValue": "not base58 0OIl"}},
        {"proof": {"cryptosuite": "eddsa-rdfc-2022"}},
    ],
)
def test_no_part_of_a_proof_or_its_document_can_be_changed(change: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    proved = proof.add(NOTE, SigningKey(KEY_ID, ED25519), now)
    if "proof" in change:
        change = {"proof": {**proved["proof"], **change["proof"]}}
    with pytest.raises(BadSignature):
        proof.verify({**proved, **change}, keys.multikey(ED25519.public_key()), now)
