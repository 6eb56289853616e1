"""Public keys as they stand in actor documents, and the last word on a signature."""

from functools import lru_cache

import base58
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from activitypub.errors import BadSignature
from activitypub.signatures.request import Candidate

KEY_BITS = range(1024, 8193)
"""Sizes of RSA keys we verify with: old actors have 1024, and an absurd size costs seconds."""
EXPONENT_BITS = 64
"""Nearly everyone uses 65537; one as long as the modulus makes verifying a hundred times slower."""
LONGEST = 8192
ED25519_PREFIX = b"\xed\x01"
"""Multicodec `ed25519-pub`, as a Multikey states it (FEP-521a)."""
RSA_ALGORITHMS = frozenset({"rsa-sha256", "rsa-v1_5-sha256", "hs2019"})
ED25519_ALGORITHMS = frozenset({"ed25519", "hs2019"})

PublicKeyLike = RSAPublicKey | Ed25519PublicKey
PrivateKeyLike = RSAPrivateKey | Ed25519PrivateKey


def verify(candidate: Candidate, key_text: str) -> None:
    """Raise `BadSignature` unless the key of that text made the signature.

    The algorithm follows from the key; one that is named must fit it, so that nobody chooses how
    a key is used.
    """
    key = load(key_text)
    allowed = RSA_ALGORITHMS if isinstance(key, RSAPublicKey) else ED25519_ALGORITHMS
    if candidate.algorithm is not None and candidate.algorithm not in allowed:
        raise BadSignature(f"the algorithm {candidate.algorithm[:30]!r} is not taken for this key")
    for base in candidate.bases:
        if fits(key, candidate.signature, base):
            return
    raise BadSignature("the signature is wrong")


def fits(key: PublicKeyLike, signature: bytes, data: bytes) -> bool:
    """Tell whether `key` signed `data`: RSA with PKCS #1 v1.5 and SHA-256, or Ed25519."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def sign(key: PrivateKeyLike, data: bytes) -> bytes:
    """Sign `data`. Releases the interpreter lock, so that threads sign side by side."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data)


@lru_cache(maxsize=4096)
def load(text: str) -> PublicKeyLike:
    """Load a public key from PEM or, when it starts with "z", from a Multikey's multibase.

    Raises `BadSignature` for anything but Ed25519 and RSA of a usual size.
    """
    if len(text) > LONGEST:
        raise BadSignature("the public key is too large")
    if text.startswith("z"):
        return _multikey(text)
    try:
        key = serialization.load_pem_public_key(text.strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadSignature("the public key cannot be read") from None
    if isinstance(key, Ed25519PublicKey):
        return key
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("the public key is neither an RSA nor an Ed25519 key")
    if key.key_size not in KEY_BITS:
        raise BadSignature(f"an RSA key of {key.key_size} bits is not taken")
    if key.public_numbers().e.bit_length() > EXPONENT_BITS:
        raise BadSignature("the exponent of the public key is absurd")
    return key


def multikey(key: Ed25519PublicKey) -> str:
    """Write an Ed25519 key as `publicKeyMultibase`."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return "z" + base58.b58encode(ED25519_PREFIX + raw).decode()


def _multikey(text: str) -> Ed25519PublicKey:
    try:
        raw = base58.b58decode(text[1:]) if len(text) < 100 else b""
        if not raw.startswith(ED25519_PREFIX):
            raise BadSignature("the Multikey is not an Ed25519 key")
        return Ed25519PublicKey.from_public_bytes(raw.removeprefix(ED25519_PREFIX))
    except ValueError:
        raise BadSignature("the Multikey cannot be read") from None
