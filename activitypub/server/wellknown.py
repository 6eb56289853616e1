"""WebFinger (RFC 7033), host-meta (RFC 6415) and NodeInfo (FEP-f1d5)."""

from typing import Any

from aiohttp import web

from activitypub.client import ACTIVITY_JSON
from activitypub.ports import Directory
from activitypub.server.instance import Instance
from activitypub.server.negotiate import LASTING, activity_response, problem

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema"
VERSIONS = ("2.0", "2.1", "2.2")
SERVER = "https://www.w3.org/ns/activitystreams#Service"
"""How FEP-d556 marks the server's own actor."""
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"


class WellKnown:
    """Answers what peers ask before they know any id of ours. None of it needs a signature."""

    def __init__(self, instance: Instance, directory: Directory) -> None:
        self._instance = instance
        self._directory = directory
        self._uris = instance.uris

    async def webfinger(self, request: web.Request) -> web.Response:
        """From a handle, an actor id or a profile page to the actor."""
        resource = request.query.get("resource", "").strip()
        if not resource:
            return _open(problem(400, "the parameter resource is missing"))
        if self._is_instance(resource):
            return self._jrd(self._own_account, self._uris.instance_actor, self._uris.about, SERVER)
        handle = self._handle(resource)
        if handle is None or handle not in self._directory.handles:
            return _open(problem(404, "there is no such account here"))
        subject = f"acct:{handle}@{self._uris.domain}"
        return self._jrd(subject, self._uris.actor(handle), self._uris.profile(handle))

    async def host_meta(self, request: web.Request) -> web.Response:
        """Point old clients to WebFinger."""
        template = f"{self._uris.base}/.well-known/webfinger?resource={{uri}}"
        return web.Response(
            text='<?xml version="1.0" encoding="UTF-8"?>\n'
            '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
            f'<Link rel="lrdd" template="{template}"/></XRD>\n',
            content_type="application/xrd+xml",
        )

    async def nodeinfo_links(self, request: web.Request) -> web.Response:
        """List the NodeInfo documents, and the instance actor (FEP-2677)."""
        links = [
            {"rel": f"{SCHEMA}/{version}", "href": f"{self._uris.base}/nodeinfo/{version}"}
            for version in VERSIONS
        ]
        links.append(
            {
                "rel": "https://www.w3.org/ns/activitystreams#Application",
                "href": self._uris.instance_actor,
            }
        )
        return activity_response({"links": links}, content_type="application/json", max_age=LASTING)

    async def nodeinfo(self, request: web.Request) -> web.Response:
        """Return NodeInfo of the version asked for; 2.2 must have `instance`."""
        version = request.match_info["version"]
        if version not in VERSIONS:
            return problem(404, "there is no NodeInfo of this version")
        usage = await self._directory.usage()
        software = {"name": self._instance.software, "version": self._instance.version}
        document: dict[str, Any] = {
            "version": version,
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": ["atom1.0"]},
            "openRegistrations": False,
            "usage": {"users": {"total": usage.bots}, "localPosts": usage.posts},
            "metadata": {"nodeName": self._instance.name},
        }
        if version != "2.0":
            software["repository"] = self._instance.repository
        if version == "2.2":
            document["instance"] = {"name": self._instance.name}
        schema = f'application/json; profile="{SCHEMA}/{version}#"'
        response = activity_response(document, content_type="application/json", max_age=LASTING)
        response.headers["Content-Type"] = schema
        return response

    @property
    def _own_account(self) -> str:
        """The instance actor's account: its username is the host, as on Mastodon."""
        return f"acct:{self._uris.domain.partition(':')[0]}@{self._uris.domain}"

    def _is_instance(self, resource: str) -> bool:
        known = {self._uris.base, self._uris.instance_actor, self._own_account}
        return resource.rstrip("/") in known

    def _handle(self, resource: str) -> str | None:
        name, at, host = resource.removeprefix("acct:").lstrip("@").rpartition("@")
        if at and "/" not in resource:
            ours = host.lower() in {self._uris.domain.lower(), self._uris.host.lower()}
            return name.lower() if ours else None
        profile = f"{self._uris.base}/@"
        if resource.startswith(profile):
            return resource.removeprefix(profile)
        return self._uris.handle_of(resource)

    def _jrd(
        self, subject: str, actor_id: str, page: str, extra: str | None = None
    ) -> web.Response:
        document: dict[str, Any] = {
            "subject": subject,
            "aliases": [actor_id, page],
            "links": [
                {"rel": "self", "type": ACTIVITY_JSON, "href": actor_id},
                {
                    "rel": "http://webfinger.net/rel/profile-page",
                    "type": "text/html",
                    "href": page,
                },
                {"rel": SUBSCRIBE, "template": f"{self._uris.subscribe}?uri={{uri}}"},
            ],
        }
        if extra:
            links = document["links"]
            links.append({"rel": extra, "type": ACTIVITY_JSON, "href": actor_id})
        return activity_response(document, content_type="application/jrd+json", max_age=LASTING)


def _open(response: web.Response) -> web.Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
