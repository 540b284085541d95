"""Times as attributes hold them: whoever sends them wrote them as they are used to.

ISO 8601; year, month and day with - / . or 年月日 between, and a time of day behind; seconds or milliseconds since
1970. What comes day or month first could be either, and is no time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from frontdesk_rules.facts.zones import instant

_LONGEST: Final = 40
_WRITTEN: Final = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[T\s]*([0-9]{1,2})\s*[:：时時点點]\s*([0-9]{1,2})\s*分?(?:\s*[:：]?\s*([0-9]{1,2})(?:\.[0-9]+)?\s*秒?)?)?"
    r"\s*(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Seconds since 1970 have ten digits from 2001 to 2286, milliseconds thirteen; other numbers count something else.
_SECONDS: Final = range(10**9, 10**10)
_MILLISECONDS: Final = range(10**12, 10**13)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def time_in(value: object, zone: tzinfo) -> datetime | None:
    """The instant that a value means; without a zone of its own it is read in this one. None for what is no time.

    >>> time_in("2026年3月2日 8:30", UTC).isoformat()
    '2026-03-02T08:30:00+00:00'
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else None
    if isinstance(value, str):
        read = _read(value.strip()) if len(value) <= _LONGEST else None
        return read if read is None or read.tzinfo else instant(read, zone)
    return _since_1970(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@lru_cache(maxsize=4096)
def _read(text: str) -> datetime | None:
    """With a zone, where it names one."""
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return _since_1970(int(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _as_written(text)


def _as_written(text: str) -> datetime | None:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    *parts, zone = found.groups()
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        local = datetime.combine(date(year, month, day), time(hour, minute, second))
        return local if zone is None else datetime.fromisoformat(f"{local.isoformat()}{zone}")
    except ValueError:
        return None


def _since_1970(number: float) -> datetime | None:
    whole = int(number) if abs(number) < _MILLISECONDS.stop else 0
    if whole in _SECONDS:
        return _EPOCH + timedelta(seconds=number)
    return _EPOCH + timedelta(milliseconds=number) if whole in _MILLISECONDS else None
