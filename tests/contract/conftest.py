"""The databases that every contract is tried on."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage import Storage
from tests import ready


def sqlite(request: pytest.FixtureRequest) -> str:
    """A file that is not there yet, or one with all tables where a test wants an open storage."""
    folder: Path = request.getfixturevalue("tmp_path")
    file = folder / "data" / "fedigest.sqlite3"
    if "storage" in request.fixturenames:
        ready.database(file)
    return f"sqlite:///{file}"


def postgres(request: pytest.FixtureRequest) -> str:
    """A database without a table, or with all of them where a test wants an open storage."""
    opened = "storage" in request.fixturenames
    return str(request.getfixturevalue("migrated_postgres_url" if opened else "postgres_url"))


# One line more, and every test here runs on another database as well.
ENGINES: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "postgres": postgres,
    "sqlite": sqlite,
}


@pytest.fixture(params=sorted(ENGINES))
def url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database."""
    return ENGINES[str(request.param)](request)


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    """An open, empty storage."""
    opened = await Storage.open(url)
    yield opened
    await opened.close()
