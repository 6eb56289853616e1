"""Summaries written by a language model: any endpoint that speaks OpenAI's chat API.

A model sees posts as data and answers with text and post ids; code writes links, and nothing is
kept that `bot.summary.grounding` does not find in the posts.
"""

from bot.summary.llm.ledger import Ledger, Spent, Unlimited
from bot.summary.llm.writer import Endpoint, NotWritten, Writer

__all__ = ["Endpoint", "Ledger", "NotWritten", "Spent", "Unlimited", "Writer"]
