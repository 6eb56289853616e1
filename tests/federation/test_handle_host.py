"""A handle's host may differ from the server's: WebFinger leads from one to the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from activitypub.discovery import webfinger
from bot.app import Fedigest
from bot.demo.fediverse import free_port
from bot.demo.show import HANDLE, PACE, config
from tests.federation.instance import fetch, sample_fediverse
from tests.federation.sender import JSON, Sender, handled


@asynccontextmanager
async def short_domain(port: int, target: str) -> AsyncIterator[None]:
    """Serve a web site that hands WebFinger on to `target`, as hosters do for short handles."""

    async def hand_on(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently(f"{target}{request.path_qs}")

    app = web.Application()
    app.router.add_get("/.well-known/webfinger", hand_on)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_a_short_handle_leads_to_the_server_and_back(tmp_path: Path) -> None:
    async with sample_fediverse() as fediverse:
        plain = config(tmp_path, free_port(0), fediverse)
        short = free_port(0)
        own = plain.instance.model_copy(update={"domain": f"localhost:{short}"})
        settings = plain.model_copy(update={"instance": own})
        async with (
            short_domain(short, plain.instance.base_url),
            Fedigest.open(settings, pace=PACE) as app,
            app.serve(),
        ):
            actor = app.uris.actor(HANDLE)
            # By either host one finds the actor; the subject names the short one.
            server = plain.instance.base_url.partition("://")[2]
            assert await webfinger(app.client, f"@{HANDLE}@localhost:{short}") == actor
            assert await webfinger(app.client, f"@{HANDLE}@{server}") == actor
            status, text = await fetch(actor, JSON)
            assert status == 200
            assert f'"webfinger":"{HANDLE}@localhost:{short}"' in text.replace('": "', '":"')
            # Ids, keys and inboxes stay on the server's host, and there a Follow arrives.
            assert actor.startswith(plain.instance.base_url)
            sender = Sender(fediverse, app)
            follow = sender.follow()
            assert (await sender.post(*sender.signed(follow)))[0] == 202
            assert await handled(app, follow["id"]) == "accepted"
