"""A running instance of ours beside the sample fediverse, for tests over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.app import Fedigest
from bot.building import SystemClock
from bot.demo.fediverse import SampleFediverse, free_port
from bot.demo.show import PACE, Demo, config
from bot.settings import Model


@asynccontextmanager
async def running(
    folder: Path, model: str = ""
) -> AsyncIterator[tuple[SampleFediverse, Fedigest, Demo]]:
    """Run both, on free ports, with the data in `folder`.

    `model` is the address of a language model's endpoint.
    """
    async with SampleFediverse.open(SystemClock(), ports=(0, 0, 0, 0)) as fediverse:
        demo = Demo(fediverse, lambda line: None)
        settings = config(folder, free_port(0), fediverse)
        if model:
            settings = settings.model_copy(update={"llm": Model(base_url=model, name="small")})
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
