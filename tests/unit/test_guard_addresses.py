"""The address guard: nothing forged through us reaches what is not public."""

import gzip
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from activitypub.errors import ActivityPubError, Forbidden, TooLarge, Unreachable
from activitypub.guard import AddressGuard
from activitypub.transport import Limits, Transport

CLOSED = (
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fe80::1%eth0",
    "ff02::1",
)


@pytest.mark.parametrize("address", CLOSED)
def test_closed_addresses_are_not_dialled(address: str) -> None:
    with pytest.raises(Forbidden):
        AddressGuard().check_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00::1"])
def test_public_addresses_are(address: str) -> None:
    AddressGuard().check_address(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://social.example/",
        "ftp://social.example/",
        "file:///etc/passwd",
        "https://user:secret@social.example/",
        "https://social.example:8443/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://social.example/a b",
        "https://social.example/a\r\nX: y",
        "https:///path",
        "https://" + "a" * 3000 + ".example/",
    ],
)
def test_urls_we_never_ask(url: str) -> None:
    with pytest.raises(Forbidden):
        AddressGuard().check_url(url)


class Names(AbstractResolver):
    """DNS as a test wants it."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            {
                "hostname": host,
                "host": self.address,
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
        ]

    async def close(self) -> None:
        pass


async def test_a_name_that_leads_inside_is_refused_when_dialling() -> None:
    async with Transport(AddressGuard(), user_agent="t", resolver=Names("10.0.0.1")) as transport:
        with pytest.raises(Forbidden):
            await transport.request("GET", "https://rebinding.example/")


@pytest.fixture
async def base() -> AsyncIterator[str]:
    async def bomb(request: web.Request) -> web.Response:
        body = gzip.compress(b"\0" * (20 << 20))
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            import asyncio  # noqa: PLC0415

            await asyncio.sleep(0.1)
        return response

    async def to(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query["to"]})

    app = web.Application()
    app.add_routes([web.get("/bomb", bomb), web.get("/slow", slow), web.get("/to", to)])
    app.add_routes([web.post("/to", to)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/bomb", TooLarge),
        ("/slow", Unreachable),
        ("/to?to=http://169.254.169.254/latest", Forbidden),
        ("/to?to=file:///etc/passwd", Forbidden),
        ("/to?to=/to?to=/to?to=/to?to=/to?to=/", ActivityPubError),
    ],
)
async def test_hostile_answers_are_bounded(
    base: str, path: str, error: type[ActivityPubError]
) -> None:
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="t", limits=Limits(seconds=1)) as transport:
        with pytest.raises(error):
            await transport.request("GET", base + path)


async def test_redirects_end_and_posts_follow_none(base: str) -> None:
    guard = AddressGuard(allow_loopback=True)
    async with Transport(guard, user_agent="t", limits=Limits(seconds=5)) as transport:
        with pytest.raises(TooLarge):
            await transport.request("GET", f"{base}/to?to=/to?to=/bomb")
        answer = await transport.request("POST", f"{base}/to?to=/bomb", body=b"x")
    assert answer.status == 302
