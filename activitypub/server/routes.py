"""All routes that peers use, in one list."""

from collections.abc import Sequence

from aiohttp import web

from activitypub.ports import Directory, Inbox
from activitypub.server.inbox import InboxRoute
from activitypub.server.instance import Instance
from activitypub.server.objects import Objects
from activitypub.server.wellknown import WellKnown
from activitypub.verify import Verifier


def routes(
    instance: Instance, directory: Directory, inbox: Inbox, verifier: Verifier
) -> Sequence[web.RouteDef]:
    """Return the routes of an instance; pages for people are the application's own."""
    known = WellKnown(instance, directory)
    objects = Objects(instance.uris, directory, verifier)
    arriving = InboxRoute(instance.uris.base, directory, inbox, verifier)
    return [
        web.get("/.well-known/webfinger", known.webfinger),
        web.get("/.well-known/host-meta", known.host_meta),
        web.get("/.well-known/nodeinfo", known.nodeinfo_links),
        web.get("/nodeinfo/{version}", known.nodeinfo),
        web.get("/ap/instance", objects.instance_actor),
        web.get("/ap/actors/{handle}", objects.actor),
        web.get(
            "/ap/actors/{handle}/{name:outbox|followers|following|featured}", objects.collection
        ),
        web.get("/ap/actors/{handle}/followers_synchronization", objects.synchronization),
        web.get("/ap/objects/{id}", objects.document),
        web.get("/ap/objects/{id}/replies", objects.thread),
        web.get("/ap/contexts/{id}", objects.thread),
        web.get("/ap/stamps/{id}", objects.stamp),
        web.get("/ap/activities/{id}", objects.document),
        web.post("/ap/inbox", arriving.post),
        web.post("/ap/actors/{handle}/inbox", arriving.post),
    ]
