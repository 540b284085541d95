"""Times as exports and spreadsheets write them, in the spelling of the wire. Pure.

Without a zone they are UTC. What can be read in two ways is not guessed at.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

AHEAD = timedelta(minutes=5)  # of our clock, as much as a sender's may be
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"
    r"(?:[T ](?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?) ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-./])[0-9]{1,2}\1([0-9]{4}|[0-9]{2})\b.*")
_SECONDS = re.compile(r"[0-9]{9,10}(\.[0-9]+)?")
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
_SO = "write it as 2026-11-02 or 2026-11-02T10:00:00Z"


def moment(given: Any) -> datetime:
    """When `given` says; ValueError tells in a sentence what is wrong with it.

    >>> moment("2026/3/1").isoformat(), moment("2026-03-01 10:00").isoformat(), moment(1_772_323_200).isoformat()
    ('2026-03-01T00:00:00+00:00', '2026-03-01T10:00:00+00:00', '2026-03-01T00:00:00+00:00')
    """
    text = str(given).strip() if isinstance(given, str | int | float) else ""
    found = next((read(text) for form, read in _FORMS if form.fullmatch(text)), None)
    if found:
        return found
    shown = text[:40] or "This"
    if _YEAR_LAST.fullmatch(text):
        raise ValueError(f"“{shown}” does not say which is the day and which the month: {_SO}.")
    raise ValueError(f"“{shown}” is no time: {_SO}.")


def past(given: Any, now: datetime) -> str:
    """The moment on the wire; ValueError as above, and for what has not happened yet."""
    at = moment(given)
    if at >= now + AHEAD:
        raise ValueError(f"“{given}” has not happened yet: an import takes what has.")
    return at.isoformat()


def _year_first(text: str) -> datetime | None:
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        return None
    hours, _, rest = (found["clock"] or "00:00").partition(":")
    seconds, point, fraction = rest.partition(".")
    zone = {None: "+00:00", "Z": "+00:00", "UTC": "+00:00"}.get(found["zone"], found["zone"])
    date = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
    try:
        return datetime.fromisoformat(f"{date}T{hours:0>2}:{seconds}{point}{fraction[:6]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February; a zone that leads out of the calendar
        return None


def _since_1970(unit: int) -> Callable[[str], datetime | None]:
    return lambda text: datetime.fromtimestamp(float(text) / unit, UTC)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], datetime | None]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_SECONDS, _since_1970(1)),
    (_MILLISECONDS, _since_1970(1000)),
)
