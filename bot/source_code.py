"""Giving the source code of what runs to whoever uses it over the network (AGPL, section 13)."""

import asyncio
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

from bot import __version__

ROOT = Path(__file__).parent.parent
PACKAGES = ("activitypub", "storage", "bot")
BESIDE = ("LICENSE", "README.md", "pyproject.toml", "requirements.lock", "Makefile")
"""What lies beside the packages in a clone. Nothing else there: settings, keys and data may too."""
COMPILED = "__pycache__"


class SourceCode:
    """The route /source: an archive of the program as it is installed here, changes included."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._archive: bytes | None = None
        self._making = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.get("/source", self.give)]

    async def give(self, request: web.Request) -> web.Response:
        """Send the archive, made once: it takes a moment, and the program does not change."""
        async with self._making:
            if self._archive is None:
                self._archive = await asyncio.to_thread(packed, self._root)
        name = f"fedigest-{__version__}.tar.gz"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=self._archive, content_type="application/gzip", headers=headers)


def packed(root: Path) -> bytes:
    """Return a compressed archive of the program below `root`."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for file in _files(root):
            archive.add(file, f"fedigest-{__version__}/{file.relative_to(root)}", filter=_nobodys)
    return stream.getvalue()


def _files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*")):
            if file.is_file() and COMPILED not in file.parts:
                yield file
    yield from (root / name for name in BESIDE if (root / name).is_file())


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Drop who owns a file on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
