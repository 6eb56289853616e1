"""Saying on the web who is left out or included: proven by a code, told to nobody else."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from copy import copy
from datetime import timedelta
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update

from bot.demo.show import HANDLE
from bot.taking_back.wishing import (
    IN_ALL,
    LASTS,
    PER_HANDLE,
    PER_HOST,
    PER_NETWORK,
    SAME_CODE,
    TRIES,
)
from bot.words import words
from storage import tables
from tests.federation.instance import running
from tests.federation.sender import Sender


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with running(tmp_path) as (fediverse, app, _):
        made = Sender(fediverse, app)
        made.fediverse = fediverse  # type: ignore[attr-defined]
        yield made


async def ask(
    sender: Sender, path: str = "/consent", headers: Mapping[str, str] | None = None, **form: str
) -> tuple[int, str, Mapping[str, str]]:
    """Ask for the page, or send a form to it."""
    url = f"{sender.app.uris.base}{path}"
    async with aiohttp.ClientSession() as session:
        kind = "POST" if form else "GET"
        async with session.request(kind, url, data=form or None, headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers


def handle_of(sender: Sender, person: str) -> str:
    server = sender.servers[sender.documents.world.people[person].server]
    return f"@{person}@{server.origin.partition('//')[2]}"


def wish_in(page: str) -> str:
    found = re.search(r'name="wish" value="(\w+)"', page)
    assert found is not None
    return found[1]


async def told(sender: Sender, person: str, number: int = 1) -> list[str]:
    """Return the codes that a person got, once there are `number`."""
    me = sender.documents.actor_id(person)

    def mine(arrived: Any) -> bool:
        return bool(arrived.document["to"] == me or arrived.document["to"] == [me])

    fediverse = sender.fediverse  # type: ignore[attr-defined]
    await fediverse.wait_for(lambda _: sum(map(mine, fediverse.arrived("Create"))) >= number)
    notes = [a.document["object"] for a in fediverse.arrived("Create") if mine(a)]
    assert all(note["tag"][0]["href"] == me and not note.get("cc") for note in notes)
    return [re.findall(r"the code is (\S{9})\.", note["content"])[0] for note in notes]


async def choice(sender: Sender, person: str) -> tuple[str, str] | None:
    async with sender.app.storage.view() as view:
        row = await view.choices.get(sender.documents.actor_id(person))
    return (row.choice, row.how) if row else None


async def begin(sender: Sender, person: str, wanted: str = "exclude") -> str:
    status, page, _ = await ask(sender, handle=handle_of(sender, person), choice=wanted)
    assert status == 200
    return wish_in(page)


async def test_a_code_proves_who_wishes(sender: Sender, tmp_path: Path) -> None:
    status, page, headers = await ask(sender)
    assert status == 200
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert "script" not in page
    for wanted in ("include", "exclude"):
        wish = await begin(sender, "ada", wanted)
        codes = await told(sender, "ada", 1 if wanted == "include" else 2)
        typed = codes[-1].lower().replace("-", " ")
        status, page, _ = await ask(sender, "/consent/code", wish=wish, code=typed)
        assert status == 200
        assert await choice(sender, "ada") == (wanted, "web form")
        again, _, _ = await ask(sender, "/consent/code", wish=wish, code=typed)
        assert again == 400, "a code is good once"
    await sender.app.storage.checkpoint()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
    assert not [c for c in codes if c.encode() in written or c.replace("-", "").encode() in written]
    _, about, headers = await ask(sender, "/about")
    assert 'href="/consent"' in about
    assert "form-action 'none'" in headers["Content-Security-Policy"]


async def test_people_may_name_their_profile_page(sender: Sender) -> None:
    name, _, host = handle_of(sender, "ada").lstrip("@").partition("@")
    page = f" http://{host}/@{name} "
    status, shown, _ = await ask(sender, handle=page, choice="exclude")
    assert status == 200
    (code,) = await told(sender, "ada")
    assert (await ask(sender, "/consent/code", wish=wish_in(shown), code=code))[0] == 200
    assert await choice(sender, "ada") == ("exclude", "web form")
    assert (await ask(sender, handle="@ada@bo@social.example", choice="exclude"))[0] == 400


async def test_the_answer_does_not_tell_whether_somebody_exists(sender: Sender) -> None:
    host = handle_of(sender, "ada").rpartition("@")[2]
    pages = []
    for handle in (f"@ada@{host}", f"@nobody@{host}", "@someone@nowhere.localhost:9"):
        status, page, _ = await ask(sender, handle=handle, choice="exclude")
        pages.append(page.replace(wish_in(page), ""))
        assert status == 200
    assert len(set(pages)) == 1
    await told(sender, "ada")


async def test_wrong_late_and_too_many(sender: Sender) -> None:
    wish = await begin(sender, "bo")
    [code] = await told(sender, "bo")
    answers = set()
    for _ in range(TRIES):
        answers.add((await ask(sender, "/consent/code", wish=wish, code="AAAA-AAAA"))[:2])
    answers.add((await ask(sender, "/consent/code", wish=wish, code=code))[:2])
    assert len(answers) == 1, "the right code after too many tries is answered like a wrong one"
    late = await begin(sender, "bo")
    second = (await told(sender, "bo", 2))[1]
    async with sender.app.storage.unit() as unit:
        old = sender.app.clock.now() - LASTS - timedelta(seconds=1)
        statement = update(tables.WishCode).values(at=old)
        await unit.codes._transaction.run(statement)
    assert (await ask(sender, "/consent/code", wish=late, code=second))[0] == 400
    assert (await ask(sender, "/consent/code", wish="0" * 32, code=second))[0] == 400
    assert await choice(sender, "bo") is None


async def test_who_is_asked_about_again_and_again_gets_one_message_and_can_use_it(
    sender: Sender,
) -> None:
    """Whoever asks in somebody's name neither pesters them nor uses up their codes."""
    wishes = [await begin(sender, "chen") for _ in range(5)]
    codes = await told(sender, "chen", 5)
    fediverse = sender.fediverse  # type: ignore[attr-defined]
    me = sender.documents.actor_id("chen")
    notes = [a.document for a in fediverse.arrived("Create") if a.document["to"] in (me, [me])]
    assert len({(note["id"], note["object"]["id"]) for note in notes}) == 1, "servers take one"
    assert len(set(codes)) == 1
    assert (await ask(sender, "/consent/code", wish=wishes[-1], code=codes[0]))[0] == 200
    assert await choice(sender, "chen") == ("exclude", "web form")


async def test_a_code_differs_by_person_choice_time_and_instance(sender: Sender) -> None:
    row = tables.WishCode(
        id="w", handle="a@b", host="b", choice="exclude", at=sender.app.clock.now()
    )
    other = row.model_copy(update={"choice": "include"})
    later = row.model_copy(update={"at": row.at + SAME_CODE})
    wishes = sender.app.wishes
    elsewhere = copy(wishes)
    elsewhere._secret = b"another"
    made = [
        wishes._code("ada", row), wishes._code("bo", row), wishes._code("ada", other),
        wishes._code("ada", later), elsewhere._code("ada", row),
    ]  # fmt: skip
    assert len({code for code, _ in made}) == len({name for _, name in made}) == len(made)


async def test_a_code_that_seemed_not_to_arrive_is_sent_again_as_it_was(sender: Sender) -> None:
    wish = await begin(sender, "bo")
    [first] = await told(sender, "bo")
    await sender.app.wishes.send(wish)
    assert await told(sender, "bo", 2) == [first, first]
    assert (await ask(sender, "/consent/code", wish=wish, code=first))[0] == 200


async def test_beyond_the_limits_all_are_told_so_and_what_was_confirmed_does_not_count(
    sender: Sender,
) -> None:
    now, host = sender.app.clock.now(), handle_of(sender, "ada").rpartition("@")[2]

    async def asked(number: int, *, used: bool) -> None:
        async with sender.app.storage.unit() as unit:
            for _ in range(number):
                row = tables.WishCode(
                    id=token_hex(8), handle=f"x@{host}", host=host, choice="exclude", at=now,
                    used_at=now if used else None,
                )  # fmt: skip
                await unit.codes.add(row)

    await asked(PER_HOST, used=True)
    await asked(PER_HOST - 1, used=False)
    await begin(sender, "ada")
    pages = set()
    for person in ("ada", "nobody"):
        status, page, headers = await ask(sender, handle=f"@{person}@{host}", choice="exclude")
        assert status == 429
        assert int(headers["Retry-After"]) > 0
        assert "leave me out" in page
        pages.add(page.replace(person, ""))
    assert len(pages) == 1
    assert (await ask(sender, handle="@a@other.localhost:9", choice="exclude"))[0] == 200


async def test_one_network_cannot_close_the_form_for_others(sender: Sender) -> None:
    """Neither for everybody, nor for those of a server, nor for one person."""
    host = handle_of(sender, "ada").rpartition("@")[2]

    async def answers(network: str, handles: list[str]) -> list[int]:
        told = {"X-Forwarded-For": f"203.0.113.7, {network}"}
        return [
            (await ask(sender, headers=told, handle=handle, choice="exclude"))[0]
            for handle in handles
        ]

    for flood in (
        [f"@a{n}@flood-{n}.localhost:9" for n in range(PER_NETWORK)],
        [f"@a{n}@{host}" for n in range(PER_NETWORK)],
        [f"@ada@{host}"] * PER_NETWORK,
    ):
        network = f"198.51.{len(sender.app.wishes._networks)}"
        assert await answers(f"{network}.1", flood) == [200] * PER_NETWORK
        assert await answers(f"{network}.77", [flood[0]]) == [429], "the network has had its share"
        assert await answers("2001:db8:1::1", [flood[0]]) == [200], "nobody else is the poorer"
    assert min(PER_HANDLE, PER_HOST, IN_ALL) > 2 * PER_NETWORK


async def test_a_form_in_pieces_is_read_to_its_end_and_odd_ones_are_refused(
    sender: Sender,
) -> None:
    url = f"{sender.app.uris.base}/consent"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    async def pieces() -> AsyncIterator[bytes]:
        yield b"handle=nonsense&"
        await asyncio.sleep(0.2)
        yield b"choice=exclude"

    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=pieces(), headers=kind) as answer:
            assert "A handle looks like" in await answer.text(), "the choice came with the rest"
        async with session.post(url, data=b"a=1&" * 11, headers=kind) as answer:
            assert answer.status == 400


async def test_foreign_pages_and_odd_forms_are_refused(sender: Sender) -> None:
    handle = handle_of(sender, "ada")
    form = {"handle": handle, "choice": "exclude"}
    evil = {"Origin": "https://evil.example"}
    assert (await ask(sender, headers=evil, **form))[0] == 403
    assert (await ask(sender, headers={"Sec-Fetch-Site": "cross-site"}, **form))[0] == 403
    kind = {"Content-Type": "text/plain"}
    assert (await ask(sender, headers=kind, **form))[0] == 415
    assert (await ask(sender, handle="x" * 5000, choice="exclude"))[0] == 413
    status, page, _ = await ask(sender, handle='"><b>', choice="exclude")
    assert status == 400
    assert "<b>" not in page
    assert "&gt;&lt;b&gt;" in page
    assert (await ask(sender, handle=handle, choice="everything"))[0] == 400
    ours = sender.app.uris.address(HANDLE)
    assert (await ask(sender, handle=ours, choice="exclude"))[0] == 200
    async with sender.app.storage.view() as view:
        since = sender.app.clock.now() - timedelta(days=1)
        assert await view.codes.unconfirmed(since, "x", "x") == (0, 0, 0)


async def test_the_form_and_its_message_speak_the_language_of_whoever_asks(sender: Sender) -> None:
    french, english = words("fr"), words("en")
    likes = {"Accept-Language": "eo, fr-CA;q=0.8, en;q=0.1"}
    _, page, headers = await ask(sender, headers=likes)
    assert '<html lang="fr" dir="ltr">' in page
    assert french.say("consent.send") in page
    assert "Accept-Language" in headers["Vary"]
    _, page, _ = await ask(sender, headers=likes, handle="nonsense", choice="exclude")
    assert french.say("consent.no_handle", example="@name@social.example") in unescape(page)
    _, page, _ = await ask(sender, handle="nonsense", choice="exclude")
    assert english.say("consent.no_handle", example="@name@social.example") in page
    handle = handle_of(sender, "ada")
    status, page, _ = await ask(sender, headers=likes, handle=handle, choice="include")
    assert (status, french.say("consent.sent") in unescape(page)) == (200, True)
    me = sender.documents.actor_id("ada")
    fediverse = sender.fediverse  # type: ignore[attr-defined]
    arrived = await fediverse.wait_for(lambda a: a.document["to"] in (me, [me]))
    note = arrived.document["object"]
    address, minutes = sender.app.uris.consent, LASTS.seconds // 60
    told_so = french.say("consent.asked_include", address=address, minutes=minutes)
    assert told_so in unescape(note["content"])
    assert list(note["contentMap"]) == ["fr"]
