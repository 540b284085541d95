"""What waits for its time, and what takes it away again: pure.

Timers are unique on (rule, person, anchor): arming one that is there already does nothing, unless this one
`goes_before` it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from frontdesk_rules.facts.moments import Moment, MomentKind
from frontdesk_rules.language.edges import WAITING

# What was received live is followed at once by what else is on its way; what came late may have company for longer.
GRACE_LIVE: Final = timedelta(seconds=2)
GRACE: Final = timedelta(minutes=2)
NO_GRACE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Timer:
    """One instant at which one rule is to be asked about one person. It fires at `due` + `grace`.

    `rule_id` is the `timer_id` of the version that waits. `passed`: its time was over already when it was armed.
    `keyed`: its anchor may begin again.
    """

    rule_id: str
    person: str
    anchor: str
    anchor_at: datetime
    due: datetime
    grace: timedelta = NO_GRACE
    kind: MomentKind = "absence"
    properties: Mapping[str, object] = field(default_factory=dict)
    passed: bool = False
    keyed: bool = False

    @property
    def fires_at(self) -> datetime:
        return self.due + self.grace

    def goes_before(self, other: Timer, *, fired: bool) -> bool:
        """Whether it takes the place of another of its anchor: one that waits for what began later, or that has
        `fired` and was due before this one's wait began."""
        if not self.keyed:
            return False
        return other.due < self.anchor_at if fired else self.anchor_at < other.anchor_at

    def moment(self, now: datetime) -> Moment:
        """The moment that it is when it fires; it happens at `due`, whenever we get to it."""
        return Moment(
            kind=self.kind,
            at=self.due,
            id=f"{self.rule_id}:{self.anchor}",
            name=WAITING if self.kind == "conversation" else None,
            properties=self.properties,
            rule=self.rule_id,
            anchor_at=self.anchor_at,
            received_at=now,
        )


@dataclass(frozen=True, slots=True)
class Cancel:
    """Timers of a rule and person that have lost their reason: of one anchor, or all (None) that were armed by `at` and
    are not due before it."""

    rule_id: str
    person: str
    anchor: str | None
    at: datetime

    def concerns(self, timer: Timer) -> bool:
        if (self.rule_id, self.person) != (timer.rule_id, timer.person) or self.anchor not in (None, timer.anchor):
            return False
        return timer.kind != "absence" or timer.anchor_at <= self.at <= timer.due


@dataclass(frozen=True, slots=True)
class Arming:
    """First cancel, then set."""

    cancel: tuple[Cancel, ...] = ()
    set: tuple[Timer, ...] = ()


NOTHING: Final = Arming()


def grace_of(moment: Moment) -> timedelta:
    return GRACE if moment.late else GRACE_LIVE
