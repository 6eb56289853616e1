"""What Mastodon, Threads, Lemmy and the others send is read without loss of what we use."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from activitypub.vocab import Activity, Actor, Object, one_id, parse
from bot.consent.ingest import own_object, row_of
from tests.federation.quirks.replies import PARENT, PEOPLE, QUIET, REPLIES
from tests.federation.quirks.shapes import ACTORS, EXPECTED, NOTES, activities

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GROUPS = {actor["id"] for actor in ACTORS.values() if actor["type"] == "Group"}


@pytest.mark.parametrize("program", ACTORS)
def test_actors(program: str) -> None:
    document = ACTORS[program]
    actor = parse(orjson.loads(orjson.dumps(document)))
    assert isinstance(actor, Actor)
    assert (actor.id, actor.inbox) == (document["id"], document["inbox"])
    assert actor.preferred_username == document["preferredUsername"]
    assert actor.public_keys[0].id == document["publicKey"]["id"]
    assert actor.public_keys[0].owner == actor.id
    assert actor.shared_inbox == (document.get("endpoints") or {}).get("sharedInbox")
    for name, value in (
        ("indexable", actor.indexable),
        ("discoverable", actor.discoverable),
        ("manuallyApprovesFollowers", actor.manually_approves_followers),
    ):
        assert value is document.get(name), name
    if program == "mastodon":
        assert [key.text for key in actor.public_keys][1:] == ["z6Mk"]
        assert "nobots" in actor.summary


@pytest.mark.parametrize("program", NOTES)
def test_posts(program: str) -> None:
    post = parse(orjson.loads(orjson.dumps(NOTES[program])))
    assert isinstance(post, Object)
    row = row_of(post, GROUPS, "test", NOW)
    found: dict[str, Any] = {
        "author": row.author_id,
        "audience": row.audience,
        "language": post.language,
        "hashtags": row.hashtags,
        "cw": row.cw or None,
        "parent": row.in_reply_to,
        "title": row.title,
        "context": row.context,
        "publication": row.publication,
        "replies": post.replies,
        "url": row.url,
        "links": row.links,
        "alt": [item.description for item in post.attachments],
    }
    expected = EXPECTED[program]
    assert expected["text"] in row.text
    assert "<" not in row.text
    assert {name: found[name] for name in expected if name != "text"} == {
        name: value for name, value in expected.items() if name != "text"
    }
    assert post.published is not None
    assert post.published.tzinfo is not None
    assert post.published.date().isoformat() == "2026-11-20"


@pytest.mark.parametrize("program", NOTES)
def test_replies(program: str) -> None:
    reply = parse(orjson.loads(orjson.dumps(REPLIES[program])))
    assert isinstance(reply, Object)
    row = row_of(reply, GROUPS, "test", NOW)
    assert (row.id, row.author_id) == (REPLIES[program]["id"], REPLIES[program]["attributedTo"])
    assert row.in_reply_to == PARENT
    assert row.audience == ("quiet" if program in QUIET else "public")
    assert row.text.endswith("Small ones do.")
    assert row.links == [], "a mention is no link"
    assert reply.published is not None


@pytest.mark.parametrize("program", PEOPLE)
def test_people_beside_groups_and_channels(program: str) -> None:
    document = PEOPLE[program]
    actor = parse(orjson.loads(orjson.dumps(document)))
    assert isinstance(actor, Actor)
    assert actor.type == "Person"
    assert actor.preferred_username == document["preferredUsername"]
    assert actor.public_keys[0].owner == actor.id
    assert actor.shared_inbox == (document.get("endpoints") or {}).get("sharedInbox")
    assert actor.indexable is document.get("indexable")


@pytest.mark.parametrize("program", NOTES)
def test_activities(program: str) -> None:
    uri, author = NOTES[program]["id"], EXPECTED[program]["author"]
    for kind, document in activities(program).items():
        activity = parse(orjson.loads(orjson.dumps(document)))
        assert isinstance(activity, Activity)
        assert activity.type == kind
        if kind == "Announce":
            inner = activity.embedded or {}
            assert (one_id(inner["object"]) if "object" in inner else activity.object_id) == uri
        else:
            assert activity.object_id == uri
            assert activity.actor == author
    create = Activity.parse(activities(program)["Create"])
    post = own_object(create)
    assert post is not None, "the author vouches for it"
    assert post.id == uri
    # Written by us, the activity still names its actor by a bare URI, as Misskey needs it.
    assert isinstance(create.to_document()["actor"], str)
