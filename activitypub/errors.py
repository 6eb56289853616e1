"""What can go wrong between servers.

ActivityPubError
├── Recoverable            may succeed later; `retry_after` says when, if the peer did
│   ├── Unreachable        no DNS answer, refused or broken connection, time-out
│   ├── Busy               408, 425, 429 or a 5xx answer
│   └── BudgetSpent        our own limit of requests, bytes or seconds for this task
└── Final                  asking again will not help
    ├── Refused            401 or 403, or a host that we may not ask
    ├── Missing            404
    │   └── Gone           410, or a Tombstone
    ├── Rejected           any other 4xx answer
    ├── Forbidden          an address that our own guard keeps us from
    ├── TooLarge           more bytes, redirects or nesting than we take
    ├── Malformed          not JSON, not ActivityStreams, a wrong id or content type
    └── BadSignature       missing, unreadable, too old, or simply wrong
        └── KeyGone        its key is no more, so that nobody can tell
"""

from datetime import timedelta


class ActivityPubError(Exception):
    """Root of everything this package raises.

    `url` is what was asked for, `status` the HTTP status if there was an answer.
    """

    def __init__(self, message: str, *, url: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.status = status


class Recoverable(ActivityPubError):
    """May succeed later."""

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, url=url, status=status)
        self.retry_after = retry_after


class Unreachable(Recoverable):
    """No DNS answer, a refused or broken connection, or a time-out."""


class Busy(Recoverable):
    """The peer answered 408, 425, 429 or 5xx."""


class BudgetSpent(Recoverable):
    """Our own limit of requests, bytes or seconds for this task is used up."""


class Final(ActivityPubError):
    """Asking again will not help."""


class Refused(Final):
    """401 or 403, or a host that we may not ask."""


class Missing(Final):
    """404."""


class Gone(Missing):
    """410, or a Tombstone in place of the object."""


class Rejected(Final):
    """Any other 4xx answer."""


class Forbidden(Final):
    """The address guard keeps us from this address, port or scheme."""


class TooLarge(Final):
    """More bytes, redirects or nesting than we take."""


class Malformed(Final):
    """Not JSON, not ActivityStreams, or an id or content type that does not fit."""


class BadSignature(Final):
    """Missing, unreadable, too old, made with another key, or simply wrong."""

    def again(self) -> "BadSignature":
        """Return the same error, to be raised once more without the first one's traceback."""
        return type(self)(*self.args, url=self.url, status=self.status)


class KeyGone(BadSignature):
    """The server of the key says that it is gone, missing, or nobody's business."""
