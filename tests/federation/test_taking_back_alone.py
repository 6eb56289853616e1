"""What was said to one person alone, and what a model wrote, goes like what all could read."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.demo.show import HANDLE
from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost
from bot.summary.remembering import StoredMemory
from storage import UnitOfWork
from tests.federation.instance import running
from tests.federation.talking import Talk
from tests.federation.test_subscriptions import let_time_pass, news
from tests.federation.test_taking_back import (
    Life,
    account_deleted,
    bio_refuses,
    blocked,
    deleted,
    edited,
    held_by_followers,
    sayings,
)

ENDS: list[Callable[[Life], Awaitable[None]]] = [
    deleted,
    edited,
    blocked,
    account_deleted,
    bio_refuses,
]


async def said_in(view: UnitOfWork, kind: str) -> dict[str, str]:
    """Return what direct publications of a kind cite: by post, the sentence."""
    found: dict[str, str] = {}
    for publication in await view.publications.of_bot(HANDLE, limit=9, public_only=False):
        row = await view.answers.of_publication(publication.id)
        if publication.kind != kind or publication.audience != "direct" or row is None:
            continue
        for summary in await view.digests.summaries_for_request(row.request_id):
            for sentence in await view.digests.sentences(summary.id):
                found |= dict.fromkeys(sentence.posts, sentence.text)
    return found


async def cited_to_both(talk: Talk) -> Life:
    """Let marek ask in private and ines be sent news; return a post that both were told of."""
    await talk.read_all()
    await talk.ask("marek", "summarize please", audience="direct")
    await talk.ask("ines", "follow #openai", under=None)
    await let_time_pass(talk)
    assert news(talk)
    async with talk.app.storage.view() as view:
        answered, sent = await said_in(view, "answer"), await said_in(view, "personal")
        for post_id in sorted(answered.keys() & sent.keys()):
            post = await view.posts.get(post_id)
            people = talk.fediverse.world.people
            by = [name for name in people if post and talk.actor(name) == post.author_id]
            words = [run for run in sayings(answered[post_id]) if run in sent[post_id]]
            if by and by[0] not in {"marek", "ines"} and words:
                return Life(talk.sender, talk.fediverse, post_id, by[0], words, [])
    raise AssertionError("no post is cited to both")


async def kept(life: Life) -> StoredMemory:
    """Keep a summary of the post as if a model had written it."""
    async with life.app.storage.view() as view:
        row = await view.posts.get(life.post)
    assert row is not None
    posts = [SourcePost(row.id, "x", row.text, title=row.title)]
    memory = StoredMemory(life.app.storage, life.app.clock)
    await memory.keep("k", ByRules().summarize(posts, Length(4, 120)), posts)
    assert await memory.recall("k") is not None
    return memory


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
async def test_what_was_said_to_one_person_is_taken_back_there(
    end: Callable[[Life], Awaitable[None]], tmp_path: Path
) -> None:
    async with running(tmp_path) as (fediverse, app, _demo):
        life = await cited_to_both(Talk(fediverse, app))
        memory = await kept(life)
        held = [text for text in held_by_followers(fediverse) if life.words[0] in text]
        assert len(held) >= 2, "the direct answer, and the news"
        async with app.storage.view() as view:
            author = await view.actors.get(life.author)
        assert author is not None
        await end(life)
        for _ in range(3000):
            if not any(life.words[0] in text for text in held_by_followers(fediverse)):
                break
            await asyncio.sleep(0.02)
        for words in life.words:
            assert not any(words in text for text in held_by_followers(fediverse))
        assert await memory.recall("k") is None
        await app.storage.checkpoint()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
        assert not [words for words in life.words if words.encode() in written]
        bio = str(author.document["summary"])
        assert len(bio) > 10
        assert (bio.encode() in written) == (end is not account_deleted and end is not bio_refuses)
