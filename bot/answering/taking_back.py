"""Taking back what was allowed or asked for: what an answer does, and what a flood still gets."""

from datetime import datetime

from bot.asking import Ask, Wish
from bot.taking_back.provenance import Provenance
from storage import UnitOfWork, tables


async def thread_of(unit: UnitOfWork, above: str | None) -> str | None:
    """Return the thread of a post, or of an answer of ours; None when none is known."""
    post = await unit.posts.get(above or "")
    if post is not None and post.thread_id:
        return post.thread_id
    ours = await unit.answers.of_publication(above or "")
    return ours.thread_id if ours else None


async def close(unit: UnitOfWork, provenance: Provenance, thread_id: str, now: datetime) -> None:
    """Keep out of a thread from now on, and drop what is here of it."""
    row = tables.Choice(actor_id=thread_id, choice="exclude", how="not here", at=now)
    await unit.choices.set(row)
    await provenance.erase(unit, [post.id for post in await unit.posts.in_thread(thread_id)])


async def end(
    unit: UnitOfWork, bot: str, person: str, ask: Ask, above: str | None
) -> list[tables.Subscription]:
    """End what a person means of what `bot` sends them; return what was ended.

    `above` is the post they answer. A thread means that one; where none can be told, the only one.
    """
    mine = [row for row in await unit.subscriptions.of_actor(person) if row.bot == bot]
    if ask.wish is Wish.UNFOLLOW_TAG and ask.tags:
        gone = [row for row in mine if row.kind == "tag" and row.target in ask.tags]
    elif ask.wish is Wish.UNFOLLOW_THREAD:
        threads = [row for row in mine if row.kind == "thread"]
        meant = await thread_of(unit, above)
        gone = [row for row in threads if row.target == meant] or threads[: len(threads) == 1]
    else:
        gone = mine
    for row in gone:
        await unit.subscriptions.remove(row.id)
    return gone
