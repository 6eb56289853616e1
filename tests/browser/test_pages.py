"""The pages of a full and of an empty instance, as a browser that runs no scripts shows them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.app import Fedigest
from bot.demo.show import HANDLE
from bot.pages.side_by_side import page as beside
from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost
from bot.words import words
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
    dir: document.documentElement.dir,
    mains: all('main').length,
    firsts: levels.filter(l => l === 1).length,
    skipped: levels.some((l, i) => i > 0 && l > levels[i - 1] + 1),
    unnamed: all('a, summary, h1, h2').filter(e => !e.textContent.trim()).length,
    unsaid: all('img:not([alt])').length,
    twice: ids.length - new Set(ids).size,
    undated: all('time').filter(e => isNaN(Date.parse(e.dateTime))).length,
    nowhere: all('.source a').filter(
      e => !e.textContent.includes(new URL(e.href).host)).length,
    moving: all('*').filter(e => getComputedStyle(e).transitionDuration !== '0s'
      || getComputedStyle(e).animationName !== 'none').length,
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
    "dir": "ltr",
    "mains": 1,
    "firsts": 1,
    "skipped": False,
    "unnamed": 0,
    "unsaid": 0,
    "twice": 0,
    "undated": 0,
    "nowhere": 0,
    "moving": 0,
}


@pytest.fixture
async def addresses(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """A running instance that has published a digest and an answer: its pages by name."""
    async with running(tmp_path) as (fediverse, app, demo):
        timeline = f"{fediverse.servers['models'].origin}/@ines/home"
        yield {**pages_of(app, await demo.cycle(app)), "timeline": timeline}


def pages_of(app: Fedigest, figures: Mapping[str, Any]) -> dict[str, str]:
    base = app.uris.base
    return {
        "base": base,
        "home": f"{base}/",
        "bot": f"{base}/@{HANDLE}",
        "archive": f"{base}/@{HANDLE}/archive",
        "digest": figures["digest_url"],
        "answer": figures["answer_url"],
        "about": f"{base}/about",
        "sources": f"{base}/sources",
        "consent": f"{base}/consent",
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


@pytest.mark.parametrize("code", ["de", "ar"])
async def test_pages_of_a_bot_are_in_its_language_and_run_its_way(
    tmp_path: Path, browser: Tab, code: str
) -> None:
    said = words(code)
    built = {**WELL_BUILT, "lang": code, "dir": said.direction}
    await browser.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": f"{code},en"})
    async with running(tmp_path, language=code) as (_, app, demo):
        pages = pages_of(app, await demo.cycle(app))
        shown = {name: url for name, url in pages.items() if name not in ("base", "answer")}
        shown["error"] = f"{app.uris.base}/nothing"
        for width in (375, 1280):
            await browser.look(width, "light")
            for name, url in shown.items():
                await browser.open(url)
                assert (name, await browser.value(BUILT)) == (name, built)
                assert (name, await browser.value(FAINT)) == (name, [])
                text = await browser.value("document.body.innerText")
                assert said.say("page.promise") in text
                assert words("en").say("page.promise") not in text
        brand, menu = await browser.value(
            "['.brand', 'nav'].map(s => document.querySelector(s).getBoundingClientRect().left)"
        )
        assert (brand > menu) is (code == "ar"), "the first thing stands where reading begins"
        await browser.open(shown["digest"])
        text = await browser.value("document.querySelector('main').innerText")
        assert said.say("page.warning", text="model safety") in text
        assert said.say("answer.opt_out") in text
        assert said.say("acts.disagrees") in text
        quoted = "[...document.querySelectorAll('.said')].map(e => getComputedStyle(e).direction)"
        assert set(await browser.value(quoted)) == {"ltr"}, "quoted words keep their direction"


async def test_the_first_key_offers_the_content_and_the_focus_is_seen(
    addresses: dict[str, str], browser: Tab
) -> None:
    await browser.look(375, "dark")
    await browser.open(addresses["digest"])
    size = "document.querySelector('.skip').getBoundingClientRect().width"
    assert await browser.value(size) <= 1
    key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    await browser.call("Input.dispatchKeyEvent", type="keyDown", **key)
    assert await browser.value("document.activeElement.className") == "skip"
    assert await browser.value(size) > 50
    await browser.call("Input.dispatchKeyEvent", type="keyDown", **key)
    focused = "getComputedStyle(document.activeElement).outlineWidth"
    assert await browser.value(focused) == "3px"


async def test_what_is_printed_is_black_on_white_and_names_its_sources(
    addresses: dict[str, str], browser: Tab
) -> None:
    await browser.open(addresses["digest"])
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    await browser.call("Emulation.setEmulatedMedia", media="print", features=features)
    assert await browser.value("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert await browser.value(FAINT) == []
    address = "getComputedStyle(document.querySelector('.source a'), '::after').content"
    assert "http" in await browser.value(address)
    assert await browser.value("getComputedStyle(document.querySelector('nav')).display") == "none"


async def test_links_to_other_forms_lead_to_them(addresses: dict[str, str], browser: Tab) -> None:
    """What an app finds on a page that somebody pastes: the post, the feed, the account."""
    linked = """Object.fromEntries([...document.querySelectorAll('head link, head meta')].map(
        e => [e.type || e.rel || e.name || e.getAttribute('property'), e.href || e.content]))"""
    for name in ("bot", "digest", "answer"):
        await browser.open(addresses[name])
        found = await browser.value(linked)
        assert found["canonical"] == found["og:url"] == addresses[name]
        assert f"/@{HANDLE}".removeprefix("/") in found["fediverse:creator"]
        assert found["og:title"]
        assert found["application/activity+json"].startswith(addresses["base"])
        if name != "answer":
            assert found["application/atom+xml"].endswith("/feed.atom")


@pytest.mark.parametrize(("code", "width"), [("ar", 375), ("en", 1280)])
async def test_a_summary_beside_its_thread_can_be_read(
    tmp_path: Path, browser: Tab, code: str, width: int
) -> None:
    sentences = {
        "ar": "البيانات المفتوحة أهم من الأوزان المفتوحة لأن أحداً لا يستطيع إعادة التدريب بدونها.",
        "en": "Open training data matter more than open weights, since nobody can train without.",
    }
    posts = [SourcePost("1", "Ada", sentences[code], language=code, cw="data")]
    posts += [SourcePost(str(n), "", f"{n} {sentences[code]}", "1") for n in range(2, 9)]
    summary = ByRules().summarize(posts, Length(5, 200))
    file = tmp_path / "beside.html"
    file.write_text(beside(posts, summary), encoding="utf-8")
    for scheme in ("light", "dark"):
        await browser.look(width, scheme)
        seen = await browser.open(file.as_uri())
        assert seen.problems == []
        direction = words(code).direction
        assert await browser.value(BUILT) == {**WELL_BUILT, "lang": code, "dir": direction}
        assert await browser.value(FAINT) == []
    assert words(code).say("beside.thread") in await browser.value("document.body.innerText")
