"""What /about says of the table is what the table does."""

import pytest

from activitypub.addressing import Audience
from bot.consent.table import AuthorSignals, PostSignals, Use, permitted
from bot.pages.consent_table import ROWS
from tests.unit.test_consent_table import PERMITS, SILENT, author, post

COLUMNS = (Use.COUNT, Use.LINK, Use.DIGEST, Use.QUIET, Use.DIRECT, Use.MODEL)
MEANT: tuple[tuple[AuthorSignals, PostSignals], ...] = (
    (AuthorSignals(None), post(publication=True)),
    (PERMITS, post(Audience.NARROW)),
    (PERMITS, post()),
    (SILENT, post(publication=True)),
    (SILENT, post(watched_root=True)),
    (SILENT, post(Audience.QUIET)),
    (PERMITS, post(own=True)),
    (author(indexable=True, summary="#noai"), post()),
)


def test_the_headings_are_the_columns() -> None:
    assert len(ROWS) == len(MEANT) + 1
    assert {len(row) for row in ROWS} == {len(COLUMNS) + 1}


@pytest.mark.parametrize(("row", "meant"), list(zip(ROWS[1:], MEANT, strict=True)))
def test_each_row_says_what_is_done(
    row: tuple[str, ...], meant: tuple[AuthorSignals, PostSignals]
) -> None:
    uses = permitted(*meant)
    for told, use in zip(row[1:], COLUMNS, strict=True):
        assert (use in uses) == (told != "no"), (row[0], use)
