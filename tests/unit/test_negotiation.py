"""Who gets the document and who the page, by what they accept and how gladly."""

import pytest
from aiohttp.test_utils import make_mocked_request

from activitypub.server.negotiate import wants_activity

JSON, HTML = "application/activity+json", "text/html"


@pytest.mark.parametrize(
    ("accept", "document"),
    [
        (JSON, True),
        (HTML, False),
        ("*/*", False),
        ("", False),
        (f"{JSON}, {HTML}", True),
        (f"{HTML}, {JSON}", False),
        (f"{HTML};q=0.1, {JSON}", True),
        (f"{HTML}; Q=0.5 , {JSON}; q=0.9", True),
        (f"{JSON};q=0.8, {HTML};q=0.9", False),
        (f"{JSON};q=0, {HTML};q=0.001", False),
        (f"{JSON};q=0", False),
        (f"{JSON};q=most, {HTML};q=0.9", True),
        (f"{JSON};q=7, {HTML};q=0.9", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"; q=0.9, */*', True),
        (f"text/html,application/xhtml+xml,{JSON};q=0.9,*/*;q=0.8", False),
    ],
)
def test_the_weights_count_and_then_the_order(accept: str, document: bool) -> None:  # noqa: FBT001
    request = make_mocked_request("GET", "/", headers={"Accept": accept})
    assert wants_activity(request) is document
