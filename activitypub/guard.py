"""Which addresses may be asked at all: the guard against requests forged through us (SSRF).

Checked on the URL before anything is resolved, and on each address at the moment of dialling, so
that a name that changes its answer between the two (DNS rebinding) gains nothing.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from activitypub.addressing import host_of
from activitypub.errors import Forbidden

IPV4_CLOSED = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
IPV6_OPEN = IPv6Network("2000::/3")
"""Global unicast; everything else (mapped IPv4, NAT64, link-local, multicast) is outside it."""
IPV6_CLOSED = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
LONGEST_URL = 2048
UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """The rules. `allow_loopback` adds loopback, any port and plain http: development only."""

    allow_loopback: bool = False

    def check_url(self, url: str) -> None:
        """Raise `Forbidden` unless `url` is one we may ask, as far as its text tells."""
        if len(url) > LONGEST_URL or UNPRINTABLE.search(url):
            raise Forbidden("the address has spaces or control characters, or is too long")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Forbidden("the address cannot be read", url=url) from None
        if not host or parts.username is not None or parts.password is not None:
            raise Forbidden("the address has no host, or a user name", url=url)
        if not host_of(url):
            raise Forbidden("the host is written in a way that is not taken", url=url)
        allowed = {"https", "http"} if self.allow_loopback else {"https"}
        if parts.scheme not in allowed:
            raise Forbidden(f"the scheme {parts.scheme!r} is not allowed", url=url)
        if not self.allow_loopback and port not in (None, 443):
            raise Forbidden(f"the port {port} is not allowed", url=url)
        self._check_host(host, url)

    def check_address(self, address: str) -> None:
        """Raise `Forbidden` unless the IP address may be dialled."""
        if not self._is_open(ip_address(address.partition("%")[0])):
            raise Forbidden(f"the address {address} is not a public one")

    def _check_host(self, host: str, url: str) -> None:
        """Literal addresses are checked here, since no resolver sees them."""
        try:
            literal = ip_address(host)
        except ValueError:
            # 2130706433, 0x7f.1 and 0177.0.0.1 are addresses to some resolvers and names to none.
            last = host.rstrip(".").rpartition(".")[2]
            if last.isdigit() or last.startswith("0x"):
                raise Forbidden("the host is neither a name nor an address", url=url) from None
            if "." not in host.rstrip(".") and not self.allow_loopback:
                raise Forbidden("the host is not a public name", url=url) from None
            return
        if not self._is_open(literal):
            raise Forbidden(f"the address {literal} is not a public one", url=url)

    def _is_open(self, address: IPv4Address | IPv6Address) -> bool:
        if self.allow_loopback and address.is_loopback:
            return True
        if isinstance(address, IPv4Address):
            return not any(address in network for network in IPV4_CLOSED)
        return address in IPV6_OPEN and not any(address in network for network in IPV6_CLOSED)
