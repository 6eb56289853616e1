"""Networks of those who ask: by a proxy of ours, or directly, where headers prove nothing."""

from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.pages.asker import network_of


def network(remote: str, *told: str) -> str | None:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: (
        (remote, 1) if name == "peername" else default
    )
    headers = CIMultiDict([("X-Forwarded-For", value) for value in told])
    return network_of(make_mocked_request("POST", "/", headers=headers, transport=transport))


def test_what_a_proxy_of_ours_wrote_counts() -> None:
    known = network("127.0.0.1", "198.51.100.7")
    assert known is not None
    for same in ("6.6.6.6, 198.51.100.9", "junk,198.51.100.200", "::ffff:198.51.100.1"):
        assert network("127.0.0.1", same) == known
    assert network("172.17.0.1", "6.6.6.6", "198.51.100.7") == known, "several lines are one list"
    assert network("127.0.0.1", "198.51.101.7") != known


def test_who_comes_directly_is_known_by_their_address() -> None:
    assert network("8.8.8.8", "198.51.100.7") == network("8.8.8.9") != None  # noqa: E711
    assert network("2a00:1450:4001::1") == network("2a00:1450:4001:ffff::2")
    assert network("2a00:1450:4001::1") != network("2a00:1450:4002::1")


@pytest.mark.parametrize("told", [(), ("",), ("nobody",), ("198.51.100.7, unknown",)])
def test_who_is_not_named_is_nobody(told: tuple[str, ...]) -> None:
    assert network("127.0.0.1", *told) is None
