"""Talking to the bot over sockets: what comes back, to whom, and when nothing does."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.show import HANDLE
from bot.demo.world import Post
from bot.pages.notes import LONGEST
from bot.settings import Answering
from tests.federation.forest import planted
from tests.federation.instance import fetch, running
from tests.federation.talking import Talk, goes_to, text_of


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with running(tmp_path) as (fediverse, app, _demo):
        yield Talk(fediverse, app)


async def test_a_question_is_answered_from_the_thread_or_by_saying_that_nobody_does(
    talk: Talk,
) -> None:
    words = talk.fediverse.world.posts["d3"].text.split()
    topic = max((word.strip(".,:;!?") for word in words), key=len)
    one = await talk.ask("ines", f"what do people say about {topic}?")
    nobody = await talk.ask("ines", "what do people say about giraffes?")
    foreign = await talk.ask("ines", "Was sagen die Leute über Lizenzen?")
    assert topic.casefold() in text_of(one).casefold()
    assert "Nobody says anything" in text_of(nobody)
    assert "Ich suche nach den Wörtern deiner Frage" in text_of(foreign), "they speak of licences"


async def test_shorter_is_shorter_than_longer(talk: Talk) -> None:
    sizes = [
        text_of(await talk.ask("ines", words, audience="direct")).count("— ")
        for words in ("summarize, longer please", "shorter please")
    ]
    assert sizes[0] > sizes[1] > 0


async def test_thanks_get_silence_and_chat_gets_help_to_the_one_who_chats(talk: Talk) -> None:
    assert await talk.settled(await talk.say("ines", "thank you!")) is None
    note = await talk.ask("ines", "my cat is grey")
    assert "Mention me under a post" in text_of(note)
    assert goes_to(note) == ([talk.actor("ines")], False)


async def test_who_opened_a_thread_can_have_silence_in_it(talk: Talk) -> None:
    root = talk.fediverse.world.posts["d1"]
    told = await talk.ask(root.by, "not here")
    assert "nothing in this thread" in text_of(told)
    for words in ("summarize please", "follow this thread", "what about licences?", "help"):
        assert await talk.settled(await talk.say("ines", words)) is None
    async with talk.app.storage.view() as view:
        posts = await view.posts.in_thread(talk.post("d1"))
        choice = await view.choices.get(talk.actor(root.by))
    assert {post.text for post in posts} == {""}
    assert choice is None, "elsewhere nothing changes for them"


async def test_one_answer_for_everybody_and_further_ones_for_those_who_ask(talk: Talk) -> None:
    first = await talk.ask("marek", "summarize please")
    second = await talk.ask("ines", "tl;dr?")
    status, page = await fetch(first["url"])
    assert goes_to(first) == ([talk.actor("marek")], True)
    assert goes_to(second) == ([talk.actor("ines")], False)
    assert first["url"] in second["content"]
    assert "— " in text_of(second)
    assert status == 200
    assert "by rules" in page


async def test_questions_do_not_make_a_thread_public_twice(talk: Talk) -> None:
    first = await talk.ask("marek", "what do people say about licences?")
    second = await talk.ask("ines", "what do people say about weights?")
    assert goes_to(first)[1]
    assert goes_to(second) == ([talk.actor("ines")], False)


async def test_one_can_go_on_below_an_answer(talk: Talk) -> None:
    first = await talk.ask("marek", "summarize please", audience="direct")
    shorter = await talk.ask("marek", "shorter please", under=first["id"], audience="direct")
    assert 0 < text_of(shorter).count("— ") < text_of(first).count("— ")


async def test_what_the_bot_says_in_a_thread_is_no_part_of_it(talk: Talk) -> None:
    note = await talk.ask("marek", "summarize please")
    world, documents = talk.fediverse.world, talk.fediverse.documents
    original = documents.replies_page

    def listing_ours(post: Post, page: int) -> dict[str, Any]:
        found = original(post, page)
        return found | {"items": [*found["items"], note["id"]]} if post.id == "d1" else found

    documents.replies_page = listing_ours  # type: ignore[method-assign]
    await talk.read_again()
    await talk.idle()
    async with talk.app.storage.view() as view:
        posts = {post.id for post in await view.posts.in_thread(talk.post("d1"))}
    assert documents.post_id(world.posts["d2"]) in posts
    assert note["id"] not in posts


async def test_an_answer_fits_a_post_and_its_page_has_the_rest(talk: Talk) -> None:
    note = await talk.ask("marek", "summarize please, longer")
    page = (await fetch(note["url"]))[1]
    shown, whole = note["content"].count("<li>"), page.count('class="said"')
    assert len(text_of(note)) <= LONGEST
    assert 0 < shown < whole
    assert f"{whole - shown} more sentences" in text_of(note)
    assert note["content"].count("<li>") == note["content"].count("</a></li>")
    assert note["published"]


async def test_an_answer_is_never_wider_than_asked(talk: Talk) -> None:
    alone = await talk.ask("ines", "summarize this, just for me please")
    direct = await talk.ask("marek", "summarize this publicly", audience="direct")
    assert goes_to(alone) == ([talk.actor("ines")], False)
    assert goes_to(direct) == ([talk.actor("marek")], False)
    assert "You asked me directly" in text_of(direct)
    assert not direct.get("url")


async def test_publicly_shows_what_may_be_shown_and_says_what_is_left_out(talk: Talk) -> None:
    """Sam permits nothing in public, and says most here."""
    for number in range(5):
        words = f"Memory of size {number} holds a model of size {number}, as I measured today."
        await talk.reply("sam", words, "i1", f"s{number}")
    for number, person in enumerate(("ada", "chen", "ines")):
        words = f"The model runs in memory of {number} gigabytes if its weights have four bits."
        await talk.reply(person, words, "i1", f"p{number}")
    usual = await talk.ask("ines", "summarize please", under="i1")
    public = await talk.ask("marek", "summarize this publicly", under="i1")
    assert goes_to(usual) == ([talk.actor("ines")], False)
    assert "may not be quoted in public" in text_of(usual)
    assert goes_to(public) == ([talk.actor("marek")], True)
    assert "left out at their authors' wish" in text_of(public)
    assert "as I measured today" not in text_of(public)


async def test_it_speaks_the_language_of_who_asks(talk: Talk) -> None:
    help_ = await talk.ask("lena", "Hilfe!", under=None)
    summary = await talk.ask("lena", "fass das bitte zusammen")
    assert help_["contentMap"].keys() == {"de"}
    assert "Server" in text_of(summary)
    assert "Posts read" not in text_of(summary)


async def test_the_digest_of_now_is_sent_to_who_asks_alone(talk: Talk) -> None:
    await talk.read_all()
    note = await talk.ask("ines", "the latest digest, please", under=None)
    assert goes_to(note) == ([talk.actor("ines")], False)
    assert "What was discussed since" in text_of(note)
    assert note["content"].count("</a></li>") >= 3
    made = await talk.app.parts.digests.make(
        talk.app.config.bot(HANDLE), "now", talk.app.clock.now().replace(2020), talk.app.clock.now()
    )
    again = await talk.ask("ines", "digest?", under=None)
    assert made is not None
    assert talk.app.uris.digest(made) in again["content"]
    assert "Since then nothing was discussed" in text_of(again)


async def test_what_is_not_public_is_not_read_and_it_says_so(talk: Talk) -> None:
    note = await talk.ask("ines", "summarize please", under="d17", audience="direct")
    missing = await talk.ask("ines", "summarize", under=f"{talk.actor('ada')}/statuses/404404")
    for answer in (note, missing):
        assert "cannot read the thread" in text_of(answer)
        assert "Of threads that are not public" in text_of(answer)
    assert "violates" not in text_of(note)


async def test_where_not_everybody_may_reply_the_answer_stays_outside(talk: Talk) -> None:
    documents, original = talk.fediverse.documents, talk.fediverse.documents.post

    def closed(post: object) -> dict[str, object]:
        policy = {"canReply": {"always": [f"{talk.actor('bo')}/followers"], "approvalRequired": []}}
        return original(post) | {"interactionPolicy": policy}  # type: ignore[arg-type]

    documents.post = closed  # type: ignore[method-assign]
    note = await talk.ask("marek", "summarize please", under="d3")
    assert goes_to(note) == ([talk.actor("marek")], False)
    assert "inReplyTo" not in note
    assert "context" not in note
    assert "Not everybody may reply" in text_of(note)


async def test_who_deletes_the_question_takes_the_answer_back(talk: Talk) -> None:
    request = await talk.say("marek", "summarize please")
    note = await talk.settled(request)
    assert note is not None
    delete = {
        "id": f"{request}#delete",
        "type": "Delete",
        "actor": talk.actor("marek"),
        "object": request,
    }
    assert (await talk.sender.post(*talk.sender.signed(delete, "marek")))[0] == 202
    await talk.delivered(note["id"], "Delete")
    assert (await fetch(note["url"]))[0] == 410


async def test_a_thread_that_takes_long_is_answered_from_what_is_there(tmp_path: Path) -> None:
    """Fifty posts on five servers, 0.1 s away each: the rest is edited in when it has come."""
    quick = Answering(seconds=0.5)
    forest = planted(50, servers=5, latency=0.1, whole=False)
    async with running(tmp_path, answers=quick) as (fediverse, app, _demo), forest as thread:
        talk = Talk(fediverse, app)
        request = await talk.say("marek", "summarize please", under=thread.root)
        first = await talk.settled(request)
        assert first is not None
        update = await talk.delivered(first["id"], "Update")
        await talk.idle()
        updates = [a.document["object"] for a in fediverse.arrived("Update")]
    assert "Posts read: " in text_of(first)
    assert f"Posts read: {len(thread.read)}" not in text_of(first)
    assert any(
        f"Posts read: {len(thread.read)}" in text_of(n) for n in (update["object"], *updates)
    )


async def test_nothing_in_time_is_waited_for(tmp_path: Path) -> None:
    async with running(tmp_path, answers=Answering(seconds=0.001)) as (fediverse, app, _demo):
        talk = Talk(fediverse, app)
        note = await talk.ask("marek", "summarize please")
    assert "— " in text_of(note)
