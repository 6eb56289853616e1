"""Connections on which nothing is asked, or byte by byte, do not stay and keep nobody out."""

import asyncio
import contextlib
import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest

import bot.app
from bot.taking_back import consent_form
from tests.federation.bot_process import BotProcess
from tests.federation.instance import fetch, running, sample_fediverse

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
FEW = 64
"""Files, the soft limit that the process is given; and so many connections are held open."""


@pytest.mark.parametrize(
    "first", [b"", b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n"], ids=["new", "used"]
)
async def test_who_asks_nothing_or_byte_by_byte_is_hung_up_on(
    first: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.app, "IDLE", 2.0)
    async with running(tmp_path) as (_, app, _):
        where = urlsplit(app.uris.base)
        async with asyncio.timeout(60):
            silent = await connected(where, first)
            dripping = await connected(where, first)
            dripped = asyncio.create_task(drip(dripping[1]))
            for reader, writer in (silent, dripping):
                await hung_up(reader)
                writer.close()
        dripped.cancel()
        assert (await fetch(f"{app.uris.base}/about"))[0] == 200


async def test_a_form_that_never_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent_form, "PATIENCE", 0.2)
    async with running(tmp_path) as (_, app, _):
        where = urlsplit(app.uris.base)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100"
        writer.write(f"POST /consent HTTP/1.1\r\nHost: {where.netloc}\r\n{kind}\r\n\r\na".encode())
        async with asyncio.timeout(60):
            assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def connected(where: SplitResult, first: bytes) -> Connection:
    """Connect; ask for what `first` asks for, if it does, and read the head of the answer."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(first)
    if first:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    return reader, writer


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send a head that never ends."""
    writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.05)


async def hung_up(reader: asyncio.StreamReader) -> None:
    """Wait until the other side hangs up."""
    with contextlib.suppress(ConnectionError):  # it did so while a byte was on its way
        await reader.read(-1)


async def test_more_connections_than_the_soft_limit_keep_nobody_out(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with sample_fediverse() as fediverse:
        hour = (datetime.now(UTC) + timedelta(hours=6)).strftime("%H:00")
        process = BotProcess.prepare(tmp_path, fediverse, hour)
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, hard))
        try:
            await process.start()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        try:
            held = [await asyncio.open_connection("localhost", process.port) for _ in range(FEW)]
            assert (await fetch(f"{process.uris.base}/about"))[0] == 200
            for _, writer in held:
                writer.close()
        finally:
            await process.end(signal.SIGKILL)
