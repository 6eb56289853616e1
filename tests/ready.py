"""What nearly every test needs and few are about, made once: empty databases, and keys."""

import asyncio
import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from bot import keys
from storage.engine import migrate


def database(file: Path) -> None:
    """Put an empty SQLite database with all tables there, unless there is one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_database(), file)


def own_keys(folder: Path, handle: str) -> None:
    """Put the keys of an instance and its bot there, unless there are some."""
    if not folder.exists():
        shutil.copytree(_own_keys(handle), folder)


@cache
def server_keys(many: int) -> tuple[rsa.RSAPrivateKey, ...]:
    """Return the keys of other servers."""
    return tuple(rsa.generate_private_key(65537, 2048) for _ in range(many))


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fedigest-ready-"))
    atexit.register(shutil.rmtree, folder)
    return folder


@cache
def _database() -> Path:
    file = _folder() / "empty.sqlite3"
    with ThreadPoolExecutor(1) as pool:  # who asks may have an event loop running
        pool.submit(asyncio.run, migrate(f"sqlite:///{file}")).result()
    return file


@cache
def _own_keys(handle: str) -> Path:
    folder = _folder() / f"keys-{handle}"
    keys.create_missing(folder, (handle,))
    return folder
