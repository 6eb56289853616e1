"""The foreign peers that Fedigest federates with in these tests."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.federation.fedify_peer import FedifyPeer, NpmMissing


async def start_fedify(name: str, log: Path, kind: str = "Person") -> FedifyPeer:
    """Start a peer; skip the test without npm, and fail it where CI must have npm."""
    try:
        return await FedifyPeer.start(name, log=log, kind=kind)
    except NpmMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"federation with Fedify must be tested in CI: {error}")
        pytest.skip(f"federation with Fedify NOT tested: {error}")


@pytest.fixture
async def fedify_peer(tmp_path: Path) -> AsyncIterator[FedifyPeer]:
    """A running Fedify server whose actor is called fay."""
    peer = await start_fedify("fay", tmp_path / "fay.log")
    yield peer
    await peer.stop()


@pytest.fixture
async def second_fedify_peer(tmp_path: Path) -> AsyncIterator[FedifyPeer]:
    """Another running Fedify server, whose actor is called gil."""
    peer = await start_fedify("gil", tmp_path / "gil.log")
    yield peer
    await peer.stop()
