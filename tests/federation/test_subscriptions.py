"""What people ask to be sent: until they end it, to them alone, and as little kept as possible."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bot.demo.show import HANDLE
from storage import tables
from tests.federation.instance import running
from tests.federation.talking import Talk, goes_to, text_of


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with running(tmp_path) as (fediverse, app, _demo):
        yield Talk(fediverse, app)


async def subscriptions(talk: Talk, person: str = "ines") -> list[tables.Subscription]:
    async with talk.app.storage.view() as view:
        return await view.subscriptions.of_actor(talk.actor(person))


async def let_time_pass(talk: Talk) -> None:
    """Make every subscription due, with all that was read to tell of."""
    now = talk.app.clock.now()
    async with talk.app.storage.unit() as unit:
        for row in await subscriptions(talk):
            row.next_at, row.since = now - timedelta(minutes=1), now - timedelta(days=2)
            await unit.subscriptions.put(row)
    topic = talk.app.config.bot(HANDLE)
    hour = (now - timedelta(minutes=1)).astimezone(UTC).time().replace(tzinfo=None)
    today = topic.model_copy(update={"digest_at": hour})  # so that all that was read is of the day
    talk.app.parts.answers._news._topics = {HANDLE: today}
    await talk.app.parts.schedule.tick()
    talk.app.workers.wake()
    await talk.idle()


def news(talk: Talk) -> list[dict[str, object]]:
    found = (a.document["object"] for a in talk.fediverse.arrived("Create"))
    return [note for note in found if "what was discussed since" in str(note)]


async def test_a_hashtags_news_come_once_a_period_to_who_asked_alone(talk: Talk) -> None:
    await talk.read_all()
    told = await talk.ask("ines", "follow #smallmodels weekly", under=None)
    (row,) = await subscriptions(talk)
    assert "I do not look for #smallmodels everywhere" in text_of(told)
    assert "each week" in text_of(told)
    assert timedelta(days=6) <= row.next_at - row.since <= timedelta(days=8)
    await let_time_pass(talk)
    await talk.app.parts.schedule.tick()
    await talk.idle()
    (note,) = news(talk)
    assert goes_to(note) == ([talk.actor("ines")], False)
    assert note["inReplyTo"] == row.request_id
    assert "#smallmodels" in text_of(note)
    assert talk.fediverse.documents.page(talk.fediverse.world.posts["e1"]) in str(note["content"])
    assert talk.fediverse.documents.page(talk.fediverse.world.posts["d1"]) not in str(
        note["content"]
    )
    (later,) = await subscriptions(talk)
    assert later.since > row.since
    assert later.next_at > talk.app.clock.now()


async def test_news_of_nothing_are_not_sent(talk: Talk) -> None:
    await talk.read_all()
    await talk.ask("ines", "follow #gardening", under=None)
    await let_time_pass(talk)
    assert not news(talk)


async def test_a_word_ends_it_and_nothing_is_kept(talk: Talk) -> None:
    await talk.ask("ines", "follow #openai", under=None)
    await talk.ask("ines", "follow #openweights daily", under=None)
    status = await talk.ask("ines", "status", under=None)
    assert "#openai, #openweights" in text_of(status)
    one = await talk.ask("ines", "unfollow #openai", under=None)
    assert [row.target for row in await subscriptions(talk)] == ["openweights"]
    rest = await talk.ask("ines", "stop all", under=None)
    again = await talk.ask("ines", "stop all", under=None)
    assert "no more of #openai" in text_of(one)
    assert "have forgotten" in text_of(rest)
    assert "You follow nothing" in text_of(again)
    assert not await subscriptions(talk)
    await let_time_pass(talk)
    assert not news(talk)


async def test_several_hashtags_in_one_message(talk: Talk) -> None:
    told = await talk.ask("ines", "follow #openai, #cats and #dogs weekly", under=None)
    kept = {row.target: row.every for row in await subscriptions(talk)}
    assert kept == {"openai": "weekly", "cats": "weekly", "dogs": "weekly"}
    assert all(f"“stop #{tag}” ends it" in text_of(told) for tag in kept)
    ended = await talk.ask("ines", "stop #openai and #cats", under=None)
    assert [row.target for row in await subscriptions(talk)] == ["dogs"]
    assert "no more of #openai" in text_of(ended)
    assert "no more of #cats" in text_of(ended)


async def test_what_is_named_below_a_word_ends_alone(talk: Talk) -> None:
    await talk.ask("ines", "follow #openai and #cats", under=None)
    for words in ("stop: #openai", "unfollow<br>#openai"):
        await talk.ask("ines", words, under=None)
        assert [row.target for row in await subscriptions(talk)] == ["cats"]


async def test_one_person_follows_so_much_and_no_more(talk: Talk) -> None:
    for number in range(10):
        await talk.ask("ines", f"follow #tag{number}", under=None)
    note = await talk.ask("ines", "follow #tag10", under=None)
    await talk.ask("ines", "follow #tag3 weekly", under=None)
    rows = await subscriptions(talk)
    assert "Please end something first" in text_of(note)
    assert len(rows) == 10
    await talk.ask("ines", "stop #tag0", under=None)
    part = text_of(await talk.ask("ines", "follow #more and #most", under=None))
    assert "#more" in part
    assert "Please end something first" in part
    assert "#most" not in part
    assert len(await subscriptions(talk)) == 10
    assert next(row for row in rows if row.target == "tag3").every == "weekly"


async def test_who_is_gone_for_long_is_sent_nothing_any_more_and_a_mishap_ends_nothing(
    talk: Talk,
) -> None:
    await talk.ask("ines", "follow #openai", under=None)
    me, now = talk.actor("ines"), talk.app.clock.now()
    server = talk.fediverse.servers["models"]
    server.closed = True
    async with talk.app.storage.unit() as unit:
        await unit.actors.mark_gone(me, now)
    await let_time_pass(talk)
    assert await subscriptions(talk), "one refusal may be a mishap"
    async with talk.app.storage.unit() as unit:
        row = await unit.actors.get(me)
        assert row is not None
        await unit.actors.remove(me)
        row.gone_at = now - timedelta(days=8)
        await unit.actors.put(row)
    await let_time_pass(talk)
    assert not await subscriptions(talk)
    assert not news(talk)


async def test_who_blocks_us_is_sent_nothing(talk: Talk) -> None:
    await talk.ask("ines", "follow #openai", under=None)
    me = talk.actor("ines")
    block = {"id": f"{me}#block", "type": "Block", "actor": me, "object": talk.bot}
    assert (await talk.sender.post(*talk.sender.signed(block)))[0] == 202
    await talk.idle()
    assert not await subscriptions(talk)
    ignored = await talk.send("ines", talk.note("ines", "summarize please"))
    assert ignored == "blocks us"


async def test_export_and_erasure_hold_what_somebody_follows(talk: Talk) -> None:
    await talk.ask("ines", "follow #openai", under=None)
    people, me = talk.app.parts.people, talk.actor("ines")
    exported = await people.export(me)
    assert [row["target"] for row in exported["subscribed"]] == ["openai"]
    await people.erase(me)
    assert not await subscriptions(talk)
