"""A Delete that arrives while something is made for one who asked wins, whatever was asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from storage import tables
from tests.federation.hosts import hosts
from tests.federation.test_reading import reading
from tests.federation.test_staying_out import person, read_later
from tests.federation.test_taking_back_races import SAYINGS, Scene, meanwhile
from tests.parts import TOPIC

WORDS = "March"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        planted = Scene(net, storage, made)
        planted.plant()
        await planted.read()
        yield planted


async def ask(scene: Scene, text: str, *, under: bool = True) -> str:
    """Let q ask, and have it answered; return the id of the request."""
    person(scene, "q")
    me = scene.net.url("home", "/u/q")
    await scene.made.authors.learn([me])
    above: dict[str, Any] = {"inReplyTo": scene.uri("a")} if under else {"inReplyTo": None}
    request = scene.note("q", f"@news {text}", **above)
    row = tables.Answer(
        request_id=request.id, bot="news", requester_id=me, state="asked",
        asked_at=scene.made.digests._clock.now(),
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.answers.claim(row)
    await scene.made.answers.answer(request.id, request.document)
    return request.id


async def said(scene: Scene, request: str) -> str:
    """Return all that is stored of what was said in answer to a request."""
    async with scene.storage.view() as view:
        row = await view.answers.get(request)
        assert row is not None
        found = await view.publications.get(row.publication_id or "")
        assert found is not None
        sent = await view.activities.of_object(found.id)
        summaries = await view.digests.summaries_for_request(request)
        sentences = [s.text for each in summaries for s in await view.digests.sentences(each.id)]
    return str([found.document, *(activity.document for activity in sent), sentences])


ASKED = {
    "summarize please": "summarize",
    "what was dropped in March?": "answer",
    "the digest of now": "summarize",
}


@pytest.mark.parametrize("text", ASKED)
async def test_deleted_while_it_is_made(scene: Scene, text: str) -> None:
    under = "digest" not in text
    before = await ask(scene, text, under=under)
    assert WORDS in await said(scene, before), "without a Delete it is said"
    async with scene.storage.unit() as unit:
        row = await unit.answers.get(before)
        assert row is not None
        await scene.made.provenance.unsay(unit, row)
        run = unit.answers._transaction.run
        await run(delete(tables.Publication))
        await run(delete(tables.Summary))
        await run(delete(tables.OutgoingActivity))
        await run(delete(tables.Answer))
    summarizer = scene.made.digests._summarizer
    async with meanwhile(summarizer, ASKED[text], scene.delete):
        again = await ask(scene, text, under=under)
    assert WORDS not in await said(scene, again)


@pytest.mark.parametrize("text", ASKED)
async def test_deleted_after_it_was_said(scene: Scene, text: str) -> None:
    request = await ask(scene, text, under="digest" not in text)
    assert WORDS in await said(scene, request)
    await scene.delete()
    assert WORDS not in await said(scene, request)


async def test_deleted_while_a_grown_answer_is_edited(scene: Scene) -> None:
    request = await ask(scene, "summarize please")
    assert WORDS in await said(scene, request)
    person(scene, "e")
    scene.note("e", "Researchers found that the training data of the model was never published.")
    replies = {"type": "Collection", "items": [scene.uri(who) for who in "bcde"]}
    scene.note("a", SAYINGS["a"], replies=replies)
    await read_later(scene)
    async with meanwhile(scene.made.digests._summarizer, "summarize", scene.delete):
        await scene.made.answers.grown(scene.uri("a"))
    text = await said(scene, request)
    assert WORDS not in text
    assert "Researchers found" in text, "it was edited"


async def test_the_same_words_in_another_post_of_the_author_are_not_taken_for_the_deleted_one(
    scene: Scene,
) -> None:
    """A cross-post that stands may be quoted; with it goes what rests on it, and nothing else."""
    again = scene.net.url("home", "/n/b2")
    twin = {
        "id": again, "type": "Note", "attributedTo": scene.net.url("home", "/u/b"),
        "to": "https://www.w3.org/ns/activitystreams#Public", "inReplyTo": scene.uri("a"),
        "content": f"<p>{SAYINGS['b']}</p>",
    }  # fmt: skip
    scene.net.put("home", "/n/b2", twin)
    everything = [*(scene.uri(who) for who in "bcd"), again]
    scene.note("a", SAYINGS["a"], replies={"type": "Collection", "items": everything})
    await read_later(scene)
    request = await ask(scene, "summarize please")
    assert (await said(scene, request)).count(WORDS) > 0
    for uri in (scene.uri("b"), again):
        await scene.handle("Delete", "b", uri)
        assert uri not in {p for s in await sentences(scene, request) for p in s.posts}
    assert WORDS not in await said(scene, request)
    assert SAYINGS["c"] in [sentence.text for sentence in await sentences(scene, request)]


async def sentences(scene: Scene, request: str) -> list[Any]:
    async with scene.storage.view() as view:
        summary = await view.digests.summary_for_request(request)
        assert summary is not None
        return list(await view.digests.sentences(summary.id))


async def subscribed(scene: Scene, who: str) -> tuple[str, str]:
    """Let somebody be due to get a hashtag's news; return the subscription and its lease."""
    person(scene, who)
    me, now = scene.net.url("home", f"/u/{who}"), scene.made.digests._clock.now()
    row = tables.Subscription(
        id=who, bot="news", actor_id=me, kind="tag", target="openai", since=now, next_at=now,
        request_id=f"{me}/asked",
    )  # fmt: skip
    async with scene.storage.unit() as unit:
        await unit.subscriptions.put(row)
    return row.id, row.next_at.isoformat()


@pytest.mark.parametrize("how", ["delete", "opt out", "meanwhile"])
async def test_news_that_were_made_for_another_subscriber_do_not_bring_anything_back(
    scene: Scene, how: str
) -> None:
    """All subscribers of a hashtag get the same, which is made once and kept for an hour."""
    now = scene.made.digests._clock.now()
    async with scene.storage.unit() as unit:
        earlier = update(tables.Post).values(published=now - timedelta(hours=2))
        await unit.posts._transaction.run(earlier)
        active = update(tables.Thread).values(active_at=now - timedelta(hours=2))
        await unit.posts._transaction.run(active)
    hour = (now - timedelta(minutes=1)).time().replace(tzinfo=None)
    news = scene.made.answers._news
    news._topics = {"news": TOPIC.model_copy(update={"digest_at": hour})}

    async def send(who: str) -> str:
        name, lease = await subscribed(scene, who)
        await scene.made.answers.send({"id": name, "lease": lease})
        return await said(scene, f"{name}/{lease}")

    async def end() -> None:
        if how == "opt out":
            await scene.made.people.choose(scene.net.url("home", "/u/b"), "exclude")
        else:
            await scene.delete()

    if how == "meanwhile":
        async with meanwhile(news, "_tagged", end):
            assert WORDS not in await send("q")
        return
    assert WORDS in await send("q")
    await end()
    assert news._made
    assert WORDS not in await send("r")
    async with scene.storage.view() as view:
        sent = await view.publications.of_bot("news", limit=9, public_only=False)
    assert len(sent) == 2
    assert WORDS not in str([row.document for row in sent])
