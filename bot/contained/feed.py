"""Reads one feed, as a process of its own: `python -m bot.contained.feed < feed`."""

import json
import sys

from bot.contained.process import bound

MAX_ENTRIES = 200


def main() -> None:
    """Read a feed from standard input and write what is used of it as JSON."""
    bound()
    import feedparser  # noqa: PLC0415  only in this process

    # A stream, never a string: feedparser would take a string for a URL or a path and open it.
    parsed = feedparser.parse(sys.stdin.buffer)
    entries = [
        [str(entry.get("link") or entry.get("id") or "")[:2000], str(entry.get("title", ""))[:2000]]
        for entry in parsed.entries[:MAX_ENTRIES]
    ]
    found = {
        "version": str(parsed.get("version") or ""),
        "title": str(parsed.feed.get("title", ""))[:2000],
        "entries": entries,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
