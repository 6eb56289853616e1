"""Reads one feed, as a process of its own: `python -m bot.feedparsing < feed`.

feedparser is thorough, and what is thorough can be kept busy for long by a feed that is made for
it. A thread cannot be stopped; a process can, and its memory is bounded by the system.
"""

import json
import resource
import sys

CPU_SECONDS = 5
MEMORY = 512 << 20
MAX_ENTRIES = 200


def main() -> None:
    """Read a feed from standard input and write what is used of it as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
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
