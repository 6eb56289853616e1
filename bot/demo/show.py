"""The demo: the whole main job on loopback, shown as it happens."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from activitypub.delivery import Delivered, Outcome
from bot import keys
from bot.app import Fedigest
from bot.demo.fediverse import SampleFediverse
from bot.errors import BotError
from bot.settings import (
    Consent,
    Digests,
    Instance,
    Memory,
    Model,
    Network,
    Reading,
    Server,
    Settings,
)
from bot.topic import Topic
from bot.words import words
from bot.workers import Pace
from storage import tables

HANDLE = "news"
Say = Callable[[str], None]


def config(folder: Path, port: int, fediverse: SampleFediverse) -> Settings:
    """Return settings for an instance in `folder` that reads the sample fediverse."""
    origins = {name: server.origin for name, server in fediverse.servers.items()}
    community = f"openweights@{origins['forum'].partition('//')[2]}"
    topic = Topic(
        handle=HANDLE,
        name="Open AI news",
        summary="What people say about open-source and open-weight models.",
        hashtags=("openweights", "openai"),
        hosts=(origins["models"],),
        rest_hosts=(origins["plaza"],),
        groups=(community,),
    )
    keys.create_missing(folder / "keys", (HANDLE,))
    return Settings.model_construct(
        instance=Instance(base_url=f"http://localhost:{port}", operator="the demo on your machine"),
        server=Server(port=port),
        storage=Memory.model_validate(
            {"database": f"sqlite:///{folder}/demo.sqlite3", "keys": folder / "keys"}
        ),
        network=Network(allow_loopback=True),
        reading=Reading(poll_minutes=1),
        digest=Digests(),
        consent=Consent(),
        llm=Model(),
        bots=(topic,),
    )


class Demo:
    """One run of the demo against a sample fediverse. `say` prints a line."""

    def __init__(self, fediverse: SampleFediverse, say: Say) -> None:
        self._fediverse = fediverse
        self._say = say
        self.delivered = 0

    def on_delivery(self, row: tables.Delivery, outcome: Outcome) -> None:
        """Count and show what is delivered."""
        if isinstance(outcome, Delivered):
            self.delivered += 1
            self._say(f"delivered to {row.inbox} ({outcome.status})")
        else:
            self._say(f"not delivered to {row.inbox}: {outcome.error}")

    async def cycle(self, app: Fedigest) -> dict[str, Any]:
        """Follow, read, publish, answer; return the figures that `--json` prints."""
        started = time.monotonic()
        actor = app.uris.actor(HANDLE)
        self._say(f"{app.uris.address(HANDLE)} is up at {app.uris.base}")
        await self._fediverse.follow(actor)
        await self._fediverse.wait_for(lambda a: a.document["type"] == "Accept")
        self._say("Inês of models.localhost follows the bot")
        await self._read(app)
        digest_url = await self._digest(app)
        answer_url = await self._ask(app)
        async with app.storage.view() as view:
            posts, threads = await view.posts.count(), await view.threads.count()
        sentences, uncited = await self._count(app)
        return {
            "digest_url": digest_url,
            "posts": posts,
            "threads": threads,
            "sentences": sentences,
            "uncited_sentences": uncited,
            "delivered": self.delivered,
            "answer_url": answer_url,
            "seconds": round(time.monotonic() - started, 2),
        }

    async def _read(self, app: Fedigest) -> None:
        self._say("asking the sources for #openweights and #openai, and reading each thread")
        await _until(lambda: has_read(app), "the threads were not read")
        async with app.storage.view() as view:
            posts, threads = await view.posts.count(), await view.threads.count()
            for state in await view.sources.all(None):
                posts_found = words("en").count("posts", state.found)
                self._say(f"{state.kind}: {posts_found} from {state.address}")
        self._say(f"read {posts} posts in {threads} threads")

    async def _digest(self, app: Fedigest) -> str:
        now = app.clock.now()
        topic = app.config.bot(HANDLE)
        made = await app.parts.digests.make(topic, "demo", now - timedelta(days=1), now)
        if made is None:
            raise BotError("there was nothing to publish")
        uri = app.uris.object(made)
        await self._fediverse.wait_for(lambda a: _object_id(a.document) == uri)
        self._say(f"digest published: {app.uris.digest(made)}")
        return app.uris.digest(made)

    async def _ask(self, app: Fedigest) -> str:
        request = await self._fediverse.ask(app.uris.actor(HANDLE), app.uris.address(HANDLE))
        self._say("Marek of plaza.localhost asks under the long thread")
        arrived = await self._fediverse.wait_for(lambda a: _reply_to(a.document) == request)
        note = arrived.document["object"]
        self._say(f"answered: {note.get('url') or note['id']}")
        return str(note.get("url") or note["id"])

    async def _count(self, app: Fedigest) -> tuple[int, int]:
        """Count published sentences, and those that rest on no stored post that says them."""
        sentences = uncited = 0
        async with app.storage.view() as view:
            digest = await view.digests.by_period(HANDLE, "demo")
            for summary in await view.digests.summaries(digest.id) if digest else []:
                for sentence in await view.digests.sentences(summary.id):
                    posts = await view.posts.get_many(list(sentence.posts))
                    said = any(sentence.text in " ".join(p.text.split()) for p in posts.values())
                    sentences += 1
                    uncited += not said
        return sentences, uncited


async def has_read(app: Fedigest) -> bool:
    """Tell whether every source was asked, the community's thread is in, and no job is left."""
    async with app.storage.view() as view:
        asked = all(state.ok_at or state.error for state in await view.sources.all(None))
        counts = await view.jobs.counts()
        threads = await view.threads.discussed(HANDLE, *_day(app), 50)
    announced = any(thread.host.startswith("forum.") for thread in threads)
    return asked and announced and not counts.get("ready") and not counts.get("claimed")


def _day(app: Fedigest) -> tuple[Any, Any]:
    now = app.clock.now()
    return now - timedelta(days=1), now + timedelta(minutes=1)


async def _until(ready: Callable[[], Any], failure: str, seconds: float = 60) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await ready():  # noqa: ASYNC110  the state is in the database
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise BotError(f"{failure} within {seconds:g} s; see `fedigest status`") from None


def _object_id(document: Any) -> str | None:
    content = document.get("object")
    return content.get("id") if isinstance(content, dict) else None


def _reply_to(document: Any) -> str | None:
    content = document.get("object")
    return content.get("inReplyTo") if isinstance(content, dict) else None


PACE = Pace(idle=0.05, tick=1.0, patience=0.05)
