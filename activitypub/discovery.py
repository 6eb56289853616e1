"""From a handle to an actor: WebFinger (RFC 7033)."""

from collections.abc import Mapping
from urllib.parse import quote

from activitypub.client import ACTIVITY_JSON, LD_JSON, PROFILE, Client, read_json
from activitypub.errors import Malformed

ACCEPT = "application/jrd+json, application/json"
TYPES = frozenset({ACTIVITY_JSON, f'{LD_JSON}; profile="{PROFILE}"', LD_JSON})


async def webfinger(client: Client, handle: str) -> str:
    """Return the actor id behind `@name@host`.

    The subject is authoritative: if it names another handle, that one is asked, once, and must
    lead to the same actor. Raises the client's errors, or `Malformed`.
    """
    name, host = split(handle)
    subject, actor_id = await _ask(client, name, host)
    stated = subject.removeprefix("acct:")
    if stated.casefold() == f"{name}@{host}".casefold():
        return actor_id
    _, again = await _ask(client, *split(stated))
    if again != actor_id:
        raise Malformed(f"{host} and {stated.rpartition('@')[2]} disagree about @{name}")
    return actor_id


def split(handle: str) -> tuple[str, str]:
    """Return (name, host) of `@name@host`, `name@host`, or `!name@host` as Lemmy names communities.

    Raises `Malformed`.
    """
    handle = handle.strip()
    name, _, host = handle.lstrip("@!").partition("@")
    if not (name and host) or "@" in host or "/" in handle or any(c.isspace() for c in handle):
        raise Malformed(f"{handle[:100]!r} is not a handle such as @name@social.example")
    return name, host.lower()


async def _ask(client: Client, name: str, host: str) -> tuple[str, str]:
    resource = quote(f"acct:{name}@{host}", safe="")
    scheme = "http" if client.allows_http else "https"
    url = f"{scheme}://{host}/.well-known/webfinger?resource={resource}"
    response = await client.get(url, accept=ACCEPT)
    return read_jrd(response.body, url)


def read_jrd(body: bytes, url: str) -> tuple[str, str]:
    """Return (subject, actor id) of an answer to WebFinger (RFC 7033 §4.4). Raises `Malformed`."""
    document = read_json(body, url)
    subject, links = document.get("subject"), document.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == "self" and link.get("type") in TYPES:
            href = link.get("href")
            if isinstance(href, str) and isinstance(subject, str):
                return subject, href
    raise Malformed("the answer names no ActivityPub actor", url=url)
