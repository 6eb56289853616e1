"""Undo: of a Follow or a Block, embedded or by its id alone; other things had no effect."""

from collections.abc import Collection

from activitypub.vocab import Activity, Document, one_id
from activitypub.vocab.values import string
from bot.publishing.publish import Publisher
from storage import UnitOfWork


async def undo(
    unit: UnitOfWork, activity: Activity, publisher: Publisher, idle: Collection[str]
) -> str:
    """Take back what the actor of an Undo said before; return what came of it.

    `idle` are the types that had no effect. Who follows or blocks anew says so by a new id: an Undo
    of the former one, which was held up on its way, leaves the new one as it is.
    """
    actor, inner = activity.actor, activity.embedded or {}
    if one_id(inner.get("actor")) not in (None, actor):
        return "ignored"
    kind, about = string(inner.get("type")), one_id(inner.get("object"))
    if kind in idle:
        return "undone"
    if about is None:
        kind, about = await _known_by_id(unit, activity, publisher)
    bot = publisher.uris.handle_of(about or "")
    done = False
    if kind == "Follow" and bot is not None and bot in publisher.bots:
        done = await _unfollow(unit, bot, actor, inner)
    elif kind == "Block" and (bot in publisher.bots or about == publisher.uris.instance_actor):
        done = await _unblock(unit, about or "", actor, inner)
    return "undone" if done else "ignored"


async def _unfollow(unit: UnitOfWork, bot: str, actor: str, undone: Document) -> bool:
    follower = await unit.follows.get_follower(bot, actor)
    if follower is None or await _is_outdated(unit, undone, follower.follow_id):
        return False
    return await unit.follows.remove_follower(bot, actor)


async def _unblock(unit: UnitOfWork, blocked: str, actor: str, undone: Document) -> bool:
    block = await unit.choices.blocked_by(actor)
    if block is None or await _is_outdated(unit, undone, block.told.get(blocked)):
        return False
    return await unit.choices.unblock(actor, blocked)


async def _known_by_id(
    unit: UnitOfWork, activity: Activity, publisher: Publisher
) -> tuple[str, str | None]:
    """Return type and object of what is undone by its id: only what lasts is known by it."""
    uri = activity.object_id or ""
    follower = await unit.follows.by_follow_id(uri)
    if follower is not None and follower.actor_id == activity.actor:
        return "Follow", publisher.uris.actor(follower.bot)
    block = await unit.choices.blocked_by(activity.actor)
    told = block.told if block else {}
    return "Block", next((of for of, block_id in told.items() if block_id == uri), None)


async def _is_outdated(unit: UnitOfWork, undone: Document, current: str | None) -> bool:
    """Tell whether what is undone is known to have come before what holds now.

    Not every server keeps the ids of what it undoes, so one that is unknown counts.
    """
    uri = one_id(undone)
    if uri is None or current is None or uri == current:
        return False
    former, latter = await unit.received.get(uri), await unit.received.get(current)
    return bool(former and latter and former.received_at < latter.received_at)
