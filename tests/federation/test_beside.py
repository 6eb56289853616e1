"""Links, warnings and whole threads go with the posts on which they rest."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import tables
from tests.federation.hosts import hosts
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.parts import TOPIC

LINK = "https://paper.example/only-b-links-this"
SHARED = "https://paper.example/b-and-c-link-this"
WARNING = "a warning of b alone"


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Scene]:
    """A digest of the discussion, in which b links to pages and warns of what they say."""
    async with hosts() as (net, _), reading(tmp_path) as (storage, made):
        scene = Scene(net, storage, made)
        scene.plant()
        links = f'<a href="{LINK}">one</a> <a href="{SHARED}">two</a>'
        scene.note("b", f"{SAYINGS['b']} {links}", summary=WARNING, sensitive=True)
        scene.note("c", f'{SAYINGS["c"]} <a href="{SHARED}">two</a>')
        await scene.read()
        now = made.digests._clock.now() + timedelta(minutes=1)
        assert await made.digests.make(TOPIC, "beside", now - timedelta(days=1), now)
        yield scene


async def stored(scene: Scene) -> tuple[tables.Publication, list[tables.Summary], list[Any]]:
    """Return the digest as published, its summaries, and our activities about it."""
    async with scene.storage.view() as view:
        digest = await view.digests.by_period("news", "beside")
        assert digest is not None
        publication = await view.publications.get(digest.publication_id or "")
        assert publication is not None
        activities = await view.activities.of_object(publication.id)
        return publication, await view.digests.summaries(digest.id), activities


async def test_links_and_warnings_of_a_deleted_post_leave_the_summary(published: Scene) -> None:
    publication, [summary], _ = await stored(published)
    assert LINK in publication.document["content"]
    assert publication.document["summary"] == WARNING
    await published.delete()
    publication, [summary], activities = await stored(published)
    everything = [str(publication.document), str(summary.facts), str(summary.cw)]
    everything += [str(row.document) for row in activities]
    for trace in (LINK, WARNING, "March"):
        assert not [text for text in everything if trace in text]
    assert publication.document.get("summary") is None
    assert [(link["url"], link["people"]) for link in summary.facts["links"]] == [(SHARED, 1)]
    assert SHARED in publication.document["content"]


async def test_a_warning_that_is_added_covers_what_was_published(published: Scene) -> None:
    async with published.storage.view() as view:
        post = await view.posts.get(published.uri("c"))
    assert post is not None
    found = published.note("c", f'{SAYINGS["c"]} <a href="{SHARED}">two</a>', summary="and of c")
    fresh = await published.made.recheck.renew(post, found)
    await published.handle("Update", "c", dict(found.document), fresh=fresh)
    publication, _, activities = await stored(published)
    assert publication.document["summary"] == f"{WARNING}; and of c"
    assert [row.type for row in activities] == ["Create", "Update"]


async def test_a_thread_goes_with_the_post_that_opens_it(published: Scene) -> None:
    """Nobody has to be quoted for that: the digest links to the first post."""
    await published.delete("a")
    publication, summaries, activities = await stored(published)
    assert publication.document["type"] == "Tombstone"
    assert summaries == [], "nobody's words are kept for a digest that is withdrawn"
    assert [row.type for row in activities] == ["Create", "Delete"]
    assert not [row for row in activities if SAYINGS["c"] in str(row.document)]


async def test_what_is_left_without_words_is_withdrawn(published: Scene) -> None:
    for who in ("b", "c", "d"):
        await published.delete(who)
    publication, _, _ = await stored(published)
    assert "licence of the model" in publication.document["content"], "a is quoted"
    await published.edit("Never mind.", "a")
    publication, summaries, activities = await stored(published)
    assert publication.document["type"] == "Tombstone"
    assert summaries == []
    assert activities[-1].type == "Delete"
