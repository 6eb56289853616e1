"""Wishes told on the web by people who are signed in nowhere: proven by a code sent to them."""

import hmac
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from cachetools import TTLCache

from activitypub.client import Client
from activitypub.delivery import Parcel, Retry, Sender
from activitypub.discovery import split, webfinger
from activitypub.errors import Final
from activitypub.ports import Clock
from activitypub.uris import Uris
from activitypub.vocab import Activity, Actor
from bot.consent.authors import Authors, row_of
from bot.errors import TooManyWishes
from bot.pages.notes import plain_reply
from bot.profile_page import handle_on
from bot.words import Words, words
from storage import Storage, tables
from storage.tables import ChoiceKind

LASTS = timedelta(minutes=30)
TRIES = 5
SAME_CODE = timedelta(hours=8)
"""So long a person is sent one and the same code, however often somebody asks for one.

Nobody can use us to pester people, nor use up somebody else's codes.
"""
BUSY_FOR = timedelta(hours=1)
PER_NETWORK = 10
"""Codes asked for in that time from one network, beyond which it gets no more."""
PER_HANDLE, PER_HOST, IN_ALL = 30, 200, 2000
"""... and not confirmed, for one person, those of one server, and everybody: more than one network
can use up, so that nobody closes the form for others."""
MOST_NETWORKS = 10_000
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that look alike."""
LONGEST_HANDLE = 300


class ToldOnTheWeb:
    """Takes a wish, sends a code to whom it is about, and does it when the code comes back.

    What is answered never tells whether a person exists: all of that is found out later, by a job.
    The code itself is stored nowhere: it follows from `secret`, the person, the choice and the
    time. So does the message's id: a server that has it already takes it for the same one.
    """

    def __init__(  # noqa: PLR0913  collaborators
        self,
        storage: Storage,
        client: Client,
        clock: Clock,
        uris: Uris,
        authors: Authors,
        sender: Sender,
        *,
        bot: str,
        language: str,
        secret: bytes,
        choose: Callable[[str, ChoiceKind], Awaitable[None]],
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._uris = uris
        self._authors = authors
        self._sender = sender
        self._bot = bot
        self._language = language
        self._secret = secret
        self._choose = choose
        self._networks: TTLCache[str, list[str]] = TTLCache(MOST_NETWORKS, BUSY_FOR.total_seconds())

    async def take(
        self,
        handle: str,
        choice: ChoiceKind,
        network: str | None = None,
        language: str | None = None,
    ) -> str:
        """Take a wish; return the form's secret under which its code is to come back.

        The person is named by handle or profile page. `network` is where it comes from, if that is
        known. The message with the code is in `language`, that of the form. Raises `Malformed` for
        what is no handle, and `TooManyWishes`, whoever is named.
        """
        name, host = split(handle_on(handle[:LONGEST_HANDLE]) or handle[:LONGEST_HANDLE])
        wish = secrets.token_hex(16)
        now = self._clock.now()
        row = tables.WishCode(
            id=wish, handle=f"{name}@{host}".casefold(), host=host, choice=choice, at=now
        )
        asked = self._networks.setdefault(network, []) if network else []
        if len(asked) >= PER_NETWORK:
            raise TooManyWishes("too many codes were asked for from one network")
        asked.append(wish)
        async with self._storage.unit() as unit:
            person, server, all_ = await unit.codes.unconfirmed(now - BUSY_FOR, row.handle, host)
            if person >= PER_HANDLE or server >= PER_HOST or all_ >= IN_ALL:
                raise TooManyWishes("too many codes were asked for on the web form")
            if host != self._uris.domain and not self._authors.is_listed_host(host):
                await unit.codes.add(row)
                payload = {"wish": wish, "language": language}
                await unit.jobs.enqueue("code", payload, run_at=now, key=f"code:{wish}")
        return wish

    async def send(self, wish: str, language: str | None = None) -> None:
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
        if self._authors.is_listed(actor.id, row.handle) or self._uris.is_ours(actor.id):
            return
        code, name = self._code(actor.id, row)
        async with self._storage.unit() as unit:
            await unit.codes.sent(wish, actor.id, hashed(wish, code))
        said = words(language, self._language)
        outcome = await self._sender.send(self._parcel(actor, row, code, name, said))
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

    def _code(self, actor_id: str, row: tables.WishCode) -> tuple[str, str]:
        """Return a person's code and the name of the message that tells it."""
        period = int(row.at.timestamp() // SAME_CODE.total_seconds())
        made = hmac.digest(self._secret, f"{actor_id}\0{row.choice}\0{period}".encode(), "sha512")
        letters = (LETTERS[byte % len(LETTERS)] for byte in made[:8])
        return "".join(letters), made[-12:].hex()

    def _parcel(
        self, actor: Actor, row: tables.WishCode, code: str, name: str, said: Words
    ) -> Parcel:
        """Write the message: to the person alone, and kept nowhere here."""
        sender, now = self._uris.actor(self._bot), self._clock.now()
        sentences = [
            said.say("consent.your_code", code=f"{code[:4]}-{code[4:]}"),
            said.say(
                f"consent.asked_{row.choice}",
                address=self._uris.consent,
                minutes=LASTS.seconds // 60,
            ),
        ]
        told = plain_reply(sender, row_of(actor, self._clock), sentences, said)
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
