"""Complaints that are not about us, or come by the hundred, are not kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.inbox.complaints import LONGEST_ID, MOST_OBJECTS, PER_ACTOR, PER_SERVER
from storage import tables
from tests.federation.instance import running
from tests.federation.sender import Sender, handled


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def complain(sender: Sender, number: int, about: Any, person: str = "ines") -> str:
    me = sender.documents.actor_id(person)
    flag = {"id": f"{me}#flag-{number}", "type": "Flag", "actor": me, "object": about}
    assert (await sender.post(*sender.signed(flag, person)))[0] == 202
    return await handled(sender.app, flag["id"])


async def kept(sender: Sender) -> list[tables.Report]:
    async with sender.app.storage.view() as view:
        return await view.reports.latest(100)


async def test_what_is_not_about_us_is_not_kept(sender: Sender) -> None:
    elsewhere = [f"https://elsewhere.example/{number}" for number in range(100)]
    assert await complain(sender, 1, elsewhere) == "ignored"
    assert await complain(sender, 2, []) == "ignored"
    assert await complain(sender, 3, f"{sender.app.uris.base}.evil.example/x") == "ignored"
    assert await kept(sender) == []
    ours, long = sender.app.uris.object("x"), f"{sender.app.uris.base}/{'x' * LONGEST_ID}"
    assert await complain(sender, 4, [long]) == "ignored"
    assert await complain(sender, 5, [*elsewhere, long, ours]) == "reported"
    [report] = await kept(sender)
    assert report.objects == [ours, *elsewhere[: MOST_OBJECTS - 1]]


async def test_an_actor_and_a_server_have_a_few_each_day(sender: Sender) -> None:
    ours, now = sender.app.uris.object("x"), sender.app.clock.now()
    outcomes = [await complain(sender, number, ours) for number in range(PER_ACTOR + 1)]
    assert outcomes == ["reported"] * PER_ACTOR + ["too many"]
    assert await complain(sender, 1, ours, "bo") == "reported", "somebody else's are their own"
    theirs = sender.documents.actor_id("bo").replace("http://", "HTTP://")
    async with sender.app.storage.unit() as unit:
        for number in range(PER_SERVER):
            row = tables.Report(id=str(number), actor_id=f"{theirs}-{number}", at=now)
            await unit.reports.add(row)
    assert await complain(sender, 2, ours, "bo") == "too many"
    assert len(await kept(sender)) == PER_ACTOR + 1 + PER_SERVER
