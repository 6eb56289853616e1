"""Reading a whole discussion: up to its root, then down, within a budget.

Every server answers differently: a `context` collection (FEP-7888, FEP-f228), paged `replies`,
Mastodon's REST API, or nothing at all. So the walk is iterative, trusts no count and no order,
and says what it could not read.
"""

from activitypub.thread.model import Thread, ThreadBudget, ThreadReport, passed
from activitypub.thread.reading import read_thread, resume_thread

__all__ = ["Thread", "ThreadBudget", "ThreadReport", "passed", "read_thread", "resume_thread"]
