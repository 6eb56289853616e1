"""A summary on a terminal: each sentence with who says it, and where."""

from rich.console import Console

from bot.pages import wording
from bot.summary.model import CitedSentence, Summary
from bot.words import ENGLISH, words


def show(summary: Summary, console: Console) -> None:
    """Print the warning, the gist and the sentences, with their sources."""
    if summary.cw:
        console.print(words(ENGLISH).say("page.warning", text=summary.cw), markup=False)
    if summary.gist:
        console.print(summary.gist.text, style="bold", markup=False)
        console.print(f"  — {_source(summary.gist)}\n", markup=False)
    for sentence in summary.sentences:
        console.print(f"• {sentence.text}", markup=False)
        console.print(f"  — {_source(sentence)}", style="dim", markup=False)


def _source(sentence: CitedSentence) -> str:
    who = f"{sentence.author} {wording.does(sentence.act, words(ENGLISH))}".strip()
    where = sentence.url or f"post {sentence.post}"
    return f"{who}, {where}" if who else where
