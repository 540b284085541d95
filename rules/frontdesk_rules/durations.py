"""Lengths of time as written in rules: `60s`, `5m`, `24h`, `14d`."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Final

UNIT_MS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
PATTERN: Final = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?[smhd]$"
_WRITTEN: Final = re.compile(PATTERN)


def is_duration(text: object) -> bool:
    return isinstance(text, str) and _WRITTEN.fullmatch(text) is not None


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
