"""`fedigest init` and `fedigest migrate`."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.cli.common import NO_SOURCE, ConfigOption, JsonOption, print_json, run
from bot.errors import SettingsError
from bot.settings_file import Answers, add_keys, check, write


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(init)
    app.command()(migrate)


def init(  # noqa: PLR0913  one parameter for each flag
    *,
    base_url: Annotated[
        str | None,
        typer.Option(help="Public address, such as https://digest.example.", show_default=False),
    ] = None,
    handle: Annotated[
        str | None, typer.Option(help="The bot's handle: @HANDLE@host.", show_default="news")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="The bot's name.", show_default="Open AI news")
    ] = None,
    hashtag: Annotated[
        list[str] | None,
        typer.Option(help="A hashtag to watch; may be repeated.", show_default=False),
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option(help="A server whose tag feeds are read; repeatable.", show_default=False),
    ] = None,
    operator: Annotated[str | None, typer.Option(help="Who answers for this instance.")] = None,
    contact: Annotated[str | None, typer.Option(help="How to reach them.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone of the digest hour.")] = None,
    digest_at: Annotated[str | None, typer.Option(help="Digest hour, such as 08:00.")] = None,
    language: Annotated[str | None, typer.Option(help="Language tag of the digest.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="The settings file to write; else FEDIGEST_CONFIG, else ./fedigest.toml.",
            show_default=False,
        ),
    ] = None,
    keys: Annotated[
        bool, typer.Option("--keys", help="Only make the keys of bots added to the settings file.")
    ] = False,
) -> None:
    """Write a commented settings file and create the keys.

    On a terminal it asks for what no flag gave; elsewhere --base-url is required and the rest has
    defaults. It never overwrites anything.

    Example: fedigest init --base-url https://digest.example --hashtag openweights
    """
    file = settings.named(file) or settings.DEFAULT_FILE
    if keys:
        _report(add_keys(file))
        return
    given = {
        "base_url": base_url,
        "handle": handle,
        "name": name,
        "hashtags": tuple(hashtag) if hashtag else None,
        "hosts": tuple(host) if host else None,
        "operator": operator,
        "contact": contact,
        "timezone": timezone,
        "digest_at": digest_at,
        "language": language,
    }
    known: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    if sys.stdin.isatty() and not file.exists():
        known = _ask(known)
    if "base_url" not in known:
        raise SettingsError(
            "--base-url is missing: the public address, such as https://digest.example"
        )
    answers = Answers(**known)  # type: ignore[arg-type]
    _report(write(file, answers))
    if not (answers.operator and answers.contact):
        typer.echo("Nobody is named yet who answers for this server: set operator and contact.")
    if not answers.hosts:
        typer.echo(f"{NO_SOURCE[0].upper()}{NO_SOURCE[1:]}.")
    typer.echo("Next: look through the settings, then `fedigest run`.")


def _report(written: list[Path]) -> None:
    for path in written:
        whole, here = path.resolve(), Path.cwd()
        typer.echo(f"wrote {whole.relative_to(here) if whole.is_relative_to(here) else whole}")
    if not written:
        typer.echo("no key is missing")


QUESTIONS = (
    ("base_url", "Public address of this server, such as https://digest.example", None),
    ("handle", "Handle of the bot", "news"),
    ("name", "Name of the bot", "Open AI news"),
    (
        "hashtags",
        "Hashtags to watch (with spaces or commas between)",
        "openweights opensourceai localllm",
    ),
    ("hosts", "Servers whose tag feeds you may read (likewise)", ""),
    ("operator", "Who answers for this instance", ""),
    ("contact", "How to reach them (mail or fediverse address)", ""),
    ("timezone", "Time zone", "UTC"),
    ("digest_at", "Digest hour", "08:00"),
    ("language", "Language", "en"),
)


def _ask(known: dict[str, object]) -> dict[str, object]:
    answers = dict(known)
    for key, question, default in QUESTIONS:
        if key not in answers:
            answers[key] = typer.prompt(
                question,
                default=default,
                show_default=bool(default),
                value_proc=partial(_answer, key),
            )
    return answers


def _answer(key: str, said: str) -> object:
    """Read one answer; what is not allowed is said, and asked again."""
    several = key in {"hashtags", "hosts"}
    answer = tuple(said.replace(",", " ").split()) if several else said.strip()
    try:
        check(key, answer)
    except SettingsError as problem:
        raise typer.BadParameter(str(problem)) from None
    return answer


def migrate(config: ConfigOption = None, as_json: JsonOption = False) -> None:  # noqa: FBT002
    """Bring the database up to date. `fedigest run` does it by itself at every start."""
    from storage.engine import migrate as upgrade  # noqa: PLC0415  start fast
    from storage.engine import revision  # noqa: PLC0415

    url = settings.load(config).storage.database.get_secret_value()

    async def work() -> tuple[str | None, str | None]:
        before = await revision(url)
        await upgrade(url)
        return before, await revision(url)

    before, after = run(work())
    if as_json:
        print_json({"before": before, "after": after})
    else:
        typer.echo("the database is up to date" if before == after else f"migrated to {after}")
