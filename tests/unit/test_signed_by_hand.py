"""Signatures as other programs make them, put together by hand, and keys of absurd sizes."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import Request, candidates, cavage, keys, message

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "https://digest.example/ap/inbox?a=1"
BODY = b'{"type":"Create"}'
PRIVATE = rsa.generate_private_key(65537, 2048)


def pem(key: PublicKeyTypes) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def signed(
    covered: str, target: str, *, parameters: str = "", method: str = "post", body: bytes = BODY
) -> dict[str, str]:
    """Sign as the draft says, with nothing of ours but the key."""
    headers = {
        "host": "digest.example",
        "date": "Mon, 23 Nov 2026 08:00:00 GMT",
        "content-type": "application/activity+json",
        "digest": f"SHA-256={b64encode(sha256(body).digest()).decode()}",
    }
    values = {"(request-target)": f"{method} {target}", "(created)": str(int(NOW.timestamp()))}
    lines = [f"{name}: {(values | headers)[name]}" for name in covered.split()]
    signature = b64encode(keys.sign(PRIVATE, "\n".join(lines).encode())).decode()
    value = f'keyId="https://peer.example/u#main-key",headers="{covered}",signature="{signature}"'
    return {**headers, "signature": value + parameters}


def accept(headers: dict[str, str], method: str = "POST", body: bytes | None = BODY) -> None:
    [candidate] = candidates(Request(method, URL, headers, body), NOW)
    keys.verify(candidate, pem(PRIVATE.public_key()))


@pytest.mark.parametrize(
    ("covered", "parameters"),
    [
        ("(request-target) host date digest", ',algorithm="rsa-sha256"'),
        ("(request-target) host digest date", ""),
        ("(request-target) content-type date digest host", ',algorithm="rsa-sha256"'),
        ("(request-target) host date digest content-type", ',algorithm="hs2019"'),
        ("date host (request-target) digest", ""),
        ("(request-target) (created) host digest", ',algorithm="hs2019",created=NOW'),
    ],
)
def test_header_sets_seen_in_real_deliveries(covered: str, parameters: str) -> None:
    parameters = parameters.replace("NOW", str(int(NOW.timestamp())))
    accept(signed(covered, "/ap/inbox?a=1", parameters=parameters))


def test_the_query_may_be_signed_or_not_but_not_another() -> None:
    accept(signed("(request-target) host date digest", "/ap/inbox?a=1"))
    accept(signed("(request-target) host date digest", "/ap/inbox"))
    for other in ("/ap/inbox?a=2", "/ap/inbox?", "/ap/inbox/", "/ap/actors/news/inbox"):
        with pytest.raises(BadSignature, match="wrong"):
            accept(signed("(request-target) host date digest", other))


def test_a_get_covers_host_and_target_and_no_digest() -> None:
    accept(signed("(request-target) host date", "/ap/inbox?a=1", method="get"), "GET", None)
    for weak in ("host date", "(request-target) date", "(request-target) host"):
        with pytest.raises(BadSignature, match="must cover"):
            accept(signed(weak, "/ap/inbox?a=1", method="get"), "GET", None)


def test_created_counts_only_when_it_is_signed() -> None:
    """A time beside the signature is anyone's to set."""
    loose = signed("(request-target) host digest", "/ap/inbox", parameters=",created=1795420800")
    with pytest.raises(BadSignature, match="cover date"):
        accept(loose)
    with pytest.raises(BadSignature, match="no readable time"):
        accept(signed("(request-target) (created) host digest", "/ap/inbox"))


def test_several_digests_must_all_fit_and_one_be_known() -> None:
    good = signed("(request-target) host date digest", "/ap/inbox")
    wrong = f"SHA-256={b64encode(sha256(b'else').digest()).decode()}"
    for digest in (f"{good['digest']},{wrong}", wrong, "MD5=abc", "SHA-256=", "SHA-256=??"):
        with pytest.raises(BadSignature, match="digest"):
            accept({**good, "digest": digest})
    several = "unixsum=30637, " + good["digest"]
    line = "\n".join(
        [
            "(request-target): post /ap/inbox",
            "host: digest.example",
            f"date: {good['date']}",
            f"digest: {several}",
        ]
    )
    made = b64encode(keys.sign(PRIVATE, line.encode())).decode()
    head, _, _ = good["signature"].partition("signature=")
    accept({**good, "digest": several, "signature": f'{head}signature="{made}"'})


def test_what_we_sign_is_written_as_the_strictest_read_it() -> None:
    """Threads reads `SHA-256=` in capitals only; a query is signed with its path."""
    key = SigningKey("https://digest.example/u#main-key", PRIVATE)
    old = cavage.sign(key, "POST", "https://peer.example/inbox?x=1", now=NOW, body=BODY)
    assert old["Digest"] == f"SHA-256={b64encode(sha256(BODY).digest()).decode()}"
    assert 'headers="(request-target) host date digest"' in old["Signature"]
    assert 'algorithm="rsa-sha256"' in old["Signature"]
    lines = (
        "(request-target): post /inbox?x=1\nhost: peer.example\n"
        f"date: {old['Date']}\ndigest: {old['Digest']}"
    )
    value = old["Signature"].partition('signature="')[2].rstrip('"')
    assert keys.fits(PRIVATE.public_key(), b64decode(value), lines.encode())
    new = message.sign(key, "POST", "https://peer.example/inbox?x=1", now=NOW, body=BODY)
    assert new["Content-Digest"].startswith("sha-256=:")
    assert new["Signature-Input"].startswith('sig1=("@method" "@target-uri" "content-digest")')
    assert 'keyid="https://digest.example/u#main-key"' in new["Signature-Input"]


def absurd() -> Sequence[str]:
    """Return keys that would cost us seconds, prove nothing, or are of another kind."""
    modulus = PRIVATE.public_key().public_numbers().n
    huge = rsa.RSAPublicNumbers(modulus - 2, modulus).public_key()
    small = (1 << 511) + 111
    return [
        pem(huge),
        _spki(small, 65537),
        _spki((1 << 16383) + 1, 65537),
        pem(ec.generate_private_key(ec.SECP256R1()).public_key()),
    ]


def _spki(modulus: int, exponent: int) -> str:
    """Write an RSA key of any size by hand: the library refuses to make some of them."""
    numbers = b"".join(_der(0x02, n.to_bytes(n.bit_length() // 8 + 1)) for n in (modulus, exponent))
    rsa_oid = bytes.fromhex("300d06092a864886f70d0101010500")
    whole = _der(0x30, rsa_oid + _der(0x03, b"\0" + _der(0x30, numbers)))
    text = b64encode(whole).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


@pytest.mark.parametrize("number", range(4))
def test_absurd_keys_are_refused_when_they_are_read(number: int) -> None:
    with pytest.raises(BadSignature, match="key"):
        keys.load(absurd()[number])
