"""Reads what a page says of itself, as a process: `python -m bot.contained.page < page`."""

import json
import sys
from dataclasses import asdict, dataclass

from bot.contained.process import bound
from bot.summary.text import html_within_bounds, one_line


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself, its own address included."""

    title: str | None = None
    site: str | None = None
    language: str | None = None
    canonical: str | None = None


def read_head(page: bytes) -> Head:
    """Read what an HTML page says of itself; nothing of a page that breaks the parsers."""
    try:
        from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  only in this process
        from trafilatura import extract_metadata  # noqa: PLC0415

        # As Latin-1, in which each byte is a letter: what it really is, the parsers find out.
        page = html_within_bounds(page.decode("latin-1")).encode("latin-1")
        found = extract_metadata(page)
        tree = LexborHTMLParser(page)
        html = tree.css_first("html")
        stated = html.attributes.get("lang") if html else None
        link = tree.css_first('link[rel="canonical"]')
    except Exception:
        return Head()
    language = (stated or "").strip().replace("_", "-").partition("-")[0].lower()
    return Head(
        _line(getattr(found, "title", None)),
        _line(getattr(found, "sitename", None)),
        language if language.isalpha() and len(language) in {2, 3} else None,
        link.attributes.get("href") if link else None,
    )


def main() -> None:
    """Read a page from standard input and write what it says of itself as JSON."""
    bound()
    sys.stdout.write(json.dumps(asdict(read_head(sys.stdin.buffer.read()))))


def _line(value: object) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None


if __name__ == "__main__":
    main()
