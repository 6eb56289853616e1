"""The bot as a process of its own, so that it can be killed."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from activitypub.uris import Uris
from bot.demo.fediverse import SampleFediverse, free_port
from bot.demo.show import HANDLE
from tests import ready

TEMPLATE = """
[instance]
base_url = "http://localhost:{port}"
[server]
port = {port}
[storage]
database = "sqlite:///bot.sqlite3"
keys = "keys"
[network]
allow_loopback = true
retry_scale = 0.02
[reading]
poll_minutes = 1
[[bots]]
handle = "news"
name = "Open AI news"
hashtags = ["openweights", "openai"]
hosts = ["{models}"]
rest_hosts = ["{plaza}"]
accounts = ["openweights@{forum}"]
digest_at = "{digest_at}"
"""


@dataclass
class BotProcess:
    """`fedigest run` in `folder`; start, kill and start it again."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    @classmethod
    def prepare(cls, folder: Path, fediverse: SampleFediverse, digest_at: str) -> "BotProcess":
        """Write settings and keys."""
        origins = {name: server.origin for name, server in fediverse.servers.items()}
        bot = cls(folder, free_port(0))
        bot.settings.write_text(
            TEMPLATE.format(
                port=bot.port,
                models=origins["models"],
                plaza=origins["plaza"],
                forum=origins["forum"].partition("//")[2],
                digest_at=digest_at,
            )
        )
        ready.own_keys(folder / "keys", HANDLE)
        return bot

    @property
    def settings(self) -> Path:
        return self.folder / "fedigest.toml"

    @property
    def uris(self) -> Uris:
        return Uris(f"http://localhost:{self.port}", f"localhost:{self.port}")

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'bot.sqlite3'}"

    async def start(self, **variables: str) -> None:
        """Start it, with further variables, and wait until it answers."""
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run", "-c", str(self.settings)),
                stdout=log,
                stderr=log,
                env={**os.environ, **variables},
            )
        async with asyncio.timeout(30), aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.uris.base}/about") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def end(self, kind: signal.Signals) -> int:
        """Send a signal to this very process and wait for its end; return its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            os.kill(self.process.pid, kind)
        return await self.process.wait()

    async def kill_and_start(self) -> None:
        """Kill it with -9 and start it again."""
        assert await self.end(signal.SIGKILL) == -signal.SIGKILL
        await self.start()
