"""The browser that the pages are looked at with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.chromium import Tab, installed, tab

NOT_TESTED = pytest.StashKey[bool]()


@pytest.fixture
async def browser(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of Chromium; skips the test without it, and the end of the run says so."""
    program = installed()
    if program is None:
        request.config.stash[NOT_TESTED] = True
        pytest.skip("pages NOT looked at: there is no Chromium")
    async with tab(program, tmp_path / "profile") as opened:
        yield opened


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say it loudly when there was no browser: a skip is easily overlooked."""
    if config.stash.get(NOT_TESTED, False):
        terminalreporter.write_sep("!", "pages were NOT looked at: no Chromium", red=True)
