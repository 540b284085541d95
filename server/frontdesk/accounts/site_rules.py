"""What a site takes: from which origins, from whom not, and with whose consent. Pure; read once, at the border."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from frontdesk.core.errors import Invalid
from frontdesk.core.hosts import in_ascii
from frontdesk.core.text import clean
from frontdesk_rules.urls import glob_refusal

CONSENTS: Final = ("granted", "opt_in")
BOTS: Final = ("drop", "keep")
MOST_ENTRIES: Final = 200
LONGEST_ENTRY: Final = 300


@dataclass(frozen=True, slots=True)
class SiteRules:
    """A site's settings of collect; the lists are in the spelling that `checked` gives them.

    - `origins`: whose pages may use the key: `https://shop.example` or `*.shop.example`; none: any page.
    - `ignore_ips`: addresses and CIDR ranges; `ignore_paths`: path globs of the rule language.
    - `staff`: our own people, by e-mail, `@domain` or user id.
    - `consent`: `granted`, or `opt_in` where nothing is taken of a visitor before a yes.
    - `bots`: `drop` or `keep`.
    """

    origins: tuple[str, ...] = ()
    ignore_ips: tuple[str, ...] = ()
    ignore_paths: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    consent: str = "granted"
    bots: str = "drop"

    def for_servers(self) -> "SiteRules":
        """What holds for an API key of the same workspace: a server stands in no page, is no bot, and asked its
        people itself; but an office's addresses, ignored paths and staff stay what they are, whoever reports them."""
        return replace(self, origins=(), consent="granted", bots="keep")


class SettingsRefused(Invalid):
    """Entries that cannot be taken. `errors` names each by path (`origins.1`) with the reason."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(
            " ".join(f"{path}: {reason}" if path else reason for path, reason in errors), field=errors[0][0] or None
        )
        self.errors = errors


def checked(change: Mapping[str, Any]) -> dict[str, Any]:
    """The settings named in `change`, in one spelling and without repetitions; SettingsRefused names all that is bad.

    >>> checked({"origins": ["HTTPS://Shop.Example:443/"], "ignore_ips": ["10.1.2.3/8"]})
    {'origins': ['https://shop.example'], 'ignore_ips': ['10.0.0.0/8']}
    """
    errors: list[tuple[str, str]] = []
    sound = {name: _checked_list(name, given, errors) if name in READERS else given for name, given in change.items()}
    if errors:
        raise SettingsRefused(errors)
    return sound


def _checked_list(name: str, entries: list[str], errors: list[tuple[str, str]]) -> list[str]:
    if len(entries) > MOST_ENTRIES:
        errors.append((name, f"There are at most {MOST_ENTRIES} entries."))
        return []
    kept: dict[str, None] = {}
    for at, entry in enumerate(entries):
        try:
            kept[READERS[name](_short(clean(entry, LONGEST_ENTRY + 1).strip()))] = None
        except Invalid as error:
            errors.append((f"{name}.{at}", error.detail))
    return list(kept)


_HOST = r"(?P<host>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])"
_EXACT = re.compile(rf"(?P<scheme>[a-z][a-z0-9+.-]*)://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?")
_WILDCARD = re.compile(rf"\*\.{_HOST}")
# of pages, of apps that are made of pages, and of browsers' extensions
_SCHEMES = frozenset(
    ("http", "https", "capacitor", "ionic", "tauri", "app", "chrome-extension", "moz-extension", "safari-web-extension")
)
_USUAL_PORTS = {"http": "80", "https": "443"}


def _origin(entry: str) -> str:
    """As browsers spell it: lower case, hosts in ASCII, no port that goes without saying."""
    text = _in_ascii(entry.lower().removesuffix("/"))
    wildcard = _WILDCARD.fullmatch(text)
    if wildcard and ("." in wildcard["host"] or wildcard["host"] == "localhost"):
        return text
    exact = _EXACT.fullmatch(text)
    if exact is None or exact["scheme"] not in _SCHEMES:
        raise Invalid("An origin is written https://shop.example or *.shop.example; no entry at all admits every page.")
    port = exact["port"] if exact["port"] != _USUAL_PORTS.get(exact["scheme"]) else None
    return f"{exact['scheme']}://{exact['host']}" + (f":{port}" if port else "")


def _in_ascii(origin: str) -> str:
    if origin.isascii():
        return origin
    scheme, mark, rest = origin.rpartition("://")
    host, colon, port = rest.partition(":")
    try:
        return scheme + mark + ".".join(map(in_ascii, host.split("."))) + colon + port
    except UnicodeError:
        raise Invalid("No host is spelled like this.") from None


def plain_network(text: str) -> IPv4Network | IPv6Network:
    """An address, or the range that it lies in; IPv4 within IPv6 (`::ffff:203.0.113.7`) is IPv4. Else ValueError.

    >>> plain_network("10.1.2.3/8"), plain_network("::ffff:203.0.113.7")
    (IPv4Network('10.0.0.0/8'), IPv4Network('203.0.113.7/32'))
    """
    network = ip_network(text.partition("%")[0], strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return IPv4Network((mapped, network.prefixlen - _MAPPED)) if mapped and network.prefixlen >= _MAPPED else network


_MAPPED = 96  # the bits of an IPv6 address before the IPv4 address in it


def _network(entry: str) -> str:
    """The bits of a range's hosts count for nothing."""
    try:
        network = plain_network(entry) if "%" not in entry else None
    except ValueError:
        network = None
    if network is None:
        raise Invalid("An address is written 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.")
    if not network.prefixlen:
        raise Invalid("This range is the whole internet.")
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _glob(entry: str) -> str:
    reason = glob_refusal(entry)
    if reason:
        raise Invalid(f"{reason[0].upper()}{reason[1:]}.")
    return entry


_MAIL = re.compile(r"[^\s@]*@[^\s@]+\.[^\s@]+")


def _staff(entry: str) -> str:
    """E-mails and domains compare without case, user ids with it."""
    if "@" not in entry:
        return entry
    if not _MAIL.fullmatch(entry):
        raise Invalid("Staff is named by e-mail (li@shop.example), domain (@shop.example) or user id.")
    return entry.lower()


def _short(entry: str) -> str:
    if not 0 < len(entry) <= LONGEST_ENTRY:
        raise Invalid(f"An entry has 1 to {LONGEST_ENTRY} characters.")
    return entry


READERS: Final[dict[str, Callable[[str], str]]] = {
    "origins": _origin,
    "ignore_ips": _network,
    "ignore_paths": _glob,
    "staff": _staff,
}


def as_settings(rules: SiteRules) -> dict[str, Any]:
    """The rules as the API shows them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rules).items()}
