"""Posts, threads, findings, links."""

import pytest

from storage import Storage
from storage.errors import TransitionRefused
from storage.tables import Link
from tests.contract.samples import NOW, finding, minutes, post, thread


async def test_a_post_is_new_once(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.posts.put(post(hashtags=["tea"], searchable=False))
        assert not await unit.posts.put(post(text="edited", updated=minutes(2)))
        assert await unit.posts.get(post().id) == post(text="edited", updated=minutes(2))
        assert await unit.posts.count() == 1


async def test_an_older_copy_does_not_replace_a_newer_one(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post(text="new", fetched_at=minutes(2)))
        assert not await unit.posts.put(post(text="old", fetched_at=minutes(1)))
        kept = await unit.posts.get(post().id)
    assert kept is not None
    assert kept.text == "new"


async def test_a_copy_from_before_the_last_edit_does_not_replace_it(storage: Storage) -> None:
    """Fetched later, all the same: from a cache."""
    async with storage.unit() as unit:
        await unit.posts.put(post(text="edited", updated=minutes(2)))
        for former in (None, minutes(1)):
            await unit.posts.put(post(text="old", updated=former, fetched_at=minutes(9)))
            assert await unit.posts.get(post().id) == post(text="edited", updated=minutes(2))
        again = post(text="again", updated=minutes(3), fetched_at=minutes(9))
        await unit.posts.put(again)
        assert await unit.posts.get(post().id) == again


async def test_posts_are_found_by_thread_author_and_parent(storage: Storage) -> None:
    root = post(1).id
    replies = [post(3, in_reply_to=root, thread_id=root), post(2, in_reply_to=root, thread_id=root)]
    other = post(4, author_id="https://tea.example/users/bo", in_reply_to=post(2).id)
    async with storage.unit() as unit:
        for row in [post(1, thread_id=root), *replies, other]:
            await unit.posts.put(row)
        assert [row.id for row in await unit.posts.in_thread(root)] == [
            root,
            post(2).id,
            post(3).id,
        ]
        assert [row.id for row in await unit.posts.by_author(other.author_id)] == [other.id]
        found = await unit.posts.children([root, post(2).id])
        assert [row.id for row in found] == [post(2).id, post(3).id, other.id]
        assert await unit.posts.children([]) == []


async def test_many_posts_are_found_at_once(storage: Storage) -> None:
    ids = [post(number).id for number in range(1200)]
    async with storage.unit() as unit:
        for number in range(0, 1200, 3):
            await unit.posts.put(post(number))
        found = await unit.posts.get_many(ids)
    assert list(found) == ids[::3]
    assert all(found[post_id].id == post_id for post_id in found)


async def test_erasing_leaves_the_place_and_takes_the_words(storage: Storage) -> None:
    words = post(
        title="t", cw="c", hashtags=["h"], links=["https://l.example/"], mentions=["m"], text="w"
    )
    async with storage.unit() as unit:
        await unit.posts.put(words)
        assert await unit.posts.erase([words.id], NOW)
        assert not await unit.posts.erase([words.id], minutes(1))
        assert not await unit.posts.erase(["https://tea.example/posts/unknown"], NOW)
        assert await unit.posts.get(words.id) == post(content="", text="", erased_at=NOW)
        assert await unit.posts.count() == 0


async def test_a_copy_from_before_the_delete_does_not_bring_it_back(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.posts.put(post(fetched_at=minutes(1)))
        await unit.posts.erase([post().id], minutes(5))
        await unit.posts.put(post(fetched_at=minutes(4)))
        erased = await unit.posts.get(post().id)
        assert erased is not None
        assert (erased.text, erased.erased_at) == ("", minutes(5))
        await unit.posts.put(post(fetched_at=minutes(6)))
        assert await unit.posts.get(post().id) == post(fetched_at=minutes(6))


async def test_threads_are_due_in_order(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.threads.put(thread(1, next_read_at=minutes(2)))
        await unit.threads.put(thread(2, next_read_at=minutes(1)))
        await unit.threads.put(thread(3, next_read_at=minutes(3)))
        await unit.threads.put(thread(4))
        assert [row.id for row in await unit.threads.due(minutes(2), 10)] == [
            thread(2).id,
            thread(1).id,
        ]
        assert len(await unit.threads.due(minutes(2), 1)) == 1
        changed = thread(2, hosts=["a.example"], refused={"narrow": 2}, complete=True)
        await unit.threads.put(changed)
        assert await unit.threads.get(changed.id) == changed
        assert await unit.threads.count() == 4


async def test_discussed_threads_are_read_active_and_the_bots_own(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number, (active, read) in enumerate([(0, 5), (1, 9), (9, 7), (10, 8), (5, 1), (5, 2)]):
            await unit.threads.put(thread(number, active_at=minutes(active), posts_read=read))
            root = thread(number).id
            await unit.findings.add(finding(number, thread_id=root, state="read"))
            await unit.findings.add(finding(number + 100, thread_id=root, state="read"))
        await unit.findings.settle("tea", finding(4).post_id, "refused")
        await unit.findings.settle("tea", finding(104).post_id, "refused")
        await unit.threads.put(thread(7, active_at=minutes(5), posts_read=99))
        await unit.findings.add(finding(7, bot="coffee", thread_id=thread(7).id, state="read"))
        found = await unit.threads.discussed("tea", minutes(0), minutes(10), 10)
        assert [row.posts_read for row in found] == [9, 7, 5, 2]
        assert len(await unit.threads.discussed("tea", minutes(0), minutes(10), 2)) == 2


async def test_a_finding_is_new_once_per_bot(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.findings.add(finding())
        assert not await unit.findings.add(finding(source="other"))
        assert await unit.findings.add(finding(bot="coffee"))
        assert await unit.findings.get("tea", finding().post_id) == finding()
        assert await unit.findings.count("tea") == 1


async def test_a_finding_settles(storage: Storage) -> None:
    root = thread(9).id
    async with storage.unit() as unit:
        await unit.findings.add(finding())
        assert await unit.findings.settle("tea", finding().post_id, "read", root)
        assert await unit.findings.settle("tea", finding().post_id, "refused")
        assert await unit.findings.for_thread(root) == [finding(state="refused", thread_id=root)]
        assert not await unit.findings.settle("tea", finding(2).post_id, "read")
        assert await unit.findings.settle("tea", finding().post_id, "gone")
    with pytest.raises(TransitionRefused):
        async with storage.unit() as unit:
            await unit.findings.settle("tea", finding().post_id, "read")


async def test_links_are_kept(storage: Storage) -> None:
    page = Link(url="https://pages.example/a", title="A", fetched_at=NOW)
    async with storage.unit() as unit:
        await unit.links.put(Link(url=page.url, fetched_at=NOW, error="timeout"))
        await unit.links.put(page)
        assert await unit.links.get_many([page.url, "https://pages.example/b"]) == {page.url: page}
