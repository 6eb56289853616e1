"""A request as it is worked on."""

from dataclasses import dataclass

from activitypub.addressing import Audience, audience_of
from activitypub.vocab import Object
from bot.answering.limits import ALWAYS
from bot.asking import Ask
from bot.topic import LANGUAGE
from bot.words import Words, words
from storage import tables


@dataclass(frozen=True, slots=True)
class Request:
    """A stored request with what answering needs of it."""

    row: tables.Answer
    note: Object
    requester: tables.Actor
    ask: Ask
    language: str | None
    """The bot's own, for those whose language we do not speak."""

    @property
    def id(self) -> str:
        """The id of the post that asks."""
        return self.row.request_id

    @property
    def is_public(self) -> bool:
        """Tell whether the request itself is public or quiet public."""
        return audience_of(self.note.to, self.note.cc) is not Audience.NARROW

    @property
    def is_taking_back(self) -> bool:
        """Tell whether it takes something back, which is done whatever else holds."""
        return self.ask.wish in ALWAYS

    @property
    def spoken(self) -> str | None:
        """The language to speak with the requester: the one they wrote in, as far as it shows."""
        stated = self.note.language or ""
        return self.ask.spoken or (stated if LANGUAGE.fullmatch(stated) else None)

    @property
    def said(self) -> Words:
        """Our own words, in that language or the bot's."""
        return words(self.spoken, self.language)
