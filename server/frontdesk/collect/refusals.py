"""Every way in which an item does not become an event, or not all of it: closed sets, counted by step and reason."""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct

from frontdesk.core.client_ip import masked
from frontdesk.people.unkept import WANTED


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


class Reduced(StrEnum):
    """Why some values of an item that is stored were left out, or only begun. The value is the `code`."""

    TOO_MANY_KEYS = "too_many_keys"
    KEY_CUT = "key_cut"
    TEXT_CUT = "text_cut"
    WRONG_KIND = "wrong_kind"
    ATTRIBUTES_TOO_LARGE = "attributes_too_large"


class LeftOut(Struct, frozen=True):
    """Values of an item that is stored without them, or with their beginnings, by their fields."""

    message_id: str
    code: Reduced
    fields: tuple[str, ...]

    @property
    def step(self) -> str:
        return step_of(self.code)

    @property
    def detail(self) -> str:
        others = len(self.fields) - 1
        told = _REDUCED[self.code][1].format(wanted=WANTED.get(self.fields[0].removeprefix("traits."), "a text"))
        return told + (f" So it is with {others} more." if others else "")

    def on_the_wire(self) -> dict[str, str]:
        return {"messageId": self.message_id, "code": self.code, "field": self.fields[0], "detail": self.detail}


def step_of(code: Reduced) -> str:
    """The step of the pipeline at which that is found."""
    return _REDUCED[code][0]


_REDUCED: Final = {
    Reduced.TOO_MANY_KEYS: ("parse", "An object has at most 256 keys: there was no room for this one."),
    Reduced.KEY_CUT: ("parse", "A key has at most 100 characters: of this one the beginning is kept."),
    Reduced.TEXT_CUT: (
        "parse",
        "Of a text the beginning is kept: 8,000 characters; of an address 2,000, of a page's title 300, of an event's "
        "name and of what a campaign says 200, of a language and a time zone 64, of a reserved trait 50 to 8,000.",
    ),
    Reduced.WRONG_KIND: ("parse", "This trait is reserved: what belongs here is {wanted}."),
    Reduced.ATTRIBUTES_TOO_LARGE: (
        "person",
        "Of one person or company 64 KB of attributes are kept: there was no room for this one.",
    ),
}


class Drop(Struct, frozen=True):
    """A sound item that was left out."""

    step: str
    reason: Dropped
