"""By which server letters leave, and from whom: read once from the settings."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import ValidationError

_PORTS: Final = {"smtp": 587, "smtps": 465}
# An atom of RFC 5322 with what real addresses hold: nothing that a header, a list or a route could be made of.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"[A-Za-z0-9_+~'&*#/=^-]+(?:\.[A-Za-z0-9_+~'&*#/=^-]+)*@(?:{_LABEL}\.)*{_LABEL}")
LONGEST_ADDRESS: Final = 254
_LONGEST_LOCAL: Final = 64


@dataclass(frozen=True, slots=True)
class Mail:
    """The SMTP server and the sender. `tls` is `starttls`, `implicit` or `no`; `ca` is a file that vouches for it."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False)
    ca: Path | None
    sender_name: str | None
    sender_address: str


def read_mail(url: str, sender: str) -> Mail:
    """`smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS from the start); `?tls=no` for a relay of one's own,
    `?ca=/path.pem` for one's own authority. ValidationError says what is wrong, without the password."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not parts.hostname or not port or parts.path.strip("/") or asked.keys() - {"tls", "ca"}:
        raise ValidationError("A mail server is written smtp://user:password@host:587 or smtps://….")
    if asked.get("tls", "no") != "no":
        raise ValidationError("tls=no is all that can be said of TLS here.")
    name, address = read_sender(sender)
    return Mail(
        host=parts.hostname,
        port=port,
        tls="implicit" if parts.scheme == "smtps" else asked.get("tls", "starttls"),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        ca=Path(asked["ca"]) if "ca" in asked else None,
        sender_name=name,
        sender_address=address,
    )


def read_sender(text: str) -> tuple[str | None, str]:
    """Name and address of `Bellshop <hello@bellshop.example>`; ValidationError for anything but one of them.

    >>> read_sender("Bellshop <hello@bellshop.example>")
    ('Bellshop', 'hello@bellshop.example')
    """
    name, address = parseaddr(text)
    if not is_address(address) or any(not char.isprintable() for char in text):
        raise ValidationError("A sender is written Bellshop <hello@bellshop.example>.")
    return name or None, address


def is_address(text: str) -> bool:
    """Whether this is one plain address that a letter may be sent to.

    >>> is_address("li.na+shop@example.com"), is_address("a@example.com, b@example.com")
    (True, False)
    """
    local, _, _ = text.partition("@")
    return len(text) <= LONGEST_ADDRESS and len(local) <= _LONGEST_LOCAL and _ADDRESS.fullmatch(text) is not None
