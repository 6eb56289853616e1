"""What holds in every test."""

import os
from collections.abc import Iterator

import pytest

from bot.demo import fediverse
from tests.kept_from_models import KEPT
from tests.postgres import Cluster, PostgresMissing


def pytest_configure() -> None:
    """Let processes that test side by side take ports from ranges of their own.

    A port is free when it is chosen, and a moment later somebody else may have it.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    many = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    fediverse.OTHER_PORTS = fediverse.OTHER_PORTS[worker::many]


@pytest.fixture(autouse=True)
def nothing_kept_from_models_is_shown_to_one() -> Iterator[None]:
    """No text of a person without permission reaches a model, whatever else a test is about."""
    KEPT.take()
    yield
    assert KEPT.take() == [], "a model was shown what its author keeps from models"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests; skips them without one, and fails them where CI is."""
    try:
        started = Cluster.start()
    except PostgresMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL must be tested in CI: {error}")
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which part of the world was missing: a skip is easily overlooked."""
    skipped = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ())}
    for reason in sorted(skipped):
        if " NOT " in reason:
            terminalreporter.write_sep("!", reason.removeprefix("Skipped: "), red=True)
