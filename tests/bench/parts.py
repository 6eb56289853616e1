"""What the benchmarks share: processes around the one that is measured, and its memory."""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request as Ask
from urllib.request import urlopen

import orjson
import uvloop
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot import keys
from bot.demo.fediverse import free_port
from tests.federation import fedify_peer

ROOT = Path(__file__).parents[2]
HANDLE = "news"
JSON = "application/activity+json"


@dataclass(frozen=True)
class Served:
    """A server process that is measured: how to reach it, and how much memory it took."""

    origin: str
    process: "subprocess.Popen[bytes]"

    def peak_mb(self) -> float:
        """Return the largest resident size so far, in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmHWM: this needs Linux")


@contextmanager
def ours(folder: Path, extra: str = "", database: str = "") -> Iterator[Served]:
    """Run `fedigest run` on a database in `folder`, or another, and yield when it answers."""
    port = free_port(0)
    prepare(folder, port, extra, database)
    with start_ours(folder, port) as served:
        yield served


def prepare(folder: Path, port: int, extra: str = "", database: str = "") -> None:
    """Write settings and keys for an instance with one bot that reads nothing."""
    keys.create_missing(folder / "keys", (HANDLE,))
    (folder / "fedigest.toml").write_text(f"""
[instance]
base_url = "http://localhost:{port}"
[server]
port = {port}
[storage]
database = "{database or f"sqlite:///{folder}/b.sqlite3"}"
keys = "{folder}/keys"
[network]
allow_loopback = true
{extra}
[[bots]]
handle = "{HANDLE}"
name = "Bench"
""")


@contextmanager
def start_ours(folder: Path, port: int) -> Iterator[Served]:
    """Migrate, as an installation does, and start the process."""
    log = (folder / "log").open("ab")
    command = [sys.executable, "-m", "bot.cli"]
    config = ["--config", str(folder / "fedigest.toml")]
    subprocess.run([*command, "migrate", *config], cwd=ROOT, check=True, capture_output=True)
    process = subprocess.Popen(
        [*command, "run", *config],
        stdout=subprocess.DEVNULL,
        stderr=log,
        cwd=ROOT,
    )
    served = Served(f"http://localhost:{port}", process)
    try:
        wait_for(served.origin, process)
        yield served
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@contextmanager
def fedify(*, queue: bool = False) -> Iterator[Served]:
    """Run the Fedify peer with in-memory stores, counting only."""
    fedify_peer.install()
    process = subprocess.Popen(
        [str(fedify_peer.NODE), "peer.mjs", "--bench", *(["--queue"] if queue else [])],
        cwd=fedify_peer.FOLDER,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert process.stdout is not None
    hello = json.loads(process.stdout.readline())
    try:
        yield Served(hello["origin"], process)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(origin: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{origin}/robots.txt", timeout=1):  # noqa: S310  loopback
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start; its log says why")


def ask(url: str, body: Any = None) -> Any:
    """Ask a steering address of the peer."""
    data = orjson.dumps(body) if body is not None else None
    request = Ask(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310
    with urlopen(request, timeout=300) as answer:  # noqa: S310  loopback
        return orjson.loads(answer.read())


class Senders:
    """Actors on a small server of their own, who sign what is sent."""

    def __init__(self, count: int) -> None:
        self.port = free_port(0)
        self.origin = f"http://localhost:{self.port}"
        self.private = [rsa.generate_private_key(65537, 2048) for _ in range(count)]

    def documents(self) -> dict[str, bytes]:
        """Return each actor's document by path."""
        found = {}
        for number, key in enumerate(self.private):
            me = f"{self.origin}/u/{number}"
            pem = key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            found[f"/u/{number}"] = orjson.dumps(
                {
                    "@context": [
                        "https://www.w3.org/ns/activitystreams",
                        "https://w3id.org/security/v1",
                    ],
                    "id": me,
                    "type": "Person",
                    "preferredUsername": f"u{number}",
                    "inbox": f"{me}/inbox",
                    "publicKey": {
                        "id": f"{me}#main-key",
                        "owner": me,
                        "publicKeyPem": pem.decode(),
                    },
                }
            )
        return found

    def creates(
        self, inbox: str, count: int, *, relay: int | None = None, tagged: int = 0
    ) -> list[bytes]:
        """Return `count` signed HTTP requests, each a Create of its own, ready to be sent.

        With `relay` this actor signs them all, as a relay does; every `tagged`th has a hashtag.
        """
        now, requests = datetime.now(UTC), []
        path = inbox.partition("://")[2].partition("/")[2]
        for number in range(count):
            who = number % len(self.private)
            me = f"{self.origin}/u/{who}"
            note = {
                "id": f"{me}/n/{number}-{now.timestamp()}",
                "type": "Note",
                "attributedTo": me,
                "content": f"<p>Post number {number} about open weights.</p>",
                "published": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "to": "https://www.w3.org/ns/activitystreams#Public",
                "cc": f"{me}/followers",
                "tag": [{"type": "Hashtag", "name": "#openweights"}]
                if tagged and number % tagged == 0
                else [],
            }
            body = orjson.dumps(
                {
                    "@context": "https://www.w3.org/ns/activitystreams",
                    "id": f"{note['id']}#create",
                    "type": "Create",
                    "actor": me,
                    "to": note["to"],
                    "cc": note["cc"],
                    "object": note,
                }
            )
            signer = who if relay is None else relay
            key = SigningKey(f"{self.origin}/u/{signer}#main-key", self.private[signer])
            headers = cavage.sign(key, "POST", inbox, now=now, body=body)
            headers |= {"Content-Type": JSON, "Content-Length": str(len(body))}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            requests.append(f"POST /{path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return requests


@contextmanager
def serving(port: int, documents: dict[str, bytes]) -> Iterator[None]:
    """Serve documents, and take whatever is posted, in a process of its own.

    `/count` tells how much came and when; with `inbox=/path` or `kind=digest` only of that.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(port, documents), daemon=True
    )
    process.start()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with urlopen(f"http://127.0.0.1:{port}/count", timeout=1):
                break
        except OSError:
            time.sleep(0.02)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _serve(port: int, documents: dict[str, bytes]) -> None:
    arrivals: list[tuple[float, str, str]] = []

    async def get(request: web.Request) -> web.Response:
        found = documents.get(request.path)
        if request.path == "/count":
            inbox, kind = (request.query.get(name) for name in ("inbox", "kind"))
            times = [
                at for at, path, what in arrivals if inbox in {None, path} and kind in {None, what}
            ]
            first, last = (times[0], times[-1]) if times else (0.0, 0.0)
            return web.json_response({"count": len(times), "first": first, "last": last})
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found, content_type=JSON)

    async def post(request: web.Request) -> web.Response:
        body = await request.read()
        kind = "answer" if b'"inReplyTo"' in body else "digest"
        if b'"type":"Create"' not in body:
            kind = ""
        arrivals.append((time.time(), request.path, kind))
        return web.Response(status=202)

    async def main() -> None:
        app = web.Application()
        app.add_routes([web.get("/{path:.*}", get), web.post("/{path:.*}", post)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    uvloop.run(main())


@dataclass
class Load:
    """What a load came to: how long it took, and the status and time of each answer."""

    seconds: float
    statuses: dict[int, int]
    latencies: list[float]


def load(origin: str, requests: Sequence[bytes], connections: int = 32) -> Load:
    """Send ready requests over some connections, one at a time on each, as fast as answered."""
    return uvloop.run(_load(origin, list(reversed(requests)), connections))


async def _load(origin: str, requests: list[bytes], connections: int) -> Load:
    host, _, port = origin.partition("://")[2].partition(":")
    result = Load(0.0, {}, [])

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        while requests:
            request = requests.pop()
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line[15:])
            if length:
                await reader.readexactly(length)
            result.latencies.append(time.perf_counter() - began)
            result.statuses[status] = result.statuses.get(status, 0) + 1
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        writer.close()

    assert host
    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    result.seconds = time.perf_counter() - began
    return result


def cpu_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))
