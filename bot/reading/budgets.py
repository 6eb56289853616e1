"""How a thread's budget is shared: between its posts and their authors, and with who waits."""

from dataclasses import replace

from activitypub.budget import Budget
from activitypub.thread import ThreadBudget

POSTS_SHARE = 0.75
"""Of a thread's budget; the last quarter is for looking up who wrote the posts."""


def hurried(budget: ThreadBudget, seconds: float) -> ThreadBudget:
    """Return a budget for somebody who waits: a host that is slow is not worth their time."""
    short = min(seconds, budget.seconds)
    return replace(budget, seconds=short, patience=min(budget.patience, short / 2))


def for_posts(budget: ThreadBudget) -> ThreadBudget:
    """Return the part of a thread's budget that its posts may use up; the rest is its authors'."""
    return replace(
        budget,
        requests=max(1, round(budget.requests * POSTS_SHARE)),
        per_host=max(1, round(budget.per_host * POSTS_SHARE)),
        seconds=budget.seconds * POSTS_SHARE,
    )


def rest_of(budget: ThreadBudget, spent: Budget) -> Budget:
    """Return what a thread's posts have left of its whole budget."""
    part = for_posts(budget)
    spent.requests += budget.requests - part.requests
    spent.per_host = budget.per_host
    return spent
