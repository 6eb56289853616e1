"""What a signature must cover, how old it may be, and in which clothes it may come."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.errors import BadSignature
from activitypub.ports import SigningKey
from activitypub.signatures import candidates, cavage, keys, message
from activitypub.signatures.request import Request

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "https://digest.example/ap/inbox?x=1"
PRIVATE = rsa.generate_private_key(65537, 2048)
KEY = SigningKey("https://peer.example/u#main-key", PRIVATE)
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
BODY = b"{}"
SIGN = {"cavage": cavage.sign, "rfc9421": message.sign}


def signed(scheme: str, at: datetime = NOW, url: str = URL) -> dict[str, str]:
    headers = SIGN[scheme](KEY, "POST", url, now=at, body=BODY)
    return {name.lower(): value for name, value in headers.items()}


def accept(headers: dict[str, str], url: str = URL, now: datetime = NOW, *more: str) -> None:
    request = Request("POST", url, headers, BODY, more)
    for candidate in candidates(request, now):
        keys.verify(candidate, PEM)


@pytest.mark.parametrize("scheme", SIGN)
def test_five_minutes_and_an_hour_for_wrong_clocks(scheme: str) -> None:
    headers = signed(scheme)
    for late in (timedelta(minutes=64), timedelta(minutes=-59)):
        accept(headers, now=NOW + late)
    for late in (timedelta(minutes=66), timedelta(minutes=-61)):
        with pytest.raises(BadSignature, match=r"too old|future"):
            accept(headers, now=NOW + late)


@pytest.mark.parametrize(("hours", "good"), [(1, True), (11, True), (12.9, True), (13.1, False)])
def test_who_says_when_it_expires_gets_twelve_hours_at_most(hours: float, good: bool) -> None:  # noqa: FBT001
    made, end = int(NOW.timestamp()), int((NOW + timedelta(days=9)).timestamp())
    covered = ("(request-target)", "host", "(created)", "(expires)", "digest")
    header = cavage.SignatureHeader("k", b"", covered, None, NOW, datetime.fromtimestamp(end, UTC))
    headers = {"digest": signed("cavage")["digest"], "host": "digest.example"}
    base = cavage.signing_string(covered, "POST", "/ap/inbox?x=1", headers, header)
    value = b64encode(keys.sign(PRIVATE, base)).decode()
    headers["signature"] = (
        f'keyId="{KEY.key_id}",created={made},expires={end},algorithm="hs2019",'
        f'headers="{" ".join(covered)}",signature="{value}"'
    )
    if good:
        accept(headers, now=NOW + timedelta(hours=hours))
    else:
        with pytest.raises(BadSignature, match="too old"):
            accept(headers, now=NOW + timedelta(hours=hours))


@pytest.mark.parametrize("scheme", SIGN)
def test_a_signature_for_another_host_is_none_for_us(scheme: str) -> None:
    """Whatever the Host header says: who replays it here says our name or theirs."""
    headers = signed(scheme, url=URL.replace("digest", "other"))
    for host in ("other.example", "digest.example"):
        with pytest.raises(BadSignature):
            accept({**headers, "host": host})
    accept({**signed(scheme), "host": "behind-the-proxy:8080"})


def test_old_mastodon_leaves_the_query_out() -> None:
    accept(signed("cavage", url=URL.partition("?")[0]))


def test_of_several_signatures_one_good_one_is_enough() -> None:
    headers = signed("cavage")
    other = headers["signature"].replace("peer.example", "proxy.example").replace("host ", "")
    accept(headers, URL, NOW, other, headers["signature"])
    with pytest.raises(BadSignature, match="cover host"):
        accept(headers, URL, NOW, other)


def test_odd_clothes_are_taken_and_doubled_parameters_are_not() -> None:
    headers = signed("cavage")
    header = headers["signature"]
    for odd in (
        header.replace('algorithm="rsa-sha256"', "algorithm=hs2019"),
        header.replace('algorithm="rsa-sha256",', ""),
        header.replace(",", " , ").replace("keyId=", "KEYID ="),
        header.replace("(request-target) host", "(request-target) Host"),
        header.replace(",", ",   \t "),  # a folded header as a proxy unfolds it
        f"Signature {header}",
    ):
        accept({**headers, "signature": odd})
    digest = f"sha-512=unknown,{headers['digest']}"
    with pytest.raises(BadSignature):
        accept({**headers, "digest": digest})
    with pytest.raises(BadSignature, match="twice"):
        accept({**headers, "signature": f'{header},keyId="https://evil.example/k"'})
    rfc = signed("rfc9421")
    doubled = f"{rfc['signature-input']}, {rfc['signature-input']}"
    with pytest.raises(BadSignature, match="twice"):
        accept({**rfc, "signature-input": doubled})


@pytest.mark.parametrize("missing", ["@method", "@target-uri", "content-digest"])
def test_rfc_9421_must_cover_what_makes_it_one_request(missing: str) -> None:
    headers = signed("rfc9421")
    weak = headers["signature-input"].replace(f'"{missing}"', '"date"')
    with pytest.raises(BadSignature, match=missing):
        accept({**headers, "signature-input": weak})


def test_the_algorithm_follows_from_the_key() -> None:
    headers = signed("rfc9421")
    changed = headers["signature-input"].replace("rsa-v1_5-sha256", "ed25519")
    with pytest.raises(BadSignature):
        accept({**headers, "signature-input": changed})
    with pytest.raises(BadSignature, match=r"cannot be read|too large"):
        keys.load("-----BEGIN PUBLIC KEY-----\n" + "A" * 10_240)
    with pytest.raises(BadSignature, match="Multikey"):
        keys.load("z" + "6Mk" * 3)


@pytest.mark.parametrize("scheme", SIGN)
def test_bytes_that_are_no_utf_8_are_refused_in_a_key_id_and_taken_as_they_came(
    scheme: str,
) -> None:
    """Found by fuzzing: such bytes come as surrogates, which cannot be written again as UTF-8."""
    headers = signed(scheme)
    name = "signature" if scheme == "cavage" else "signature-input"
    bad = {**headers, name: headers[name].replace("peer.example", "p\udcff.example")}
    with pytest.raises(BadSignature):
        accept(bad)
    weird = {**headers, "date": "\udcff", "x-name": "\udcff"}
    covers = {
        "cavage": headers["signature"].replace(" digest", " digest x-name"),
        "rfc9421": headers.get("signature-input", "").replace('" "', '" "x-name" "', 1),
    }[scheme]
    with pytest.raises(BadSignature):
        accept({**weird, "date": headers["date"], name: covers})
    long = headers[name].replace("https://peer.example/u", "https://" + "p" * 3000)
    with pytest.raises(BadSignature, match="no address"):
        accept({**headers, name: long})
