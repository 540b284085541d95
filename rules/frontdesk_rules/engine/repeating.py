"""What a rule counts its acting by, and when it may act once more."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.engine.keying import anchored
from frontdesk_rules.engine.past import Whom
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.facts.zones import local_time, moved
from frontdesk_rules.language.rule import PER_KEY, Rule
from frontdesk_rules.language.timed import AbsenceTrigger, ScheduleTrigger

_DAY: Final = timedelta(days=1)
_NONE: Final = timedelta(0)


def counted_by(rule: Rule, whom: Whom, moment: Moment) -> str:
    """What its acting is remembered under, for a person; empty where there is no such thing."""
    per = rule.repeat.per
    if per != PER_KEY.per:
        return getattr(whom, per) or ""
    own = rule.trigger.key_of(moment) if isinstance(rule.trigger, AbsenceTrigger) else None
    return f"key:{anchored(own)}" if own is not None else ""


def once_more_at(rule: Rule, acted_at: datetime, view: View) -> datetime | None:
    """None where once is all.

    A day of a schedule is one on its clocks: where these were put forward meanwhile, it is so much shorter.
    """
    if rule.repeat.every is None:
        return None
    again = moved(acted_at, lasting(rule.repeat.every))
    if not isinstance(rule.trigger, ScheduleTrigger):
        return again
    return again - _put_forward(acted_at, again, view.zone(rule.trigger.zone))


def too_near(rule: Rule, moments: tuple[datetime, datetime], view: View) -> bool:
    """Whether it may not act at both: whoever went by two ids was asked about under each."""
    if rule.repeat.unlimited:
        return False
    first, last = sorted(moments)
    again_at = once_more_at(rule, first, view)
    return again_at is None or last < again_at


def _put_forward(since: datetime, until: datetime, zone: tzinfo) -> timedelta:
    """By how much the clocks of a zone were put forward; also where that was earlier on the first day, for a time that
    they skipped came later than it was said to."""
    shown = [local for at in (since - _DAY, since, until) if (local := local_time(at, zone))]
    offsets = [offset for one in shown if (offset := one.utcoffset()) is not None]
    return sum((max(_NONE, after - before) for before, after in pairwise(offsets)), start=_NONE)
