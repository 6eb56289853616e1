"""Our own objects and activities."""

import pytest

from storage import Storage
from storage.errors import StatementRefused
from tests.contract.samples import activity, minutes, publication


async def test_a_publication_is_found_and_replaced(storage: Storage) -> None:
    edited = publication(document={"content": "edited"}, updated=minutes(9))
    async with storage.unit() as unit:
        await unit.publications.put(publication())
        await unit.publications.put(edited)
        assert await unit.publications.get(edited.id) == edited
        assert await unit.publications.by_slug(edited.slug) == edited
        assert await unit.publications.by_slug("unknown") is None


async def test_a_slug_is_taken_once(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.publications.put(publication(1))
    with pytest.raises(StatementRefused):
        async with storage.unit() as unit:
            await unit.publications.put(publication(2, slug=publication(1).slug))
    async with storage.view() as view:
        assert await view.publications.get(publication(2).id) is None


async def test_a_bots_publications_newest_first(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.publications.put(publication(1))
        await unit.publications.put(publication(2, kind="answer", audience="quiet"))
        await unit.publications.put(publication(3, kind="answer", audience="direct"))
        await unit.publications.put(publication(4))
        await unit.publications.put(publication(5, bot="coffee"))
        await unit.publications.put(publication(6, withdrawn_at=minutes(9), document={}))

        listed = await unit.publications.of_bot("tea", limit=10)
        assert [row.slug for row in listed] == ["tea-4", "tea-2", "tea-1"]
        rest = await unit.publications.of_bot("tea", limit=10, before=listed[0].published)
        assert rest == listed[1:]
        answers = await unit.publications.of_bot("tea", "answer", limit=10, public_only=False)
        assert [row.slug for row in answers] == ["tea-3", "tea-2"]
        assert len(await unit.publications.of_bot("tea", limit=1)) == 1
        assert await unit.publications.count("tea") == 3


async def test_what_is_withdrawn_stays_as_a_tombstone(storage: Storage) -> None:
    gone = publication(document={}, withdrawn_at=minutes(9))
    async with storage.unit() as unit:
        await unit.publications.put(publication())
        assert not await unit.publications.is_withdrawn(gone.id)
        await unit.publications.put(gone)
        assert await unit.publications.by_slug("tea-1") == gone
        assert await unit.publications.is_withdrawn(gone.id)
        assert not await unit.publications.is_withdrawn("unknown")


async def test_the_outbox_shows_public_activities(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (2, 1, 3):
            await unit.activities.put(activity(number))
        await unit.activities.put(activity(4, public=False))
        await unit.activities.put(activity(5, bot="coffee"))
        first = await unit.activities.outbox("tea", 2)
        assert first == [activity(3), activity(2)]
        assert await unit.activities.outbox("tea", 2, first[-1].published) == [activity(1)]
        assert await unit.activities.count("tea") == 3
        assert await unit.activities.get(activity(4).id) == activity(4, public=False)


async def test_all_activities_about_an_object_are_found(storage: Storage) -> None:
    update = activity(7, type="Update", object_id=activity(1).object_id)
    async with storage.unit() as unit:
        await unit.activities.put(update)
        await unit.activities.put(activity(1))
        await unit.activities.put(activity(2))
        assert await unit.activities.of_object("https://digest.example/o/1") == [
            activity(1),
            update,
        ]
