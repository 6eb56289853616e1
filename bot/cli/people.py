"""`fedigest consent` and `fedigest data`: one person's wishes and data, by the operator's hand."""

from typing import Annotated, Any

import typer

from bot.cli.common import ConfigOption, print_json
from bot.cli.sources import opened
from bot.errors import BotError, NothingFound

consent = typer.Typer(help="One person's wishes: show or set them.", no_args_is_help=True)
data = typer.Typer(help="One person's data: export or erase it.", no_args_is_help=True)
WhoArgument = Annotated[
    str, typer.Argument(help="@name@host, the address of a profile page, or an actor's id.")
]
ForceOption = Annotated[
    bool,
    typer.Option("--force", help="Take an address as an actor's id that leads nowhere (any more)."),
]
CHOICES = {"include": "include", "exclude": "exclude", "none": None}


def register(main: typer.Typer) -> None:
    """Add the commands to `main`."""
    consent.command(name="show")(show)
    consent.command(name="set")(choose)
    consent.command(name="export")(export)
    data.command(name="export")(export)
    data.command(name="erase")(erase)
    main.add_typer(consent, name="consent")
    main.add_typer(data, name="data")


def show(who: WhoArgument, config: ConfigOption = None) -> None:
    """Show what may be done with a person's posts now, and by which signals."""

    async def work(fedigest: Any) -> dict[str, Any]:
        people = fedigest.parts.people
        found: dict[str, Any] = await people.show(await people.find(who))
        return found

    print_json(opened(config, work))


def choose(
    who: WhoArgument,
    choice: Annotated[str, typer.Argument(help="include, exclude, or none to forget it.")],
    force: ForceOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Write down what a person told you. Excluding withdraws what was published of them."""
    if choice not in CHOICES:
        raise typer.BadParameter(f"{choice!r} is not a choice: include, exclude or none")

    async def work(fedigest: Any) -> str:
        people = fedigest.parts.people
        actor_id = await _found(people, who, force=force)
        await people.choose(actor_id, CHOICES[choice])
        return actor_id

    typer.echo(f"{choice}: {opened(config, work)}")


def export(who: WhoArgument, config: ConfigOption = None) -> None:
    """Print everything that is stored of a person, as JSON."""

    async def work(fedigest: Any) -> dict[str, Any]:
        people = fedigest.parts.people
        found: dict[str, Any] = await people.export(await people.find(who))
        return found

    print_json(opened(config, work))


def erase(
    who: WhoArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
    force: ForceOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Erase a person's data, and withdraw what rests on it. `fedigest run` tells the followers.

    What stays is that they are left out, so that nothing is read of them again.
    """
    if not yes and not typer.confirm(f"Erase everything about {who}?"):
        raise NothingFound("nothing was erased")

    async def work(fedigest: Any) -> str:
        people = fedigest.parts.people
        actor_id = await _found(people, who, force=force)
        await people.erase(actor_id)
        return actor_id

    typer.echo(f"erased {opened(config, work)}")


async def _found(people: Any, who: str, *, force: bool) -> str:
    """Return a person's id, or say how to insist: a wish written under a wrong id does nothing."""
    try:
        actor_id: str = await people.find(who, force=force)
    except NothingFound as problem:
        raise BotError(f"{problem}; if it is an actor's id all the same, add --force") from None
    return actor_id
