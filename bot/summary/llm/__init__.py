"""Summaries written by a language model: any endpoint that speaks OpenAI's chat API.

A model sees posts as data and answers with text and post ids; code writes links, and nothing is
kept that `bot.summary.grounding` does not find in the posts.
"""

from bot.summary.llm.endpoint import Endpoint, NotWritten
from bot.summary.llm.ledger import Ledger, Spent

# The writer itself (`llm.writer`) brings word lists and matrices: only who has a model loads it.
__all__ = ["Endpoint", "Ledger", "NotWritten", "Spent"]
