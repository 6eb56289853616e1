"""Digests, summaries, sentences and what they rest on; answers; sources."""

import pytest

from storage import Storage
from storage.answers import SUBSCRIBED
from storage.errors import StatementRefused, TransitionRefused, Uncited
from tests.contract.samples import NOW, answer, digest, minutes, post, source, summary

A, B, C = post(1).id, post(2).id, post(3).id


async def test_one_digest_per_bot_and_period(storage: Storage) -> None:
    async with storage.unit() as unit:
        assert await unit.digests.add(digest())
        assert not await unit.digests.add(digest(id="another"))
        assert await unit.digests.add(digest(id="another", bot="coffee"))
        assert await unit.digests.by_period("tea", "2026-11-01") == digest()
        assert await unit.digests.by_period("tea", "2026-11-02") is None
        assert await unit.digests.set_publication("digest-1", "https://digest.example/o/1")
        assert not await unit.digests.set_publication("unknown", "https://digest.example/o/1")
        kept = await unit.digests.get("digest-1")
    assert kept == digest(publication_id="https://digest.example/o/1")


async def test_latest_digests_page_by_page(storage: Storage) -> None:
    async with storage.unit() as unit:
        for number in (2, 1, 3):
            await unit.digests.add(digest(number))
        first = await unit.digests.latest("tea", 2)
        assert [row.id for row in first] == ["digest-3", "digest-2"]
        rest = await unit.digests.latest("tea", 2, first[-1].until)
        assert [row.id for row in rest] == ["digest-1"]


async def test_sentences_keep_order_and_posts(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.digests.add(digest())
        later, earlier = summary(2, digest_id="digest-1"), summary(1, digest_id="digest-1")
        await unit.digests.add_summary(
            later, [("gist", "All in all.", [C, A, C]), ("sentence", "One.", [B])]
        )
        await unit.digests.add_summary(earlier, [("gist", "Other.", [B])])
    async with storage.view() as view:
        assert await view.digests.summaries("digest-1") == [earlier, later]
        found = await view.digests.sentences(later.id)
        assert [(s.position, s.role, s.text, s.posts) for s in found] == [
            (0, "gist", "All in all.", (C, A)),
            (1, "sentence", "One.", (B,)),
        ]
        both = await view.digests.sentences_of([earlier.id, later.id])
        assert both[later.id] == found
        assert [s.posts for s in both[earlier.id]] == [(B,)]


async def test_a_sentence_needs_a_post(storage: Storage) -> None:
    with pytest.raises(Uncited):
        async with storage.unit() as unit:
            await unit.digests.add_summary(
                summary(), [("gist", "Said.", [A]), ("sentence", "Made up.", [])]
            )
    async with storage.view() as view:
        assert await view.digests.sentences(summary().id) == []


async def test_a_summary_needs_its_digest(storage: Storage) -> None:
    with pytest.raises(StatementRefused):
        async with storage.unit() as unit:
            await unit.digests.add_summary(summary(digest_id="unknown"), [("gist", "Said.", [A])])


async def test_what_rests_on_a_post_can_be_redacted(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.digests.add_summary(
            summary(1), [("gist", "Both.", [A, B]), ("sentence", "B alone.", [B])]
        )
        await unit.digests.add_summary(summary(2), [("gist", "A again.", [A])])
        assert await unit.digests.cited_posts(minutes(0)) == [A, B]
        assert await unit.digests.cited_posts(minutes(2)) == [A]
        resting = await unit.digests.resting_on(A)
        assert [(s.text, parent.id) for s, parent in resting] == [
            ("Both.", "summary-1"),
            ("A again.", "summary-2"),
        ]
        assert await unit.digests.resting_on(C) == []
        for sentence, _parent in resting:
            assert sentence.id is not None
            assert await unit.digests.redact(sentence.id, NOW)
            assert not await unit.digests.redact(sentence.id, NOW)
        assert await unit.digests.resting_on(A) == []
        assert [s.text for s in await unit.digests.sentences("summary-1")] == ["B alone."]
        assert await unit.digests.sentences("summary-2") == []
        assert await unit.digests.cited_posts(minutes(0)) == [B]


async def test_a_removed_summary_takes_its_sentences_along(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.digests.add_summary(summary(), [("gist", "Said.", [A])])
        assert await unit.digests.remove_summary(summary().id)
        assert not await unit.digests.remove_summary(summary().id)
        assert await unit.digests.resting_on(A) == []
        await unit.digests.add_summary(summary(), [("gist", "Said anew.", [A])])
        assert [s.text for s in await unit.digests.sentences(summary().id)] == ["Said anew."]


async def test_a_summary_is_found_by_its_request(storage: Storage) -> None:
    request = answer().request_id
    async with storage.unit() as unit:
        for number in (1, 3, 2):
            await unit.digests.add_summary(
                summary(number, request_id=request), [("gist", "Said.", [A])]
            )
        assert await unit.digests.summary_for_request(request) == summary(3, request_id=request)
        assert await unit.digests.summary_for_request("unknown") is None


async def test_a_request_is_claimed_once_and_settled(storage: Storage) -> None:
    request = answer().request_id
    async with storage.unit() as unit:
        assert await unit.answers.claim(answer())
        assert not await unit.answers.claim(answer(bot="coffee"))
        await unit.answers.settle(
            request, "answered", at=minutes(5), thread_id="t", publication_id="p"
        )
        await unit.answers.settle(request, "answered", at=minutes(6))
        kept = await unit.answers.get(request)
        assert kept == answer(
            state="answered", answered_at=minutes(6), thread_id="t", publication_id="p"
        )
        assert await unit.answers.for_thread("t") == [kept]
        assert await unit.answers.of_publication("p") == kept
        assert await unit.answers.for_thread("another") == []
        assert await unit.answers.of_publication("another") is None
        await unit.answers.settle(request, "refused", at=minutes(7), reason="not here")


async def test_a_refused_request_is_not_answered(storage: Storage) -> None:
    async with storage.unit() as unit:
        await unit.answers.claim(answer())
        await unit.answers.settle(answer().request_id, "refused", at=NOW, reason="too often")
    for request in (answer().request_id, "https://tea.example/requests/unknown"):
        with pytest.raises(TransitionRefused):
            async with storage.unit() as unit:
                await unit.answers.settle(request, "answered", at=NOW)


async def test_requests_are_counted_by_person_and_domain(storage: Storage) -> None:
    ada, tea = answer().requester_id, "tea.example"
    async with storage.unit() as unit:
        for number in (1, 2, 3):
            await unit.answers.claim(answer(number, domain=tea))
        await unit.answers.claim(answer(4, requester_id="https://a.tea.example/bo", domain=tea))
        await unit.answers.claim(answer(5, requester_id="https://x.example/cy", domain="x.example"))
        await unit.answers.claim(answer(6, reason=SUBSCRIBED, domain=tea))
        assert await unit.answers.asked_since(minutes(2), ada) == 2
        assert await unit.answers.asked_since(minutes(9), ada) == 0
        assert await unit.answers.asked_since(minutes(2)) == 4
        assert await unit.answers.asked_since(minutes(2), until=minutes(4)) == 3
        assert await unit.answers.asked_from_since(tea, minutes(2)) == 3
        assert await unit.answers.asked_from_since(tea, minutes(2), minutes(3)) == 2


async def test_sources_are_due_unless_paused(storage: Storage) -> None:
    async with storage.unit() as unit:
        for row in [source(3), source(1), source(2, paused=True), source(9), source(4, bot="b")]:
            await unit.sources.put(row)
        assert [row.key for row in await unit.sources.due(minutes(4), 10)] == [
            "tag:1",
            "tag:3",
            "tag:4",
        ]
        assert len(await unit.sources.due(minutes(4), 1)) == 1
        assert [row.key for row in await unit.sources.all("b")] == ["tag:4"]
        assert len(await unit.sources.all()) == 5
        await unit.sources.put(source(1, etag='"x"', failures=2, due_at=minutes(60)))
        assert await unit.sources.get("tag:1") == source(
            1, etag='"x"', failures=2, due_at=minutes(60)
        )
        assert await unit.sources.remove("tag:1")
        assert not await unit.sources.remove("tag:1")
