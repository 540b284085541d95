"""Schedules that never come, or come so often that everybody is asked all the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.facts.cron import Cron, cron_of
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import ScheduleTrigger
from frontdesk_rules.words import same

# Each time that it comes, everybody is asked, one by one: a simulation leaves such rules out, too.
OFTEN_MIN: Final = 60
_AN_HOUR: Final = 60
_SOME_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)  # a leap year, so that 29 February is found at once


def schedules(rule: Rule) -> Iterator[Remark]:
    if not isinstance(rule.trigger, ScheduleTrigger):
        return
    cron, spot = cron_of(rule.trigger.cron), ("trigger", "schedule", "cron")
    if cron.following(_SOME_DAY, UTC) is None:
        yield remark(Doubt.NEVER_COMES, rule.key, spot, what=same(rule.trigger.cron))
    elif (apart := _apart_min(cron)) < OFTEN_MIN:
        every, least = same(str(apart)), same(str(OFTEN_MIN))
        yield remark(Doubt.OFTEN_ASKED, rule.key, spot, what=same(rule.trigger.cron), every=every, least=least)


def _apart_min(cron: Cron) -> int:
    """The shortest time between two of its times; those of different hours count where one hour follows the other."""
    apart = [later - earlier for earlier, later in pairwise(cron.minutes)]
    around = (*cron.hours, cron.hours[0] + 24)
    if any(later - earlier == 1 for earlier, later in pairwise(around)):
        apart.append(cron.minutes[0] + _AN_HOUR - cron.minutes[-1])
    return min(apart, default=_AN_HOUR)
