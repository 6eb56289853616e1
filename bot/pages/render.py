"""Views to HTML. Everything is escaped; nothing of others is ever HTML here."""

from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from activitypub.addressing import host_of
from bot.pages import wording
from bot.pages.views import (
    AboutView,
    AnswerView,
    ArchiveView,
    BotView,
    DigestLine,
    DigestView,
    SiteView,
    SourcesView,
)
from bot.words import ENGLISH, Words, words

if TYPE_CHECKING:
    from jinja2 import Environment


class Pages:
    """Renders the pages of one site.

    What a bot publishes is shown in its language, the rest in `language`.
    """

    def __init__(self, site_name: str, base_url: str, language: str = ENGLISH) -> None:
        self.said = words(language)
        self._site = {"site_name": site_name, "base_url": base_url}

    def home(self, site: SiteView) -> str:
        """Front page."""
        return self._render("home.html", self.said, site=site)

    def bot(self, bot: BotView, lines: tuple[DigestLine, ...], site: SiteView) -> str:
        """A bot's page: what it is, how to follow and ask it, its latest digests."""
        return self._render("bot.html", words(bot.language), bot=bot, lines=lines, site=site)

    def archive(self, archive: ArchiveView, site: SiteView) -> str:
        """One page of a bot's digests."""
        bot, said = archive.bot, words(archive.bot.language)
        return self._render("archive.html", said, archive=archive, bot=bot, site=site)

    def digest(self, digest: DigestView, site: SiteView) -> str:
        """A digest."""
        said = words(digest.language)
        return self._render("digest.html", said, digest=digest, bot=digest.bot, site=site)

    def answer(self, answer: AnswerView, site: SiteView) -> str:
        """A public answer, in the language of whoever asked for it."""
        said = words(answer.spoken, answer.bot.language)
        return self._render("answer.html", said, answer=answer, bot=answer.bot, site=site)

    def about(self, about: AboutView) -> str:
        """Who runs this, what is read and kept, and how to be left out."""
        return self._render("about.html", self.said, about=about, site=about.site)

    def consent(self, said: Words, **values: str) -> str:
        """Where people say whether they are left out; `step` is "", "code" or "done"."""
        blank = dict.fromkeys(("step", "wish", "handle", "choice", "problem"), "")
        return self._render("consent.html", said, site=None, **blank | values)

    def sources(self, sources: SourcesView, site: SiteView) -> str:
        """How each source is doing."""
        return self._render("sources.html", self.said, sources=sources.sources, site=site)

    def error(self, title: str, message: str) -> str:
        """An error, in words."""
        return self._render("error.html", self.said, heading=title, message=message, site=None)

    @cached_property
    def _environment(self) -> "Environment":
        # Here, since most of what an instance does is not for browsers: start fast.
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

        environment = Environment(
            loader=PackageLoader("bot.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(self._site)
        environment.filters.update(
            stamp=stamp, href=href, host=host_of, direction=wording.direction
        )
        return environment

    def _render(self, template: str, said: Words, **values: Any) -> str:
        spoken = {
            "said": said,
            "say": partial(phrase, said),
            "time": partial(time, said),
            "day": partial(day, said),
            "who": partial(wording.who, said=said),
            "coverage": partial(wording.coverage, said=said),
            "state": partial(wording.state, said=said),
            "making": partial(wording.making, said=said),
            "does": partial(wording.does, said=said),
        }
        return self._environment.get_template(template).render(**spoken, **values)


def phrase(said: Words, key: str, **values: object) -> Markup:
    """Return a phrase of ours for a page; values that are HTML already are put in as they are."""
    return Markup("").join(map(escape, said.pieces(key, **values)))


def time(said: Words, moment: datetime) -> Markup:
    """Write a time for people and for machines."""
    return Markup('<time datetime="{}">{}</time>').format(stamp(moment), said.moment(moment))


def day(said: Words, moment: datetime) -> Markup:
    """Write the day of a time for people, and the whole for machines and for those who point."""
    html = Markup('<time datetime="{}" title="{}">{}</time>')
    return html.format(stamp(moment), said.moment(moment), said.day(moment))


def stamp(moment: datetime) -> str:
    """Write a time for machines (HTML `time`)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def href(url: str | None) -> str:
    """Return `url` if it is a web address; anything else (`javascript:`) leads nowhere."""
    return url if url and url.startswith(("https://", "http://")) else "#"
