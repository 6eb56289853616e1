"""`fedigest demo`: the main job on a sample fediverse."""

import asyncio
import contextlib
import logging
import signal
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.cli.common import JsonOption, print_json, run

T = TypeVar("T")
INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(demo)


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Exit after one full cycle instead of serving on.")
    ] = False,
    as_json: JsonOption = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the bot.")] = 8080,
) -> None:
    """Show the main job on this machine, with a sample fediverse of four small servers.

    A fresh database in a temporary folder; nothing leaves the machine. People, posts and servers
    are invented. One of them follows the bot, and one asks it under a thread.
    """
    from rich.console import Console  # noqa: PLC0415  start fast

    console = Console(stderr=as_json, highlight=False, soft_wrap=True)

    def say(line: str) -> None:
        console.print(f"  {line}", markup=False)

    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="fedigest-demo-") as folder:
        run(_play(Path(folder), port, once=once, as_json=as_json, console=console, say=say))


async def _play(
    folder: Path, port: int, *, once: bool, as_json: bool, console: Any, say: Any
) -> None:
    from bot.app import Fedigest  # noqa: PLC0415  start fast
    from bot.building import SystemClock  # noqa: PLC0415  start fast
    from bot.demo.fediverse import SampleFediverse  # noqa: PLC0415
    from bot.demo.show import PACE, Demo, config  # noqa: PLC0415

    stop = asyncio.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(kind, stop.set)
    console.print("Fedigest: a demo on this machine", style="bold")
    async with SampleFediverse.open(SystemClock()) as fediverse:
        play = Demo(fediverse, say)
        settings = config(folder, port, fediverse)
        opened = Fedigest.open(settings, pace=PACE, on_delivery=play.on_delivery)
        async with opened as app, app.serve():
            figures = await _unless(stop, play.cycle(app))
            if as_json:
                print_json(figures)
            else:
                _show(console, figures, fediverse.servers["models"].origin)
            if not once:
                console.print("Serving on; Ctrl-C ends it.")
                await stop.wait()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` gives, or end it and the command as soon as `stop` is set."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    raise typer.Exit(INTERRUPTED)


def _show(console: Any, figures: dict[str, Any], models: str) -> None:
    console.print(
        f"\nRead {figures['posts']} posts in {figures['threads']} threads, published "
        f"{figures['sentences']} sentences ({figures['uncited_sentences']} without source), "
        f"delivered {figures['delivered']} times in {figures['seconds']} s.\n"
        f"\nThe digest:             {figures['digest_url']}"
        f"\nThe answer:             {figures['answer_url']}"
        f"\nA follower's timeline:  {models}/@ines/home\n",
        markup=False,
    )
