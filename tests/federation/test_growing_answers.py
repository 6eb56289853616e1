"""Answers follow their threads: edited as these grow, with what is new in them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering.limits import OFF
from bot.settings import Answering
from tests.federation.instance import fetch, running
from tests.federation.talking import Talk, goes_to, text_of

NEW = "The register of lost licences in Tallinn lists four hundred models without any data."


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with running(tmp_path) as (fediverse, app, _demo):
        yield Talk(fediverse, app)


async def grow(talk: Talk) -> None:
    """Let three people take up something new, so that it is worth a sentence."""
    await talk.reply("chen", NEW, "d1", "n1")
    await talk.reply(
        "ada", "The register of lost licences names my model as well, sadly.", "n1", "n2"
    )
    await talk.reply(
        "ines", "Who keeps that register of lost licences, and who reads it?", "n1", "n3"
    )
    await talk.read_again()


async def test_an_answer_is_edited_when_its_thread_grows(talk: Talk) -> None:
    note = await talk.ask("marek", "summarize please, longer")
    await talk.idle()
    await grow(talk)
    arrived = await talk.fediverse.wait_for(lambda a: "3 posts more than before" in str(a))
    page = (await fetch(note["url"]))[1]
    async with talk.app.storage.view() as view:
        answer = await view.answers.of_publication(note["id"])
        assert answer is not None
        summary = await view.digests.summary_for_request(answer.request_id)
        assert summary is not None
        sentences = await view.digests.sentences(summary.id)
    edited = arrived.document["object"]
    assert (arrived.document["type"], edited["id"]) == ("Update", note["id"])
    assert edited["updated"]
    assert goes_to(edited) == goes_to(note)
    assert NEW in page
    assert {post for sentence in sentences for post in sentence.posts} & {talk.post("n1")}


async def test_reading_again_without_news_edits_nothing(talk: Talk) -> None:
    await talk.ask("marek", "summarize please")
    await talk.read_again()
    await talk.idle()
    await talk.app.parts.answers.grown(talk.post("d1"))
    await talk.idle()
    assert not talk.fediverse.arrived("Update")


async def test_an_old_answer_is_not_edited(tmp_path: Path) -> None:
    async with running(tmp_path, answers=Answering(edit_days=0)) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        await talk.ask("marek", "summarize please")
        await grow(talk)
        await talk.idle()
        updates = fediverse.arrived("Update")
    assert not updates


async def test_what_is_new_since_the_last_summary_for_me(talk: Talk) -> None:
    first = await talk.ask("marek", "what is new?")
    nothing = await talk.ask("marek", "what is new?")
    await grow(talk)
    news = await talk.ask("marek", "what is new?")
    assert text_of(first).count("— ") >= 2
    assert "Nothing new since my last summary" in text_of(nothing)
    assert NEW in text_of(news)
    assert talk.fediverse.world.posts["d1"].text[:40] not in text_of(news)


async def test_whoever_follows_a_thread_is_told_that_it_grew_once(talk: Talk) -> None:
    told = await talk.ask("ines", "follow this thread")
    assert "until it is quiet" in text_of(told)
    async with talk.app.storage.unit() as unit:
        (row,) = await unit.subscriptions.of_actor(talk.actor("ines"))
        row.since = row.since.replace(year=2025)  # the hour between two messages is over
        await unit.subscriptions.put(row)
    await grow(talk)
    await talk.idle()
    await talk.app.parts.schedule.tick()
    talk.app.workers.wake()
    arrived = await talk.fediverse.wait_for(lambda a: "has grown" in str(a.document.get("object")))
    note = arrived.document["object"]
    assert goes_to(note) == ([talk.actor("ines")], False)
    assert note["inReplyTo"] == row.request_id
    await talk.read_again()
    await talk.app.parts.schedule.tick()
    await talk.idle()
    grown = [a for a in talk.fediverse.arrived("Create") if "has grown" in str(a.document)]
    assert len(grown) == 1


async def test_an_edit_never_brings_back_what_was_deleted(talk: Talk) -> None:
    note = await talk.ask("marek", "summarize please, longer")
    async with talk.app.storage.view() as view:
        row = await view.answers.of_publication(note["id"])
        summary = await view.digests.summary_for_request(row.request_id) if row else None
        cited = await view.digests.sentences(summary.id) if summary else []
    said = next(s for s in cited if s.role != "gist" and s.posts[0] != talk.post("d1"))
    name = next(n for n in talk.fediverse.world.posts if talk.post(n) == said.posts[0])
    assert said.text[:60] in (await fetch(note["url"]))[1]
    await talk.fediverse.delete(name, talk.bot)
    words = said.text
    await grow(talk)
    await talk.idle()
    page = (await fetch(note["url"]))[1]
    kept = (await fetch(note["id"], "application/activity+json"))[1]
    assert words[:60] not in page + kept


@pytest.mark.parametrize("stopped", [True, False], ids=["switched off", "blocked"])
async def test_nothing_is_edited_for_who_blocks_us_or_while_all_is_off(
    talk: Talk,
    stopped: bool,  # noqa: FBT001
) -> None:
    await talk.ask("marek", "summarize please, longer", audience="direct")
    me = talk.actor("marek")
    if stopped:
        async with talk.app.storage.unit() as unit:
            await unit.switches.turn_off(OFF, talk.app.clock.now())
    else:
        block = {"id": f"{me}#block", "type": "Block", "actor": me, "object": talk.bot}
        assert (await talk.sender.post(*talk.sender.signed(block, "marek")))[0] == 202
        await talk.idle()
    before = len(talk.fediverse.arrived("Update"))
    await grow(talk)
    await talk.idle()
    assert len(talk.fediverse.arrived("Update")) == before
    if not stopped:
        assert await talk.send("marek", talk.note("marek", "stop all")) == "asked"
        assert await talk.settled(talk.last) is None


async def test_what_is_read_while_an_answer_is_composed_is_edited_in(talk: Talk) -> None:
    summarizer = talk.app.parts.answers._threads._summarizer
    summarize, grew = summarizer.summarize, asyncio.Event()

    async def slowly(*given: Any, **named: Any) -> Any:
        found = await summarize(*given, **named)
        if not grew.is_set():
            grew.set()
            await grow(talk)
        return found

    summarizer.summarize = slowly  # type: ignore[method-assign]
    note = await talk.ask("marek", "summarize please, longer")
    update = await talk.delivered(note["id"], "Update")
    assert "3 posts more than before" in text_of(update["object"])
