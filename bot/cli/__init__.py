"""`fedigest ...`: one module for each group of commands."""

import sys


def main() -> None:
    """Run a command. Loading them takes a moment, in which Ctrl-C is no error either."""
    try:
        from bot.cli.main import main as command  # noqa: PLC0415

        command()
    except KeyboardInterrupt:
        sys.exit(130)
