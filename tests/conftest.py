"""What holds in every test."""

import os
from collections.abc import Iterator

import pytest

from tests.kept_from_models import KEPT
from tests.postgres import Cluster, PostgresMissing

NO_POSTGRES = pytest.StashKey[str]()


@pytest.fixture(autouse=True)
def nothing_kept_from_models_is_shown_to_one() -> Iterator[None]:
    """No text of a person without permission reaches a model, whatever else a test is about."""
    KEPT.take()
    yield
    assert KEPT.take() == [], "a model was shown what its author keeps from models"


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A PostgreSQL server for all tests; skips them without one, and fails them where CI is."""
    try:
        started = Cluster.start()
    except PostgresMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL must be tested in CI: {error}")
        request.config.stash[NO_POSTGRES] = str(error)
        pytest.skip(f"PostgreSQL NOT tested: {error}")
    yield started
    started.remove()


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """URL of a PostgreSQL database without a table."""
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def migrated_postgres_url(cluster: Cluster) -> Iterator[str]:
    """URL of a PostgreSQL database with all tables, which is made faster."""
    name = cluster.create_migrated()
    yield cluster.url(name)
    cluster.drop(name)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say it loudly when there was no PostgreSQL: a skip is easily overlooked."""
    reason = config.stash.get(NO_POSTGRES, None)
    if reason is not None:
        terminalreporter.write_sep("!", "PostgreSQL was NOT tested", red=True)
        terminalreporter.write_line(reason)
