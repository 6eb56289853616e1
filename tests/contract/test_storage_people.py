"""Actors, follows, choices."""

import pytest

from storage import Storage
from storage.errors import TransitionRefused
from storage.tables import Choice
from tests.contract.samples import NOW, actor, follower, following, minutes


async def test_an_actor_is_found_by_id_key_and_handle(storage: Storage) -> None:
    ada = actor(key_id="https://tea.example/users/ada#main-key", document={"indexable": True})
    async with storage.unit() as unit:
        await unit.actors.put(ada)
        await unit.actors.put(actor("bo"))
    async with storage.view() as view:
        assert await view.actors.get(ada.id) == ada
        assert await view.actors.by_key("https://tea.example/users/ada#main-key") == ada
        assert await view.actors.by_handle("ada@tea.example") == ada
        assert await view.actors.by_key("https://tea.example/users/bo#main-key") is None
        found = await view.actors.get_many([ada.id, "https://tea.example/users/nobody", ada.id])
        assert found == {ada.id: ada}


async def test_put_replaces_an_actor(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.actors.put(actor())
        assert (await unit.actors.get(actor().id)) == actor()
        await unit.actors.put(actor(name="Ada L.", key_id="k2", fetched_at=minutes(1)))
        known = await unit.actors.get(actor().id)
    assert known == actor(name="Ada L.", key_id="k2", fetched_at=minutes(1))


async def test_a_reused_handle_names_the_actor_met_last(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.actors.put(actor())
        await unit.actors.put(actor(id="https://tea.example/users/2", fetched_at=minutes(1)))
        found = await unit.actors.by_handle("ada@tea.example")
    assert found is not None
    assert found.id == "https://tea.example/users/2"


async def test_an_actor_goes_once(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.actors.put(actor())
        assert await unit.actors.mark_gone(actor().id, NOW)
        assert not await unit.actors.mark_gone(actor().id, minutes(1))
        assert not await unit.actors.mark_gone("https://tea.example/users/nobody", NOW)
        gone = await unit.actors.get(actor().id)
    assert gone is not None
    assert gone.gone_at == NOW


async def test_followers_come_and_go(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.follows.add_follower(follower("ada"))
        assert await unit.follows.add_follower(follower("bo", since=minutes(1)))
        assert not await unit.follows.add_follower(follower("ada", follow_id="again"))
        assert await unit.follows.add_follower(follower("ada", bot="coffee"))
        assert await unit.follows.count_followers("tea") == 2
        newest, oldest = await unit.follows.followers("tea", 10, 0)
        assert (newest.actor_id, oldest.follow_id) == (follower("bo").actor_id, "again")
        assert await unit.follows.followers("tea", 10, 1) == [oldest]
        assert await unit.follows.remove_follower("tea", follower("ada").actor_id)
        assert not await unit.follows.remove_follower("tea", follower("ada").actor_id)
        assert await unit.follows.count_followers("tea") == 1
        assert await unit.follows.count_followers("coffee") == 1


async def test_inboxes_are_shared_where_they_can_be(storage: Storage) -> None:
    shared = "https://tea.example/inbox"
    async with storage.unit() as unit:
        await unit.follows.add_follower(follower("ada", shared_inbox=shared))
        await unit.follows.add_follower(follower("bo", shared_inbox=shared))
        await unit.follows.add_follower(follower("cy"))
        await unit.follows.add_follower(follower("di", bot="coffee"))
        assert await unit.follows.inboxes("tea") == [shared, follower("cy").inbox]


async def test_asking_to_follow(storage: Storage) -> None:
    group = following().actor_id
    async with storage.unit() as unit:
        assert not await unit.follows.settle("tea", group, "accepted")
        assert await unit.follows.ask(following())
        assert not await unit.follows.ask(following(follow_id="again"))
        assert await unit.follows.settle("tea", group, "rejected")
        assert await unit.follows.ask(following(follow_id="again"))
        assert await unit.follows.settle("tea", group, "accepted")
        assert not await unit.follows.ask(following())
        assert await unit.follows.following("tea") == [
            following(follow_id="again", state="accepted")
        ]
        assert await unit.follows.unfollow("tea", group)
        assert not await unit.follows.unfollow("tea", group)
        assert await unit.follows.get_following("tea", group) is None


async def test_an_accepted_following_is_not_asked_again(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.follows.ask(following())
        await unit.follows.settle("tea", following().actor_id, "accepted")
    with pytest.raises(TransitionRefused):
        async with storage.unit() as unit:
            await unit.follows.settle("tea", following().actor_id, "asked")


async def test_the_last_choice_counts(storage: Storage) -> None:
    ada, bo = actor("ada").id, actor("bo").id
    async with storage.unit() as unit:
        await unit.choices.set(Choice(actor_id=ada, choice="include", how="mention", at=minutes(2)))
        await unit.choices.set(Choice(actor_id=bo, choice="exclude", how="operator", at=minutes(1)))
        out = Choice(actor_id=ada, choice="exclude", how="direct", at=minutes(3))
        await unit.choices.set(out)
    async with storage.view() as view:
        assert await view.choices.get(ada) == out
        assert await view.choices.get("https://tea.example/users/nobody") is None
        nobody = "https://tea.example/users/nobody"
        assert list(await view.choices.get_many([bo, nobody])) == [bo]
        assert list(await view.choices.get_many([ada, bo])) == [ada, bo]
