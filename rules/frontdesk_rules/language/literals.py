"""What may stand on the right of an operator: a row says what it accepts, how it is read, and its schema."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from frontdesk_rules.durations import PATTERN as DURATION_PATTERN
from frontdesk_rules.durations import is_duration, milliseconds
from frontdesk_rules.urls import glob_refusal, normal_path

HOST_PATTERN: Final = r"^[^\s/?#@:]+$"
PAIR_PATTERN: Final = r"^[^=&?#]+=[^&#]*$"
PATH_PATTERN: Final = r"^/[^?#]*$"
GLOB_PATTERN: Final = r"^(/(\*\*|[^*/?#]*(\*[^*/?#]+)*\*?))+$"
LONGEST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Literal:
    """`accepts` a value as written; `read` makes of it what actual values are compared with."""

    name: str
    needs: str
    accepts: Callable[[object], bool]
    schema: dict[str, object]
    read: Callable[..., object] = lambda value: value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_scalar(value: object) -> bool:
    return _is_text(value) or is_number(value) or _is_flag(value)


def _is_glob(value: object) -> bool:
    return isinstance(value, str) and _is_text(value) and glob_refusal(value) is None


def _spelled(pattern: str) -> Callable[[object], bool]:
    fits = re.compile(pattern)
    return lambda value: isinstance(value, str) and _is_text(value) and fits.fullmatch(value) is not None


def _text(pattern: str | None = None) -> dict[str, object]:
    limits: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
    return limits if pattern is None else {**limits, "pattern": pattern}


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
)
LITERALS: Final = {row.name: row for row in _ROWS}
