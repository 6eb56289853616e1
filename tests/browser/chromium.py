"""Headless Chromium, driven by its own protocol (DevTools) over a web socket."""

import asyncio
import itertools
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
)
SECONDS = 60


def installed() -> str | None:
    """Return where Chromium is, if it is here at all."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Seen:
    """What a page did when it was opened: `asked` are addresses, `problems` what was logged."""

    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Tab:
    """One tab, in which pages may run no script of theirs."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._socket = socket
        self._session = session
        self._numbers = itertools.count(1)
        self._seen = Seen()
        self._loaded = False

    async def call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        """Call a method of the protocol and return its result, noting what happens meanwhile."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(message | {"sessionId": self._session})
        while (heard := await self._hear()).get("id") != number:
            pass
        assert "error" not in heard, heard
        result: Mapping[str, Any] = heard["result"]
        return result

    async def look(self, width: int, scheme: str) -> None:
        """Set the width of the window in CSS pixels, and `light` or `dark`."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def open(self, url: str) -> Seen:
        """Open a page and wait until it is loaded; return what it did."""
        self._seen, self._loaded = Seen(), False
        await self.call("Page.navigate", url=url)
        while not self._loaded:
            await self._hear()
        return self._seen

    async def value(self, script: str) -> Any:
        """Return what an expression of ours gives in the page."""
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def _hear(self) -> Mapping[str, Any]:
        message: Mapping[str, Any] = await self._socket.receive_json(timeout=SECONDS)
        said = message.get("params", {})
        match message.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                self._seen.asked.append(said["request"]["url"])
            case "Log.entryAdded":
                self._seen.problems.append(said["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self._seen.problems.append(str(said))
        return message


@asynccontextmanager
async def tab(program: str, profile: Path) -> AsyncIterator[Tab]:
    """Start Chromium with an empty profile, and open a tab in which scripts are switched off."""
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    process = await asyncio.create_subprocess_exec(
        *(program, *FLAGS, *root, f"--user-data-dir={profile}", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        address = await asyncio.wait_for(_address(process), SECONDS)
        async with aiohttp.ClientSession() as client, client.ws_connect(address) as socket:
            target = await _browser(socket, "Target.createTarget", url="about:blank")
            attached = await _browser(
                socket, "Target.attachToTarget", targetId=target["targetId"], flatten=True
            )
            opened = Tab(socket, attached["sessionId"])
            for domain in ("Page", "Network", "Log", "Runtime"):
                await opened.call(f"{domain}.enable")
            await opened.call("Emulation.setScriptExecutionDisabled", value=True)
            yield opened
    finally:
        process.terminate()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(rb"listening on (ws://\S+)", line):
            return found[1].decode()
    raise RuntimeError("Chromium ended before it listened")


async def _browser(
    socket: aiohttp.ClientWebSocketResponse, method: str, **parameters: Any
) -> Mapping[str, Any]:
    await socket.send_json({"id": 0, "method": method, "params": parameters})
    while (heard := await socket.receive_json(timeout=SECONDS)).get("id") != 0:
        pass
    result: Mapping[str, Any] = heard["result"]
    return result
