"""Whether a sentence still stands on its posts, and may be shown."""

from collections.abc import Sequence

from bot.consent.standing import Standing
from bot.consent.table import Use
from bot.summary.model import SourcePost


def supported(
    text: str, posts: Sequence[str], standing: Standing, use: Use, *, written: bool
) -> bool:
    """Tell whether posts still bear a sentence out, and may be put to `use`.

    A chosen sentence stands in its post word for word. A written one passes the gate for written
    sentences, on posts that may be shown to a model.
    """
    needed = (use, Use.MODEL) if written else (use,)
    if not posts or not all(standing.allows(post, each) for post in posts for each in needed):
        return False
    rows = [standing.posts[post] for post in posts]
    if written:
        sources = [SourcePost(r.id, "", r.text, title=r.title, language=r.language) for r in rows]
        from bot.summary.grounding import Evidence  # noqa: PLC0415  0.4 s and 40 MB

        return Evidence(sources).says(text, posts)
    return " ".join(text.split()).rstrip("…").rstrip() in " ".join(
        f"{rows[0].title or ''} {rows[0].text}".split()
    )
