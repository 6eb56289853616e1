"""Pages that people share: named by a feed or by themselves, counted by people, once each."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from activitypub.client import Client
from bot.building import SystemClock
from bot.consent.table import Use
from bot.pages.beside import preferred
from bot.publishing.digest import facts
from storage import Storage, tables
from tests.federation.hosts import Hosts, hosts
from tests.parts import TOPIC, parts

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[tuple[Hosts, Client, Storage]]:
    storage = await Storage.open(f"sqlite:///{tmp_path}/l.sqlite3")
    async with hosts() as (served, client):
        yield served, client, storage
    await storage.close()


def page(title: str, more: str = "") -> web.Response:
    text = f"<html lang='de'><head><title>{title}</title>{more}</head><body>x</body></html>"
    return web.Response(text=text, content_type="text/html")


def person(served: Hosts, host: str, name: str) -> str:
    me = served.url(host, f"/u/{name}")
    actor = {
        "id": me, "type": "Person", "preferredUsername": name, "indexable": True,
        "inbox": f"{me}/inbox", "outbox": f"{me}/outbox", "discoverable": True,
    }  # fmt: skip
    served.put(host, f"/u/{name}", actor)
    return me


async def test_a_feed_entry_meets_the_discussion_that_links_to_it(
    world: tuple[Hosts, Client, Storage],
) -> None:
    served, client, storage = world
    made = parts(storage, client, SystemClock())
    entry, other = served.url("blog", "/post"), served.url("paper", "/story")
    title = "Weights under a new licence"
    feed = (
        f"<rss version='2.0'><channel><title>A blog</title><item><title>{title}</title>"
        f"<link>{entry}?utm_source=rss</link></item></channel></rss>"
    )
    served.put("blog", "/feed", lambda request: web.Response(text=feed))
    said = f"<title>x</title><link rel='canonical' href='{other}'>"
    for path in ("/story", "/story?amp=1"):
        served.put("paper", path, lambda request: page("Ein \u202eBericht\u202c", said))
    now, root = datetime.now(UTC), served.url("a", "/1")
    links = [f"{entry}?utm_campaign=x", entry, f"{entry}#top", other, f"{other}?amp=1"]
    people = ["ada", "bo", "ada", "bo", "chen"]
    words = (
        "The licence forbids training other models on its output, its third clause says.",
        "That clause has no meaning in Europe, as two courts have decided this year.",
        "I have read the licence twice and still do not know who may sell the output.",
        "A paper asked three lawyers, and none of them would bet on that clause.",
        "The weights themselves are as open as those of any model of this size.",
    )
    replies = []
    for number, (link, name, text) in enumerate(zip(links, people, words, strict=True), 2):
        author = person(served, "a", name)
        content = f"<p>{text} <a href='{link}'>here</a></p>"
        more = {"inReplyTo": root, "attributedTo": author, "content": content}
        published = (now - timedelta(minutes=number)).isoformat()
        replies.append(served.note("a", f"/{number}", published=published, **more))
    opening = {
        "attributedTo": person(served, "a", "dora"),
        "content": "<p>What does the new licence of the open weights allow, and whom?</p>",
        "tag": [{"type": "Hashtag", "name": "#openai"}],
        "published": (now - HOUR).isoformat(),
    }
    served.note("a", "/1", replies={"type": "Collection", "items": replies}, **opening)

    key = await made.watcher.add("feed", "news", served.url("blog", "/feed"))
    assert await made.watcher.poll(key) == 1
    async with storage.unit() as unit:
        row = tables.Finding(bot="news", post_id=root, source="x", found_at=now, state="new")
        await unit.findings.add(row)
    await made.conversations.found("news", root)
    async with storage.unit() as unit:
        jobs = await unit.jobs.claim("t", now + HOUR, HOUR, 99, ["link"])
    for job in jobs:
        await made.links.name(job.payload["url"])
    [composed] = await made.digests.compose(TOPIC, now - 2 * HOUR, now + HOUR)
    async with storage.view() as view:
        rows = await view.links.get_many([entry, other])
        linked = {url for post in composed.standing.posts.values() for url in post.links}
        same = await preferred(view, linked)
    shown = facts(composed, composed.standing, Use.DIGEST, same)
    counted = [(link["url"], link["people"]) for link in shown["links"]]
    assert sorted(counted) == sorted([(entry, 2), (other, 2)])
    assert (rows[entry].title, rows[entry].site, rows[entry].feed) == (title, "A blog", key)
    assert (rows[other].title, rows[other].language) == ("Ein Bericht", "de")
    assert not served.asked["blog/post"], "the feed has named it"


async def test_a_page_that_keeps_its_reader_busy_keeps_nobody_else(
    world: tuple[Hosts, Client, Storage],
) -> None:
    """Its title is looked for in a process that the system stops, not beside the event loop."""
    served, client, storage = world
    made = parts(storage, client, SystemClock())
    data = '{"a":"' + '\\"' * 90_000
    text = f'<html><head><script type="application/ld+json">{data}</script></head></html>'
    served.put("trap", "/", lambda request: web.Response(text=text, content_type="text/html"))
    url = served.url("trap", "/")
    naming = asyncio.create_task(made.links.name(url))
    done = 0
    while not naming.done():
        await asyncio.sleep(0.01)
        done += 1
    await naming
    async with storage.view() as view:
        row = (await view.links.get_many([url]))[url]
    assert done > 100, "the event loop went on"
    assert row.title is None
    assert row.error is not None
    assert row.error.startswith("it ")
