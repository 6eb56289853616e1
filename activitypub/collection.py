"""Reading paged collections, whose counts, order and ends are never trusted."""

from collections.abc import AsyncIterator

from activitypub.addressing import same_origin
from activitypub.budget import Budget
from activitypub.client import Client
from activitypub.vocab import Collection, Document

MOST_PAGES = 100


async def items(
    client: Client,
    start: str | Document,
    *,
    budget: Budget | None = None,
    pages: int = MOST_PAGES,
) -> AsyncIterator[str | Document]:
    """Yield the items of a collection: those inline, then those of `first` and each `next`.

    `start` is its URL or the embedded collection. Ends on a page seen before, on a page of another
    server, and after `pages` pages. Raises the client's errors for the page that fails.
    """
    origin = start if isinstance(start, str) else str(start.get("id") or "")
    seen: set[str] = set()
    page = await _page(client, start, budget, seen)
    for _ in range(pages):
        if page is None:
            return
        for item in page.items:
            yield item
        origin = origin or page.next or ""
        following = page.first if page.first is not None else page.next
        if following is None or (isinstance(following, str) and not same_origin(following, origin)):
            return
        page = await _page(client, following, budget, seen)


async def _page(
    client: Client, page: str | Document, budget: Budget | None, seen: set[str]
) -> Collection | None:
    if isinstance(page, str):
        if page in seen:
            return None
        seen.add(page)
        return await client.collection(page, budget)
    try:
        return Collection.parse(page)
    except ValueError:
        return None
