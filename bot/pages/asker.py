"""From which network somebody asks: to bound what one may ask for, and kept in memory only."""

from ipaddress import IPv6Address, ip_address

from aiohttp import web

WHOLE = {4: 24, 6: 48}
"""Bits of an address that tell networks apart: what one customer of a provider may have."""


def network_of(request: web.Request) -> str | None:
    """Return the network of whoever asks, or None where a proxy does not say for whom it does.

    Only a proxy on our own network is believed, and only the last address: it wrote that itself.
    """
    told = request.headers.getall("X-Forwarded-For", [])
    last = told[-1].rpartition(",")[2].strip() if told else None
    try:
        address = ip_address(request.remote or "")
        if not address.is_global:
            if last is None:
                return None
            address = ip_address(last)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = WHOLE[address.version]
    return f"{int(address) >> (address.max_prefixlen - bits):x}/{bits}"
