"""Asking again costs little: entity tags, answers without a body, and compressed pages (RFC 9110).

A link to a digest is looked at by every server that gets it; most of them ask again later.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b

from aiohttp import ETag, web

KEPT = ("Cache-Control", "ETag", "Vary", "Content-Security-Policy", "Access-Control-Allow-Origin")
"""Headers that an answer without a body repeats (RFC 9110, 15.4.5)."""
WORTH_COMPRESSING = 1000
"""Bytes; below this, packing costs more than it saves."""


@web.middleware
async def fresh(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Tag what anyone may keep for a while, and answer 304 to those who have it still.

    The tag is weak, since the same page may be sent compressed. What is not `public` is left alone.
    """
    response = await handler(request)
    if not _may_be_kept(response) or not isinstance(response, web.Response):
        return response
    body = response.body if isinstance(response.body, bytes) else b""
    tag = ETag(blake2b(body, digest_size=12).hexdigest(), is_weak=True)
    response.etag = tag
    if any(have.value in {tag.value, "*"} for have in request.if_none_match or ()):
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        return web.Response(status=304, headers=headers)
    if len(body) >= WORTH_COMPRESSING:
        response.headers["Vary"] = "Accept, Accept-Encoding"
        response.enable_compression()
    return response


def _may_be_kept(response: web.StreamResponse) -> bool:
    lasting = response.headers.get("Cache-Control", "").startswith("public")
    return response.status == 200 and lasting and not response.prepared
