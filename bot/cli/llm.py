"""`fedigest llm`: what was used of a language model."""

from collections import defaultdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from bot.cli.common import ConfigOption, JsonOption, print_json
from bot.cli.sources import opened

app = typer.Typer(help="What was used of a language model.", no_args_is_help=True)


def register(main: typer.Typer) -> None:
    """Add the commands to `main`."""
    app.command()(usage)
    app.callback()(about)
    main.add_typer(app, name="llm")


def about() -> None:
    """Show what was used of a language model, if one is set up (`[llm]` in the settings)."""


def usage(
    *,
    days: Annotated[int, typer.Option(min=1, max=365, help="How far back.")] = 30,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show requests, tokens, and how many sentences passed the check, by day; and why some failed.

    A summary that came to nothing was made by rules instead; its use is counted all the same.
    """

    async def work(fedigest: Any) -> dict[str, Any]:
        since = fedigest.clock.now() - timedelta(days=days)
        async with fedigest.storage.view() as view:
            rows = await view.model_uses.since(since)
            last_day = await view.model_uses.tokens_since(fedigest.clock.now() - timedelta(days=1))
        model = fedigest.config.llm
        by_day: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        reasons: dict[str, int] = defaultdict(int)
        for row in rows:
            day = by_day[f"{row.at:%Y-%m-%d}"]
            day["summaries"] += 1
            day["by_rules_instead"] += bool(row.fallback)
            for name in ("requests", "prompt_tokens", "completion_tokens", "kept", "dropped"):
                day[name] += getattr(row, name)
            if row.fallback:
                reasons[row.fallback] += 1
        return {
            "model": model.name or None,
            "tokens_last_day": last_day,
            "tokens_per_day": model.tokens_per_day,
            "days": by_day,
            "reasons": reasons,
        }

    found = opened(config, work)
    if as_json:
        print_json(found)
        return
    typer.echo(f"model: {found['model'] or 'none is set up ([llm] in the settings)'}")
    typer.echo(f"tokens in 24 hours: {found['tokens_last_day']} of {found['tokens_per_day']}")
    for day, counts in found["days"].items():
        tokens = counts["prompt_tokens"] + counts["completion_tokens"]
        typer.echo(
            f"{day}: {counts['summaries']} summaries "
            f"({counts['by_rules_instead']} by rules instead), {counts['requests']} requests, "
            f"{tokens} tokens, {counts['kept']} sentences kept, {counts['dropped']} dropped"
        )
    for reason, times in found["reasons"].items():
        typer.echo(f"  {times} times: {reason}")
