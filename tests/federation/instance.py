"""A running instance of ours beside the sample fediverse, for tests over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Fedigest
from bot.building import SystemClock
from bot.demo.fediverse import SampleFediverse, free_port
from bot.demo.show import PACE, Demo, config


@asynccontextmanager
async def running(
    folder: Path, **sections: Any
) -> AsyncIterator[tuple[SampleFediverse, Fedigest, Demo]]:
    """Run both, on free ports, with the data in `folder`; `sections` replace some settings."""
    async with SampleFediverse.open(SystemClock(), ports=(0, 0, 0, 0)) as fediverse:
        demo = Demo(fediverse, lambda line: None)
        settings = config(folder, free_port(0), fediverse).model_copy(update=sections)
        opened = Fedigest.open(settings, pace=PACE, on_delivery=demo.on_delivery)
        async with opened as app, app.serve():
            yield fediverse, app, demo


async def fetch(url: str, accept: str = "text/html") -> tuple[int, str]:
    """Ask as a browser would; return status and text."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers={"Accept": accept}) as response,
    ):
        return response.status, await response.text()
