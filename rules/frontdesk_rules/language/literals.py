"""What may stand on the right of an operator: a row says what it accepts, how it is kept and read, and its schema."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeAlias

from frontdesk_rules.durations import PATTERN as DURATION_PATTERN
from frontdesk_rules.durations import is_duration, milliseconds
from frontdesk_rules.facts import patterns
from frontdesk_rules.facts.versions import PATTERN as VERSION_PATTERN
from frontdesk_rules.facts.versions import version
from frontdesk_rules.facts.zones import WEEKDAYS
from frontdesk_rules.language.compounds import Bounds, Share, bounds_of, share_of
from frontdesk_rules.urls import glob_refusal, normal_path

HOST_PATTERN: Final = r"^[^\s/?#@:]+$"
PAIR_PATTERN: Final = r"^[^=&?#]+=[^&#]*$"
PATH_PATTERN: Final = r"^/[^?#]*$"
GLOB_PATTERN: Final = r"^(/(\*\*|[^*/?#]*(\*[^*/?#]+)*\*?))+$"
CLOCK_PATTERN: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
KEY_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,62}$"
INSTANT_PATTERN: Final = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?$"
)
LONGEST_TEXT: Final = 2_000

Scalar: TypeAlias = str | int | float | bool
Kept: TypeAlias = Scalar | Bounds | Share
Schema: TypeAlias = dict[str, object]


def _as_written(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Literal:
    """`accepts` a value as written; `keep` freezes it; `read` makes of that what actual values are compared with."""

    name: str
    needs: str
    accepts: Callable[[object], bool]
    schema: Schema
    read: Callable[..., object] = _as_written
    keep: Callable[..., object] = _as_written


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def is_number(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_scalar(value: object) -> bool:
    return _is_text(value) or is_number(value) or _is_flag(value)


def _is_glob(value: object) -> bool:
    return isinstance(value, str) and _is_text(value) and glob_refusal(value) is None


def _is_regex(value: object) -> bool:
    return isinstance(value, str) and _is_text(value) and patterns.refusal(value) is None


def _spelled(pattern: str) -> Callable[[object], bool]:
    fits = re.compile(pattern)
    return lambda value: isinstance(value, str) and _is_text(value) and fits.fullmatch(value) is not None


def _is_instant(value: object) -> bool:
    if not (isinstance(value, str) and re.fullmatch(INSTANT_PATTERN, value)):
        return False
    try:
        read_instant(value)
    except ValueError:
        return False
    return True


def read_instant(text: str) -> datetime:
    """A date or time as written; without a zone it stays local, and is read in that of whoever is asked about."""
    if "T" in text:
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text), time())


def clock_minutes(text: str) -> int:
    """`18:30` as minutes since midnight; `24:00` is the end of the day.

    >>> clock_minutes("18:30")
    1110
    """
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _text(pattern: str | None = None) -> Schema:
    limits: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
    return limits if pattern is None else {**limits, "pattern": pattern}


_REGEX: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": patterns.LONGEST_PATTERN}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_COMPARED: Final = ("eq", "gt", "gte", "lt", "lte")
_BOUNDS: Final[Schema] = {
    "anyOf": [
        _COUNT,
        {
            "type": "object",
            "properties": dict.fromkeys(_COMPARED, _COUNT),
            "minProperties": 1,
            "additionalProperties": False,
        },
    ]
}
_PERCENT: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 100}
_SHARE: Final[Schema] = {
    "type": "object",
    "properties": {"salt": _text(KEY_PATTERN), "from": _PERCENT, "to": _PERCENT},
    "required": ["salt", "to"],
    "additionalProperties": False,
}

_ROWS: Final = (
    Literal("text", "text", _is_text, _text()),
    Literal("number", "a number", is_number, {"type": "number"}),
    Literal("flag", "true or false", _is_flag, {"type": "boolean"}),
    Literal("any", "text, a number, true or false", _is_scalar, {"type": ["string", "number", "boolean"]}),
    Literal("duration", "a duration such as 60s, 5m, 24h, 14d", is_duration, _text(DURATION_PATTERN), milliseconds),
    Literal("path", "a path that begins with /", _spelled(PATH_PATTERN), _text(PATH_PATTERN), normal_path),
    Literal("glob", "a path such as /docs/** or /**/pricing", _is_glob, _text(GLOB_PATTERN)),
    Literal("host", "a host such as shop.example", _spelled(HOST_PATTERN), _text(HOST_PATTERN), str.lower),
    Literal("pair", "name=value", _spelled(PAIR_PATTERN), _text(PAIR_PATTERN)),
    Literal("regex", "a regular expression that RE2 takes", _is_regex, _REGEX),
    Literal("instant", "a date or time such as 2026-03-01 or 2026-03-01T09:00Z", _is_instant,
            _text(INSTANT_PATTERN), read_instant),
    Literal("clock", "a time of day such as 09:00", _spelled(CLOCK_PATTERN), _text(CLOCK_PATTERN), clock_minutes),
    Literal("weekday", f"one of {', '.join(WEEKDAYS)}", WEEKDAYS.__contains__, {"enum": list(WEEKDAYS)},
            WEEKDAYS.index),
    Literal("version", "a version such as 2.1.0", _spelled(VERSION_PATTERN), _text(VERSION_PATTERN), version),
    Literal("key", "a key of small letters, digits, - and _", _spelled(KEY_PATTERN), _text(KEY_PATTERN)),
    Literal("bounds", "a whole number, or {gte: …, lt: …}", lambda value: bounds_of(value) is not None,
            _BOUNDS, keep=bounds_of),
    Literal("share", "{salt: …, from: 0, to: 50} in percent", lambda value: share_of(value) is not None,
            _SHARE, keep=share_of),
)  # fmt: skip
LITERALS: Final = {row.name: row for row in _ROWS}
