"""When an event happened, by a clock that may be wrong; and whether rules may act on it."""

from datetime import datetime, timedelta

import pytest

from frontdesk.collect.door.times import Happened, happened

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CLOCKS = [
    # by the sender's clock, from now: the event, the sending → what is held of it: from now, how, known to be of now
    (None, None, 0 * MINUTE, "ok", True),
    (-MINUTE, None, -MINUTE, "ok", True),
    (-9 * MINUTE, 0 * MINUTE, -9 * MINUTE, "ok", True),
    (-10 * MINUTE, None, -10 * MINUTE, "ok", False),
    (4 * MINUTE, None, 4 * MINUTE, "ok", True),
    (5 * MINUTE, None, 0 * MINUTE, "future", False),
    (DAY, None, 0 * MINUTE, "future", False),
    (-61 * MINUTE, -60 * MINUTE, -MINUTE, "ok", True),
    (59 * MINUTE, 60 * MINUTE, -MINUTE, "ok", True),
    (-DAY, -DAY, 0 * MINUTE, "skew", False),
    (2 * DAY, 2 * DAY, 0 * MINUTE, "skew", False),
]


@pytest.mark.parametrize(("event", "sending", "at", "clock", "live"), CLOCKS)
def test_what_was_clamped_is_not_known_to_be_of_now(
    now: datetime, event: timedelta | None, sending: timedelta | None, at: timedelta, clock: str, *, live: bool
) -> None:
    told = happened(now + event if event is not None else None, now + sending if sending is not None else None, now)
    assert told == Happened(now + at, clock, live)
