"""What several commands share: options, output, and running async code."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer

T = TypeVar("T")

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
    """Run async work to its end, on uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415  absent on Windows
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def print_json(value: object) -> None:
    """Print one JSON document, indented, as UTF-8."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())
