"""`fedigest summarize`: a thread's URL, a JSON file or a text file of comments."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import ConfigOption, JsonOption, print_json, run, working
from bot.errors import NothingFound
from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost, Summary
from bot.summary.reading import SummaryInputError, read_comments, read_json
from bot.summary.summarizing import checked


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(summarize)


def summarize(
    source: Annotated[
        str,
        typer.Argument(
            help="A post's URL, a JSON file, or a text file of comments; - reads standard input."
        ),
    ],
    sentences: Annotated[int, typer.Option(min=1, max=100, help="At most so many sentences.")] = 5,
    words: Annotated[int, typer.Option(min=10, max=5000, help="At most so many words.")] = 150,
    as_json: JsonOption = False,  # noqa: FBT002
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Also write a page with the thread beside its summary."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Summarize a discussion; every sentence is quoted from a post and says which.

    A JSON file holds {"posts": [{"id", "author", "text", "parent"?}]}. In a text file blank lines
    separate comments; without any, each line is a comment, with its lists and footnotes.
    A URL needs no settings: its thread is read as far as its servers show it to everyone, and
    consent decides what is quoted.

    Example: fedigest summarize https://social.example/@ada/1 --sentences 3
    """
    posts = _posts(source, config)
    length = Length(sentences=sentences, words=words)
    summary = checked(ByRules().summarize(posts, length), posts)
    if not posts or (not summary.sentences and summary.gist is None):
        raise NothingFound(f"nothing to summarize in {source} ({len(posts)} posts with text)")
    if html is not None:
        from bot.pages.side_by_side import page  # noqa: PLC0415  start fast

        html.write_text(page(posts, summary), encoding="utf-8")
    if as_json:
        print_json(_document(summary))
    else:
        _show(summary)


def _posts(source: str, config: Path | None) -> Sequence[SourcePost]:
    if source.startswith(("https://", "http://")):
        return _from_url(source, config)
    if "://" in source:
        raise SummaryInputError(f"{source} is not an https address")
    try:
        text = typer.get_text_stream("stdin").read() if source == "-" else _text(Path(source))
        if source.endswith((".json", ".jsonl")) or text.lstrip().startswith("{"):
            return read_json(json.loads(_first_row(text, source)))
        return read_comments(text)
    except json.JSONDecodeError as problem:
        raise SummaryInputError(f"{source} is not JSON: {problem}") from None


def _first_row(text: str, source: str) -> str:
    return text.lstrip().partition("\n")[0] if source.endswith(".jsonl") else text


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SummaryInputError(f"{file} is not UTF-8 text") from None


def _from_url(url: str, config: Path | None) -> Sequence[SourcePost]:
    from bot.cli.reading import read_for_summary  # noqa: PLC0415  the network half is slow to import

    with working(f"Reading {url}") as say:
        return run(read_for_summary(url, config, lambda number: say(f"Read {number} posts")))


def _document(summary: Summary) -> dict[str, object]:
    """Return what --json prints: of a sentence its text, post, author and address."""
    found = summary.as_dict()
    keys = ("text", "post", "author", "url")
    found["sentences"] = [{key: row[key] for key in keys} for row in found["sentences"]]
    return found


def _show(summary: Summary) -> None:
    from rich.console import Console  # noqa: PLC0415

    from bot.cli.showing import show  # noqa: PLC0415
    from bot.pages import wording  # noqa: PLC0415  start fast
    from bot.words import ENGLISH, words  # noqa: PLC0415

    said = words(ENGLISH)
    console = Console(highlight=False, soft_wrap=True)
    show(summary, console)
    counted = [said.count("posts", summary.posts_read)]
    if summary.people:  # a text file names nobody
        counted.append(said.count("people", summary.people))
    console.print(
        f"\n{', '.join(counted)}. {wording.making(summary.engine, said)}.",
        style="dim",
        markup=False,
    )
