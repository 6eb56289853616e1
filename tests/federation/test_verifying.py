"""Who signed: keys in every place, keys that are not to be had, and floods that cost nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub import verify
from activitypub.ports import SigningKey
from activitypub.server import inbox
from activitypub.signatures import cavage, message
from bot.app import Fedigest
from bot.demo.show import HANDLE
from tests.federation.hosts import JSON, Hosts, hosts
from tests.federation.instance import running
from tests.federation.sender import Sender

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


class Stranger:
    """Somebody on a host of `net`, who signs with one key and serves it as a test wants it."""

    def __init__(self, sender: Sender, net: Hosts, host: str, name: str = "a") -> None:
        self.sender, self.net, self.host, self.path = sender, net, host, f"/u/{name}"
        self.id = net.url(host, self.path)
        self.key_id = f"{self.id}#main-key"

    def actor(self, **more: Any) -> dict[str, Any]:
        key = {"id": self.key_id, "owner": self.id, "publicKeyPem": PEM}
        document = {"id": self.id, "type": "Person", "inbox": f"{self.id}/inbox"}
        return {**document, "preferredUsername": "a", "publicKey": key, **more}

    def serve(self, **more: Any) -> "Stranger":
        self.net.put(self.host, self.path, self.actor(**more))
        return self

    async def say(self, scheme: Any = cavage, **activity: Any) -> int:
        number = len(self.net.asked) + sum(self.net.asked.values())
        whole: dict[str, Any] = {
            "id": f"{self.id}#{number}", "type": "Like", "actor": self.id,
            "object": self.sender.app.uris.object("x"), **activity,
        }  # fmt: skip
        body = orjson.dumps(whole)
        key = SigningKey(self.key_id, PRIVATE)
        headers = scheme.sign(key, "POST", self.sender.inbox, now=datetime.now(UTC), body=body)
        return (await self.sender.post({**headers, "Content-Type": JSON}, body))[0]

    @property
    def fetches(self) -> int:
        return sum(n for path, n in self.net.asked.items() if path.startswith(f"{self.host}/"))


Opened = tuple[Fedigest, Hosts, Sender]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, _):
        yield app, net, Sender(fediverse, app)


@pytest.mark.parametrize("scheme", [cavage, message])
async def test_a_key_may_be_the_actor_or_a_document_of_its_own(opened: Opened, scheme: Any) -> None:
    _, net, sender = opened
    assert await Stranger(sender, net, "mastodon").serve().say(scheme) == 202
    apart = Stranger(sender, net, "gts")
    apart.key_id = f"{apart.id}/main-key"
    apart.serve()
    stub = {"id": apart.id, "type": "Person", "publicKey": apart.actor()["publicKey"]}
    net.put("gts", f"{apart.path}/main-key", stub)
    assert await apart.say(scheme) == 202
    bare = Stranger(sender, net, "bare")
    bare.key_id = net.url("bare", "/keys/1")
    bare.serve()
    net.put("bare", "/keys/1", {"type": "Key", **bare.actor()["publicKey"]})
    assert await bare.say(scheme) == 202
    listed = Stranger(sender, net, "listed")
    old = {"id": f"{listed.id}#old", "owner": listed.id, "publicKeyPem": "gone"}
    listed.serve(publicKey=[old, listed.actor()["publicKey"]])
    assert await listed.say(scheme) == 202


async def test_owner_and_key_must_name_each_other_on_one_server(opened: Opened) -> None:
    _, net, sender = opened
    victim = Stranger(sender, net, "victim").serve()
    # A key whose owner is on another server, or who does not list it, or who is someone else.
    thief = Stranger(sender, net, "thief")
    thief.key_id = net.url("thief", "/key")
    net.put("thief", "/key", {"id": thief.key_id, "owner": victim.id, "publicKeyPem": PEM})
    thief.id = victim.id
    assert await thief.say() == 401
    unlisted = Stranger(sender, net, "unlisted")
    unlisted.key_id = net.url("unlisted", "/key")
    mine = {"id": unlisted.key_id, "owner": unlisted.id, "publicKeyPem": PEM}
    net.put("unlisted", "/key", mine)
    net.put("unlisted", "/u/a", unlisted.actor(publicKey={**mine, "id": f"{unlisted.id}#other"}))
    assert await unlisted.say() == 401
    neighbour = Stranger(sender, net, "house", "b").serve()
    neighbour.id = net.url("house", "/u/c")
    assert await neighbour.say() == 401
    # A document that lives elsewhere than its id says, by way of a redirect.
    moved = Stranger(sender, net, "moved")
    net.put("moved", "/u/a", redirect(net.url("thief", "/copy")))
    net.put("thief", "/copy", moved.actor())
    assert await moved.say() == 401


def redirect(target: str) -> Callable[[web.Request], web.Response]:
    return lambda request: web.Response(status=302, headers={"Location": target})


@pytest.mark.parametrize("status", [404, 410, 403, 401])
async def test_a_key_that_is_not_to_be_had_is_asked_for_once(opened: Opened, status: int) -> None:
    _, net, sender = opened
    gone = Stranger(sender, net, "gone")
    net.put("gone", gone.path, lambda request: web.Response(status=status))
    assert [await gone.say() for _ in range(5)] == [401] * 5
    assert gone.fetches <= 2, "once, with one knock more"


async def test_a_server_that_is_down_is_asked_again_later(opened: Opened) -> None:
    _, net, sender = opened
    ill = Stranger(sender, net, "ill")
    net.put("ill", ill.path, lambda request: web.Response(status=502))
    assert await ill.say() == 503, "so that its activity is not lost"
    ill.serve()
    assert await ill.say() == 202


async def test_what_is_remembered_of_bad_keys_is_bounded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(verify, "MOST_REMEMBERED", 20)
    made: list[verify.Verifier] = []
    known = verify.Verifier.__init__

    def remembered(self: verify.Verifier, *given: Any) -> None:
        known(self, *given)
        made.append(self)

    monkeypatch.setattr(verify.Verifier, "__init__", remembered)
    async with running(tmp_path) as (fediverse, app, _), hosts() as (net, _):
        sender = Sender(fediverse, app)
        for number in range(60):
            assert await Stranger(sender, net, f"flood{number}").say() == 401
    [verifier] = [v for v in made if v._failed.maxsize == 20 and len(v._failed)]
    assert len(verifier._failed) == 20


@pytest.mark.parametrize("status", [404, 502, 200])
async def test_nobody_has_us_knock_at_a_server_for_ever(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Keys that are not there, a server that is down, and keys with which nobody has signed."""
    _, net, sender = opened
    monkeypatch.setattr(verify, "MOST_IN_VAIN", 3)
    others = rsa.generate_private_key(65537, 2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = others.public_bytes(serialization.Encoding.PEM, form).decode()
    for number in range(10):
        named = Stranger(sender, net, "victim", f"n{number}")
        key = {"id": named.key_id, "owner": named.id, "publicKeyPem": pem}
        net.put("victim", named.path, named.actor(publicKey=key))
        if status != 200:
            net.put("victim", named.path, lambda request: web.Response(status=status))
        expected = 503 if status == 502 or number >= 3 else 401
        assert await named.say() == expected
    keys = {path for path in net.asked if path.startswith("victim/")}
    assert len(keys) == 3
    assert await Stranger(sender, net, "another").serve().say() == 202


async def test_a_slow_key_server_keeps_only_its_own_senders_waiting(opened: Opened) -> None:
    _, net, sender = opened
    waiting = asyncio.Event()

    class Never(web.Response):
        async def prepare(self, request: web.BaseRequest) -> None:
            await waiting.wait()

    slow = [Stranger(sender, net, "slow", f"n{n}") for n in range(40)]
    for one in slow:
        net.put("slow", one.path, lambda request: Never(status=404))
    stuck = [asyncio.create_task(one.say()) for one in slow]
    too_many = len(slow) - verify.MOST_WAITING_PER_HOST
    for _, done in zip(range(too_many), asyncio.as_completed(stuck), strict=False):
        assert await done == 503
    assert await Stranger(sender, net, "quick").serve().say() == 202
    waiting.set()
    await asyncio.gather(*stuck)


async def test_values_come_alone_or_in_lists_and_objects_bare_or_whole(opened: Opened) -> None:
    app, net, sender = opened
    bot = app.uris.actor(HANDLE)
    someone = Stranger(sender, net, "lists").serve()
    forms: list[dict[str, Any]] = [
        {"type": ["Follow"], "object": bot, "to": bot},
        {"type": "Follow", "object": [bot], "to": [bot], "cc": [], "tag": []},
        {"type": "Follow", "object": {"id": bot, "type": "Service"}, "actor": [someone.id]},
        {"type": "Follow", "object": bot, "actor": {"id": someone.id, "type": "Person"}},
        {"type": "Create", "object": f"{someone.id}/1", "to": "as:Public"},
        {"type": "Create", "object": [{"id": f"{someone.id}/2", "type": ["Note"]}]},
        {"type": "Delete", "object": f"{someone.id}/1"},
        {"type": "Delete", "object": {"type": "Tombstone", "id": f"{someone.id}/1"}},
    ]
    assert [await someone.say(id=f"{someone.id}#{n}", **form) for n, form in enumerate(forms)] == [
        202
    ] * len(forms)
    assert await someone.say(actor=[someone.id, someone.id + "2"]) == 400, "one actor, not two"
    async with asyncio.timeout(60):
        while True:
            async with app.storage.view() as view:
                rows = [await view.received.get(f"{someone.id}#{n}") for n in range(len(forms))]
                followers = await view.follows.count_followers(HANDLE)
            if all(row is not None and row.handled_at for row in rows):
                break
            await asyncio.sleep(0.02)
    assert [row.outcome for row in rows if row][:4] == ["accepted"] * 4
    assert followers == 1


async def test_a_sent_request_counts_once_and_here_only(opened: Opened) -> None:
    """Caught and sent again: the same is done once; on another path, or changed, it is nothing."""
    app, net, sender = opened
    someone = Stranger(sender, net, "replay").serve()
    body = orjson.dumps(
        {
            "id": f"{someone.id}#f", "type": "Follow", "actor": someone.id,
            "object": app.uris.actor(HANDLE),
        }
    )  # fmt: skip
    key = SigningKey(someone.key_id, PRIVATE)
    for scheme in (cavage, message):
        made = scheme.sign(key, "POST", sender.inbox, now=datetime.now(UTC), body=body)
        headers = {**made, "Content-Type": JSON}
        assert [(await sender.post(headers, body))[0] for _ in range(3)] == [202] * 3
        assert (await sender.post(headers, body, app.uris.shared_inbox))[0] == 401
        assert (await sender.post(headers, body + b" "))[0] == 401
        # Of draft-cavage the path without its query is taken too, for old Mastodon's sake.
        expected = 202 if scheme is cavage else 401
        assert (await sender.post(headers, body, f"{sender.inbox}?x=1"))[0] == expected
    async with app.storage.view() as view:
        assert await view.follows.count_followers(HANDLE) <= 1


async def test_one_server_has_a_share_of_the_inbox_and_no_more(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, net, sender = opened
    monkeypatch.setattr(inbox, "MOST_AT_ONCE_PER_HOST", 2)
    waiting = asyncio.Event()

    class Never(web.Response):
        async def prepare(self, request: web.BaseRequest) -> Any:
            await waiting.wait()
            return await super().prepare(request)

    greedy = [Stranger(sender, net, "greedy", f"n{n}") for n in range(3)]
    for one in greedy:
        net.put("greedy", one.path, lambda request: Never(status=404))
    asked = [asyncio.create_task(one.say()) for one in greedy]
    first = await next(asyncio.as_completed(asked))
    assert first == 429
    assert await Stranger(sender, net, "modest").serve().say() == 202
    waiting.set()
    assert sorted(await asyncio.gather(*asked)) == [401, 401, 429]
