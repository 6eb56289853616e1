"""Fedify as the one who asks: what `test_conversations` plays, with a peer nobody here wrote."""

from pathlib import Path

import pytest

from bot.demo.show import HANDLE
from bot.summary.text import html_to_text
from bot.words import words
from tests.federation.fedify_peer import FedifyPeer
from tests.federation.instance import fetch, running, until
from tests.federation.talking import Talk
from tests.federation.test_fedify import (
    ACTIVITY_JSON,
    PERMITTING,
    PUBLIC,
    address_of,
    ask,
    discuss,
    is_about,
    note_of,
    nothing_left,
    read_by_bot,
    sample,
)
from tests.federation.test_growing_answers import grow

pytestmark = [pytest.mark.node, pytest.mark.slow]


def sentences(content: str) -> int:
    return html_to_text(content).count("— ")


async def test_everything_that_only_the_asker_gets(tmp_path: Path, fedify_peer: FedifyPeer) -> None:
    async with running(tmp_path) as (fediverse, app, demo):
        await demo.cycle(app)
        under = sample(fediverse, PERMITTING)
        said = {
            wish: await ask(app, fedify_peer, under, wish, "direct")
            for wish in (
                "summarize this, longer please",
                "shorter please",
                "summarize only the last day",
                "what's new?",
                "en français, s'il te plaît",
                "send me the latest digest",
                "status",
                "include me",
                "leave me out",
            )
        }
        async with app.storage.view() as view:
            choice = await view.choices.get(fedify_peer.actor)
    assert {str(address_of(note)) for note in said.values()} == {
        str(([fedify_peer.actor], [], [fedify_peer.actor]))
    }
    longer, shorter = (
        said[wish]["content"] for wish in ("summarize this, longer please", "shorter please")
    )
    assert sentences(longer) > sentences(shorter) > 0
    assert sentences(said["summarize only the last day"]["content"]) > 0
    # Rules do not translate what people wrote; the bot's own words are French.
    french = html_to_text(said["en français, s'il te plaît"]["content"])
    assert words("fr").say("answer.by_rules") in french
    assert app.uris.digest("news-demo") in said["send me the latest digest"]["content"]
    assert choice is not None
    assert choice.choice == "exclude"


async def test_a_public_answer_grows_and_goes_with_its_question(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (fediverse, app, _):
        talk = Talk(fediverse, app)
        answer = await ask(app, fedify_peer, talk.post("d1"), "summarize this publicly, longer")
        assert address_of(answer)[0] == [fedify_peer.actor]
        assert set(address_of(answer)[1]) & PUBLIC
        await grow(talk)
        edited = note_of(await fedify_peer.wait_for(is_about(answer["id"], "Update")))
        assert "3 posts more than before" in html_to_text(edited["content"])
        assert address_of(edited) == address_of(answer)

        await fedify_peer.delete(answer["inReplyTo"])
        await fedify_peer.wait_for(is_about(answer["id"], "Delete"))
        status = (await fetch(answer["id"], ACTIVITY_JSON))[0]
    assert status == 410


async def test_who_opened_a_thread_there_has_silence_in_it(
    tmp_path: Path, fedify_peer: FedifyPeer
) -> None:
    async with running(tmp_path) as (_, app, _demo):
        notes = await read_by_bot(app, fedify_peer)
        told = await ask(app, fedify_peer, notes[0], "not here")
        assert address_of(told) == ([fedify_peer.actor], [], [fedify_peer.actor])
        mention = f'<p><a class="u-url mention" href="x">@{HANDLE}</a> summarize please</p>'
        request = await fedify_peer.note(mention, notes[-1], app.uris.actor(HANDLE), "public")

        async def is_heard() -> bool:
            async with app.storage.view() as view:
                row = await view.answers.get(request)
            return row is not None and row.state != "asked" and await nothing_left(app)

        await until(is_heard)
        elsewhere = await discuss(fedify_peer)
        answer = await ask(app, fedify_peer, elsewhere[-1], "summarize please")
        said = [note_of(activity).get("inReplyTo") for activity in await fedify_peer.received()]
    assert request not in said
    assert sentences(answer["content"]) > 0, "silence is for that thread alone"
