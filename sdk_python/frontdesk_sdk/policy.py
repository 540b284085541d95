"""What an answer means, and how long to wait before the next try. Pure."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from frontdesk_sdk.problems import Dropped

FIRST_PAUSE = 0.5  # seconds; doubled with each try
LONGEST_PAUSE = 30.0
LONGEST_OBEYED = 300.0  # a Retry-After beyond five minutes is a mistake or an attack


class Verdict(Enum):
    """What to do with a batch after one try."""

    DONE = auto()
    RETRY = auto()
    SPLIT = auto()
    DROP = auto()


_VERDICTS: Mapping[int, Verdict] = {
    200: Verdict.DONE,
    408: Verdict.RETRY,
    413: Verdict.SPLIT,
    429: Verdict.RETRY,
}
_REASONS: Mapping[int, Dropped] = {
    400: Dropped.MALFORMED,
    401: Dropped.UNKNOWN_KEY,
    413: Dropped.TOO_LARGE,
}


def verdict(status: int) -> Verdict:
    """The meaning of an HTTP status; 0 stands for a network error."""
    if status == 0 or status >= 500:  # noqa: PLR2004 - every server error may pass
        return Verdict.RETRY
    return _VERDICTS.get(status, Verdict.DROP)


def reason(status: int) -> Dropped:
    """Why a batch with this final answer is dropped."""
    return _REASONS.get(status, Dropped.REFUSED)


def pause(tries: int, retry_after: str | None, chance: float, now: datetime) -> float:
    """Seconds before the next try, after `tries` failed ones; `chance` in [0, 1) spreads senders apart.

    The server's Retry-After (seconds or an HTTP date) is a floor, so that jitter is never early.
    """
    backoff = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(tries - 1, 16))
    asked = _asked(retry_after, now)
    if asked is not None:
        return min(asked, LONGEST_OBEYED) * (1 + chance / 10)
    return backoff * (0.5 + chance / 2)


def _asked(retry_after: str | None, now: datetime) -> float | None:
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdigit():
            return float(retry_after)
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    except (TypeError, ValueError):
        return None
