"""`fedigest lists`: hosts, accounts and words that the operator keeps out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.common import ConfigOption, JsonOption, print_json
from bot.cli.sources import opened
from bot.errors import NothingFound

app = typer.Typer(
    help="Show, change or import the lists of hosts, accounts and words that are kept out.",
    no_args_is_help=False,
)
KindArgument = Annotated[str, typer.Argument(help="host, account or word.")]
ValueArgument = Annotated[
    str, typer.Argument(help="spam.example, @name@host or a profile page, or a word.")
]


def register(main: typer.Typer) -> None:
    """Add the commands to `main`."""
    app.callback(invoke_without_command=True)(show)
    for command in (block, allow, remove):
        app.command()(command)
    app.command(name="import")(load)
    main.add_typer(app, name="lists")


def show(
    context: typer.Context,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Show all entries, besides those of the settings file."""
    if context.invoked_subcommand is not None:
        return

    async def work(fedigest: Any) -> list[dict[str, Any]]:
        async with fedigest.storage.view() as view:
            return [row.model_dump(mode="json") for row in await view.listings.all()]

    rows = opened(config, work)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['verdict']:5}  {row['kind']:7}  {row['value']}  {row['reason']}".rstrip())
    typer.echo("1 entry" if len(rows) == 1 else f"{len(rows)} entries")


def block(
    kind: KindArgument,
    value: ValueArgument,
    reason: Annotated[str, typer.Option(help="For your own memory.")] = "",
    config: ConfigOption = None,
) -> None:
    """Keep out a host (with all below it), an account or a word; what rests on it is withdrawn."""
    _put(kind, value, "block", reason, config)


def allow(
    kind: KindArgument,
    value: ValueArgument,
    reason: Annotated[str, typer.Option(help="For your own memory.")] = "",
    config: ConfigOption = None,
) -> None:
    """Make an exception: a host below a blocked one, or an account on it."""
    _put(kind, value, "allow", reason, config)


def remove(kind: KindArgument, value: ValueArgument, config: ConfigOption = None) -> None:
    """Take an entry off the lists."""
    from bot.consent.lists import NotAList, entry  # noqa: PLC0415

    try:
        key = entry(_kind(kind), value, datetime.now(UTC)).value
    except NotAList:  # former versions let in what names nobody
        key = value.strip().casefold().lstrip("@!")

    async def work(fedigest: Any) -> bool:
        async with fedigest.storage.unit() as unit:
            removed = bool(await unit.listings.remove(kind, key))
        await fedigest.parts.review.relist()  # it may have been an exception
        return removed

    if not opened(config, work):
        raise NothingFound(f"{kind} {key} is on no list (the settings file has its own)")
    typer.echo(f"removed {kind} {key}")


def load(
    file: Annotated[Path, typer.Argument(help="A CSV file that Mastodon exported, or one a line.")],
    config: ConfigOption = None,
) -> None:
    """Import what Mastodon exports: domain blocks, blocked or muted accounts. Adds, never removes.

    What rests on them is withdrawn, as with `block`.
    A file with one wrong line is refused whole.
    """
    from bot.consent.lists import NotAList, read_csv  # noqa: PLC0415

    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAList(f"{file} is not UTF-8 text") from None
    rows = list(read_csv(text, datetime.now(UTC)))

    async def work(fedigest: Any) -> int:
        async with fedigest.storage.unit() as unit:
            added = int(await unit.listings.add_all(rows))
        await fedigest.parts.review.relist()
        return added

    typer.echo(f"{opened(config, work)} new of {len(rows)} entries")


def _put(kind: str, value: str, verdict: Any, reason: str, config: Any) -> None:
    row = _entry(kind, value, verdict, reason)

    async def work(fedigest: Any) -> None:
        async with fedigest.storage.unit() as unit:
            await unit.listings.put(row)
        await fedigest.parts.review.relist()

    opened(config, work)
    typer.echo(f"{verdict} {row.kind} {row.value}")


def _entry(kind: str, value: str, verdict: Any, reason: str) -> Any:
    from bot.consent.lists import NotAList, entry  # noqa: PLC0415

    try:
        return entry(_kind(kind), value, datetime.now(UTC), verdict, reason)
    except NotAList as problem:
        raise typer.BadParameter(str(problem)) from None


def _kind(kind: str) -> Any:
    if kind not in {"host", "account", "word"}:
        raise typer.BadParameter(f"{kind!r} is not a kind of entry: host, account or word")
    return kind
