"""The browser that the pages are looked at with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.chromium import Tab, installed, tab


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of Chromium; skips the test without it, and the end of the run says so."""
    program = installed()
    if program is None:
        pytest.skip("pages NOT looked at: there is no Chromium")
    async with tab(program, tmp_path / "profile") as opened:
        yield opened
