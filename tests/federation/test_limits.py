"""How much is answered, the operator's switch, and floods."""

import asyncio
from pathlib import Path

import pytest

from bot.answering.intake import MOST_HUSHED
from bot.answering.limits import GRACE, OFF, domain_of
from bot.demo.show import HANDLE
from bot.demo.world import Post
from bot.settings import Answering
from storage import tables
from tests.federation.instance import running
from tests.federation.talking import Talk, text_of


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Answering(per_person=1), "person"),
        (Answering(per_thread=1), "thread"),
        (Answering(per_host=1), "host"),
        (Answering(per_day=1), "all"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_beyond_a_limit_there_is_one_kind_word_and_then_silence(
    tmp_path: Path, limits: Answering, reason: str
) -> None:
    async with running(tmp_path, answers=limits) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        first = await talk.ask("ines", "summarize please")
        second = await talk.ask("ines", "summarize please")
        outcome = await talk.send("ines", note := talk.note("ines", "summarize please"))
        third = await talk.settled(str(note["id"])) if outcome == "asked" else None
        async with app.storage.view() as view:
            rows = await view.answers.of_requester(talk.actor("ines"))
        await talk.send("ines", talk.note("ines", "leave me out"))
        async with app.storage.view() as view:
            choice = await view.choices.get(talk.actor("ines"))
    assert "— " in text_of(first)
    assert "tomorrow" in text_of(second)
    assert third is None
    assert [row.reason for row in rows if row.state == "answered"] == [None, f"limit: {reason}"]
    assert choice is not None, "taking back has no limit"
    assert choice.choice == "exclude"


async def test_the_switch_takes_effect_at_once_and_who_wants_out_is_heard(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        async with app.storage.unit() as unit:
            await unit.switches.turn_off(OFF, app.clock.now())
        assert await talk.send("marek", talk.note("marek", "summarize please")) == "switched off"
        out = await talk.ask("ines", "leave me out")
        async with app.storage.unit() as unit:
            await unit.switches.turn_on(OFF)
        again = await talk.ask("marek", "summarize please")
    assert "left out from now on" in text_of(out)
    assert "— " in text_of(again)


async def test_what_is_under_way_when_the_switch_is_turned_is_not_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        conversations, turned = app.parts.conversations, asyncio.Event()
        read = conversations.read

        async def slowly(*given: object, **named: object) -> object:
            found = await read(*given, **named)  # type: ignore[arg-type]
            if named.get("seconds"):
                async with app.storage.unit() as unit:
                    await unit.switches.turn_off(OFF, app.clock.now())
                turned.set()
            return found

        conversations.read = slowly  # type: ignore[method-assign,assignment]
        request = await talk.say("marek", "summarize please")
        await turned.wait()
        assert await talk.settled(request) is None
        assert await talk.reason(request) == "switched off"


async def test_who_mentions_half_the_world_asks_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        crowd = [
            {"type": "Mention", "href": talk.actor("ada"), "name": f"@a{number}"}
            for number in range(9)
        ]
        spam = talk.note("ines", "summarize please")
        spam["tag"] += crowd
        assert await talk.send("ines", spam) == "mass mention"
        out = talk.note("ines", "leave me out")
        out["tag"] += crowd
        assert await talk.send("ines", out) == "asked"


async def test_a_flood_by_one_leaves_few_rows_and_others_their_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        await talk.ask("ines", "help", under=None)

        async def flood(count: int) -> list[tuple[int, str]]:
            sent = []
            for _ in range(count):
                note = talk.note("ines", "summarize please")
                create = {
                    "id": f"{note['id']}#create", "type": "Create", "actor": talk.actor("ines"),
                    "object": note,
                }  # fmt: skip
                sent.append(talk.sender.post(*talk.sender.signed(create, "ines")))
            return await asyncio.gather(*sent)

        flooding = asyncio.create_task(flood(500))
        note = await talk.ask("marek", "summarize please")
        made = await app.parts.digests.make(
            app.config.bot(HANDLE), "flood", app.clock.now().replace(2020), app.clock.now()
        )
        statuses = {status for status, _ in await flooding}
        await talk.idle()
        async with app.storage.view() as view:
            rows = await view.answers.of_requester(talk.actor("ines"))
        answered = [row for row in rows if row.state == "answered"]
    assert "— " in text_of(note)
    assert statuses <= {202, 429}
    assert made is not None
    assert len(rows) <= 22
    assert len([row for row in answered if (row.reason or "").startswith("limit")]) == 1


async def test_a_flood_of_taking_back_is_done_and_told_few_times(tmp_path: Path) -> None:
    async with running(tmp_path, answers=Answering(per_person=3)) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        await talk.ask("ines", "follow #openai", under=None)
        outcomes = [
            await talk.send("ines", talk.note("ines", words, under=None))
            for words in ["stop all"] * 6 + ["leave me out"] * 3
        ]
        await talk.idle()
        async with app.storage.view() as view:
            kept = await view.subscriptions.of_actor(talk.actor("ines"))
            choice = await view.choices.get(talk.actor("ines"))
            rows = await view.answers.of_requester(talk.actor("ines"))
    assert not kept
    assert choice is not None
    assert outcomes.count("done without a word") >= 3
    assert outcomes[-1] == "left out before"
    assert len(rows) <= 4


async def test_subdomains_of_one_server_do_not_use_up_the_day_of_others(tmp_path: Path) -> None:
    limits = Answering(per_host=2, per_day=30)
    async with running(tmp_path, answers=limits) as (fediverse, app, _demo):
        talk, now = Talk(fediverse, app), app.clock.now()
        heard = []
        async with app.storage.unit() as unit:
            for number in range(40):
                actor = f"https://n{number}.spam.example/users/x"
                if await app.parts.limits.is_flood(unit, actor, now):
                    continue
                heard.append(actor)
                await unit.answers.claim(
                    tables.Answer(
                        request_id=f"{actor}/1", bot=HANDLE, requester_id=actor,
                        domain=domain_of(actor), state="asked", asked_at=now,
                    )
                )  # fmt: skip
        note = await talk.ask("marek", "summarize please")
    assert len(heard) <= 2 + GRACE
    assert "— " in text_of(note)


async def used_up(talk: Talk, person: str, number: int) -> None:
    """Let the limits be used up by `number` requests of one person."""
    async with talk.app.storage.unit() as unit:
        for count in range(number):
            row = tables.Answer(
                request_id=f"{talk.actor(person)}/before/{count}",
                bot=HANDLE,
                requester_id=talk.actor(person),
                domain=domain_of(talk.actor(person)),
                state="refused",
                asked_at=talk.app.clock.now(),
            )
            assert await unit.answers.claim(row)


BEYOND = pytest.mark.parametrize(
    ("limits", "by"),
    [
        (Answering(per_person=3), "own"),
        (Answering(per_host=3), "neighbour"),
        (Answering(per_day=3), "neighbour"),
    ],
    ids=["person", "host", "day"],
)


@BEYOND
@pytest.mark.parametrize("root", ["d1", "never read"])
async def test_not_here_is_done_beyond_every_limit(
    tmp_path: Path, limits: Answering, by: str, root: str
) -> None:
    async with running(tmp_path, answers=limits) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        await talk.read_all()
        who = fediverse.world.posts["d1"].by
        if root not in fediverse.world.posts:
            fediverse.world.posts[root] = Post("unread", who, "Bread again.", app.clock.now())
        # All servers of the sample count as one here: they are ports of one address.
        await used_up(talk, who if by == "own" else "ines", 3 + GRACE)
        outcome = await talk.send(who, talk.note(who, "not here", under=root))
        await talk.idle()
        async with app.storage.view() as view:
            closed = await view.choices.get(talk.post(root))
            out = await view.choices.get(talk.actor(who))
            words = {post.text for post in await view.posts.in_thread(talk.post(root))}
            rows = await view.answers.of_requester(talk.actor(who))
    assert outcome == "done without a word"
    assert closed is not None
    assert closed.how == "not here"
    assert out is None
    assert words <= {""}
    assert talk.last not in {row.request_id for row in rows}, "a flood leaves no rows"


async def test_who_asks_for_silence_in_ever_more_unknown_threads_is_left_out(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, answers=Answering(per_person=0)) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        await used_up(talk, "ines", 1)
        outcomes = []
        for number in range(MOST_HUSHED + 1):
            name = f"own{number}"
            fediverse.world.posts[name] = Post(name, "ines", "Bread again.", app.clock.now())
            outcomes.append(await talk.send("ines", talk.note("ines", "not here", under=name)))
    assert outcomes == ["done without a word"] * MOST_HUSHED + ["left out"]


async def test_unfollowing_one_thread_beyond_a_limit_leaves_the_other(tmp_path: Path) -> None:
    async with running(tmp_path, answers=Answering(per_person=4)) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        for under in ("d1", "i1"):
            await talk.ask("ines", "follow this thread", under=under)
        await used_up(talk, "ines", 4)
        outcome = await talk.send("ines", talk.note("ines", "unfollow this thread", under="d1"))
        async with app.storage.view() as view:
            kept = await view.subscriptions.of_actor(talk.actor("ines"))
    assert outcome == "done without a word"
    assert [row.target for row in kept] == [talk.post("i1")]
