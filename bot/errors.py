"""What can go wrong in the bot's own work.

BotError
├── SettingsError    a setting is missing, unknown or not allowed; names key, value, choice
├── KeyFileError     a private key cannot be read, or others could read it too
├── AlreadyThere     `init` found something that it would have to overwrite
├── TooManyWishes    more codes were asked for on the web form than are sent
├── WrongUse         a command names a bot, kind or address that cannot be
└── NothingFound     there is no such bot, source, digest or thread
"""


class BotError(Exception):
    """Root of what this package raises; the message is a sentence for the operator."""


class SettingsError(BotError):
    """A setting is missing, unknown or not allowed."""


class KeyFileError(BotError):
    """A private key cannot be read, or could be read by others."""


class AlreadyThere(BotError):
    """Something exists that would be overwritten."""


class TooManyWishes(BotError):
    """More codes were asked for on the web form than are sent."""


class WrongUse(BotError):
    """A command names a bot, a kind or an address that cannot be; the message says what can."""


class NothingFound(BotError):
    """There is no such bot, source, digest or thread."""
