"""What holds in every test."""

from collections.abc import Iterator

import pytest

from tests.kept_from_models import KEPT


@pytest.fixture(autouse=True)
def nothing_kept_from_models_is_shown_to_one() -> Iterator[None]:
    """No text of a person without permission reaches a model, whatever else a test is about."""
    KEPT.take()
    yield
    assert KEPT.take() == [], "a model was shown what its author keeps from models"
