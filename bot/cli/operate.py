"""Commands of the operator: run, digest, follow, unfollow, status, deliveries."""

import asyncio
import gc
import resource
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from activitypub.health import Health, Verdict, verdict
from bot import log, settings
from bot.cli.common import NO_SOURCE, BotOption, ConfigOption, JsonOption, print_json, run, working
from bot.errors import NothingFound
from bot.summary.model import Summary

MOST_FILES = 65_536
TROUBLE = frozenset({"failing", "left alone", "rejected"})
"""States of a source that brings nothing though it should."""


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(name="run")(serve)
    for command in (digest, follow, unfollow, status, deliveries):
        app.command()(command)


def serve(config: ConfigOption = None) -> None:
    """Run the service: web server, workers and clock, until it is stopped (Ctrl-C or SIGTERM).

    The database is migrated first. Logs go to standard error as JSON lines.
    """
    from bot.app import Fedigest  # noqa: PLC0415  start fast
    from bot.workers import Pace  # noqa: PLC0415

    loaded = settings.load(config)
    log.set_up()
    open_many_files()

    async def work() -> None:
        stop = asyncio.Event()
        for kind in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(kind, stop.set)
        pace = Pace(patience=loaded.network.retry_scale)
        async with Fedigest.open(loaded, pace=pace) as app, app.serve() as address:
            tune()
            typer.echo(f"Fedigest listens on {address} for {app.uris.base}")
            async with app.storage.view() as view:
                if not await view.sources.all(None):
                    typer.echo(NO_SOURCE)
            await _first(stop, app.ending)

    run(work())


async def _first(*events: asyncio.Event) -> None:
    """Wait for one of them."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


def open_many_files() -> None:
    """Let this process open as many files as it may: each connection is one.

    The usual soft limit, 1,024, is for programs of another age; whoever keeps that many connections
    open would keep everybody else out. Where there is no hard limit, it becomes `MOST_FILES`.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def tune() -> None:
    """Set up the interpreter for a server: a loop beside a few threads, and much that stays.

    What is loaded by now is not looked through at each garbage collection. And a thread that comes
    back from the disk waits at most half a millisecond for the loop, not the usual five.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(0.0005)


def digest(
    *,
    bot: BotOption = None,
    hours: Annotated[int, typer.Option(min=1, max=168, help="How far back it looks.")] = 24,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it to the followers, besides the daily one.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show the digest of the last hours as it would be now; with --publish, publish it.

    What is published is sent by `fedigest run`.
    """
    from bot.app import Fedigest  # noqa: PLC0415

    loaded = settings.load(config)
    topic = loaded.bot(bot)

    async def work() -> tuple[str | None, list[tuple[str, Summary]]]:
        async with Fedigest.open(loaded) as app:
            now = app.clock.now()
            since = now - timedelta(hours=hours)
            if publish:
                period = f"{now:%Y-%m-%dT%H%M%S}"
                made = await app.parts.digests.make(topic, period, since, now)
                return app.uris.digest(made) if made else None, []
            composed = await app.parts.digests.compose(topic, since, now)
            return None, [(c.thread.url, c.summary) for c in composed if c.summary.sentences]

    with working("Composing the digest"):
        published, threads = run(work())
    if not (published or threads):
        raise NothingFound(
            f"nothing to say about the last {hours} hours: too few posts that may be quoted"
        )
    if publish:
        print_json({"published": published}) if as_json else typer.echo(f"published {published}")
    elif as_json:
        print_json({"threads": [_thread(url, summary) for url, summary in threads]})
    else:
        _show(threads)


def _thread(url: str, summary: Summary) -> dict[str, Any]:
    """Return the JSON form of one thread of a digest: also who says the gist, and the warning."""
    said = summary.gist.as_dict() if summary.gist else None
    return {"url": url, "cw": summary.cw, **summary.as_dict(), "gist_source": said}


def _show(threads: Iterable[tuple[str, Summary]]) -> None:
    from rich.console import Console  # noqa: PLC0415  start fast

    from bot.cli.showing import show  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for url, summary in threads:
        console.print(f"\n{url}", style="dim", markup=False)
        show(summary, console)


HandleArgument = Annotated[str, typer.Argument(help="@name@host, or an actor's id.")]


def follow(
    handle: HandleArgument,
    bot: BotOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Let a bot follow an account, a group or a tag actor. `fedigest run` sends the request."""
    asked = _of_bot(config, bot, lambda app, name: app.follow(handle, name))
    if as_json:
        print_json(asked)
    else:
        typer.echo(f"asked to follow {asked['id']}")


def unfollow(
    handle: HandleArgument,
    bot: BotOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
    config: ConfigOption = None,
) -> None:
    """Let a bot no longer follow an account."""
    left = _of_bot(config, bot, lambda app, name: app.unfollow(handle, name))
    if as_json:
        print_json(left)
    else:
        typer.echo(f"no longer follows {left['id']}")


def _of_bot(
    config: Path | None, bot: str | None, work: Callable[[Any, str], Awaitable[str]]
) -> dict[str, str]:
    """Do something about an account for a bot; return that bot and the account's id."""
    from bot.app import Fedigest  # noqa: PLC0415  start fast

    loaded = settings.load(config)
    name = loaded.bot(bot).handle

    async def working_on() -> str:
        async with Fedigest.open(loaded) as app:
            return await work(app, name)

    return {"bot": name, "id": run(working_on())}


def status(as_json: JsonOption = False, config: ConfigOption = None) -> None:  # noqa: FBT002
    """Show what is stored, what waits, and what failed."""
    from bot.answering.limits import OFF  # noqa: PLC0415  start fast
    from bot.app import Fedigest  # noqa: PLC0415

    loaded = settings.load(config)

    async def work() -> dict[str, Any]:
        async with AsyncExitStack() as stack:
            app = await stack.enter_async_context(Fedigest.open(loaded))
            await app.parts.watcher.register()
            view = await stack.enter_async_context(app.storage.view())
            return {
                "bots": {
                    topic.handle: {
                        "address": app.uris.address(topic.handle),
                        "followers": await view.follows.count_followers(topic.handle),
                        "publications": await view.publications.count(topic.handle),
                    }
                    for topic in loaded.bots
                },
                "sources": len(sources := (await app.parts.views.sources(view)).sources),
                "sources_in_trouble": [
                    {"key": line.key, "state": line.state, "error": line.error}
                    for line in sources
                    if line.state in TROUBLE
                ],
                "answers_stopped": await view.switches.is_off(OFF),
                "posts": await view.posts.count(),
                "threads": await view.threads.count(),
                "jobs": await view.jobs.counts(),
                "deliveries": await view.deliveries.counts(),
                "inbox": {
                    "waiting": sum((await view.received.waiting()).values()),
                    "handled": await view.received.outcomes(app.clock.now() - timedelta(days=1)),
                },
                "reports": [
                    {"at": report.at, "by": report.actor_id, "content": report.content[:300]}
                    for report in await view.reports.latest(10)
                ],
                "failed_jobs": [
                    {"kind": job.kind, "error": job.error} for job in await view.jobs.failed(10)
                ],
            }

    found = run(work())
    if as_json:
        print_json(found)
        return
    for handle, line in found["bots"].items():
        typer.echo(
            f"{line['address']} ({handle}): {line['followers']} followers, "
            f"{line['publications']} public posts"
        )
    typer.echo(
        f"read: {found['posts']} posts in {found['threads']} threads; {found['sources']} sources"
    )
    if not found["sources"]:
        typer.echo(NO_SOURCE)
    if found["sources_in_trouble"]:
        states = Counter(line["state"] for line in found["sources_in_trouble"])
        typer.echo(f"of these {_counts(states)}: `fedigest sources` says why")
    if found["answers_stopped"]:
        typer.echo("answers are stopped; `fedigest answers start` starts them again")
    typer.echo(f"jobs: {_counts(found['jobs'])}; deliveries: {_counts(found['deliveries'])}")
    typer.echo(
        f"inbox: {found['inbox']['waiting']} waiting; in a day {_counts(found['inbox']['handled'])}"
    )
    for report in found["reports"]:
        typer.echo(f"complaint of {report['by']}, {report['at']:%Y-%m-%d}: {report['content']}")
    for job in found["failed_jobs"]:
        typer.echo(f"failed: {job['kind']}: {job['error']}")


def deliveries(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many lines at most.")] = 20,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show what waits to be delivered, to which hosts, and why it waits or failed."""
    from bot.app import Fedigest  # noqa: PLC0415

    loaded = settings.load(config)

    async def work() -> dict[str, Any]:
        async with Fedigest.open(loaded) as app, app.storage.view() as view:
            now = app.clock.now()
            ill = {row.host: row for row in await view.hosts.all()}
            return {
                "counts": await view.deliveries.counts(),
                "hosts": [
                    {
                        "host": host,
                        "waiting": waiting,
                        "failed": failed,
                        "next": next_due,
                        **_health(ill.get(host), now),
                    }
                    for host, waiting, failed, next_due in await view.deliveries.by_host(limit)
                ],
                "latest_problems": [
                    {
                        "inbox": row.inbox,
                        "state": row.state,
                        "attempts": row.attempts,
                        "status": row.status,
                        "error": row.error,
                        "next": row.due_at if row.state == "waiting" else None,
                    }
                    for row in await view.deliveries.lately(limit)
                ],
            }

    found = run(work())
    if as_json:
        print_json(found)
        return
    typer.echo(f"deliveries: {_counts(found['counts'])}")
    # No table: addresses are to be copied and errors to be read, on any width.
    for row in found["hosts"]:
        typer.echo(f"{row['host']}: {row['state']}{_span(row)}")
        typer.echo(f"  {row['waiting']} waiting, {row['failed']} failed{_next(row)}")
    for row in found["latest_problems"]:
        typer.echo(f"{row['state']}: {row['inbox']}")
        answers = [str(row[key]) for key in ("status", "error") if row[key]]
        typer.echo(f"  attempts: {row['attempts']}{_next(row)}")
        if answers:
            typer.echo(f"  {': '.join(answers)}")


def _health(row: Any, now: datetime) -> dict[str, Any]:
    """Say how a host is doing: a host that works has nothing to say."""
    if row is None:
        return {"state": "works", "since": None, "until": None}
    health = Health(row.failures, row.failing_since, row.closed_until)
    state = {Verdict.SEND: "failing", Verdict.WAIT: "left alone", Verdict.DROP: "dead"}
    return {
        "state": state[verdict(health, now)],
        "since": row.failing_since,
        "until": row.closed_until,
    }


def _span(row: dict[str, Any]) -> str:
    return "".join(f" {word} {_time(row[word])}" for word in ("since", "until") if row[word])


def _next(row: dict[str, Any]) -> str:
    return f", next {_time(row['next'])}" if row["next"] else ""


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in counts.items()) or "none"
