"""The foreign peer itself: two Fedify servers follow each other and talk."""

import aiohttp
import pytest

from tests.federation.fedify_peer import FedifyPeer, PeerRefused

pytestmark = pytest.mark.node

PUBLIC = "as:Public"
ACTIVITY_JSON = {"Accept": "application/activity+json"}


async def befriend(fay: FedifyPeer, gil: FedifyPeer) -> None:
    """Each follows the other."""
    await fay.follow(gil.actor)
    await gil.follow(fay.actor)
    await fay.wait_for_follower(gil.actor)
    await gil.wait_for_follower(fay.actor)


async def status_of(uri: str) -> int:
    async with aiohttp.ClientSession(headers=ACTIVITY_JSON) as session, session.get(uri) as answer:
        return answer.status


async def test_fedify_peers_follow_post_and_reply(
    fedify_peer: FedifyPeer, second_fedify_peer: FedifyPeer
) -> None:
    fay, gil = fedify_peer, second_fedify_peer
    await befriend(fay, gil)
    accept = await fay.wait_for(lambda one: one["type"] == "Accept")
    assert accept["actor"] == gil.actor

    note = await fay.note("<p>Rain over the allotments.</p>")
    create = await gil.wait_for(lambda one: one["type"] == "Create")
    assert create["object"]["id"] == note
    assert create["object"]["content"] == "<p>Rain over the allotments.</p>"

    reply = await gil.note("<p>And hail here.</p>", in_reply_to=note, mention=fay.actor)
    answered = await fay.wait_for(lambda one: one["type"] == "Create")
    assert answered["object"]["id"] == reply
    assert answered["object"]["inReplyTo"] == note
    tag = answered["object"]["tag"]
    assert (tag["type"], tag["href"]) == ("Mention", fay.actor)
    # A follower who is also mentioned is sent the note once.
    assert len(await fay.received("Create")) == 1


async def test_fedify_peer_unfollows_and_is_sent_nothing_more(
    fedify_peer: FedifyPeer, second_fedify_peer: FedifyPeer
) -> None:
    fay, gil = fedify_peer, second_fedify_peer
    await befriend(fay, gil)
    await fay.unfollow(gil.actor)
    undo = await gil.wait_for(lambda one: one["type"] == "Undo")
    assert undo["object"]["object"] == gil.actor
    assert fay.actor not in await gil.followers()


async def test_fedify_peer_deletes_a_note(
    fedify_peer: FedifyPeer, second_fedify_peer: FedifyPeer
) -> None:
    fay, gil = fedify_peer, second_fedify_peer
    note = await fay.note("<p>Only for you.</p>", mention=gil.actor, visibility="direct")
    create = await gil.wait_for(lambda one: one["type"] == "Create")
    assert (create["to"], "cc" in create) == (gil.actor, False)
    assert (await gil.fetch(note))["content"] == "<p>Only for you.</p>"

    await fay.delete(note)
    gone = await gil.wait_for(lambda one: one["type"] == "Delete")
    assert gone["object"]["id"] == note
    assert await status_of(note) == 410
    with pytest.raises(PeerRefused):
        await gil.fetch(note)


async def test_fedify_peer_names_its_audience(fedify_peer: FedifyPeer) -> None:
    followers = f"{fedify_peer.actor}/followers"
    public = await fedify_peer.fetch(await fedify_peer.note("<p>All.</p>"))
    quiet = await fedify_peer.fetch(await fedify_peer.note("<p>Few.</p>", visibility="quiet"))
    assert (public["to"], public["cc"]) == (PUBLIC, followers)
    assert (quiet["to"], quiet["cc"]) == (followers, PUBLIC)


async def test_fedify_peer_does_not_record_what_is_unsigned(fedify_peer: FedifyPeer) -> None:
    forged = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{fedify_peer.actor}#forged",
        "type": "Follow",
        "actor": fedify_peer.actor,
        "object": fedify_peer.actor,
    }
    headers = {"Content-Type": "application/activity+json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{fedify_peer.actor}/inbox", json=forged) as answer,
    ):
        assert answer.status == 401
    assert await fedify_peer.received() == []
