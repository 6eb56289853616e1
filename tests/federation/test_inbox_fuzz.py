"""No input makes the inbox answer 500, and nothing that got in breaks what handles it."""

import copy
import logging
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.demo.show import HANDLE
from tests.federation.instance import running
from tests.federation.quirks.shapes import NOTES, activities
from tests.federation.sender import JSON, Sender, handled

ROUNDS = 400
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 2**53, "", " ", "\x00", "javascript:alert(1)", "https://[", "http://",
    "https://xn--/", "\u202egnp.", "a" * 5000, [], {}, [[]], [{}], {"id": {}}, {"type": []}, [None],
    ["https://a.example/" + "b" * 3000], {"@id": 7}, {"items": [{"id": "x"}] * 50},
)  # fmt: skip


def changed(document: Any, chance: random.Random) -> Any:
    """Return a copy with some members replaced by what nobody should send."""
    found = copy.deepcopy(document)
    for _ in range(chance.randint(1, 4)):
        place = found
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = chance.choice(keys)
            inner = place[key]
            if not isinstance(inner, dict | list) or not inner or chance.random() < 0.4:
                place[key] = chance.choice(JUNK)
                break
            place = inner
    return found


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        yield Sender(fediverse, app)


async def test_signed_nonsense(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    chance = random.Random(9421)  # noqa: S311
    me, bot = sender.documents.actor_id("ines"), sender.app.uris.actor(HANDLE)
    kinds = ("Follow", "Block", "Flag", "Move", "QuoteRequest", "Like", "Undo", "Accept", "Add")
    bases: list[dict[str, Any]] = [
        {"type": kind, "object": {"type": "Follow", "actor": me, "object": bot}, "target": bot}
        for kind in kinds
    ]
    bases += [shape for program in NOTES for shape in activities(program).values()]
    taken = []
    for number in range(ROUNDS):
        base = {**chance.choice(bases), "actor": me}
        if isinstance(base.get("object"), dict) and chance.random() < 0.5:
            note = {**base["object"], "id": f"{me}/n/{number}", "attributedTo": me}
            tag = {"type": "Mention", "href": bot, "name": "@news"}
            base["object"] = {**note, "to": [bot], "tag": [tag], "content": "help"}
        activity = {**changed(base, chance), "id": f"{me}#{number}", "actor": me}
        status, text = await sender.post(*sender.signed(activity))
        assert status in {202, 400, 401, 403}, (status, text, activity)
        if status == 202:
            taken.append(activity["id"])
    assert len(taken) > ROUNDS / 2
    outcomes = [await handled(sender.app, uri) for uri in taken if await sender.stored(uri)]
    assert [o for o in outcomes if "Error" in o] == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


async def test_unsigned_bytes(sender: Sender) -> None:
    chance = random.Random(7)  # noqa: S311
    good = orjson.dumps(sender.follow())
    inputs = ["sig1=()", "(", 'sig1=("@method");created=x']
    for _ in range(ROUNDS):
        body = bytearray(good)
        for _ in range(chance.randint(1, 9)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        headers = {
            "Content-Type": chance.choice([JSON, "application/ld+json", "text/html", ""]),
            "Signature": chance.choice(["", "a", 'keyId="x"', "sig1=:AA==:", '"' * 50, "=,=,="]),
        }
        if chance.random() < 0.5:
            headers["Signature-Input"] = chance.choice(inputs)
        status, text = await sender.post(headers, bytes(body))
        assert status in {202, 400, 401, 403, 415}, (status, text, headers, bytes(body))
