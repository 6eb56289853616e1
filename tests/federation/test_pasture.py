"""fediverse-pasture: documents of all kinds that others collected, and six actors who ask us."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from activitypub.errors import ActivityPubError
from activitypub.vocab import Object, parse
from bot.consent.ingest import row_of
from bot.demo.fediverse import free_port
from bot.demo.show import HANDLE
from tests.federation.instance import running
from tests.federation.pasture.environment import FOLDER, installed

pytestmark = pytest.mark.slow

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AUTHOR = "https://pasture.example/actor"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
# What is refused, and why: everything else is read.
REFUSED = {
    "necessary_properties": "a post without id or type cannot be cited",
    "object_types": "activities and actors inside a Create are no posts",
}


async def test_all_inputs_are_read_or_refused_for_a_reason() -> None:
    process = await asyncio.create_subprocess_exec(
        str(await installed()), "inside.py", "inputs", cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    inputs: dict[str, list[dict[str, Any]]] = json.loads((await process.communicate())[0])
    read, refused = 0, {}
    for name, examples in inputs.items():
        for number, example in enumerate(examples):
            note = {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": f"https://pasture.example/{name}/{number}",
                "type": "Note",
                "attributedTo": AUTHOR,
                "to": [PUBLIC],
                "published": "2026-11-20T08:00:00Z",
                "content": "text",
                **example,
            }
            try:
                post = parse({key: value for key, value in note.items() if value is not None})
                assert isinstance(post, Object)
                row = row_of(post, (), "test", NOW)
            except (ActivityPubError, AssertionError) as problem:
                refused[f"{name}/{number}"] = str(problem)
                continue
            read += 1
            assert "<script" not in row.text
            assert all(link.startswith(("https://", "http://")) for link in row.links)
            assert row.url.startswith(("https://", "http://")), note["url"]
    assert sum(map(len, inputs.values())) == read + len(refused)
    assert read >= 240
    unexplained = {key: why for key, why in refused.items() if key.split("/")[0] not in REFUSED}
    assert unexplained == {}


@contextlib.asynccontextmanager
async def verify_actor(folder: Path) -> AsyncIterator[str]:
    """Run the pasture's six actors; yields the address of the page that asks with them."""
    port = free_port(0)
    python = await installed()
    process = await asyncio.create_subprocess_exec(
        str(python), str(FOLDER / "inside.py"), "verify", str(port), cwd=folder,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"http://localhost:{port}/"
    finally:
        process.terminate()
        await process.wait()


async def test_six_actors_ask_us_by_get_and_post(tmp_path: Path) -> None:
    """Every verdict, and why it is so.

    GET works for all six: our actor needs no signature, and none is ever verified there. POST:
    alice and dean do not sign, so they are refused. bob and emily sign; claire and frank sign too,
    and want our fetch of their key to be signed, which it is. dean, emily and frank have no user
    name, which ActivityPub does not ask for: that is no reason to refuse anyone.
    """
    verdicts: dict[str, Any] = {}
    async with (
        running(tmp_path) as (_, app, _),
        verify_actor(tmp_path) as page,
        aiohttp.ClientSession() as session,
        asyncio.timeout(60),
    ):
        query = {"actor_uri": app.uris.actor(HANDLE)}
        accept = {"Accept": "application/json"}
        while not verdicts:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with session.get(page, params=query, headers=accept) as answer:
                    verdicts = (await answer.json())["result"]
            await asyncio.sleep(0.2)
    assert verdicts.pop("webfinger") is True
    assert {name: verdict["get_actor"] for name, verdict in verdicts.items()} == dict.fromkeys(
        ("alice", "bob", "claire", "dean", "emily", "frank"), True
    )
    assert {name for name, verdict in verdicts.items() if verdict["post_inbox"]} == {
        "bob",
        "claire",
        "emily",
        "frank",
    }
