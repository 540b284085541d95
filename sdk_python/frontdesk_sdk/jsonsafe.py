"""Any Python value as one that every JSON reader takes. A pure function; hostile objects included."""

import base64
import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from typing import TypeAlias
from uuid import UUID

from frontdesk_sdk.clock import stamp

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 16
MAX_VALUES = 16 * 1024  # the shortest value takes two bytes ("0,"), so more cannot fit into 32 KB
_INT_BITS = 63  # what a signed 64-bit reader takes; larger numbers travel as text


class TooMuch(Exception):  # noqa: N818 - a plain statement, as all refusals here
    """The value has more parts than an event can hold (or no end)."""


def safe(value: object) -> Json:
    """A deep copy of `value` made of plain JSON types only.

    Times become ISO 8601 text, decimals and durations numbers, sets lists, bytes text (or base64), NaN and
    the infinities null; lone surrogates and NUL are left out; an unknown object becomes its ``str``, and one that
    raises when it is looked at becomes ``<NameOfItsType>``.

    Raises TooMuch beyond MAX_VALUES parts. Deeper than MAX_DEPTH the value is cut, which also ends a cycle.
    """
    return _Walk().visit(value, 0)


class _Walk:
    def __init__(self) -> None:
        self._left = MAX_VALUES

    def visit(self, value: object, depth: int) -> Json:
        self._left -= 1
        if self._left < 0:
            raise TooMuch
        scalar = _EXACT.get(type(value))
        if scalar is not None:
            return scalar(value)
        if depth >= MAX_DEPTH:
            return None
        try:
            return self._open(value, depth + 1)
        except TooMuch:
            raise
        except Exception:  # noqa: BLE001 - the host's own objects may raise anything from anywhere
            return f"<{type(value).__name__}>"

    def _open(self, value: object, depth: int) -> Json:
        if isinstance(value, Mapping):
            return {_key(key): self.visit(item, depth) for key, item in value.items()}
        if isinstance(value, (list, tuple, AbstractSet)):
            return [self.visit(item, depth) for item in value]
        return _scalar(value)


def _key(key: object) -> str:
    return text(key) if type(key) is str else str(_scalar(key))


def _scalar(value: object) -> Json:
    for kind, convert in _BY_KIND:
        if isinstance(value, kind):
            return convert(value)
    return text(str(value))


def text(value: str) -> str:
    """Without NUL and lone surrogates; a surrogate pair becomes its character."""
    if value.isascii():
        return value.replace("\0", "") if "\0" in value else str.__str__(value)
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return whole.replace("\0", "")


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _integer(value: int) -> int | str:
    return int(value) if value.bit_length() <= _INT_BITS else hex(value)


def _decimal(value: Decimal) -> float | int | None:
    if not value.is_finite():
        return None
    whole = abs(value) < 1 << _INT_BITS and value == value.to_integral_value()
    return int(value) if whole else _number(float(value))


def _binary(value: bytes) -> str:
    try:
        return text(bytes(value).decode("utf-8"))
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")


_EXACT: dict[type, Callable[..., Json]] = {
    str: text,
    int: _integer,
    float: _number,
    bool: bool,
    type(None): lambda _: None,
}

# Read from the top: an Enum may also be a str, a datetime is a date, a bool is Integral.
_BY_KIND: tuple[tuple[type | tuple[type, ...], Callable[..., Json]], ...] = (
    (Enum, lambda value: _scalar(value.value)),
    (str, text),
    (datetime, stamp),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, lambda value: value.total_seconds()),
    (Decimal, _decimal),
    (UUID, str),
    ((bytes, bytearray, memoryview), _binary),
    (Integral, lambda value: _integer(int(value))),
    (Real, lambda value: _number(float(value))),
    (type(None), lambda _: None),
)
