"""Words are kept for a time, and longer only where a published sentence rests on them."""

from datetime import UTC, datetime, timedelta

from storage import Storage, tables

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def post(name: str, fetched_at: datetime) -> tables.Post:
    return tables.Post(
        id=f"https://a.example/{name}",
        url=f"https://a.example/{name}",
        author_id="https://a.example/ada",
        host="a.example",
        audience="public",
        kind="Note",
        content="",
        text=f"The words of {name}.",
        published=fetched_at,
        fetched_at=fetched_at,
        via="thread",
    )


async def test_old_words_go_unless_cited(storage: Storage) -> None:
    old, fresh = NOW - timedelta(days=40), NOW - timedelta(days=3)
    digest = tables.Digest(
        id="d", bot="news", period="p", since=old, until=NOW, title="t", language="en", made_at=NOW
    )
    summary = tables.Summary(
        id="s", thread_id="t", digest_id="d", engine="extractive/1", made_at=NOW
    )
    async with storage.unit() as unit:
        for row in (post("cited", old), post("old", old), post("fresh", fresh)):
            await unit.posts.put(row)
        await unit.digests.add(digest)
        cited = ["https://a.example/cited"]
        await unit.digests.add_summary(summary, [("sentence", "The words of cited.", cited)])
    async with storage.unit() as unit:
        assert await unit.posts.forget(NOW - timedelta(days=30), NOW) == 1
    async with storage.view() as view:
        kept = {
            name: found.text
            for name in ("cited", "old", "fresh")
            if (found := await view.posts.get(f"https://a.example/{name}"))
        }
    assert kept == {"cited": "The words of cited.", "old": "", "fresh": "The words of fresh."}
