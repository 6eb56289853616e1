"""Starting a walk, or going on where one reached a bound."""

from collections.abc import Collection as Ids
from collections.abc import Iterable

from activitypub.client import Client
from activitypub.thread.belonging import Trunk
from activitypub.thread.frontier import Step
from activitypub.thread.model import Thread, ThreadBudget
from activitypub.thread.walk import ComeBy, OnPost, Walk
from activitypub.vocab import Object


async def read_thread(
    client: Client,
    start: str | Object,
    budget: ThreadBudget,
    *,
    known: Ids[str] = (),
    on_post: OnPost | None = None,
    come_by: ComeBy | None = None,
) -> Thread:
    """Read the thread around `start`, a post or its address.

    Only posts with Public in `to` or `cc` are kept, whatever our signature unlocks; below others
    nothing is asked. Posts whose ids are `known` are not fetched again where they need not be.
    `on_post` is called for each kept post, `come_by` with the id of each post above before it is
    asked for; what that raises ends the reading. Raises the client's error when `start` itself
    cannot be read; whatever fails later is counted in the report.
    """
    walk = Walk(client, budget, on_post)
    opened = start if isinstance(start, Object) else await client.object(start, walk.spending)
    root = await walk.climb(opened, come_by)
    walk.skip(known)
    walk.open(root)
    await walk.run()
    return walk.result(root.id if root.id in walk.posts else None)


async def resume_thread(
    client: Client,
    root: str,
    rest: Iterable[str],
    budget: ThreadBudget,
    *,
    known: Ids[str] = (),
    contexts: Iterable[str] = (),
    on_post: OnPost | None = None,
) -> Thread:
    """Go on where a walk reached a bound: `rest` is what it left, `known` the posts it read.

    `contexts` are the names that the root gives to its conversation.
    """
    walk = Walk(client, budget, on_post)
    walk.skip(known)
    walk.trunk = Trunk(root, frozenset(contexts), is_top=True)
    for text in rest:
        kind, _, mark = text.partition(" ")
        step = Step.read(text)
        if step is not None:
            walk.report.seen.update({"post": [step.url], "page": [step.owner]}.get(step.kind, ()))
            walk.queue(step)
        elif kind == "passed":
            walk.report.passed.add(mark)
    await walk.run()
    return walk.result(root)
