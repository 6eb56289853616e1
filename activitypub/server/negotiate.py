"""Who gets the document and who the page (ActivityPub §3.2)."""

import re
from typing import Any

import orjson
from aiohttp import web

from activitypub.client import ACTIVITY_JSON
from activitypub.vocab import Document

LASTING = 180
"""Seconds for which actors and what leads to them may be kept: their keys are asked for often."""
PAGES = ("text/html", "application/xhtml+xml")
WEIGHT = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)")
WANTED = (ACTIVITY_JSON, "application/ld+json", "application/json")


def wants_activity(request: web.Request) -> bool:
    """Tell whether the asker prefers ActivityPub to HTML (RFC 9110 §12.5.1).

    Of what is wanted equally, the first counts; who says nothing gets HTML.
    """
    best, wanted = 0.0, False
    for part in request.headers.get("Accept", "").lower().split(","):
        kind, _, parameters = part.partition(";")
        kind = kind.strip()
        weight = _weight(parameters)
        if weight > best and (kind in WANTED or kind in PAGES):
            best, wanted = weight, kind in WANTED
    return wanted


def _weight(parameters: str) -> float:
    """Return the `q` of an accepted type; 1 where it is left out or makes no sense."""
    found = WEIGHT.search(f";{parameters}")
    return float(found[1]) if found else 1.0


def joined_headers(request: web.Request) -> dict[str, str]:
    """Return headers by lower-case name, repeated ones joined as the draft says (§2.3)."""
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


def activity_response(
    document: Document,
    *,
    status: int = 200,
    content_type: str = ACTIVITY_JSON,
    max_age: int = 0,
) -> web.Response:
    """Return a document readable by anyone, which caches may use unasked for `max_age` seconds.

    Without that they keep it, but ask each time whether it is still the same (RFC 9111 §5.2.2.4):
    what was taken back must not be served on by them.
    """
    response = json_response(document, status=status, content_type=content_type)
    response.headers["Vary"] = "Accept"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = (
        f"public, max-age={max_age}" if max_age else "public, no-cache"
    )
    return response


def json_response(
    value: Any, *, status: int = 200, content_type: str = "application/json"
) -> web.Response:
    """Return JSON as bytes; aiohttp would write it with the slower standard library."""
    return web.Response(body=orjson.dumps(value), status=status, content_type=content_type)


def problem(status: int, error: str) -> web.Response:
    """Return an error as JSON that names what is wrong."""
    return json_response({"error": error}, status=status)
