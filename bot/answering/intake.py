"""Taking requests in, while the inbox is handled: cheaply, since anyone can send any number."""

from activitypub.ports import Clock
from activitypub.vocab import Object
from bot.answering.limits import ALWAYS, Limits, domain_of, unwanted
from bot.answering.taking_back import close, end, thread_of
from bot.asking import Ask, Wish, parse
from bot.publishing.hygiene import BOTS
from bot.summary.text import html_to_text
from bot.taking_back.provenance import Provenance
from storage import UnitOfWork, tables

MOST_MENTIONED = 8
"""Mentions in one post beyond which it asks nobody in particular."""
MOST_HUSHED = 10
"""Threads that one person beyond the limits makes us look up in a day."""


class Intake:
    """Notes each request once and queues its answer, or passes it over without a trace."""

    def __init__(self, clock: Clock, limits: Limits, provenance: Provenance) -> None:
        self._clock = clock
        self._limits = limits
        self._provenance = provenance

    async def hear(self, unit: UnitOfWork, bot: str, asker: tables.Actor, post: Object) -> str:
        """Take in a post that mentions `bot`; return what came of it.

        Who wants to be left out is, at once: the words must not wait for the confirmation. Bots are
        never answered (no loops).
        """
        ask = parse(html_to_text(post.content), under_a_post=bool(post.in_reply_to))
        if asker.type in BOTS and ask.wish is not Wish.EXCLUDE:
            return "ignored"
        if self._provenance.was_deleted(post.id):
            return "deleted"
        reason = await self._unheard(unit, bot, asker, ask, post)
        if reason:
            return reason
        now = self._clock.now()
        row = tables.Answer(
            request_id=post.id,
            bot=bot,
            requester_id=asker.id,
            domain=domain_of(asker.id),
            state="asked",
            asked_at=now,
        )
        if not await unit.answers.claim(row):
            return "asked before"
        turn = now if ask.wish in ALWAYS else await self._limits.turn(unit, asker.id, now)
        payload = {"request": post.id, "note": post.document}
        await unit.jobs.enqueue("answer", payload, run_at=turn, key=f"answer:{post.id}")
        return "asked"

    def takes_back(self, post: Object) -> bool:
        """Tell whether a post takes something back that its author has said or asked for."""
        ask = parse(html_to_text(post.content), under_a_post=bool(post.in_reply_to))
        return ask.wish in ALWAYS

    async def unask(self, unit: UnitOfWork, request: tables.Answer) -> None:
        """Take an answer back when the question is gone; what waits holds the request's words."""
        await self._provenance.unsay(unit, request)
        if request.state != "refused":
            now, uri = self._clock.now(), request.request_id
            await unit.answers.settle(uri, "refused", at=now, reason="taken back", again={})

    async def leave_out(self, unit: UnitOfWork, actor_id: str) -> str:
        """Leave somebody out from now on, and erase what is here of theirs."""
        now = self._clock.now()
        told = tables.Choice(actor_id=actor_id, choice="exclude", how="told us", at=now)
        await unit.choices.set(told)
        await self._provenance.erase_author(unit, actor_id)
        return "left out"

    async def _unheard(
        self, unit: UnitOfWork, bot: str, asker: tables.Actor, ask: Ask, post: Object
    ) -> str:
        """Say why a request is passed over; empty if it is not.

        What takes something back is always done, but told only as often as anything else is.
        """
        flood = await self._limits.is_flood(unit, asker.id, self._clock.now())
        if ask.wish in ALWAYS:
            return await self._take_back(unit, bot, asker, ask, post, told=not flood)
        if sum(tag.type == "Mention" for tag in post.tags) > MOST_MENTIONED:
            return "mass mention"
        return "too many" if flood else await unwanted(unit, asker.id)

    async def _take_back(
        self,
        unit: UnitOfWork,
        bot: str,
        asker: tables.Actor,
        ask: Ask,
        post: Object,
        *,
        told: bool,
    ) -> str:
        """Do what takes something back; return "" if it is to be confirmed as well."""
        if ask.wish is Wish.EXCLUDE:
            return await self._exclude(unit, asker, told=told)
        if told:
            return ""
        if ask.wish is Wish.NOT_HERE:
            return await self._hush(unit, bot, asker, post.in_reply_to)
        if ask.wish is Wish.STOP_ALL:
            await unit.subscriptions.forget(asker.id)
        else:
            await end(unit, bot, asker.id, ask, post.in_reply_to)
        return "done without a word"

    async def _exclude(self, unit: UnitOfWork, asker: tables.Actor, *, told: bool) -> str:
        choice = await unit.choices.get(asker.id)
        before = choice is not None and choice.choice == "exclude"
        if not before:
            await self.leave_out(unit, asker.id)
        if asker.type in BOTS:
            return "left out"
        return "left out before" if before else "" if told else "left out"

    async def _hush(
        self, unit: UnitOfWork, bot: str, asker: tables.Actor, above: str | None
    ) -> str:
        """Be silent in a thread whose author says so; anyone else is left out.

        Of a thread that is not stored nothing can be taken back yet. Finding out who opened it is
        left to a job, a few times a day for each person: whoever says so more often is left out.
        """
        thread_id, now = await thread_of(unit, above), self._clock.now()
        root = await unit.posts.get(thread_id) if thread_id else None
        if root is not None and root.author_id == asker.id:
            if await unit.choices.get(root.id) is None:
                await close(unit, self._provenance, root.id, now)
            return "done without a word"
        if above is not None and thread_id is None:
            payload = {"bot": bot, "person": asker.id, "post": above}
            for number in range(MOST_HUSHED):
                key = f"hush:{now:%Y-%m-%d}:{number}:{asker.id}"
                if await unit.jobs.enqueue("hush", payload, run_at=now, key=key):
                    return "done without a word"
        return await self._exclude(unit, asker, told=False)
