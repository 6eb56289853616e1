"""Wishes told on the web by people who are signed in nowhere: proven by a code sent to them."""

import hmac
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from activitypub.client import Client
from activitypub.delivery import Parcel, Retry, Sender
from activitypub.discovery import split, webfinger
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Actor
from bot.authors import Authors, row_of
from bot.notes import plain_reply
from storage import Storage, tables
from storage.tables import ChoiceKind

LASTS = timedelta(minutes=30)
TRIES = 5
PER_PERSON, PER_HOST, IN_ALL = 3, 30, 300
"""Codes in a day at most, so that nobody can use us to pester people."""
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that look alike."""
LONGEST_HANDLE = 300

ASKS = {
    "exclude": "to be left out of all that this bot publishes",
    "include": "to let this bot quote your public posts, with your name and a link",
}


class Wishes:
    """Takes a wish, sends a code to whom it is about, and does it when the code comes back.

    What is answered never tells whether a person exists: all of that is found out later, by a job.
    The code itself is stored nowhere: it is made as it is sent.
    """

    def __init__(
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        uris: Uris,
        authors: Authors,
        sender: Sender,
        bot: str,
        choose: Callable[[str, ChoiceKind], Awaitable[None]],
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._uris = uris
        self._authors = authors
        self._sender = sender
        self._bot = bot
        self._choose = choose

    async def take(self, handle: str, choice: ChoiceKind) -> str:
        """Take a wish; return the form's secret under which its code is to come back.

        Raises `Malformed` for what is no handle. Beyond the limits the answer is the same, and
        nothing happens.
        """
        name, host = split(handle[:LONGEST_HANDLE])
        wish = secrets.token_hex(16)
        now = self._clock.now()
        row = tables.WishCode(
            id=wish, handle=f"{name}@{host}".casefold(), host=host, choice=choice, at=now
        )
        if host == self._uris.domain or self._authors.is_listed_host(host):
            return wish
        async with self._storage.unit() as unit:
            mine, theirs, everyones = await unit.codes.counts(
                now - timedelta(days=1), handle=row.handle, host=host
            )
            if mine < PER_PERSON and theirs < PER_HOST and everyones < IN_ALL:
                await unit.codes.add(row)
                await unit.jobs.enqueue("code", {"wish": wish}, run_at=now, key=f"code:{wish}")
        return wish

    async def send(self, wish: str) -> None:
        """Find the person of a wish and send them a code. Raises the client's recoverable errors.

        Who cannot be found, or does not take it, gets none; nobody hears of that.
        """
        async with self._storage.view() as view:
            row = await view.codes.get(wish)
        if row is None or row.used_at or self._clock.now() - row.at > LASTS:
            return
        try:
            actor = await self._client.actor(await webfinger(self._client, row.handle))
        except Final:
            return
        if not await self._may_have_another(row, actor):
            return
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        async with self._storage.unit() as unit:
            await unit.codes.sent(wish, actor.id, hashed(wish, code))
        outcome = await self._sender.send(self._parcel(actor, row.choice, code))
        if isinstance(outcome, Retry):
            raise outcome.error

    async def confirm(self, wish: str, code: str) -> ChoiceKind | None:
        """Do what was wished if the code is right; return what that was, else None."""
        async with self._storage.unit() as unit:
            row = await unit.codes.get(wish)
            if row is None or not await unit.codes.tried(wish, TRIES):
                return None
            right = hmac.compare_digest(row.code_hash or "", hashed(wish, plain(code)))
            fresh = self._clock.now() - row.at <= LASTS
        if not (right and fresh and row.actor_id):
            return None
        await self._choose(row.actor_id, row.choice)
        async with self._storage.unit() as unit:  # last: after a crash the code is still good
            await unit.codes.use(wish, self._clock.now())
        return row.choice

    async def _may_have_another(self, row: tables.WishCode, actor: Actor) -> bool:
        """Tell whether a person may get a code: many handles can lead to one of them."""
        since = self._clock.now() - timedelta(days=1)
        async with self._storage.view() as view:
            counts = await view.codes.counts(
                since, handle=row.handle, host=row.host, actor_id=actor.id
            )
        listed = self._authors.is_listed(actor.id, row.handle) or self._uris.is_ours(actor.id)
        return counts[0] <= PER_PERSON and not listed

    def _parcel(self, actor: Actor, choice: ChoiceKind, code: str) -> Parcel:
        """Write the message: to the person alone, and kept nowhere here."""
        sender, now = self._uris.actor(self._bot), self._clock.now()
        name = secrets.token_hex(12)
        what = (
            f"Somebody asked at {self._uris.consent} {ASKS[choice]}. If that was you, type the "
            f"code there within {LASTS.seconds // 60} minutes. If not, do nothing."
        )
        sentences = [f"the code is {code[:4]}-{code[4:]}.", what]
        told = plain_reply(sender, row_of(actor, self._clock), sentences)
        uri = self._uris.object(f"code-{name}")
        note = {**told.to_document(), "id": uri, "to": [actor.id], "published": f"{now:%FT%TZ}"}
        create = Activity(
            id=self._uris.activity(f"code-{name}"),
            type="Create",
            actor=sender,
            object=note,
            to=(actor.id,),
            published=now,
        )
        return Parcel(Parcel.write(create.to_document()), actor.inbox, sender)


def hashed(wish: str, code: str) -> str:
    """Return what is stored of a code."""
    return sha256(f"{wish}\0{code}".encode()).hexdigest()


def plain(code: str) -> str:
    """Return a code as it was made, however it was typed."""
    typed = unicodedata.normalize("NFKC", code[:100]).upper()
    return "".join(char for char in typed if char.isalnum())
