"""Both signature schemes and the proofs, in both directions, with Fedify."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from activitypub.errors import BadSignature
from activitypub.schemes import Scheme, Signing
from activitypub.signatures import Request, candidates
from activitypub.verify import Verifier
from bot.app import Fedigest
from bot.demo.show import HANDLE
from bot.inbox.receiving import StoredKeys
from tests.federation.fedify_peer import FedifyPeer
from tests.federation.instance import running

pytestmark = [pytest.mark.node, pytest.mark.slow]

SPECS = {Scheme.CAVAGE: "draft-cavage-http-signatures-12", Scheme.RFC9421: "rfc9421"}
BODY = '{"type":"Create","id":"https://a.example/1"}'


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Fedigest]:
    async with running(tmp_path) as (_, app, _):
        yield app


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("body", [BODY, None], ids=["POST", "GET"])
async def test_we_verify_what_fedify_signs(
    app: Fedigest, fedify_peer: FedifyPeer, scheme: Scheme, body: str | None
) -> None:
    method, url = "POST" if body else "GET", f"{app.uris.shared_inbox}?x=%20"
    answer = await fedify_peer.sign(method, url, body, SPECS[scheme])
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert ("signature-input" in headers) == (scheme is Scheme.RFC9421)
    verifier = Verifier(app.client, StoredKeys(app.storage, app.clock), app.clock)

    async def signer(body: str | None) -> str:
        request = Request(method, url, headers, body.encode() if body else None)
        return await verifier.signer(candidates(request, datetime.now(UTC))[0])

    assert await signer(body) == fedify_peer.actor
    if body:
        with pytest.raises(BadSignature):
            await signer(body.replace("1", "2"))


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("body", [BODY, None], ids=["POST", "GET"])
async def test_fedify_verifies_what_we_sign(
    app: Fedigest, fedify_peer: FedifyPeer, scheme: Scheme, body: str | None
) -> None:
    # Fedify reads (request-target) without the query, as old Mastodon does.
    query = "?x=%20" if scheme is Scheme.RFC9421 else ""
    method, url = "POST" if body else "GET", f"{fedify_peer.origin}/inbox{query}"
    key = app._keys.signing(app.uris.actor(HANDLE))
    raw = body.encode() if body else None
    headers = dict(Signing(key, scheme).headers(method, url, datetime.now(UTC), raw))
    owner = await fedify_peer.verify(method, url, body, headers)
    assert owner == app.uris.actor(HANDLE)
    if body:
        assert await fedify_peer.verify(method, url, body.replace("1", "2"), headers) is None


async def test_fedify_finds_our_proofs_right_and_changed_ones_wrong(
    app: Fedigest, fedify_peer: FedifyPeer
) -> None:
    await fedify_peer.follow(app.uris.actor(HANDLE))
    accept = await fedify_peer.wait_for(lambda activity: activity["type"] == "Accept")
    async with app.storage.view() as view:
        row = await view.activities.get(accept["id"])
    assert row is not None
    sent = orjson.loads(orjson.dumps(row.document))
    assert sent["proof"]["verificationMethod"] == app.uris.multikey(app.uris.actor(HANDLE))
    assert await fedify_peer.verify_proof(sent)
    assert not await fedify_peer.verify_proof({**sent, "to": "https://evil.example/u"})
