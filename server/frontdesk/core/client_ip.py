"""The address of who asks: only configured proxies are believed."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any


def client_ip(environ: Mapping[str, Any], trusted_proxies: int) -> str | None:
    """The peer's address, or what the outermost of `trusted_proxies` wrote into X-Forwarded-For.

    >>> client_ip({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 8.8.8.8"}, 1)
    '8.8.8.8'
    """
    peer = environ.get("REMOTE_ADDR", "")
    if not trusted_proxies:
        return peer or None
    chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain.append(peer)
    return chain[max(-1 - trusted_proxies, -len(chain))] or None


def masked(ip: str) -> str:
    """The address of its network, a /24 of IPv4 or a /48 of IPv6; nothing of what is no address.

    >>> masked("203.0.113.9"), masked("::ffff:203.0.113.9"), masked("somewhere")
    ('203.0.113.0', '203.0.113.0', '')
    """
    try:
        address = ip_address(ip.strip())
    except ValueError:
        return ""
    plain = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
    return str(ip_network((plain.packed, _KEPT_BITS[plain.version]), strict=False).network_address)


_KEPT_BITS = {4: 24, 6: 48}
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
# written out, as `ipaddress.is_private` says yes to much that a stranger may come from
_NEAR = tuple(
    ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)


def is_near(environ: Mapping[str, Any], trusted_proxies: int) -> bool:
    """Whether who asks, and whoever hands on the question, is on this machine or in a private network.

    A proxy that nobody told us of (no `trusted_proxies`, yet a header of one) may speak for the whole internet.
    """
    if not trusted_proxies and any(header in environ for header in _FORWARDED):
        return False
    return _is_near(environ.get("REMOTE_ADDR")) and _is_near(client_ip(environ, trusted_proxies))


@lru_cache(maxsize=4096)
def _is_near(ip: str | None) -> bool:
    try:
        address = ip_address(ip or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in _NEAR)
