"""Answering those who ask: what they may ask for, how often, and what comes back to them alone."""

from bot.answering.answers import Answers
from bot.answering.limits import Limits

__all__ = ["Answers", "Limits"]
