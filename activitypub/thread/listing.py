"""What the members of a list are: ids, posts, or activities about posts."""

from activitypub.addressing import same_origin
from activitypub.vocab import Document, Object, one_id
from activitypub.vocab.values import strings

WRAPPED = frozenset({"Create", "Announce", "Update"})


def post_id(item: str | Document) -> str | None:
    """Return the id of a listed post; of a listed activity, that of its object (FEP-f228)."""
    if not isinstance(item, str) and not WRAPPED.isdisjoint(strings(item.get("type"))):
        return one_id(item.get("object"))
    return one_id(item)


def inline(item: str | Document, where: str) -> Object | None:
    """Parse an inline post whose id is on the server that lists it."""
    if not isinstance(item, str) and not WRAPPED.isdisjoint(strings(item.get("type"))):
        item = item.get("object") or ""
    if (
        not isinstance(item, dict)
        or "content" not in item
        or not same_origin(str(item.get("id")), where)
    ):
        return None
    try:
        return Object.parse(item)
    except ValueError:
        return None
