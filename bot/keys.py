"""The private keys of our actors: one PEM file each, readable by its owner only."""

import contextlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activitypub.ports import SigningKey
from activitypub.signatures import keys
from activitypub.uris import HANDLE, Uris
from activitypub.vocab import PublicKey
from bot.errors import AlreadyThere, KeyFileError

INSTANCE = "instance"
"""File name of the instance actor's key; no handle collides with it (see `KeyRing`)."""
BITS = 2048
"""RSA size that every server takes; larger keys only make each delivery slower."""


class KeyRing:
    """Signing keys by actor id, loaded once from `folder`.

    Raises `KeyFileError` when a file is missing, broken, or readable by others.
    """

    def __init__(self, folder: Path, uris: Uris, handles: tuple[str, ...]) -> None:
        self._uris = uris
        names = {uris.instance_actor: INSTANCE}
        names |= {uris.actor(handle): f"bot-{handle}" for handle in handles}
        names |= {uris.actor(handle): f"bot-{handle}" for handle in _former(folder, handles)}
        self._keys = {actor: load_rsa(_file(folder, name)) for actor, name in names.items()}
        self._proving = {
            actor: load_or_create(_file(folder, f"{name}.ed25519")) for actor, name in names.items()
        }

    def has(self, actor_id: str) -> bool:
        """Tell whether there are keys of an actor of ours: those of a former bot may be gone."""
        return actor_id in self._keys

    def signing(self, actor_id: str) -> SigningKey:
        """Return the key with which `actor_id`, an actor of ours, signs."""
        return SigningKey(self._uris.key(actor_id), self._keys[actor_id])

    def proving(self, actor_id: str) -> SigningKey:
        """Return the Ed25519 key with which `actor_id` signs documents (FEP-8b32)."""
        return SigningKey(self._uris.multikey(actor_id), self._proving[actor_id])

    def secret(self, purpose: str) -> bytes:
        """Return 32 secret bytes for a purpose: the same ones as long as the instance's key is."""
        key = self._proving[self._uris.instance_actor].private_bytes_raw()
        return hmac.digest(key, purpose.encode(), "sha256")

    def public(self, actor_id: str) -> tuple[PublicKey, ...]:
        """Return the public halves as they stand in the actor document, RSA first."""
        pem = (
            self._keys[actor_id]
            .public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        multikey = keys.multikey(self._proving[actor_id].public_key())
        return (
            PublicKey(self._uris.key(actor_id), actor_id, pem.decode()),
            PublicKey(self._uris.multikey(actor_id), actor_id, multikey),
        )


def create_missing(folder: Path, handles: tuple[str, ...]) -> list[Path]:
    """Create the key files that do not exist yet, with mode 0600, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = [INSTANCE, *(f"bot-{handle}" for handle in handles)]
    missing = [file for name in names if not (file := _file(folder, name)).exists()]
    for file in missing:
        write_new(file, _pem(rsa.generate_private_key(65537, BITS)))
    for name in names:
        load_or_create(_file(folder, f"{name}.ed25519"))
    return missing


def _former(folder: Path, handles: tuple[str, ...]) -> Iterator[str]:
    """Yield the bots whose keys are here though the settings name them no more.

    What they published has still to be taken back, in their name.
    """
    for file in sorted(folder.glob("bot-*.pem")):
        name = file.name.removeprefix("bot-").removesuffix(".pem")
        if HANDLE.fullmatch(name) and name not in handles:
            with contextlib.suppress(KeyFileError):  # nobody needs a bot that is gone to start
                load_rsa(file)
                yield name


def load_or_create(file: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 key, or create it: an instance older than these keys gets them on the way.

    Raises `KeyFileError`.
    """
    if not file.exists():
        with contextlib.suppress(AlreadyThere):  # another process was quicker
            write_new(file, _pem(Ed25519PrivateKey.generate()))
    key = _load(file)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{file} does not hold an Ed25519 private key in PEM form")
    return key


def write_new(file: Path, content: bytes) -> None:
    """Write `file` with mode 0600 from the first moment on. Raises `AlreadyThere`."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AlreadyThere(f"{file} exists and is not overwritten") from None
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def load_rsa(file: Path) -> RSAPrivateKey:
    """Read an RSA key. Raises `KeyFileError`."""
    key = _load(file)
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileError(f"{file} does not hold an RSA private key in PEM form")
    return key


def _load(file: Path) -> object:
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()
    except OSError as problem:
        raise KeyFileError(
            f"the key {file} cannot be read ({problem.strerror}); "
            "`fedigest init --keys` makes the keys of a bot that is new"
        ) from None
    if mode & 0o077:
        raise KeyFileError(f"the key {file} can be read by others; run: chmod 600 {file}")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        return None
    return key


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.pem"


def _pem(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
