"""What an activity does to those of its sender that still wait, because some server was slow."""

from activitypub.uris import Uris
from activitypub.vocab import one_id
from activitypub.vocab.values import string
from bot.inbox.prepared import Ready
from storage import UnitOfWork, tables

OUTCOME = {"Delete": "deleted", "Undo": "undone", "Block": "left out", "Update": "replaced"}
"""Types that take something back, and how what waited is counted."""


async def withdraw(unit: UnitOfWork, item: Ready, uris: Uris) -> list[tables.ReceivedActivity]:
    """Return what `item` takes back of what waits; what it changes says the new from now on."""
    if item.activity.type not in OUTCOME:
        return []
    waiting = [
        row
        for row in await unit.received.held_up(item.activity.actor)
        if row.id != item.row.id and row.signer is None
    ]
    for row in waiting:
        if _changes(item, row):
            document = {**row.document, "object": dict(item.activity.embedded or {})}
            await unit.received.revise(row.id, document)
    return [row for row in waiting if _takes_back(item, row, uris)]


def _changes(item: Ready, row: tables.ReceivedActivity) -> bool:
    """Tell whether `item` is a new version of the post in a Create, which has not been heard."""
    embedded = row.document.get("object")
    return (
        item.activity.type == "Update"
        and row.type == "Create"
        and item.post is not None
        and isinstance(embedded, dict)
        and embedded.get("id") == item.post.id
        and row.received_at <= item.row.received_at
    )


def _takes_back(item: Ready, row: tables.ReceivedActivity, uris: Uris) -> bool:
    later, about = item.activity, one_id(row.document.get("object"))
    if later.type == "Delete":  # what is gone does not come back, whatever came first
        return later.object_id in (row.actor_id, about)
    if row.received_at > item.row.received_at:
        return False
    if later.type == "Block":
        return uris.is_ours(later.object_id or "")
    if later.type == "Update":
        return row.type == "Update" and about == later.object_id
    undone = later.embedded or {}
    same = string(undone.get("type")) == row.type and one_id(undone.get("object")) == about
    return later.object_id == row.id or (same and about is not None)
