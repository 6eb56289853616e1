"""People of the sample fediverse talk to the bot: what they say, and what comes back to whom."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from activitypub.vocab import PUBLIC
from bot.app import Fedigest
from bot.demo.fediverse import SampleFediverse
from bot.demo.show import HANDLE
from bot.demo.world import Post
from bot.summary.text import html_to_text
from tests.federation.instance import is_idle
from tests.federation.sender import Sender, handled

Json = dict[str, Any]


@dataclass
class Talk:
    """One conversation with a running instance."""

    fediverse: SampleFediverse
    app: Fedigest
    numbers: Any = field(default_factory=count)
    last: str = ""
    """The id of the note that was sent last."""

    @property
    def sender(self) -> Sender:
        return Sender(self.fediverse, self.app)

    @property
    def bot(self) -> str:
        return self.app.uris.actor(HANDLE)

    def actor(self, person: str) -> str:
        return self.fediverse.documents.actor_id(person)

    def post(self, name: str) -> str:
        return self.fediverse.documents.post_id(self.fediverse.world.posts[name])

    def note(
        self, person: str, text: str, under: str | None = "d1", audience: str = "public"
    ) -> Json:
        """Write a note that mentions the bot, under a post of the sample fediverse or an id."""
        me = self.actor(person)
        to, cc = ([PUBLIC], [self.bot]) if audience == "public" else ([self.bot], [])
        note: Json = {
            "id": f"{me}/asked/{next(self.numbers)}",
            "type": "Note",
            "attributedTo": me,
            "content": f"<p>@{HANDLE} {text}</p>",
            "to": to,
            "cc": cc,
            "tag": [{"type": "Mention", "href": self.bot, "name": f"@{HANDLE}"}],
            "published": self.app.clock.now().isoformat(timespec="seconds"),
        }
        if under in self.fediverse.world.posts:
            return note | {"inReplyTo": self.post(under)}
        return note | ({"inReplyTo": under} if under else {})

    async def send(self, person: str, note: Json) -> str:
        """Deliver a note; return what came of it."""
        create = {
            "id": f"{note['id']}#create",
            "type": "Create",
            "actor": note["attributedTo"],
            "object": note,
        }
        self.last = str(note["id"])
        assert (await self.sender.post(*self.sender.signed(create, person)))[0] == 202
        return await handled(self.app, create["id"])

    async def say(
        self, person: str, text: str, under: str | None = "d1", audience: str = "public"
    ) -> str:
        """Mention the bot; return the id of the note, which must count as a request."""
        note = self.note(person, text, under, audience)
        assert await self.send(person, note) == "asked"
        return self.last

    async def settled(self, request: str) -> Json | None:
        """Wait until a request is settled; return the note that answers it, if there is one."""
        for _ in range(3000):
            async with self.app.storage.view() as view:
                row = await view.answers.get(request)
                if row is not None and row.state != "asked":
                    found = await view.publications.get(row.publication_id or "")
                    return found.document if found else None
            await asyncio.sleep(0.02)
        raise AssertionError(f"{request} was not settled")

    async def ask(
        self, person: str, text: str, under: str | None = "d1", audience: str = "public"
    ) -> Json:
        """Mention the bot, and return its answer as it arrived; a direct one with nobody else."""
        published = await self.settled(await self.say(person, text, under, audience))
        assert published is not None
        note: Json = (await self.delivered(published["id"]))["object"]
        if not goes_to(note)[1]:
            assert self.seen_by(note) == {self.fediverse.world.people[person].server}
        return note

    def seen_by(self, note: Json) -> set[str]:
        """Return the servers at which a note has arrived."""
        return {
            name
            for name, server in self.fediverse.servers.items()
            if any(about(arrived.document) == note["id"] for arrived in server.received)
        }

    async def reason(self, request: str) -> str | None:
        async with self.app.storage.view() as view:
            row = await view.answers.get(request)
        return row.reason if row else None

    async def delivered(self, note_id: str, kind: str = "Create") -> Json:
        """Wait until something about one of our notes arrives at a server; return the activity."""
        arrived = await self.fediverse.wait_for(
            lambda a: a.document["type"] == kind and about(a.document) == note_id
        )
        return dict(arrived.document)

    async def reply(self, person: str, text: str, to: str, name: str) -> str:
        """Let somebody write a post under another; return its id. Servers list it from now on."""
        world = self.fediverse.world
        world.posts[name] = Post(name, person, text, self.app.clock.now(), reply_to=to)
        return self.post(name)

    async def read_again(self, root: str = "d1") -> None:
        """Let the bot read a thread anew, as it does while one is lively."""
        async with self.app.storage.unit() as unit:
            thread = await unit.threads.get(self.post(root))
            assert thread is not None
            thread.next_read_at = self.app.clock.now()
            await unit.threads.put(thread)
        await self.app.parts.conversations.read(self.post(root), bot=HANDLE, aliases=set())
        self.app.workers.wake()

    async def read_all(self) -> None:
        """Wait until the sources have brought in their threads."""
        async with asyncio.timeout(60):
            while True:
                async with self.app.storage.view() as view:
                    if await view.threads.count() >= 7:
                        break
                await asyncio.sleep(0.05)
        await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is left to do or to deliver now; some jobs are for later."""
        async with asyncio.timeout(60):
            while True:
                async with self.app.storage.view() as view:
                    if await is_idle(view):
                        return
                await asyncio.sleep(0.05)


def about(activity: Any) -> str | None:
    found = activity.get("object")
    return str(found["id"]) if isinstance(found, dict) else found


def text_of(note: Json | None) -> str:
    assert note is not None
    return html_to_text(note["content"])


def goes_to(note: Json) -> tuple[list[str], bool]:
    """Return whom a note is addressed to by name, and whether everybody may read it."""
    to, cc = as_list(note.get("to")), as_list(note.get("cc"))
    named = [uri for uri in (*to, *cc) if uri != PUBLIC and not uri.endswith("/followers")]
    return named, PUBLIC in (*to, *cc)


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]
