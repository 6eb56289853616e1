"""kill -9 while people talk to the bot: each gets exactly one answer."""

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from activitypub.client import ACTIVITY_JSON
from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.building import SystemClock
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from storage import Storage
from tests.federation.bot_process import BotProcess
from tests.federation.instance import post_to

pytestmark = pytest.mark.slow

ASKED = {
    "ines": "summarize please",
    "marek": "what do people say about licences?",
    "ada": "follow this thread",
    "chen": "follow #openai weekly",
    "lena": "Hilfe!",
    "rafael": "status",
    "noor": "the digest of now",
    "jun": "include me",
    "sam": "leave me out",
}


async def ask(fediverse: SampleFediverse, bot: BotProcess, person: str, text: str) -> str:
    """Deliver a request; return its id once the bot has answered 202."""
    documents, actor = fediverse.documents, bot.uris.actor(HANDLE)
    me = documents.actor_id(person)
    note: dict[str, Any] = {
        "id": f"{me}/asked", "type": "Note", "attributedTo": me,
        "content": f"<p>@{HANDLE} {text}</p>", "to": [actor], "cc": [],
        "inReplyTo": documents.post_id(fediverse.world.posts["d1"]),
        "tag": [{"type": "Mention", "href": actor, "name": f"@{HANDLE}"}],
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    create = {"id": f"{note['id']}#create", "type": "Create", "actor": me, "object": note}
    body, inbox = orjson.dumps(create), bot.uris.inbox(HANDLE)
    server = fediverse.servers[fediverse.world.people[person].server]
    key = SigningKey(documents.key_id(person), server._private)
    headers = cavage.sign(key, "POST", inbox, now=datetime.now(UTC), body=body)
    status = await post_to(inbox, {**headers, "Content-Type": ACTIVITY_JSON}, body)
    assert status == 202
    return str(note["id"])


@pytest.mark.parametrize("pause", [0.0, 0.15, 0.6], ids=lambda pause: f"after {pause} s")
async def test_each_conversation_ends_in_one_answer(tmp_path: Path, pause: float) -> None:
    async with SampleFediverse.open(SystemClock(), ports=(0, 0, 0, 0)) as fediverse:
        hour = (datetime.now(UTC) + timedelta(hours=6)).strftime("%H:00")
        bot = BotProcess.prepare(tmp_path, fediverse, hour)
        await bot.start()
        root = fediverse.documents.post_id(fediverse.world.posts["d1"])
        try:
            asked = await asyncio.gather(
                *(ask(fediverse, bot, person, text) for person, text in ASKED.items())
            )
            await asyncio.sleep(pause)
            await bot.kill_and_start()
            for request in asked:
                await fediverse.wait_for(lambda a, r=request: reply_to(a.document) == r, 60)  # type: ignore[misc]
        finally:
            await bot.end(signal.SIGKILL)
        creates = Counter(reply_to(a.document) for a in fediverse.arrived("Create"))
        subscriptions = await kept(bot)
    # A crash between a delivery and its record may repeat it, with the same id: not two answers.
    assert {request: bool(creates[request]) for request in asked} == dict.fromkeys(asked, True)
    assert sorted(subscriptions) == [("tag", "openai"), ("thread", root)]


async def kept(bot: BotProcess) -> list[tuple[str, str]]:
    """Return what people follow, and see that each request came to one publication."""
    storage = await Storage.open(bot.database, migrate=False)
    try:
        async with storage.view() as view:
            rows = await view.answers.outcomes(datetime.min.replace(tzinfo=UTC))
            assert sum(rows.values()) == len(ASKED)
            assert not [outcome for outcome in rows if not outcome.startswith("answered")]
            due = await view.subscriptions.due(datetime.max.replace(tzinfo=UTC), 99, [HANDLE])
        return [(row.kind, row.target) for row in due]
    finally:
        await storage.close()


def reply_to(document: Any) -> str | None:
    found = document.get("object")
    return found.get("inReplyTo") if isinstance(found, dict) else None
