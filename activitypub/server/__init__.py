"""What peers ask of us: aiohttp routes over the ports of the application."""

from activitypub.server.instance import Instance
from activitypub.server.negotiate import LASTING, activity_response, wants_activity
from activitypub.server.routes import routes

__all__ = ["LASTING", "Instance", "activity_response", "routes", "wants_activity"]
