"""The page where people say whether they are left out or included, without an account."""

import asyncio
from typing import Literal
from urllib.parse import parse_qs

from aiohttp import web

from activitypub.errors import Malformed
from activitypub.uris import Uris
from bot.errors import TooManyWishes
from bot.pages.asker import network_of
from bot.pages.render import Pages
from bot.pages.responses import POLICY, page
from bot.pages.speaking import preferred
from bot.taking_back.wishing import BUSY_FOR, ToldOnTheWeb
from bot.words import Words

FORM_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'")
LONGEST = 4096
"""Bytes of a form."""
PATIENCE = 20.0
"""Seconds for a form to come."""
MOST_FIELDS = 10
EXAMPLE = "@name@social.example"
OUR_OWN = frozenset({"same-origin", "none"})


class ConsentForm:
    """Two forms, one after the other: who and what; then the code that was sent there."""

    def __init__(self, uris: Uris, pages: Pages, wishes: ToldOnTheWeb) -> None:
        self._uris = uris
        self._pages = pages
        self._wishes = wishes

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes."""
        return [
            web.get("/consent", self.ask),
            web.post("/consent", self.take),
            web.post("/consent/code", self.confirm),
        ]

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Show the first form."""
        return self._show(request)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take a wish. The answer is the same whoever is named, there or not."""
        form = await self._form(request)
        handle, choice = form.get("handle", ""), form.get("choice", "")
        kinds: dict[str, Literal["include", "exclude"]] = {
            "include": "include",
            "exclude": "exclude",
        }
        if choice not in kinds:
            return self._show(request, 400, handle=handle, problem="consent.choose")
        try:
            said = self._said(request).language
            wish = await self._wishes.take(handle, kinds[choice], network_of(request), said)
        except Malformed:
            problem = "consent.no_handle"
            return self._show(request, 400, handle=handle, choice=choice, problem=problem)
        except TooManyWishes:
            problem = "consent.busy"
            response = self._show(request, 429, handle=handle, choice=choice, problem=problem)
            response.headers["Retry-After"] = str(BUSY_FOR.seconds)
            return response
        return self._show(request, step="code", wish=wish)

    async def confirm(self, request: web.Request) -> web.StreamResponse:
        """Take a code."""
        form = await self._form(request)
        wish = form.get("wish", "")
        done = await self._wishes.confirm(wish, form.get("code", ""))
        if done is None:
            return self._show(request, 400, step="code", wish=wish, problem="consent.wrong_code")
        return self._show(request, step="done", choice=done)

    async def _form(self, request: web.Request) -> dict[str, str]:
        """Read a form that was sent from our own page.

        There is no session that a foreign page could abuse; this keeps such a page from letting its
        visitors ask for codes all the same.
        """
        if request.headers.get("Sec-Fetch-Site", "none") not in OUR_OWN:
            raise web.HTTPForbidden(text=self._said(request).say("error.own_page"))
        if request.headers.get("Origin", self._uris.base) not in {self._uris.base, "null"}:
            raise web.HTTPForbidden(text=self._said(request).say("error.own_page"))
        if request.content_type != "application/x-www-form-urlencoded":
            raise web.HTTPUnsupportedMediaType
        body = await _body(request)
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        except ValueError:
            raise web.HTTPBadRequest(text=self._said(request).say("error.too_much")) from None
        return {name: values[0].strip() for name, values in fields.items()}

    def _said(self, request: web.Request) -> Words:
        header = request.headers.get("Accept-Language", "")
        return preferred(header, self._pages.said.language)

    def _show(
        self, request: web.Request, status: int = 200, problem: str = "", **values: str
    ) -> web.Response:
        """Show the form in the language of whoever asks; `problem` is a phrase of ours."""
        said = self._said(request)
        wrong = said.say(problem, example=EXAMPLE) if problem else ""
        response = page(self._pages.consent(said, problem=wrong, **values), status)
        response.headers["Vary"] = "Accept, Accept-Language"
        response.headers["Content-Security-Policy"] = FORM_POLICY
        response.headers["Cache-Control"] = "no-store"
        return response


async def _body(request: web.Request) -> bytes:
    """Read a form's bytes, while they are few and come soon."""
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LONGEST:
                    raise web.HTTPRequestEntityTooLarge(LONGEST, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)
