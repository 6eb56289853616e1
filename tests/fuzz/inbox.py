"""The inbox route without a network: requests are made by hand, keys are known or not there."""

import asyncio
import logging
from typing import Any

from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from multidict import CIMultiDict, CIMultiDictProxy

from activitypub.client import Client
from activitypub.errors import Missing
from activitypub.ports import Receipt, SigningKey
from activitypub.server.inbox import InboxRoute
from activitypub.signatures import keys, message
from activitypub.verify import Verifier
from activitypub.vocab import Activity, Actor, PublicKey
from bot.building import SystemClock

BASE = "https://digest.example"
OWNER = "https://a.example/u"
KEY_ID = f"{OWNER}#k"
ANSWERS = frozenset({202, 400, 401, 403, 413, 415})


class Nobody(Client):
    """A client for whom every address is empty: nothing is fetched while fuzzing."""

    def __init__(self) -> None:
        """Need nothing."""

    async def fetch(self, url: str, budget: Any = None) -> Any:
        """Say that there is nothing."""
        raise Missing("nothing is there", url=url)


class Known:
    """The keys we know: one."""

    def __init__(self, key: PublicKey) -> None:
        self._key = key

    async def find(self, key_id: str) -> PublicKey | None:
        """Return the one key."""
        key_id.encode()  # as a database does, which takes no surrogates
        return self._key if key_id == KEY_ID else None

    async def remember(self, key_id: str, actor: Actor) -> None:
        """Keep nothing."""


class Taking:
    """An inbox that knows and hears everyone, and keeps nothing."""

    async def blocks(self, host: str) -> bool:
        """Block nobody."""
        return False

    async def knows(self, actor_id: str) -> bool:
        """Know everyone."""
        return True

    async def has(self, uri: str) -> bool:
        """Have everything."""
        return True

    async def hears(self, uri: str) -> bool:
        """Hear one."""
        return uri.startswith("https://relay.example/")

    async def accept(self, activity: Activity, handle: str | None, signer: str) -> Receipt:
        """Take it."""
        return Receipt.NEW

    async def synchronize(self, actor_id: str, header: str) -> None:
        """Do nothing."""

    async def doubt(self, uri: str) -> None:
        """Do nothing."""


class InboxProbe:
    """Posts to the inbox and raises when the answer is none of the documented ones."""

    def __init__(self) -> None:
        logging.getLogger("activitypub.server.inbox").setLevel(logging.CRITICAL)
        private = Ed25519PrivateKey.from_private_bytes(bytes(32))
        self._key = SigningKey(KEY_ID, private)
        public = PublicKey(KEY_ID, OWNER, keys.multikey(private.public_key()))
        self._clock = SystemClock()
        verifier = Verifier(Nobody(), Known(public), self._clock)
        directory: Any = None  # asked for handles only, and the shared inbox has none
        self._route = InboxRoute(BASE, directory, Taking(), verifier)
        self._loop = asyncio.new_event_loop()

    def post(self, headers: "CIMultiDict[str]", body: bytes) -> int:
        """Post as it is. Raises AssertionError for an undocumented answer."""
        answer = self._loop.run_until_complete(self._post(headers, body))
        if answer.status not in ANSWERS:
            raise AssertionError(f"the inbox answers {answer.status}: {answer.text}")
        return answer.status

    def post_signed(self, body: bytes) -> int:
        """Post with a signature that is right."""
        url = f"{BASE}/ap/inbox"
        made = message.sign(self._key, "POST", url, now=self._clock.now(), body=body)
        headers = CIMultiDict({**made, "Content-Type": "application/activity+json"})
        return self.post(headers, body)

    async def _post(self, headers: "CIMultiDict[str]", body: bytes) -> web.Response:
        payload = StreamReader(BaseProtocol(self._loop), 1 << 22, loop=self._loop)
        payload.feed_data(body)
        payload.feed_eof()
        request = make_mocked_request("POST", "/ap/inbox", payload=payload, client_max_size=1 << 20)
        request._headers = CIMultiDictProxy(headers)  # with bytes that are no UTF-8 in them
        return await self._route.post(request)
