"""The text of our posts once more as Markdown, which `source` holds beside the HTML."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SPECIAL = re.compile(r"([\\`*_\[\]<>#~|])")
MARKS = {"strong": "**", "em": "*"}


def markdown(content: str) -> str:
    """Return HTML of `bot.pages.notes` as Markdown: paragraphs, lists, links, emphasis."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  start fast

    body = LexborHTMLParser(content).body
    return _inner(body).strip() if body else ""


def _inner(node: "LexborNode") -> str:
    return "".join(_one(child) for child in node.iter(include_text=True))


def _one(node: "LexborNode") -> str:
    if node.tag == "-text":
        return SPECIAL.sub(r"\\\1", node.text(deep=False) or "")
    if node.tag == "br":
        return "\\\n"
    text = _inner(node)
    match node.tag:
        case "p" | "ul":
            return f"{text.rstrip()}\n\n"
        case "li":
            return f"- {text}\n"
        case "a":
            return f"[{text}](<{node.attributes.get('href') or ''}>)"
    mark = MARKS.get(node.tag or "", "")
    return f"{mark}{text}{mark}"
