"""Every page in every language: words of all lengths fit, on a phone and on a desk."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.pages import routes
from bot.pages.consent_table import ROWS
from bot.pages.render import Pages
from bot.pages.views import AboutView, ArchiveView, DigestLine, SiteView, SourceLine, SourcesView
from bot.words import languages, words
from tests.browser.chromium import Tab
from tests.browser.test_pages import BUILT, FAINT, WELL_BUILT
from tests.unit.test_note_html import answer, bot, digest

pytestmark = pytest.mark.browser
BASE = "https://digest.example"
AT = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
KEPT = dict.fromkeys(("words", "requests", "traces", "received", "reports", "codes"), 30)


def pages(code: str) -> dict[str, str]:
    """Return every page of a site in one language, with more on them than there usually is."""
    made, said = Pages("Fedigest", BASE, code), words(code)
    lines = (DigestLine("News", f"{BASE}/digests/1", AT, 3, 21, code),)
    site = SiteView("Fedigest", BASE, (bot(code),), "Ada", "ada@a.example", lines, "1", BASE)
    source = SourceLine("k", "tag-rss", f"{BASE}/{'long' * 30}", "failing", AT, AT, 12, "error 500")
    about = AboutView(site, "extractive/1", "a-model", KEPT, ROWS)
    return {
        "home": made.home(site),
        "bot": made.bot(bot(code), lines, site),
        "archive": made.archive(ArchiveView(bot(code), lines, BASE, BASE), site),
        "digest": made.digest(digest(code, None, "a warning"), site),
        "answer": made.answer(answer(code), site),
        "about": made.about(about),
        "sources": made.sources(SourcesView((source,)), site),
        "error": made.error(said.say("error.missing"), said.say("error.missing_how")),
        "form": made.consent(said, problem=said.say("consent.busy")),
        "code": made.consent(said, step="code", wish="w"),
        "done": made.consent(said, step="done", choice="include"),
    }


@pytest.mark.parametrize("code", sorted(languages()))
async def test_every_page_fits_and_can_be_read_in_every_language(
    tmp_path: Path, browser: Tab, code: str
) -> None:
    built = {**WELL_BUILT, "lang": code, "dir": words(code).direction}
    static = routes.STATIC.as_uri()
    for name, html in pages(code).items():
        file = tmp_path / f"{name}.html"
        file.write_text(html.replace('"/static/', f'"{static}/'), encoding="utf-8")
        for width in (320, 1280):
            await browser.look(width, "light")
            assert (await browser.open(file.as_uri())).problems == []
            assert (name, await browser.value(BUILT)) == (name, built)
        assert (name, await browser.value(FAINT)) == (name, [])
    wide = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('.wide'))"
    await browser.open((tmp_path / "about.html").as_uri())
    assert await browser.value(wide) == 0, "the table is seen whole on a desk"
