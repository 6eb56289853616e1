"""The pages of a full and of an empty instance, as a browser that runs no scripts shows them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.show import HANDLE
from tests.browser.chromium import Tab
from tests.federation.instance import running

pytestmark = pytest.mark.browser

BUILT = """(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const levels = all('h1, h2, h3, h4').map(e => +e.tagName[1]);
  const ids = all('[id]').map(e => e.id);
  return {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    lang: document.documentElement.lang,
    mains: all('main').length,
    firsts: levels.filter(l => l === 1).length,
    skipped: levels.some((l, i) => i > 0 && l > levels[i - 1] + 1),
    unnamed: all('a, summary, h1, h2').filter(e => !e.textContent.trim()).length,
    unsaid: all('img:not([alt])').length,
    twice: ids.length - new Set(ids).size,
  };
})()"""
"""How a page is built, for the eyes and for those who hear it."""

FAINT = """(() => {
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = (c) => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]; };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n =>
      n.nodeType === 3 && n.textContent.trim())).filter(e => e.getClientRects().length)
    .filter(e => ratio(light(parts(getComputedStyle(e).color).slice(0, 3)),
      light(behind(e).slice(0, 3))) < 4.5).map(e => e.outerHTML.slice(0, 80));
})()"""
"""Elements whose text is too faint to read on what is behind it (WCAG 2.2, 1.4.3)."""

WELL_BUILT = {
    "overflow": 0,
    "lang": "en",
    "mains": 1,
    "firsts": 1,
    "skipped": False,
    "unnamed": 0,
    "unsaid": 0,
    "twice": 0,
}


@pytest.fixture
async def addresses(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """A running instance that has published a digest and an answer: its pages by name."""
    async with running(tmp_path) as (fediverse, app, demo):
        figures = await demo.cycle(app)
        base = app.uris.base
        yield {
            "base": base,
            "home": f"{base}/",
            "bot": f"{base}/@{HANDLE}",
            "archive": f"{base}/@{HANDLE}/archive",
            "digest": figures["digest_url"],
            "answer": figures["answer_url"],
            "about": f"{base}/about",
            "sources": f"{base}/sources",
            "timeline": f"{fediverse.servers['models'].origin}/@ines/home",
        }


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "dark")])
async def test_pages_fit_can_be_read_and_ask_nobody_else(
    addresses: dict[str, str], browser: Tab, width: int, scheme: str
) -> None:
    await browser.look(width, scheme)
    base = addresses.pop("base")
    elsewhere = addresses.pop("timeline")
    for name, url in addresses.items():
        seen = await browser.open(url)
        assert (name, seen.problems) == (name, [])
        assert [asked for asked in seen.asked if not asked.startswith(f"{base}/")] == []
        assert (name, await browser.value(BUILT)) == (name, WELL_BUILT)
        assert (name, await browser.value(FAINT)) == (name, [])
    seen = await browser.open(elsewhere)
    assert seen.problems == []
    built: dict[str, Any] = await browser.value(BUILT)
    assert built["overflow"] == 0


async def test_what_stood_behind_a_warning_is_shown_on_demand(
    addresses: dict[str, str], browser: Tab
) -> None:
    await browser.look(375, "light")
    for page in ("timeline", "digest"):
        await browser.open(addresses[page])
        shown = await browser.value("document.querySelector('main, body').innerText")
        assert "model safety" in shown
        assert "refusal training" not in shown
    await browser.value("document.querySelector('summary').click()")
    assert "refusal training" in await browser.value("document.body.innerText")


async def test_an_instance_that_has_just_started_says_so(tmp_path: Path, browser: Tab) -> None:
    await browser.look(375, "light")
    async with running(tmp_path) as (_, app, _):
        for path in ("/", f"/@{HANDLE}", f"/@{HANDLE}/archive"):
            assert (await browser.open(app.uris.base + path)).problems == []
            assert "No digest yet" in await browser.value("document.body.innerText")
            assert (path, await browser.value(BUILT)) == (path, WELL_BUILT)
        await browser.open(f"{app.uris.base}/digests/none")
        assert "There is no such page here" in await browser.value("document.body.innerText")
        assert await browser.value(BUILT) == WELL_BUILT
