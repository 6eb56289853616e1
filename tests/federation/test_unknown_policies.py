"""After an upgrade, nobody has looked yet whether an old post may be quoted: that counts as no."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from bot.consent.table import Use
from storage import tables
from tests.federation.hosts import hosts
from tests.federation.test_lasting import MORE
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC


def plant(scene: Scene) -> None:
    """Let six people talk, so that a digest has enough without b."""
    scene.plant()
    for who in "ef":
        me = scene.net.url("home", f"/u/{who}")
        profile = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
        scene.net.put("home", f"/u/{who}", {**profile, "preferredUsername": who, "name": who})
        scene.note(who, MORE[who])
    replies = {"type": "Collection", "items": [scene.uri(who) for who in "bcdef"]}
    scene.note("a", SAYINGS["a"], replies=replies)


async def quoted(scene: Scene, period: str) -> set[str]:
    """Make a digest, and return what it quotes."""
    made = scene.made
    now = made.digests._clock.now() + timedelta(minutes=1)
    name = await made.digests.make(TOPIC, period, now - timedelta(days=1), now)
    async with scene.storage.view() as view:
        summaries = await view.digests.summaries(name) if name else []
        return {s.text for row in summaries for s in await view.digests.sentences(row.id)}


async def upgraded(scene: Scene) -> None:
    """Let the stored posts be as a version left them that did not keep their policies."""
    async with scene.storage.unit() as unit:
        await unit.posts._transaction.run(
            update(tables.Post).values(quotable=None, quote_unknown=True)
        )


async def test_an_old_post_is_not_quoted_before_it_was_looked_at(tmp_path: Path) -> None:
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        plant(scene)
        await scene.read()
        assert SAYINGS["c"] in await quoted(scene, "before")
        await upgraded(scene)
        assert await quoted(scene, "upgraded") == set()
        scene.note("c", SAYINGS["c"], interactionPolicy={"canQuote": {"automaticApproval": []}})
        for who in "abcdef":
            await made.recheck.look(scene.uri(who))
        said = await quoted(scene, "looked at")
        assert said
        assert SAYINGS["c"] not in said


async def test_what_is_published_waits_for_the_look(tmp_path: Path) -> None:
    """Its followers are not told of a change that the look may take back."""
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        plant(scene)
        await scene.read()
        await quoted(scene, "p")
        await upgraded(scene)
        async with storage.view() as view:
            shown = await view.digests.summaries("news-p")
            digest = await made.views.digest(view, "news-p")
            standing = await made.consenting.of_thread(view, scene.uri("a"))
        assert digest is not None
        assert len(digest.threads) == len(shown) == 1
        assert not any(Use.DIGEST in uses or Use.MODEL in uses for uses in standing.uses.values())
        assert Use.DIRECT in standing.uses[scene.uri("b")]
