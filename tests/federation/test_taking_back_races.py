"""A Delete or an edit that arrives while its post is being read, summarized or answered wins."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from activitypub.vocab import Activity, Object
from bot.inbox.prepared import Ready
from bot.reading.conversation import SOON
from bot.wiring import Parts
from storage import Storage, tables
from tests.federation.hosts import PUBLIC, Hosts, hosts
from tests.federation.test_reading import find, reading
from tests.parts import TOPIC

SAYINGS = {
    "a": "The licence of the model forbids training another model on what it writes.",
    "b": "That clause was dropped in March, so training on its output is allowed now.",
    "c": "The licence still forbids selling the model as a service without asking first.",
    "d": "Training another model on the output is what most people want the licence to allow.",
}
NEXT = Callable[[], Awaitable[None]]


@dataclass
class Scene:
    """A discussion of four people on a server, of whom b will take something back."""

    net: Hosts
    storage: Storage
    made: Parts

    def uri(self, who: str) -> str:
        return self.net.url("home", f"/n/{who}")

    def plant(self) -> str:
        for who, words in SAYINGS.items():
            me = self.net.url("home", f"/u/{who}")
            profile = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
            self.net.put("home", f"/u/{who}", {**profile, "preferredUsername": who, "name": who})
            self.note(who, words)
        return self.uri("a")

    def note(self, who: str, words: str, **more: Any) -> Object:
        above = {} if who == "a" else {"inReplyTo": self.uri("a")}
        tag = [{"type": "Hashtag", "name": "#openai"}]
        replies = [self.uri(other) for other in "bcd"] if who == "a" else None
        listed = {"type": "Collection", "id": f"{self.uri(who)}/r", "items": replies}
        document = {
            "id": self.uri(who), "type": "Note", "attributedTo": self.net.url("home", f"/u/{who}"),
            "to": PUBLIC, "content": f"<p>{words}</p>", "tag": tag,
            **above, **({"replies": listed} if replies else {}), **more,
        }  # fmt: skip
        self.net.put("home", f"/n/{who}", document)
        return Object.parse(document)

    async def read(self) -> None:
        await find(self.storage, self.uri("a"))
        await self.made.conversations.found("news", self.uri("a"))

    async def delete(self, who: str = "b") -> None:
        """Handle a Delete, as when it came in."""
        await self.handle("Delete", who, self.uri(who))

    async def edit(self, words: str, who: str = "b") -> None:
        """Handle an Update, as when it came in."""
        async with self.storage.view() as view:
            stored = await view.posts.get(self.uri(who))
        assert stored is not None
        post = self.note(who, words, updated="2030-01-01T00:00:00Z")
        fresh = await self.made.recheck.renew(stored, post)
        await self.handle("Update", who, dict(post.document), fresh=fresh)

    async def handle(self, kind: str, who: str, thing: Any, **more: Any) -> None:
        actor = self.net.url("home", f"/u/{who}")
        uri = f"{actor}#{kind}"
        activity = Activity.parse({"id": uri, "type": kind, "actor": actor, "object": thing})
        row = tables.ReceivedActivity(
            id=uri, actor_id=actor, type=kind, received_at=self.made.digests._clock.now()
        )
        async with self.storage.unit() as unit:
            await self.made.handlers.handle(unit, Ready(row, activity, **more))

    async def text(self, who: str = "b") -> str:
        async with self.storage.view() as view:
            stored = await view.posts.get(self.uri(who))
        return stored.text if stored else ""


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        planted = Scene(net, storage, made)
        planted.plant()
        yield planted


@asynccontextmanager
async def meanwhile(owner: Any, name: str, happens: NEXT) -> AsyncIterator[None]:
    """Let something happen when `owner.name` has done its work, before what comes next."""
    works, done = getattr(owner, name), False

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        nonlocal done
        found = await works(*args, **kwargs)
        if not done:
            done = True
            await happens()
        return found

    setattr(owner, name, slowly)
    yield
    setattr(owner, name, works)
    assert done


@pytest.mark.parametrize("known", [False, True])
async def test_deleted_while_the_thread_is_read(scene: Scene, known: bool) -> None:  # noqa: FBT001
    if known:
        await scene.read()
        assert await scene.text() == SAYINGS["b"]
    async with meanwhile(scene.made.conversations._ingest, "sift", scene.delete):
        await scene.made.conversations.read(scene.uri("a"), bot="news", aliases=set())
    assert await scene.text() == ""
    assert await scene.text("c") == SAYINGS["c"]


async def test_edited_while_the_thread_is_read(scene: Scene) -> None:
    await scene.read()

    async def edit() -> None:
        await scene.edit("Something else altogether.")

    async with meanwhile(scene.made.authors, "learn", edit):
        await scene.made.conversations.read(scene.uri("a"), bot="news", aliases=set())
    assert await scene.text() == "Something else altogether."


@pytest.mark.parametrize("narrow", [False, True])
async def test_edited_while_it_is_read_for_the_first_time(scene: Scene, narrow: bool) -> None:  # noqa: FBT001
    """What was fetched before an Update that arrives meanwhile is not kept, but asked for anew."""
    more = {"to": scene.net.url("home", "/u/b/followers")} if narrow else {}

    async def edit() -> None:
        post = scene.note("b", "Something else.", updated="2026-01-01T00:00:00Z", **more)
        await scene.handle("Update", "b", dict(post.document), post=post)

    async with meanwhile(scene.made.conversations._ingest, "sift", edit):
        await scene.made.conversations.read(scene.uri("a"), bot="news", aliases=set())
    assert await scene.text() == ""
    assert await scene.text("c") == SAYINGS["c"]
    async with scene.storage.view() as view:
        thread = await view.threads.get(scene.uri("a"))
    assert thread is not None
    assert thread.next_read_at is not None
    assert thread.next_read_at - scene.made.digests._clock.now() <= SOON
    await scene.made.conversations.read(scene.uri("a"), bot="news", aliases=set())
    assert await scene.text() == ("" if narrow else "Something else.")


async def test_a_cache_that_still_serves_what_was_before_an_edit(scene: Scene) -> None:
    await scene.read()
    former = scene.note("b", SAYINGS["b"])
    await scene.edit("Something else altogether.")
    scene.net.put("home", "/n/b", dict(former.document))
    await scene.made.conversations.read(scene.uri("a"), bot="news", aliases=set())
    assert await scene.text() == "Something else altogether."
    await scene.made.recheck.look(scene.uri("b"))
    assert await scene.text() == "Something else altogether."
    scene.note("b", "The third version.", updated="2030-01-02T00:00:00Z")
    await scene.made.recheck.look(scene.uri("b"))
    assert await scene.text() == "The third version."


async def test_deleted_while_it_is_looked_at_again(scene: Scene) -> None:
    await scene.read()
    async with meanwhile(scene.made.authors, "learn", scene.delete):
        await scene.made.recheck.look(scene.uri("b"))
    assert await scene.text() == ""


@pytest.mark.parametrize("how", ["delete", "edit", "opt out"])
async def test_taken_back_while_the_digest_is_made(scene: Scene, how: str) -> None:
    async def opt_out() -> None:
        await scene.made.people.choose(scene.net.url("home", "/u/b"), "exclude")

    ways: dict[str, NEXT] = {
        "delete": scene.delete,
        "edit": lambda: scene.edit("Something else altogether."),
        "opt out": opt_out,
    }
    await scene.read()
    now = scene.made.digests._clock.now() + timedelta(minutes=1)
    async with meanwhile(scene.made.digests, "compose", ways[how]):
        name = await scene.made.digests.make(TOPIC, "race", now - timedelta(days=1), now)
    assert name is not None
    async with scene.storage.view() as view:
        digest = await view.digests.by_period("news", "race")
        assert digest is not None
        publication = await view.publications.get(digest.publication_id or "")
        [summary] = await view.digests.summaries(name)
        said = [s.text for s in await view.digests.sentences(summary.id)]
    assert SAYINGS["c"] in said
    assert not [text for text in said if "March" in text]
    assert publication is not None
    assert "March" not in str(publication.document)


async def test_a_request_that_is_deleted_gets_no_answer(scene: Scene) -> None:
    await scene.read()
    request = scene.note("d", "summarize please", inReplyTo=scene.uri("a"))
    await scene.made.authors.learn([scene.net.url("home", "/u/d")])
    row = tables.Answer(
        request_id=request.id, bot="news", requester_id=scene.net.url("home", "/u/d"),
        state="asked", asked_at=scene.made.digests._clock.now(),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.answers.claim(row)
    answers = scene.made.answers

    async def delete() -> None:
        await scene.delete("d")

    async with meanwhile(answers._threads, "_compose", delete):
        await answers.answer(request.id, request.document)
    async with scene.storage.view() as view:
        settled = await view.answers.get(request.id)
        assert not await view.publications.of_bot("news", limit=9, public_only=False)
    assert settled is not None
    assert (settled.state, settled.reason) == ("refused", "taken back")


async def test_an_activity_that_waits_is_dropped_with_its_post(scene: Scene) -> None:
    author, uri = scene.net.url("home", "/u/b"), scene.uri("b")
    create = tables.ReceivedActivity(
        id=f"{uri}/create", actor_id=author, type="Create",
        document={"type": "Create", "object": {"id": uri, "content": SAYINGS["b"]}},
        received_at=scene.made.digests._clock.now(),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.received.add(create)
        await unit.received.again(create.id, create.received_at + timedelta(hours=1), "busy")
    await scene.delete()
    async with scene.storage.view() as view:
        row = await view.received.get(create.id)
    assert row is not None
    assert (row.outcome, row.document) == ("deleted", {})
