"""kill -9 between a Delete's 202 and its last consequence: all of it is caught up with."""

import asyncio
import re
from pathlib import Path

import aiohttp
import orjson
import pytest

from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.building import SystemClock
from bot.demo.show import HANDLE
from tests.federation.instance import fetch, is_idle
from tests.federation.sender import JSON
from tests.federation.test_crash import PERIOD, Cycle, object_of, playing

pytestmark = pytest.mark.slow

DIGEST = f"{HANDLE}-{PERIOD}"


async def nowhere(reached: str) -> None:
    """Let the main job pass undisturbed."""


async def cited(cycle: Cycle) -> tuple[str, str, str]:
    """Return a post of the digest, the name of its author, and plain words that are quoted."""
    people = cycle.fediverse.world.people
    async with cycle.storage.view() as view:
        for summary in await view.digests.summaries(DIGEST):
            for sentence in await view.digests.sentences(summary.id):
                post = await view.posts.get(sentence.posts[0])
                words = re.findall(r"[A-Za-z ]{20,}", sentence.text)
                if post and words:
                    actor_id = cycle.fediverse.documents.actor_id
                    author = next(name for name in people if actor_id(name) == post.author_id)
                    return post.id, author, words[0].strip()
    raise AssertionError("nobody is quoted")


async def delete(cycle: Cycle, post: str, author: str) -> None:
    """Let the author delete the post, and return with the 202."""
    documents, inbox = cycle.fediverse.documents, cycle.bot.uris.inbox(HANDLE)
    activity = {
        "id": f"{post}#delete",
        "type": "Delete",
        "actor": documents.actor_id(author),
        "object": {"id": post, "type": "Tombstone"},
    }
    server = cycle.fediverse.servers[cycle.fediverse.world.people[author].server]
    key, body = SigningKey(documents.key_id(author), server._private), orjson.dumps(activity)
    headers = cavage.sign(key, "POST", inbox, now=SystemClock().now(), body=body)
    async with (
        aiohttp.ClientSession() as session,
        session.post(inbox, headers={**headers, "Content-Type": JSON}, data=body) as answer,
    ):
        assert answer.status == 202


def held(cycle: Cycle) -> str:
    """Return what the followers' servers hold of the digest: the newest they were sent."""
    uri = cycle.bot.uris.object(DIGEST)
    found = [
        str(a.document["object"])
        for a in cycle.fediverse.arrived()
        if a.document["type"] in {"Create", "Update"} and object_of(a.document).get("id") == uri
    ]
    return found[-1]


@pytest.mark.parametrize("moment", ["accepted", "handled"])
async def test_killed_after_a_delete_was_accepted(tmp_path: Path, moment: str) -> None:
    async with playing(tmp_path) as cycle:
        await cycle.play(nowhere)
        post, author, words = await cited(cycle)
        assert words in held(cycle)
        await delete(cycle, post, author)
        if moment == "handled":  # its consequences are written down, and hardly one is sent

            async def is_handled(view: object) -> bool:
                row = await view.received.get(f"{post}#delete")  # type: ignore[attr-defined]
                return row is not None and row.handled_at is not None

            await cycle.until(is_handled)
        await cycle.bot.kill_and_start()
        async with asyncio.timeout(40):
            while words in held(cycle):  # noqa: ASYNC110  it happens in another process
                await asyncio.sleep(0.05)
        await cycle.until(is_idle)
        page = (await fetch(cycle.bot.uris.digest(DIGEST)))[1]
        assert words not in page
        async with asyncio.timeout(60):
            while not await cycle.storage.checkpoint():  # noqa: ASYNC110  the other one reads
                await asyncio.sleep(0.05)
        written = b"".join(path.read_bytes() for path in tmp_path.glob("bot.sqlite3*"))
        assert words.encode() not in written
        async with cycle.storage.view() as view:
            assert not await view.received.waiting()
            assert not await view.jobs.failed(10)
