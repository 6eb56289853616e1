"""The databases that every contract is tried on."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage import Storage

# One line more, and every test here runs on another database as well.
ENGINES: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder}/data/fedigest.sqlite3",
}


@pytest.fixture(params=sorted(ENGINES))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    return ENGINES[str(request.param)](tmp_path)


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    """An open, empty storage."""
    opened = await Storage.open(url)
    yield opened
    await opened.close()
