"""`fedigest sources`: where posts come from, and how each source is doing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import typer

from bot import settings
from bot.cli.common import NO_SOURCE, BotOption, ConfigOption, JsonOption, print_json, run
from bot.errors import NothingFound

T = TypeVar("T")
app = typer.Typer(
    help="Show, add, remove, pause or test the sources of posts. Without a command: show.",
    no_args_is_help=False,
)
KINDS = (
    "tag-rss (a server and a hashtag), mastodon (the same by its API), relay (its inbox or actor), "
    "tag-actor, group, account (@name@host), feed (an address)"
)
KindArgument = Annotated[str, typer.Argument(help=f"One of: {KINDS}.")]
AddressArgument = Annotated[str, typer.Argument(help="Server, handle or address, as the kind has.")]
TagArgument = Annotated[str | None, typer.Argument(help="The hashtag, for the kinds that need it.")]
KeyArgument = Annotated[str, typer.Argument(help="The source's key, or its address.")]


def register(main: typer.Typer) -> None:
    """Add the commands to `main`."""
    app.callback(invoke_without_command=True)(show)
    for command in (add, remove, pause, resume):
        app.command()(command)
    app.command(name="test")(try_out)
    main.add_typer(app, name="sources")


def show(
    context: typer.Context,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Show where posts come from, when each source was asked last, and what went wrong."""
    if context.invoked_subcommand is not None:
        return

    async def work(fedigest: Any) -> list[dict[str, Any]]:
        await fedigest.parts.watcher.register()
        async with fedigest.storage.view() as view:
            shown = await fedigest.parts.views.sources(view)
        return [
            {
                "key": line.key,
                "kind": line.kind,
                "address": line.address,
                "state": line.state,
                "found": line.found,
                "last": line.last_ok.isoformat(timespec="seconds") if line.last_ok else None,
                "next": line.next.isoformat(timespec="seconds") if line.next else None,
                "error": line.error,
            }
            for line in shown.sources
        ]

    rows = opened(config, work)
    if as_json:
        print_json(rows)
        return
    if not rows:
        raise NothingFound(NO_SOURCE)
    # Two lines each and no table: an address is to be copied, and an error to be read.
    for row in rows:
        typer.echo(f"{row['state']:15} {row['kind']:9} {row['address']}")
        typer.echo(f"{'':15} {row['found']} found, {times(row)}")
        if row["error"]:
            typer.echo(f"{'':15} {row['error']}")
    typer.echo(f"{len(rows)} sources")


def add(
    kind: KindArgument,
    address: AddressArgument,
    tag: TagArgument = None,
    bot: BotOption = None,
    config: ConfigOption = None,
) -> None:
    """Add a source. `fedigest run` asks it from its next turn on."""

    async def work(fedigest: Any) -> tuple[str, bool]:
        handle = fedigest.config.bot(bot).handle
        watcher = fedigest.parts.watcher
        await watcher.register()
        async with fedigest.storage.view() as view:
            before = {state.key for state in await view.sources.all(None)}
        key: str = await watcher.add(kind, handle, address, tag)
        return key, key not in before

    key, is_new = opened(config, work)
    typer.echo(f"added {key}" if is_new else f"{key} is there already")


def remove(source: KeyArgument, config: ConfigOption = None) -> None:
    """Remove a source that was added; one of the settings is removed there."""

    async def work(fedigest: Any) -> str:
        state = await found(fedigest, source)
        if state.origin == "settings":
            raise NothingFound(f"{state.key} stands in the settings: take it out of them")
        await fedigest.parts.watcher.remove(state.key)
        return str(state.key)

    typer.echo(f"removed {opened(config, work)}")


def pause(source: KeyArgument, config: ConfigOption = None) -> None:
    """Ask a source no more, until `resume`; what it sends by itself is dropped."""
    typer.echo(f"paused {opened(config, lambda app: _pause(app, source, paused=True))}")


def resume(source: KeyArgument, config: ConfigOption = None) -> None:
    """Ask a source again that was paused, or left alone after an error."""
    typer.echo(f"resumed {opened(config, lambda app: _pause(app, source, paused=False))}")


def try_out(
    kind: KindArgument,
    address: AddressArgument,
    tag: TagArgument = None,
    bot: BotOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Ask a source once and show what would come in; nothing is stored and nobody is followed."""

    async def work(fedigest: Any) -> dict[str, Any]:
        handle = fedigest.config.bot(bot).handle
        polled = await fedigest.parts.watcher.preview(kind, handle, address, tag)
        follows = polled.follows
        return {
            "posts": [post.uri for post in polled.found],
            "pages": [{"url": page.url, "title": page.title} for page in polled.titles],
            "follows": {"id": follows.actor_id, "name": follows.title} if follows else None,
        }

    shown = opened(config, work)
    if as_json:
        print_json(shown)
        return
    if shown["follows"]:
        typer.echo(f"would follow {shown['follows']['id']} ({shown['follows']['name']})")
    for uri in shown["posts"]:
        typer.echo(f"post  {uri}")
    for page in shown["pages"]:
        typer.echo(f"page  {page['url']}  {page['title']}")
    typer.echo(f"{len(shown['posts'])} posts, {len(shown['pages'])} pages")


def times(row: Mapping[str, Any]) -> str:
    """Say when a source was heard last, and when it is asked next."""
    last, following = (
        str(row[key]).replace("T", " ").replace("+00:00", " UTC") if row[key] else None
        for key in ("last", "next")
    )
    heard = f"last {last}" if last else "never heard"
    return heard if row["state"] == "paused" else f"{heard}, next {following}"


async def _pause(fedigest: Any, source: str, *, paused: bool) -> str:
    state = await found(fedigest, source)
    await fedigest.parts.watcher.pause(state.key, paused=paused)
    return str(state.key)


async def found(fedigest: Any, source: str) -> Any:
    """Return the state of a source by its key or address. Raises `NothingFound`."""
    await fedigest.parts.watcher.register()
    async with fedigest.storage.view() as view:
        states = await view.sources.all(None)
    matching = [state for state in states if source in {state.key, state.address}]
    if len(matching) != 1:
        why = "several sources have" if matching else "no source has"
        raise NothingFound(f"{why} the key or address {source}; see `fedigest sources --json`")
    return matching[0]


def opened(config: Any, work: Callable[[Any], Awaitable[T]]) -> T:
    """Run `work` with an opened instance."""
    from bot.app import Fedigest  # noqa: PLC0415

    async def running() -> T:
        async with Fedigest.open(settings.load(config)) as fedigest:
            return await work(fedigest)

    return run(running())
