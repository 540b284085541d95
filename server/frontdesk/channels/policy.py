"""When what could not be sent is tried again, and when it is given up. Pure."""

from datetime import timedelta
from typing import Final

# After the first failure, the second, …: 21 hours in all, so that a night's outage costs nothing.
WAITS: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
TRIES: Final = len(WAITS) + 1
_SPREAD: Final = 0.2  # what failed together does not come again together


def wait_after(tries: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed tries; None where that is enough. `chance` is in [0, 1).

    >>> wait_after(1, 0.5), wait_after(8, 0.5)
    (datetime.timedelta(seconds=10), None)
    """
    if tries > len(WAITS):
        return None
    return WAITS[tries - 1] * (1 - _SPREAD + 2 * _SPREAD * chance)
