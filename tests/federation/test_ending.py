"""The service ends when it is told to, whatever hangs; and what it had accepted is there."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activitypub.client import ACTIVITY_JSON
from activitypub.ports import SigningKey
from activitypub.signatures import cavage
from bot.demo.show import HANDLE
from storage import Storage
from tests.federation.bot_process import BotProcess
from tests.federation.instance import post_to, sample_fediverse

AT_ONCE = 30
"""Seconds within which it has ended; a thread that is waited for keeps it for ever."""
HANGING = """
    import pathlib, socket, threading

    asked = socket.getaddrinfo

    def getaddrinfo(host, *rest, **more):
        if "hangs.example" in str(host):
            pathlib.Path({marker!r}).touch()
            threading.Event().wait()
        return asked(host, *rest, **more)

    socket.getaddrinfo = getaddrinfo
"""


async def until(wanted: Path) -> None:
    async with asyncio.timeout(30):
        while not wanted.exists():  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
async def test_a_name_server_that_never_answers_does_not_keep_it(
    kind: signal.Signals, tmp_path: Path
) -> None:
    hooks, marker = tmp_path / "hooks", tmp_path / "hangs"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(textwrap.dedent(HANGING.format(marker=str(marker))))
    path = os.pathsep.join([str(hooks), str(Path.cwd())])
    async with sample_fediverse() as fediverse:
        bot = BotProcess.prepare(tmp_path, fediverse, "03:00")
        text = bot.settings.read_text()
        bot.settings.write_text(text.replace("hosts = [", 'hosts = ["https://hangs.example", ', 1))
        await bot.start(PYTHONPATH=path)
        await until(marker)
        # A sender whose key is at that host waits for an answer while the service ends.
        key = SigningKey("https://hangs.example/u#main-key", fediverse.servers["models"]._private)
        actor = bot.uris.actor(HANDLE)
        follow = b'{"id": "https://hangs.example/1", "type": "Follow", "actor": '
        follow += b'"https://hangs.example/u", "object": "' + actor.encode() + b'"}'
        inbox = bot.uris.inbox(HANDLE)
        headers = cavage.sign(key, "POST", inbox, now=datetime.now(UTC), body=follow)
        asking = asyncio.create_task(
            post_to(inbox, {**headers, "Content-Type": ACTIVITY_JSON}, follow)
        )
        accepted = await fediverse.follow(actor)
        await fediverse.wait_for(lambda a: a.document["type"] == "Accept")
        try:
            async with asyncio.timeout(AT_ONCE):
                assert await bot.end(kind) == 0
        finally:
            await bot.end(signal.SIGKILL)
        await asyncio.gather(asking, return_exceptions=True)
    assert "Traceback" not in (tmp_path / "bot.log").read_text()
    assert not list(tmp_path.glob("bot.sqlite3-wal")), "the database was closed"
    storage = await Storage.open(bot.database, migrate=False)
    async with storage.view() as view:
        assert await view.follows.by_follow_id(accepted) is not None
    await storage.close()


@pytest.mark.parametrize(("ends", "code"), [("return", 0), ("raise BotError('no')", 1)])
def test_a_command_ends_with_its_code_though_a_thread_hangs(ends: str, code: int) -> None:
    script = f"""
        import asyncio, importlib, sys, threading
        from bot.cli.common import run
        from bot.errors import BotError

        async def work():
            asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
            await asyncio.sleep(0)
            print("done", end="")
            {ends}

        module = importlib.import_module("bot.cli.main")
        hanging = module.typer.Typer()
        hanging.command()(lambda: run(work()))
        module.app, sys.argv = hanging, ["x"]
        module.main()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=AT_ONCE,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (code, "done")
