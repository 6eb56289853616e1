"""The command line: commands, and errors as sentences with exit codes that mean something."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from activitypub.errors import ActivityPubError
from bot import __version__
from bot.cli import answers, demo, ending, lists, llm, operate, people, setup, sources, summarize
from bot.cli.common import ConfigOption
from bot.errors import AlreadyThere, BotError, KeyFileError, NothingFound, SettingsError, WrongUse
from storage.errors import StorageError

FAILED, WRONG_USE, WRONG_SETTINGS, NOTHING, INTERRUPTED = 1, 2, 3, 4, 130

HELP = """
Reads discussions of the fediverse, publishes digests in which every sentence links to the post
that says it, and answers those who mention the bot under a thread.

\b
Try it:     fedigest demo
Set it up:  fedigest init, then fedigest run

Settings are read from ./fedigest.toml, or the file that --config or FEDIGEST_CONFIG names; a
variable such as FEDIGEST_SERVER__PORT wins over the file.

Exit codes: 0 done, 1 it failed (the reason is printed), 2 wrong use of a command,
3 wrong settings or keys, 4 there was nothing to do it with, 130 interrupted.
"""


class Interruptible(TyperGroup):
    """All commands; who interrupts one, at a question too, has not seen it fail."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, typer.Abort) as problem:
            if isinstance(problem.__context__, EOFError):  # nobody is there to answer
                raise
            typer.echo(err=True)  # the prompt of a shell stands on a line of its own
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Interruptible,
    name="fedigest",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (setup, operate, answers, sources, lists, people, llm, summarize, demo):
    commands.register(app)


def _version(wanted: bool) -> None:  # noqa: FBT001  a Typer callback
    if wanted:
        typer.echo(f"fedigest {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(  # noqa: FBT001
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
    config: ConfigOption = None,
) -> None:
    """Options of the program itself; `--config` may stand before a command or behind it."""
    if config is not None:
        os.environ["FEDIGEST_CONFIG"] = str(config)  # which every command reads


def main() -> None:
    """Run a command, and end with its exit code though a thread of it may hang."""
    try:
        command()
    except SystemExit as end:
        ending.leave(end.code if isinstance(end.code, int) else 0 if end.code is None else FAILED)
        raise
    except KeyboardInterrupt:
        ending.leave(INTERRUPTED)
        raise


def command() -> None:
    """Run a command; print what went wrong as a sentence, never as a stack trace."""
    try:
        app()
    except WrongUse as problem:
        fail(str(problem), WRONG_USE)
    except (SettingsError, KeyFileError, AlreadyThere) as problem:
        fail(str(problem), WRONG_SETTINGS)
    except NothingFound as problem:
        fail(str(problem), NOTHING)
    except OSError as problem:
        named = problem.filename is not None and problem.strerror
        fail(f"{problem.filename}: {problem.strerror}" if named else str(problem), FAILED)
    except (BotError, ActivityPubError, StorageError) as problem:
        fail(str(problem) or type(problem).__name__, FAILED)


def fail(message: str, code: int) -> None:
    """Print an error to standard error and end with `code`."""
    from rich.console import Console  # noqa: PLC0415  rarely needed

    Console(stderr=True, highlight=False, soft_wrap=True).print(message, style="red", markup=False)
    sys.exit(code)
