"""`fedigest answers`: what was asked lately, and the switch that stops all answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from bot.cli.common import ConfigOption, JsonOption, print_json
from bot.cli.sources import opened

app = typer.Typer(
    help="Show what was asked in the last day; stop or start all answers. Without a command: show.",
    no_args_is_help=False,
)


def register(main: typer.Typer) -> None:
    """Add the commands to `main`."""
    app.callback(invoke_without_command=True)(show)
    for command in (stop, start):
        app.command()(command)
    main.add_typer(app, name="answers")


def show(
    context: typer.Context,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Show how many requests came to what in the last day, and whether answers are stopped."""
    if context.invoked_subcommand is not None:
        return

    async def work(fedigest: Any) -> dict[str, Any]:
        from bot.answering.limits import OFF  # noqa: PLC0415  start fast

        async with fedigest.storage.view() as view:
            outcomes = await view.answers.outcomes(datetime.now(UTC) - timedelta(days=1))
            return {
                "stopped": await view.switches.is_off(OFF),
                "subscriptions": await view.subscriptions.count(),
                "requests": outcomes,
            }

    found = opened(config, work)
    if as_json:
        print_json(found)
        return
    typer.echo("answers are stopped" if found["stopped"] else "answers are on")
    typer.echo(f"{found['subscriptions']} subscriptions")
    for outcome, number in found["requests"].items():
        typer.echo(f"{number:6}  {outcome}")


def stop(config: ConfigOption = None) -> None:
    """Stop all answers and what subscribers are sent, at once; whoever wants out is still heard."""
    _turn(config, off=True)
    typer.echo("answers are stopped; `fedigest answers start` starts them again")


def start(config: ConfigOption = None) -> None:
    """Answer again. What was asked meanwhile stays unanswered."""
    _turn(config, off=False)
    typer.echo("answers are on")


def _turn(config: Any, *, off: bool) -> None:
    async def work(fedigest: Any) -> None:
        from bot.answering.limits import OFF  # noqa: PLC0415

        async with fedigest.storage.unit() as unit:
            if off:
                await unit.switches.turn_off(OFF, datetime.now(UTC))
            else:
                await unit.switches.turn_on(OFF)

    opened(config, work)
