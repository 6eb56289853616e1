"""Talking to the bot over sockets: what comes back, to whom, and when nothing does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.show import HANDLE
from bot.summary.text import html_to_text
from tests.federation.instance import running
from tests.federation.sender import Sender, handled


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        yield Sender(fediverse, app)


async def say(sender: Sender, person: str, text: str, under: str | None, number: int = 1) -> str:
    """Mention the bot, publicly; return the id of the note."""
    me, bot = sender.documents.actor_id(person), sender.app.uris.actor(HANDLE)
    uri = f"{me}/asked/{number}"
    note: dict[str, Any] = {
        "id": uri, "type": "Note", "attributedTo": me, "content": f"<p>@{HANDLE} {text}</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [bot],
        "tag": [{"type": "Mention", "href": bot, "name": f"@{HANDLE}"}],
        "published": sender.app.clock.now().isoformat(timespec="seconds"),
    }  # fmt: skip
    note |= {"inReplyTo": under} if under else {}
    create: dict[str, Any] = {"id": f"{uri}#c", "type": "Create", "actor": me, "object": note}
    assert (await sender.post(*sender.signed(create, person)))[0] == 202
    assert await handled(sender.app, create["id"]) == "asked"
    return uri


async def reply(sender: Sender, uri: str) -> dict[str, Any] | None:
    """Wait until a request is settled; return the note that answers it, if there is one."""
    for _ in range(400):
        async with sender.app.storage.view() as view:
            row = await view.answers.get(uri)
            if row is not None and row.state != "asked":
                found = await view.publications.get(row.publication_id or "")
                return found.document if found else None
        await asyncio.sleep(0.05)
    raise AssertionError(f"{uri} was not settled")


def text_of(note: dict[str, Any] | None) -> str:
    assert note is not None
    return html_to_text(note["content"])


def thread(sender: Sender, post: str = "d1") -> str:
    return sender.documents.post_id(sender.documents.world.posts[post])


async def test_a_question_is_answered_from_the_thread_or_by_saying_that_nobody_does(
    sender: Sender,
) -> None:
    words = sender.documents.world.posts["d3"].text.split()
    topic = max((word.strip(".,:;!?") for word in words), key=len)
    one = await reply(
        sender, await say(sender, "ines", f"what do people say about {topic}?", thread(sender))
    )
    nobody = await reply(
        sender, await say(sender, "ines", "what do people say about giraffes?", thread(sender), 2)
    )
    assert topic.casefold() in text_of(one).casefold()
    assert "Nobody says anything" in text_of(nobody)


async def test_shorter_is_shorter_than_longer(sender: Sender) -> None:
    sizes = []
    for number, words in enumerate(("summarize, longer please", "shorter please")):
        note = await reply(sender, await say(sender, "ines", words, thread(sender), number))
        sizes.append(text_of(note).count("— "))
    assert sizes[0] > sizes[1] > 0


async def test_thanks_get_silence_and_chat_gets_help_to_the_one_who_chats(sender: Sender) -> None:
    assert await reply(sender, await say(sender, "ines", "thank you!", thread(sender))) is None
    note = await reply(sender, await say(sender, "ines", "my cat is grey", thread(sender), 2))
    assert "Mention me under a post" in text_of(note)
    assert note is not None
    assert note["to"] == [sender.documents.actor_id("ines")]
    assert not note.get("cc")


async def test_status_and_digest(sender: Sender) -> None:
    status = await reply(sender, await say(sender, "ines", "status?", None))
    digest = await reply(sender, await say(sender, "ines", "the latest digest, please", None, 2))
    assert "I am here." in text_of(status)
    assert f"{sender.app.uris.base}/digests/" in text_of(digest)


async def test_who_opened_a_thread_can_have_silence_in_it(sender: Sender) -> None:
    root = sender.documents.world.posts["d1"]
    told = await reply(sender, await say(sender, root.by, "not here", thread(sender)))
    assert "nothing in this thread" in text_of(told)
    later = await say(sender, "ines", "summarize please", thread(sender), 2)
    assert await reply(sender, later) is None
    async with sender.app.storage.view() as view:
        posts = await view.posts.in_thread(thread(sender))
        choice = await view.choices.get(sender.documents.actor_id(root.by))
    assert {post.text for post in posts} <= {""}
    assert choice is None, "elsewhere nothing changes for them"


async def test_what_it_cannot_do_it_says(sender: Sender) -> None:
    note = await reply(sender, await say(sender, "ines", "follow #openai for me weekly", None))
    assert "do not keep subscriptions yet" in text_of(note)
