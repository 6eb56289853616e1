"""RFC 9421, appendix B: the examples of the specification itself, keys and signatures included.

Our profile takes fewer algorithms than the RFC knows, so those of B.2.1 to B.3 are checked here by
`cryptography` on the signature base that we build: if one byte of the base were wrong, none would
verify. B.2.6 and B.4 (Ed25519) are verified by our own code.
"""

import hmac
from base64 import b64decode
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.errors import BadSignature
from activitypub.signatures import digest, keys, message
from activitypub.signatures.request import Candidate, Request

RSA_PSS = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----"""
ECC = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----"""
ED25519 = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----"""
SECRET = b64decode(
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)

BODY = b'{"hello": "world"}'
REQUEST = Request(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    {
        "host": "example.com",
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-digest": "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7"
        "BNNyealdVLvRwEmTHWXvJwew==:",
        "content-length": "18",
    },
    BODY,
)
CERTIFICATE = (
    "MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMM"
    "EkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkw"
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M"
    "6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAO"
    "BgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoG"
    "CCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk"
    "0wmuydBVoU4hBVZ1yhk="
)
PROXIED = Request(
    "POST",
    "https://service.internal.example/foo?param=Value&Pet=dog",
    {**REQUEST.headers, "host": "service.internal.example", "client-cert": f":{CERTIFICATE}:"},
    BODY,
)


def base_of(request: Request, header: str) -> bytes:
    [entry] = message.parse_inputs(header)
    return message.signature_base(entry, request)


def by_rsa_pss(signature: bytes, base: bytes) -> None:
    key = serialization.load_pem_public_key(RSA_PSS.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, base, padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512())


def by_ecdsa(signature: bytes, base: bytes) -> None:
    key = serialization.load_pem_public_key(ECC.encode())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    half = len(signature) // 2
    encoded = utils.encode_dss_signature(
        int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    )
    key.verify(encoded, base, ec.ECDSA(hashes.SHA256()))


def by_hmac(signature: bytes, base: bytes) -> None:
    assert hmac.digest(SECRET, base, "sha256") == signature


@pytest.mark.parametrize(
    ("request_", "header", "signature", "check"),
    [
        pytest.param(
            REQUEST,
            'sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
            "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtR"
            "xf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhz"
            "x2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP"
            "5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
            by_rsa_pss,
            id="B.2.1",
        ),
        pytest.param(
            REQUEST,
            'sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473'
            ';keyid="test-key-rsa-pss";tag="header-example"',
            "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE"
            "5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17S"
            "ARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY"
            "3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
            by_rsa_pss,
            id="B.2.2",
        ),
        pytest.param(
            REQUEST,
            'sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type"'
            ' "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
            "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRp"
            "RRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH"
            "1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui"
            "9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
            by_rsa_pss,
            id="B.2.3",
        ),
        pytest.param(
            REQUEST,
            'sig-b25=("date" "@authority" "content-type");created=1618884473'
            ';keyid="test-shared-secret"',
            "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
            by_hmac,
            id="B.2.5",
        ),
        pytest.param(
            PROXIED,
            'ttrp=("@path" "@query" "@method" "@authority" "client-cert");created=1618884473'
            ';keyid="test-key-ecc-p256"',
            "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==",
            by_ecdsa,
            id="B.3",
        ),
    ],
)
def test_signature_bases(
    request_: Request, header: str, signature: str, check: Callable[[bytes, bytes], None]
) -> None:
    check(b64decode(signature), base_of(request_, header))


def verified(request: Request, header: str, signature: str) -> None:
    [entry] = message.parse_inputs(header)
    candidate = Candidate("k", b64decode(signature), (message.signature_base(entry, request),))
    keys.verify(candidate, ED25519)


def test_b26_ed25519_is_verified_and_made_again() -> None:
    header = (
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    signature = (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
    verified(REQUEST, header, signature)
    private = serialization.load_pem_private_key(
        b"-----BEGIN PRIVATE KEY-----\n"
        b"MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
        b"-----END PRIVATE KEY-----",
        None,
    )
    assert isinstance(private, Ed25519PrivateKey)
    assert keys.sign(private, base_of(REQUEST, header)) == b64decode(signature)


TRANSFORM = (
    'transform=("@method" "@path" "@authority" "accept");created=1618884473'
    ';keyid="test-key-ed25519"'
)
TRANSFORMED = (
    "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA=="
)
DEMO = "https://example.org/demo?name1=Value1&Name2=value2"


@pytest.mark.parametrize(
    ("method", "url", "accept"),
    [
        ("GET", DEMO, "application/json, */*"),
        ("GET", f"{DEMO}&param=added", "application/json, */*"),
        ("GET", DEMO.replace("example.org", "EXAMPLE.org:443"), "application/json, */*"),
        ("get", DEMO, " application/json, */*  "),
    ],
)
def test_b4_what_a_signature_survives(method: str, url: str, accept: str) -> None:
    verified(Request(method, url, {"accept": accept}), TRANSFORM, TRANSFORMED)


@pytest.mark.parametrize(
    ("method", "url", "accept"),
    [
        ("POST", DEMO, "application/json, */*"),
        ("GET", DEMO.replace("example.org", "example.com"), "application/json, */*"),
        ("GET", DEMO, "*/*, application/json"),
        ("GET", DEMO.replace("/demo", "/demo2"), "application/json, */*"),
    ],
)
def test_b4_what_it_does_not(method: str, url: str, accept: str) -> None:
    with pytest.raises(BadSignature):
        verified(Request(method, url, {"accept": accept}), TRANSFORM, TRANSFORMED)


def test_the_content_digest_of_the_examples() -> None:
    digest.verify_digest(REQUEST.headers["content-digest"], BODY)
    with pytest.raises(BadSignature):
        digest.verify_digest(REQUEST.headers["content-digest"], BODY + b" ")
