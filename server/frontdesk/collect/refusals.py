"""Every way in which an item does not become an event, or not all of it: closed sets, counted by step and reason."""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct

from frontdesk.core.client_ip import masked


class Rejected(StrEnum):
    """Why an item was refused: the answer names it, the dead-letter table keeps it. The value is the `code`.

    `FAILED` is our own fault: storing it failed in a way that would come again.
    """

    MALFORMED = "malformed"
    INVALID = "invalid"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    TOO_LATE = "too_late"
    CONFLICT = "conflict"
    FAILED = "failed"


class Dropped(StrEnum):
    """Why a sound item was left out, as its site or its person wishes; a duplicate is one that we have."""

    DUPLICATE = "duplicate"
    NOT_FOR_US = "not_for_us"
    BOT = "bot"
    NO_CONSENT = "no_consent"
    IGNORED_IP = "ignored_ip"
    IGNORED_PATH = "ignored_path"
    STAFF = "staff"


def without_keys(text: str) -> str:
    """Text that will be kept or shown.

    >>> without_keys('{"writeKey": "sk_0123456789abcdef0123456789abcdef"}')
    '{"writeKey": "sk_…"}'
    """
    return _KEY.sub(r"\1_…", text)


_KEY = re.compile(r"\b(sk|pk|vt)_[0-9a-f]{16,}")


def with_masked_ips(text: str) -> str:
    """Text in which whatever is named `ip` is masked, so that its network is left.

    >>> with_masked_ips('{"context": {"ip": "203.0.113.9"}}'), with_masked_ips('{"ip":"2001:db8:1:2::3","v":"1.2.3.4"}')
    ('{"context": {"ip": "203.0.113.0"}}', '{"ip":"2001:db8:1::","v":"1.2.3.4"}')
    """
    return _IP.sub(lambda found: found[1] + masked(found[2]), text)


_IP = re.compile(r'((?i:"ip(?:_?address)?")\s*:\s*")([^"]*)')


class Refusal(Struct, frozen=True):
    """A refused item; `step` of the pipeline is the one that said no."""

    message_id: str | None
    code: Rejected
    field: str | None
    detail: str
    body: bytes
    step: str = "parse"

    @property
    def text(self) -> str:
        """The item as it came, as both databases can hold it, without the keys that a call of its own carries, and
        with addresses masked.
        """
        return with_masked_ips(without_keys(self.body.decode("utf-8", "replace").replace("\x00", "")))

    def on_the_wire(self) -> dict[str, str | None]:
        return {"messageId": self.message_id, "code": self.code, "field": self.field, "detail": self.detail}


ATTRIBUTES_TOO_LARGE: Final = "attributes_too_large"


class LeftOut(Struct, frozen=True):
    """Attributes of an item that is stored: no room was left for them beside all that is known."""

    message_id: str
    names: tuple[str, ...]

    @property
    def field(self) -> str:
        return f"traits.{self.names[0]}"

    @property
    def detail(self) -> str:
        others = len(self.names) - 1
        which = f"this attribute and for {others} more" if others else "this attribute"
        return f"Of one person or company 64 KB of attributes are kept: there was no room for {which}."

    def on_the_wire(self) -> dict[str, str]:
        told = {"code": ATTRIBUTES_TOO_LARGE, "field": self.field, "detail": self.detail}
        return {"messageId": self.message_id, **told}


class Drop(Struct, frozen=True):
    """A sound item that was left out."""

    step: str
    reason: Dropped
