"""What peers may send has a place in every database."""

import os
from datetime import UTC, datetime

import pytest

from activitypub.vocab import Activity, Object
from activitypub.vocab.values import LONGEST_ID
from bot.consent.ingest import row_of
from storage import Storage, UnitOfWork
from storage.received import Arrived
from storage.tables import Finding
from tests.contract.samples import LEASE

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WHO = "https://p.example/u"


def longest(letter: str) -> str:
    """Return an id as long as may be, and too irregular to be packed."""
    start = f"https://p.example/{os.urandom(700).hex()}"
    return start + letter * ((LONGEST_ID - len(start)) // len(letter.encode()))


async def remember(unit: UnitOfWork, post: Object) -> None:
    """Store a post with what usually comes with it."""
    await unit.posts.put(row_of(post, (), "test", NOW))
    await unit.findings.add(Finding(bot="tea", post_id=post.id, source="s", found_at=NOW))
    key = f"look:{post.id}:2026-11-25"
    assert await unit.jobs.enqueue("look", {"uri": post.id}, run_at=NOW, key=key)
    assert await unit.deliveries.add("https://digest.example/a/1", "tea", [post.id], NOW) == 1


@pytest.mark.parametrize("letter", ["a", "\u00e9", "\u8336", "\U0001f375"])
async def test_an_id_may_be_as_long_as_it_may_be(storage: Storage, letter: str) -> None:
    """An index of PostgreSQL takes 2,704 bytes, however many letters these are."""
    uri = longest(letter)
    document = {"id": uri, "type": "Note", "content": "Tea.", "attributedTo": uri}
    post = Object.parse({**document, "inReplyTo": uri})
    assert post.in_reply_to == uri
    async with storage.unit() as unit:
        await remember(unit, post)
        stored = await unit.posts.get(uri)
    assert stored is not None
    assert stored.author_id == uri


@pytest.mark.parametrize("letter", ["a", "\u8336"])
def test_a_longer_id_is_none(letter: str) -> None:
    uri = longest(letter) + letter
    activity = {"id": "https://p.example/1", "type": "Like", "actor": WHO, "object": uri}
    assert Activity.parse(activity).object_id is None


@pytest.mark.parametrize("number", [2**31, 2**63, 2**64 - 1, 10**30])
async def test_any_number_of_replies_may_be_claimed(storage: Storage, number: int) -> None:
    replies = {"type": "Collection", "totalItems": number}
    post = Object.parse({"id": f"{WHO}/1", "type": "Note", "attributedTo": WHO, "replies": replies})
    async with storage.unit() as unit:
        await remember(unit, post)
        stored = await unit.posts.get(post.id)
    assert stored is not None
    assert stored.replies_known == 100_000


async def test_the_character_that_ends_a_text_in_c_does_not_end_it_here(storage: Storage) -> None:
    """JSON may hold U+0000, and anybody may send it; PostgreSQL takes it in no text."""
    named = f"{WHO}/a\0b"
    document = {"id": named, "type": "Note", "content": "tea\0cup", "attributedTo": WHO}
    assert await storage.receive([Arrived(named, WHO, "Note", document, NOW)])
    async with storage.unit() as unit:
        await remember(unit, Object.parse(document))
        [row] = await unit.received.claim(NOW, LEASE, 1)
        [job] = await unit.jobs.claim("w", NOW, LEASE, 1)
        stored = await unit.posts.get(named)
        assert await unit.publications.by_slug("no\0ne") is None
        await unit.received.settle_all({named: "stored"}, NOW)
        assert await unit.received.next_due() is None
    assert row.document == document
    assert job.payload == {"uri": named}
    assert stored is not None
