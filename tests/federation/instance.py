"""A running instance of ours beside the sample fediverse, for tests over sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Fedigest
from bot.building import SystemClock
from bot.demo.fediverse import SampleFediverse, free_port
from bot.demo.show import HANDLE, PACE, Demo, config
from bot.settings import Answering
from storage import UnitOfWork
from tests import ready
from tests.kept_from_models import KEPT, of_sample


def sample_fediverse() -> AbstractAsyncContextManager[SampleFediverse]:
    """Run the sample fediverse on free ports, with keys that are made once for all tests."""
    ports = (0, 0, 0, 0)
    return SampleFediverse.open(SystemClock(), ports, keys=ready.server_keys(len(ports)))


@asynccontextmanager
async def running(
    folder: Path, *, language: str = "en", **sections: Any
) -> AsyncIterator[tuple[SampleFediverse, Fedigest, Demo]]:
    """Run both, on free ports, with the data in `folder`; `sections` replace some settings.

    `language` is the bot's. Threads are read to their ends before an answer unless `answers` says
    for how long: what a test finds does not depend on how fast its machine is.
    """
    answers = sections.get("answers", Answering())
    if "seconds" not in answers.model_fields_set:
        sections["answers"] = answers.model_copy(update={"seconds": 60.0})
    ready.own_keys(folder / "keys", HANDLE)
    if "storage" not in sections:
        ready.database(folder / "demo.sqlite3")
    async with sample_fediverse() as fediverse:
        KEPT.play(lambda: of_sample(fediverse.world, fediverse.documents))
        demo = Demo(fediverse, lambda line: None)
        settings = config(folder, free_port(0), fediverse)
        bots = [topic.model_copy(update={"language": language}) for topic in settings.bots]
        settings = settings.model_copy(update={"bots": tuple(bots), **sections})
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


async def post_to(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post as a server would; return the status."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, headers=headers, data=body) as response,
    ):
        return response.status


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds that comes about elsewhere; a busy machine may need a minute."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110  the state is in the database, or at a peer
            await asyncio.sleep(0.02)


async def is_idle(view: UnitOfWork) -> bool:
    """Tell whether nothing is left to do, deliver or handle now.

    Looks at cited posts are spread over the day; they do not count before they are due.
    """
    due = await view.jobs.next_due()
    if due is not None and due < datetime.now(UTC) + timedelta(seconds=2):
        return False
    jobs, deliveries = await view.jobs.counts(), await view.deliveries.counts()
    busy = (jobs["claimed"], deliveries["waiting"], deliveries["claimed"])
    return not any(busy) and not await view.received.waiting()
