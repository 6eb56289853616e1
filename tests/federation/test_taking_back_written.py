"""What a model wrote goes with the post that it rests on, here and in what is kept of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.summary.llm import Endpoint
from bot.summary.llm.writer import Writer
from bot.summary.remembering import StoredMemory
from storage import Storage, tables
from tests.federation.hosts import hosts
from tests.federation.test_model import repeating
from tests.federation.test_reading import reading
from tests.federation.test_staying_out import person
from tests.federation.test_taking_back_races import SAYINGS, Scene, meanwhile
from tests.ledgers import Unlimited
from tests.parts import TOPIC
from tests.unit.endpoint import endpoint

WORDS = "March"


async def deleted(scene: Scene) -> None:
    await scene.delete()


async def edited(scene: Scene) -> None:
    await scene.edit("Something else altogether.")


async def kept_from_models(scene: Scene) -> None:
    await scene.handle("Update", "b", {**person(scene, "b"), "summary": "#noai"})


async def not_to_be_quoted(scene: Scene) -> None:
    scene.note("b", SAYINGS["b"], interactionPolicy={"canQuote": {"automaticApproval": []}})
    await scene.made.recheck.look(scene.uri("b"))


async def left_out(scene: Scene) -> None:
    await scene.made.people.choose(scene.net.url("home", "/u/b"), "exclude")


ENDS: list[Callable[[Scene], Awaitable[None]]] = [
    deleted,
    edited,
    kept_from_models,
    not_to_be_quoted,
    left_out,
]


async def made_of_it(scene: Scene) -> tuple[set[str], str]:
    """Return which posts the digest cites, and all that is stored of it as text."""
    async with scene.storage.view() as view:
        [summary] = await view.digests.summaries("news-written")
        sentences = await view.digests.sentences(summary.id)
        uri = scene.made.publisher.uris.object("news-written")
        publication, sent = await view.publications.get(uri), await view.activities.of_object(uri)
    assert summary.engine == "llm/small"
    assert publication is not None
    everything = [publication.document, *(row.document for row in sent), sentences]
    return {post for sentence in sentences for post in sentence.posts}, str(everything)


async def kept(storage: Storage) -> str:
    async with storage.view() as view:
        rows = await view.posts._transaction.all(tables.KeptSummary, select(tables.KeptSummary))
    return str([row.made for row in rows])


@pytest.mark.parametrize("during", [False, True], ids=["after it", "meanwhile"])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
async def test_a_written_sentence_goes_with_its_post(
    end: Callable[[Scene], Awaitable[None]],
    during: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    with endpoint(repeating) as script:
        writer = Writer(Endpoint(script.base_url, "small"), Unlimited())
        async with hosts() as (net, _), reading(tmp_path, writer=writer) as (storage, made):
            scene = Scene(net, storage, made)
            scene.plant()
            await scene.read()
            summarizer = made.digests._summarizer
            summarizer._memory = StoredMemory(storage, made.digests._clock)
            now = made.digests._clock.now() + timedelta(minutes=1)

            async def make() -> None:
                assert await made.digests.make(TOPIC, "written", now - timedelta(days=1), now)

            if during:
                async with meanwhile(summarizer, "summarize", lambda: end(scene)):
                    await make()
            else:
                await make()
                posts, text = await made_of_it(scene)
                assert scene.uri("b") in posts
                assert WORDS in text
                assert WORDS in await kept(storage)
                await end(scene)
            posts, text = await made_of_it(scene)
            assert scene.uri("b") not in posts
            assert scene.uri("d") in posts
            assert WORDS not in text
            assert WORDS not in await kept(storage)
