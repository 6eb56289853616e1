"""`fedigest follow` and `unfollow`, for people and for scripts."""

import asyncio
import json
import sys
from pathlib import Path

from bot.demo.show import HANDLE
from storage import Storage
from tests.federation.bot_process import BotProcess
from tests.federation.instance import sample_fediverse


async def fedigest(bot: BotProcess, *arguments: str) -> tuple[int, str]:
    """Run a command with the bot's settings; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", *arguments, "-c", str(bot.settings)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def followed(bot: BotProcess) -> list[str]:
    storage = await Storage.open(bot.database, migrate=False)
    try:
        async with storage.view() as view:
            return [row.actor_id for row in await view.follows.following(HANDLE)]
    finally:
        await storage.close()


async def test_follow_and_unfollow_in_words_and_as_json(tmp_path: Path) -> None:
    async with sample_fediverse() as fediverse:
        bot = BotProcess.prepare(tmp_path, fediverse, "03:00")
        ines, bo = (fediverse.documents.actor_id(name) for name in ("ines", "bo"))
        code, out = await fedigest(bot, "follow", ines, "--json")
        assert (code, json.loads(out)) == (0, {"bot": HANDLE, "id": ines})
        assert await fedigest(bot, "follow", bo) == (0, f"asked to follow {bo}\n")
        assert sorted(await followed(bot)) == sorted([ines, bo])
        code, out = await fedigest(bot, "unfollow", ines, "--json", "--bot", HANDLE)
        assert (code, json.loads(out)) == (0, {"bot": HANDLE, "id": ines})
        assert await fedigest(bot, "unfollow", bo) == (0, f"no longer follows {bo}\n")
        assert await followed(bot) == []
        assert (await fedigest(bot, "unfollow", ines, "--json"))[0] == 4, "nothing was found"


async def test_accounts_are_named_as_people_copy_them(tmp_path: Path) -> None:
    async with sample_fediverse() as fediverse:
        bot = BotProcess.prepare(tmp_path, fediverse, "03:00")
        ada = fediverse.documents.actor_id("ada")
        host = fediverse.servers["models"].origin.partition("//")[2]
        page, handle = f"http://{host}/@ada", f"@ada@{host}"
        for follows, leaves in ((page, page), (page, handle), (handle, page)):
            assert await fedigest(bot, "follow", follows) == (0, f"asked to follow {ada}\n")
            assert await fedigest(bot, "unfollow", leaves) == (0, f"no longer follows {ada}\n")
            assert await followed(bot) == []
        group = fediverse.documents.actor_id("openweights")
        community = f"!openweights@{fediverse.servers['forum'].origin.partition('//')[2]}"
        assert await fedigest(bot, "follow", community) == (0, f"asked to follow {group}\n")
        assert await followed(bot) == [group]
        assert (await fedigest(bot, "unfollow", community))[0] == 0
