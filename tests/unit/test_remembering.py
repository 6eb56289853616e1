"""Written summaries outlive the process, and never the posts they were made of."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.client import Client
from activitypub.guard import AddressGuard
from activitypub.ports import SigningKey
from activitypub.transport import Transport
from bot.summary import remembering
from bot.summary.engines import ByRules
from bot.summary.grounding import GATE
from bot.summary.llm import Endpoint
from bot.summary.llm.writer import Writer
from bot.summary.model import Length, SourcePost
from bot.summary.remembering import StoredMemory
from bot.summary.summarizing import Summarizer
from storage import Storage, UnitOfWork, tables
from storage.persons import Person
from tests.ledgers import Unlimited
from tests.parts import parts
from tests.unit.endpoint import Script, endpoint

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
LENGTH = Length(4, 120)
WORDS = {
    "https://a.example/1": "The new licence forbids training other models on its output.",
    "https://a.example/2": "The marmalade clause was removed in March, so its output can be used.",
    "https://a.example/3": "Will the training data of the model be published as well?",
}


class Clock:
    """Says what a test tells it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def thread(**changed: str) -> list[SourcePost]:
    texts = {**WORDS, **{f"https://a.example/{n}": text for n, text in changed.items()}}
    return [
        SourcePost(url, f"P{n}", text, author_id=f"p{n}", language="en")
        for n, (url, text) in enumerate(texts.items())
    ]


def honest(posts: list[dict[str, str]]) -> Any:
    said = [{"text": f"{p['author']}: {p['text']}", "posts": [p["id"]]} for p in posts]
    return {"gist": said[0], "sentences": said}


def row(url: str, text: str) -> tables.Post:
    return tables.Post(
        id=url,
        url=url,
        author_id="https://a.example/ada",
        host="a.example",
        audience="public",
        kind="Note",
        content="",
        text=text,
        published=AT,
        fetched_at=AT,
        via="thread",
    )


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await Storage.open(f"sqlite:///{tmp_path}/f.sqlite3")
    async with opened.unit() as unit:
        for url, text in WORDS.items():
            await unit.posts.put(row(url, text))
    yield opened
    await opened.close()


def started(storage: Storage, script: Script, model: str = "small") -> Summarizer:
    """Return a summarizer as a fresh process has it."""
    writer = Writer(Endpoint(script.base_url, model), Unlimited())
    return Summarizer(ByRules(), writer, StoredMemory(storage, Clock()))


async def test_a_restart_asks_no_model_again_and_a_changed_post_does(storage: Storage) -> None:
    with endpoint(honest) as script:
        one = await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        two = await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        assert one.is_written
        assert one == two
        assert len(script.prompts) == 1
        changed = thread(**{"3": "Will the data be sold?"})
        async with storage.unit() as unit:
            await unit.posts.put(row("https://a.example/3", changed[2].text))
        await started(storage, script).summarize(changed, LENGTH, for_model=set(WORDS))
        assert len(script.prompts) == 2
        await started(storage, script, "large").summarize(changed, LENGTH, for_model=set(WORDS))
        assert len(script.prompts) == 3


async def test_what_an_earlier_gate_let_through_is_written_anew(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint(honest) as script:
        await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        monkeypatch.setattr("bot.summary.llm.writer.GATE", GATE + 1)
        await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        assert len(script.prompts) == 2


async def test_what_rules_choose_is_not_kept(storage: Storage) -> None:
    with endpoint(lambda posts: "no") as script:
        made = await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        assert not made.is_written
        await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
        assert len(script.prompts) == 2


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("f.sqlite3*"))


async def test_an_erased_post_takes_its_words_along(storage: Storage, tmp_path: Path) -> None:
    key = SigningKey("https://digest.example/key", rsa.generate_private_key(65537, 2048))
    with endpoint(honest) as script:
        await started(storage, script).summarize(thread(), LENGTH, for_model=set(WORDS))
    assert on_disk(tmp_path).count(b"marmalade") >= 2
    async with Transport(AddressGuard(), user_agent="t") as out:
        life = parts(storage, Client(out, key, Clock()), Clock())
        async with storage.unit() as unit:
            await life.provenance.erase(unit, ["https://a.example/2"])
    await storage.close()  # folds the log into the file
    assert b"marmalade" not in on_disk(tmp_path)


async def erased(unit: UnitOfWork) -> None:
    await unit.posts.erase(["https://a.example/2"], AT)


async def removed(unit: UnitOfWork) -> None:
    """As when all data of a person is erased: not even the emptied row is left."""
    await unit.persons.remove(Person("https://a.example/ada", posts=["https://a.example/2"]))


async def titled_anew(unit: UnitOfWork) -> None:
    post = row("https://a.example/2", WORDS["https://a.example/2"])
    post.title = "Never mind"
    await unit.posts.put(post)


@pytest.mark.parametrize("went", [erased, removed, titled_anew])
async def test_a_post_that_went_while_the_model_wrote_is_not_kept(
    storage: Storage, went: Callable[[UnitOfWork], Awaitable[None]]
) -> None:
    made = ByRules().summarize(thread(), LENGTH)
    async with storage.unit() as unit:
        await went(unit)
    memory = StoredMemory(storage, Clock())
    await memory.keep("k", made, thread())
    assert await memory.recall("k") is None


async def test_old_ones_and_too_many_are_pruned(storage: Storage) -> None:
    made = ByRules().summarize(thread(), LENGTH)
    for days in range(0, 40, 10):
        clock = Clock(AT - timedelta(days=days))
        await StoredMemory(storage, clock).keep(f"{days} days", made, thread())
    memory = StoredMemory(storage, Clock())
    async with storage.unit() as unit:
        assert await remembering.prune(unit, AT - timedelta(days=29)) == 1
        assert await unit.kept_summaries.prune(AT - timedelta(days=99), 1) == 2
    assert await memory.recall("0 days") == made
    assert await memory.recall("10 days") is None
