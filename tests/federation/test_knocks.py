"""The extra knock over real sockets: hosts that read one scheme, the other, or neither."""

from collections.abc import Callable
from datetime import UTC, datetime

import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.client import Client
from activitypub.errors import Gone, Refused
from activitypub.guard import AddressGuard
from activitypub.ports import SigningKey
from activitypub.signatures import Request, candidates, keys
from activitypub.transport import Transport
from bot.building import SystemClock
from tests.federation.hosts import Hosts, hosts

PRIVATE = rsa.generate_private_key(65537, 2048)
KEY = SigningKey("https://digest.example/ap/instance#main-key", PRIVATE)
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def reading(scheme: str, net: Hosts, status: int = 401) -> Callable[[web.Request], web.Response]:
    """Return a server that verifies one scheme only and says `status` to the other."""

    def answer(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if ("signature-input" in headers) != (scheme == "rfc9421"):
            return web.Response(status=status)
        body = next((b for _, r, b in net.posted if r is request), None)
        signed = Request(request.method, f"http://{request.host}{request.path_qs}", headers, body)
        keys.verify(candidates(signed, datetime.now(UTC))[0], PEM)
        return web.Response(status=202)

    return answer


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_one_knock_more_and_then_memory(scheme: str, status: int) -> None:
    async with (
        hosts() as (net, _),
        Transport(AddressGuard(allow_loopback=True), user_agent="t") as transport,
    ):
        client = Client(transport, KEY, SystemClock())
        inbox = net.put("peer", "/inbox", reading(scheme, net, status))
        body = orjson.dumps({"type": "Create"})
        for expected in (1, 2, 3) if scheme == "cavage" else (2, 3, 4):
            assert await client.post(inbox, body, KEY) == 202
            assert net.asked["peer/inbox"] == expected


async def test_never_more_than_one_knock_and_the_better_answer_counts() -> None:
    async with (
        hosts() as (net, _),
        Transport(AddressGuard(allow_loopback=True), user_agent="t") as transport,
    ):
        client = Client(transport, KEY, SystemClock())
        net.put("none", "/inbox", lambda request: web.Response(status=401))
        with pytest.raises(Refused):
            await client.post(net.url("none", "/inbox"), b"{}", KEY)
        assert net.asked["none/inbox"] == 2
        with pytest.raises(Refused):
            await client.post(net.url("none", "/inbox"), b"{}", KEY)
        assert net.asked["none/inbox"] == 3, "it is not knocked at twice for a while"
        net.put(
            "new",
            "/gone",
            lambda request: web.Response(
                status=410 if "Signature-Input" in request.headers else 401
            ),
        )
        with pytest.raises(Gone):
            await client.object(net.url("new", "/gone"))


async def test_accept_signature_decides_the_second_knock() -> None:
    async with (
        hosts() as (net, _),
        Transport(AddressGuard(allow_loopback=True), user_agent="t") as transport,
    ):
        client = Client(transport, KEY, SystemClock())

        def answer(request: web.Request) -> web.Response:
            if 'nonce="n1"' in request.headers.get("Signature-Input", ""):
                return reading("rfc9421", net)(request)
            wish = 'sig=("@method" "@target-uri" "@authority");created;nonce="n1"'
            return web.Response(status=401, headers={"Accept-Signature": wish})

        assert await client.post(net.put("picky", "/inbox", answer), b"{}", KEY) == 202
        assert net.asked["picky/inbox"] == 2
