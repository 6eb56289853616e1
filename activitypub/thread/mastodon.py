"""Mastodon's API of a thread, which knows what stands below deleted posts."""

from urllib.parse import urlsplit

import orjson

from activitypub.vocab import Object


def context_url(root: Object) -> str | None:
    """Return where `GET /api/v1/statuses/:id/context` is, if the root may be a status."""
    status = urlsplit(root.url or root.id).path.rstrip("/").rpartition("/")[2]
    parts = urlsplit(root.id)
    if not status.isdigit():
        return None
    return f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{status}/context"


def descendants(body: bytes) -> list[str]:
    """Return the ids that such an answer lists; none of anything else."""
    try:
        listed = orjson.loads(body).get("descendants") or []
        uris = [item.get("uri") for item in listed if isinstance(item, dict)]
    except (orjson.JSONDecodeError, AttributeError, TypeError):
        return []
    return [uri for uri in uris if isinstance(uri, str)]
