"""Where we may connect to: never into our own network, however it is spelled. Looked at at save and again at send.

Of `ipaddress`, `is_global` is true for NAT64, 6to4 and `::127.0.0.1`; so what is closed stands in tables of our own,
from IANA's registries of special-purpose addresses.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from frontdesk.core.hosts import in_ascii

Address = IPv4Address | IPv6Address

_CLOSED_V4: Final = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
    )
)  # fmt: skip
# Of IPv6 only what is handed out to the world, without what carries an IPv4 address in it (6to4, Teredo, NAT64).
_OPEN_V6: Final = IPv6Network("2000::/3")
_CLOSED_V6: Final = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# Names that mean this machine or this network everywhere. A name without a dot is one of this network, too.
_CLOSED_NAMES: Final = re.compile(
    r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home|corp|arpa|onion)"
)
_LABELS: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")
_LONGEST_HOST: Final = 253
_PORTS: Final = {"http": 80, "https": 443}


class AddressRefused(ValueError):  # noqa: N818  a refusal is not an error of ours
    """We do not connect there; the text says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart. `host` is ASCII, an IPv6 address without its brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """`https://hooks.example.com:443`: what is dead or alive as a whole."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def netloc(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read(url: str, private_hosts: Collection[str] = ()) -> Target:
    """The target of a URL. AddressRefused for what is no web address, or one that is closed by its spelling alone.

    A host among `private_hosts` is taken as it is. What a name resolves to is asked when we connect.
    """
    if any(char.isspace() or not char.isprintable() for char in url) or "\\" in url:
        raise AddressRefused("an address holds no spaces and no backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("this is not a web address") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise AddressRefused("an address begins with https:// and a host")
    if "@" in parts.netloc:
        raise AddressRefused("an address holds neither user nor password")
    host = _plain(parts.hostname)
    if host not in private_hosts and not _open_as_spelled(host):
        raise AddressRefused(f"{host} is in a network of its own, where we do not connect to")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused("write other than ASCII characters of a path as %…")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def is_public(address: Address) -> bool:
    """Whether the address is handed out to somebody in the world.

    >>> is_public(ip_address("64:ff9b::7f00:1")), is_public(ip_address("93.184.216.34"))
    (False, True)
    """
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _CLOSED_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in _OPEN_V6 and not any(address in net for net in _CLOSED_V6)


def _plain(host: str) -> str:
    """The host as a resolver would read it: compatibility forms undone, ASCII, lower case, without a final dot."""
    text = unicodedata.normalize("NFKC", host).replace("。", ".").lower().removesuffix(".")
    if ":" in text:
        return _plain_v6(text)
    try:
        text = ".".join(map(in_ascii, text.split(".")))
    except UnicodeError:
        raise AddressRefused("this is not the name of a host") from None
    if not _LABELS.fullmatch(text) or len(text) > _LONGEST_HOST:
        raise AddressRefused("this is not the name of a host")
    return str(_as_v4(text)) if _NUMBER.fullmatch(text.rpartition(".")[2]) else text


def _plain_v6(text: str) -> str:
    try:
        return str(IPv6Address(text.partition("%")[0])) if "%" not in text else "fe80::"  # a zone is of this link
    except ValueError:
        raise AddressRefused("this is not an address") from None


def _as_v4(text: str) -> IPv4Address:
    """What ends in a number is an IPv4 address in one of its old spellings: `127.1`, `0x7f.1`, `017700000001`."""
    numbers = [_number(part) for part in text.split(".")]
    *firsts, last = numbers
    if len(numbers) > 4 or any(number > 255 for number in firsts) or last >= 256 ** (5 - len(numbers)):  # noqa: PLR2004  four bytes
        raise AddressRefused("this is not an address")
    return IPv4Address(sum(number << 8 * (3 - place) for place, number in enumerate(firsts)) + last)


def _number(text: str) -> int:
    base = 16 if text.startswith("0x") else 8 if text.startswith("0") else 10
    try:
        return int(text.removeprefix("0x") or "0", base)
    except ValueError:
        raise AddressRefused("this is not an address") from None


def _open_as_spelled(host: str) -> bool:
    try:
        return is_public(ip_address(host))
    except ValueError:
        return "." in host and not _CLOSED_NAMES.fullmatch(host)
