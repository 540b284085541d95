"""Lengths of time as written in rules: `60s`, `5m`, `24h`, `14d`."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Final

UNIT_MS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# how many digits each unit has: no length is beyond some 270 years, so that times can be reckoned with any of them
_DIGITS: Final = {"s": 9, "m": 8, "h": 6, "d": 5}
_LONGEST: Final = "99999d"
_NUMBER: Final = r"(0|[1-9][0-9]{{0,{}}})(\.[0-9]{{1,3}})?{}"
PATTERN: Final = f"^({'|'.join(_NUMBER.format(digits - 1, unit) for unit, digits in _DIGITS.items())})$"
_WRITTEN: Final = re.compile(PATTERN)
_TOO_LONG: Final = re.compile(r"[1-9][0-9]*(\.[0-9]+)?[smhd]")


def is_duration(text: object) -> bool:
    return isinstance(text, str) and _WRITTEN.fullmatch(text) is not None


def needed(example: str, given: object) -> str:
    """What to say of something that is no duration, where one stands.

    >>> needed("24h", "soon"), needed("24h", "999999d")
    ('a duration such as 24h is needed here', 'a duration is at most 99999d')
    """
    if isinstance(given, str) and _TOO_LONG.fullmatch(given) and not is_duration(given):
        return f"a duration is at most {_LONGEST}"
    return f"a duration such as {example} is needed here"


@lru_cache(maxsize=4096)  # rules say a few, and are asked about them at every moment
def milliseconds(text: str) -> int:
    """`60s` → 60000.

    >>> milliseconds("1.5m")
    90000
    """
    return round(float(text[:-1]) * UNIT_MS[text[-1]])


@lru_cache(maxsize=4096)
def lasting(text: str) -> timedelta:
    """The same as a length of time.

    >>> lasting("1.5m").total_seconds()
    90.0
    """
    return timedelta(milliseconds=milliseconds(text))
