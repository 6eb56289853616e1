"""The engines by name, loaded when they are first used: the service starts without them."""

from collections.abc import Sequence

from bot.summary.model import Length, SourcePost, Summary


class ByRules:
    """The extractive engine. Its word lists and matrices come with the first summary."""

    name = "extractive/1"

    def summarize(self, posts: Sequence[SourcePost], length: Length) -> Summary:
        """Summarize posts, given oldest first."""
        from bot.summary.extractive import Extractive  # noqa: PLC0415  0.4 s and 40 MB

        return Extractive().summarize(posts, length)
