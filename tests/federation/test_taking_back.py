"""The life of a post, to its end: what is taken back leaves no trace, here or with followers."""

import asyncio
import io
import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import pytest

from bot.app import Fedigest
from bot.consent.lists import entry
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from bot.log import JsonLines
from bot.taking_back.recheck import REFUSALS
from tests.federation.instance import fetch, running
from tests.federation.sender import Sender, handled

ACTIVITY = "application/activity+json"


@dataclass
class Life:
    """A post that a digest and an answer cite, its author, and the pages that show it."""

    sender: Sender
    fediverse: SampleFediverse
    post: str
    person: str
    words: list[str]
    pages: list[str]

    @property
    def app(self) -> Fedigest:
        return self.sender.app

    @property
    def author(self) -> str:
        return self.sender.documents.actor_id(self.person)

    async def say(self, kind: str, thing: Any, person: str = "") -> None:
        """Deliver an activity of the author, and wait until it is handled."""
        actor = self.sender.documents.actor_id(person or self.person)
        uri = f"{actor}#{kind.lower()}-1"
        activity = {"id": uri, "type": kind, "actor": actor, "object": thing}
        sent = self.sender.signed(activity, person or self.person)
        assert (await self.sender.post(*sent))[0] == 202
        await handled(self.app, uri)

    def document(self, **changes: Any) -> dict[str, Any]:
        """Return the post as its server has it, changed."""
        name = next(
            name
            for name, post in self.fediverse.world.posts.items()
            if self.sender.documents.post_id(post) == self.post
        )
        document = self.sender.documents.post(self.fediverse.world.posts[name])
        return {**document, **changes, "updated": "2026-11-24T00:00:00Z"}


def sayings(text: str) -> list[str]:
    """Return runs of plain letters, long enough to be nobody else's words."""
    return [run.strip() for run in re.findall(r"[A-Za-z ]{20,}", text)]


async def cited_twice(sender: Sender, fediverse: SampleFediverse, pages: list[str]) -> Life:
    """Find a post that both the digest and the answer cite."""
    async with sender.app.storage.view() as view:
        digest = (await view.digests.latest(HANDLE, 1))[0]
        summaries = await view.digests.summaries(digest.id)
        answer = (await view.publications.of_bot(HANDLE, "answer", limit=1))[0]
        answered = await view.digests.summary_for_request(answer.in_reply_to or "")
        assert answered is not None
        in_answer = {p for s in await view.digests.sentences(answered.id) for p in s.posts}
        for summary in summaries:
            for sentence in await view.digests.sentences(summary.id):
                post = await view.posts.get(sentence.posts[0])
                if post and post.id in in_answer and sayings(sentence.text):
                    person = next(
                        name
                        for name in fediverse.world.people
                        if sender.documents.actor_id(name) == post.author_id
                    )
                    if person != "marek":
                        return Life(
                            sender, fediverse, post.id, person, sayings(sentence.text), pages
                        )
    raise AssertionError("no post is cited by both")


async def deleted(life: Life) -> None:
    await life.say("Delete", {"id": life.post, "type": "Tombstone"})


async def edited(life: Life) -> None:
    await life.say("Update", life.document(content="<p>I take all of that back.</p>"))


async def edited_and_then_deleted(life: Life) -> None:
    await life.say("Update", life.document(content=f"<p>Again: {life.words[0]}, I say.</p>"))
    await deleted(life)


async def narrowed(life: Life) -> None:
    await life.say("Update", life.document(to=[f"{life.author}/followers"], cc=[]))


async def left_out_by_word(life: Life) -> None:
    note = {
        "id": f"{life.author}/notes/stop",
        "type": "Note",
        "attributedTo": life.author,
        "to": [life.app.uris.actor(HANDLE)],
        "content": "<p>please leave me out</p>",
        "tag": [{"type": "Mention", "href": life.app.uris.actor(HANDLE)}],
    }
    await life.say("Create", note)
    for _ in range(3000):
        async with life.app.storage.view() as view:
            if await view.choices.get(life.author):
                return
        await asyncio.sleep(0.02)


async def blocked(life: Life) -> None:
    await life.say("Block", life.app.uris.actor(HANDLE))


async def account_deleted(life: Life) -> None:
    await life.say("Delete", life.author)


async def bio_refuses(life: Life) -> None:
    people = life.fediverse.world.people
    server = life.fediverse.servers[people[life.person].server]
    profile = life.sender.documents.actor(people[life.person], server._pem)
    await life.say("Update", profile | {"summary": "<p>#nobots</p>"})


async def server_listed(life: Life) -> None:
    """The operator lists the author's server: seen at the next tick of the clock."""
    row = entry("host", life.author.split("/")[2], life.app.clock.now())
    async with life.app.storage.unit() as unit:
        await unit.listings.put(row)


async def server_blocks_us(life: Life) -> None:
    """The author's server shows us nothing any more: found out by the daily look."""
    life.fediverse.servers[life.fediverse.world.people[life.person].server].closed = True
    for times in range(REFUSALS):
        await life.app.parts.recheck.look(life.author, times)


ENDS: list[Callable[[Life], Awaitable[None]]] = [
    deleted,
    edited,
    edited_and_then_deleted,
    narrowed,
    left_out_by_word,
    blocked,
    account_deleted,
    bio_refuses,
    server_listed,
    server_blocks_us,
]


def held_by_followers(fediverse: SampleFediverse) -> Iterator[str]:
    """Return what the followers' servers hold of us, once every Update and Delete is applied."""
    held: dict[str, str] = {}
    for arrived in fediverse.arrived():
        thing = arrived.document.get("object")
        if arrived.document["type"] in {"Create", "Update"} and isinstance(thing, dict):
            held[thing["id"]] = str(thing)
        elif arrived.document["type"] == "Delete":
            held.pop(str(thing["id"] if isinstance(thing, dict) else thing), None)
    yield from held.values()


async def shown(life: Life) -> list[str]:
    """Fetch every page, feed and collection that showed the post's words."""
    uris = life.app.uris
    pages = [*life.pages, uris.feed(HANDLE), f"{uris.base}/@{HANDLE}", f"{uris.base}/"]
    outbox = uris.collection(HANDLE, "outbox")
    documents = [outbox, f"{outbox}?cursor=", uris.collection(HANDLE, "featured")]
    async with life.app.storage.view() as view:
        documents += [row.id for row in await view.publications.of_bot(HANDLE, limit=9)]
    found = [(await fetch(url))[1] for url in pages]
    return found + [(await fetch(url, ACTIVITY))[1] for url in documents]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, as `fedigest run` writes it, down to the least."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.INFO)  # statements, which no service logs
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
async def test_what_is_taken_back_is_gone_everywhere(
    end: Callable[[Life], Awaitable[None]], tmp_path: Path, logged: io.StringIO
) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        pages = [figures["digest_url"], figures["answer_url"]]
        life = await cited_twice(Sender(fediverse, app), fediverse, pages)
        assert any(life.words[0] in page for page in await shown(life))
        assert any(life.words[0] in held for held in held_by_followers(fediverse))
        await end(life)
        for _ in range(3000):
            if not any(life.words[0] in held for held in held_by_followers(fediverse)):
                break
            await asyncio.sleep(0.02)
        entries = feedparser.parse((await fetch(app.uris.feed(HANDLE)))[1]).entries
        async with app.storage.view() as view:
            rows = await view.publications.of_bot(HANDLE, "digest", limit=9)
        stamps = [row.updated and row.updated.isoformat(timespec="seconds") for row in rows]
        assert [entry.updated for entry in entries] == stamps, "readers fetch it anew"
        for words in life.words:
            assert not any(words in held for held in held_by_followers(fediverse))
            assert not any(words in page for page in await shown(life))
        lines = logged.getvalue()
        assert '"message":"received"' in lines
        assert not [words for words in life.words if words in lines]
        await app.storage.checkpoint()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
        assert not [words for words in life.words if words.encode() in written]
    with sqlite3.connect(tmp_path / "demo.sqlite3") as connection:
        connection.execute("VACUUM")
    connection.close()
    assert not [w for w in life.words if w.encode() in (tmp_path / "demo.sqlite3").read_bytes()]
