"""Views to HTML. Everything is escaped; nothing of others is ever HTML here."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.pages.views import (
    AboutView,
    AnswerView,
    ArchiveView,
    BotView,
    DigestLine,
    DigestView,
    SiteView,
    SourcesView,
    ThreadView,
)


class Pages:
    """Renders the pages of one site."""

    def __init__(self, site_name: str, base_url: str) -> None:
        self._environment = Environment(
            loader=PackageLoader("bot.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(site_name=site_name, base_url=base_url)
        self._environment.filters.update(
            when=when, stamp=stamp, href=href, who=who, plural=plural, direction=direction
        )

    def home(self, site: SiteView) -> str:
        """Front page."""
        return self._render("home.html", site=site)

    def bot(self, bot: BotView, lines: tuple[DigestLine, ...], site: SiteView) -> str:
        """A bot's page: what it is, how to follow and ask it, its latest digests."""
        return self._render("bot.html", bot=bot, lines=lines, site=site)

    def archive(self, archive: ArchiveView, site: SiteView) -> str:
        """One page of a bot's digests."""
        return self._render("archive.html", archive=archive, bot=archive.bot, site=site)

    def digest(self, digest: DigestView, site: SiteView) -> str:
        """A digest."""
        return self._render("digest.html", digest=digest, bot=digest.bot, site=site)

    def answer(self, answer: AnswerView, site: SiteView) -> str:
        """A public answer."""
        return self._render("answer.html", answer=answer, bot=answer.bot, site=site)

    def about(self, about: AboutView) -> str:
        """Who runs this, what is read and kept, and how to be left out."""
        return self._render("about.html", about=about, site=about.site)

    def consent(self, **values: str) -> str:
        """Where people say whether they are left out; `step` is "", "code" or "done"."""
        blank = dict.fromkeys(("step", "wish", "handle", "choice", "problem"), "")
        return self._render("consent.html", site=None, **blank | values)

    def sources(self, sources: SourcesView, site: SiteView) -> str:
        """How each source is doing."""
        return self._render("sources.html", sources=sources.sources, site=site)

    def error(self, status: int, title: str, message: str) -> str:
        """An error, in words."""
        return self._render("error.html", status=status, heading=title, message=message, site=None)

    def _render(self, template: str, **values: Any) -> str:
        return self._environment.get_template(template).render(**values)


def when(moment: datetime | None) -> str:
    """Write a time for people, in UTC and saying so."""
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC" if moment else "never"


def stamp(moment: datetime) -> str:
    """Write a time for machines (HTML `time`)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def href(url: str | None) -> str:
    """Return `url` if it is a web address; anything else (`javascript:`) leads nowhere."""
    return url if url and url.startswith(("https://", "http://")) else "#"


def plural(number: int, one: str, many: str) -> str:
    """Return "1 post", "2 posts"."""
    return f"{number} {one if number == 1 else many}"


def who(thread: ThreadView) -> str:
    """Name those who may be named, and count the rest."""
    named = list(thread.people[:4])
    others = thread.speakers - len(named)
    if not named:
        return plural(thread.speakers, "person", "people")
    if others > 0:
        return f"{', '.join(named)} and {plural(others, 'other', 'others')}"
    return ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else named[0]


def direction(text: str) -> str:
    """Return "rtl" when the first letter with a direction runs from right to left."""
    for char in text[:200]:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
