"""What the routes need to know of the instance."""

from dataclasses import dataclass

from activitypub.uris import Uris


@dataclass(frozen=True, slots=True)
class Instance:
    """Name, software and addresses of an instance, as NodeInfo and WebFinger state them."""

    uris: Uris
    name: str
    version: str
    repository: str
    software: str = "fedigest"
