"""What several commands share: options, output, and running async code."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer

from bot.cli.ending import Threads

T = TypeVar("T")

NO_SOURCE = (
    "no source yet, so nothing is read: name hosts, groups, accounts or feeds in the settings, "
    "or `fedigest sources add`"
)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="Settings file; else FEDIGEST_CONFIG, else ./fedigest.toml.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
BotOption = Annotated[
    str | None,
    typer.Option("--bot", "-b", help="Handle of the bot; else the first one.", show_default=False),
]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run async work to its end, on uvloop where there is one; no thread keeps it from ending."""
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop as factory  # noqa: PLC0415  absent on Windows
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.get_loop().set_default_executor(Threads())
        return runner.run(work)


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something long goes on; yields what says how far it is."""
    from rich.console import Console  # noqa: PLC0415  start fast
    from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda so_far: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda so_far: progress.update(task, description=so_far)


def print_json(value: object) -> None:
    """Print one JSON document, indented, as UTF-8."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())
