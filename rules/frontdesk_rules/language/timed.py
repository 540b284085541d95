"""Triggers that a clock brings: something was not done in time, a time is reached, a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar, Final, Literal

from frontdesk_rules.durations import lasting, milliseconds
from frontdesk_rules.facts.catalogue import label_of
from frontdesk_rules.facts.cron import cron_of
from frontdesk_rules.facts.history import PastEvent, Span
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.language.aggregates import Step
from frontdesk_rules.language.asking import Verdict
from frontdesk_rules.words import Words, same, span

_TICK: Final = timedelta(milliseconds=1)
_LOOKED_BACK: Final = 3  # windows: who begins again and again for longer is waited for from some of those times
COMPANY: Final = "company"


@dataclass(frozen=True, slots=True)
class AbsenceTrigger:
    """`of` did not happen `within` so long `after` another event; with `key`, the one with the same property.

    `by_company`: what anybody of the person's company does counts as theirs. So where silence is waited for, after an
    event of the same name, it is that of the company: whoever did it last is the one who waits.
    """

    kind: ClassVar[Literal["absence"]] = "absence"
    by_key: ClassVar[bool] = True
    of: Step
    after: Step
    within: str
    key_property: str | None = None
    by_company: bool = False

    @property
    def key(self) -> str:
        return self.kind

    @property
    def lasts(self) -> timedelta:
        return lasting(self.within)

    @property
    def looked_back(self) -> timedelta:
        """How far `waits` looks back from its moment."""
        return _LOOKED_BACK * self.lasts + _TICK

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind

    def still(self, view: View) -> Verdict:
        """Whether it is absent still: asked again when the timer is due, and when what was put off then is sent.

        What came at the anchor's very instant counts; but where an event is waited for after one of the same name, the
        anchor is not its own successor.
        """
        moment = view.moment
        if moment.anchor_at is None:
            return None
        alike = self.of.event == self.after.event
        after = moment.anchor_at if alike and not self.by_company else moment.anchor_at - _TICK
        past = view.company_history if self.by_company else view.history
        found = self.of.among(past, Span(after, max(moment.anchor_at + self.lasts, view.now)))
        if found is None:
            return None
        if alike and self.by_company:
            # of two who did it at one instant, the one whose event is the later by its id waits
            anchor = moment.anchor_at, moment.id.rpartition(":")[2]
            found = [past for past in found if (past.at, past.id) > anchor]
        if self.key_property is None:
            return not found
        own = self.key_of(moment)
        return not any(self._key_of(one) == own for one in found)

    def key_of(self, moment: Moment) -> str | None:
        """By what an event is told from others, as text: a page says "7" of what a server says 7, or 7.0."""
        own = moment.fact(f"event.{self.key_property}")
        if own is MISSING or own is None:
            return None
        return str(int(own)) if isinstance(own, float) and own.is_integer() else str(own)

    def waits(self, view: View, own: str) -> list[PastEvent] | None:
        """The beginnings with this key that were not followed in time, oldest first; None where the past is unknown.

        What begins anew while it is waited for already, or is ended, begins no other wait. So they are the same in
        whatever order we hear of them.
        """
        moment = view.moment
        span = Span(moment.at - self.looked_back, max(moment.at, moment.received_at or moment.at))
        begun = self.after.among(view.history, span)
        ended = self.of.among(view.company_history if self.by_company else view.history, span)
        if begun is None or ended is None:
            return None
        alike = self.of.event == self.after.event
        ends = [one.at for one in ended if self._key_of(one) == own]
        waits, over = list[PastEvent](), None
        for one in begun:
            if self._key_of(one) != own or (over is not None and one.at <= over):
                continue
            end = next((at for at in ends if one.at + alike * _TICK <= at <= one.at + self.lasts), None)
            over = None if alike else end or one.at + self.lasts
            waits += [one] if end is None else []
        return waits

    def _key_of(self, past: PastEvent) -> str | None:
        return self.key_of(Moment(kind="event", at=past.at, properties=past.properties))

    def to_tree(self) -> dict[str, object]:
        tree = {"of": _step_tree(self.of), "after": _step_tree(self.after), "within": self.within}
        by = {"by": COMPANY} if self.by_company else {}
        return {self.kind: tree | ({"key": self.key_property} if self.key_property else {}) | by}

    def words(self) -> Words:
        said = Words("When “{of}” has not happened {t} after “{after}”", "当“{after}”之后 {t}内没有发生“{of}”")
        if self.by_company:
            said = Words(
                "When nobody of the company did “{of}” for {t} after “{after}”",
                "当“{after}”之后 {t}内该公司无人发生“{of}”",
            )
        return said.fill_all(of=same(self.of.event), after=same(self.after.event), t=span(milliseconds(self.within)))


def _step_tree(step: Step) -> object:
    return step.event if step.where is None else step.to_tree()


@dataclass(frozen=True, slots=True)
class ReachesTrigger:
    """So long after (or before) the time that a field holds."""

    kind: ClassVar[Literal["reaches"]] = "reaches"
    by_key: ClassVar[bool] = True
    field: str
    offset: str = "0s"
    before: bool = False

    @property
    def key(self) -> str:
        return self.kind

    def due(self, at: datetime) -> datetime | None:
        """When it is reached, if the field holds this time; None beyond the calendar."""
        offset = lasting(self.offset)
        try:
            return (at - offset if self.before else at + offset).astimezone(UTC)
        except OverflowError:
            return None

    def time(self, view: View, value: object) -> datetime | None:
        """The time that a value of the field is, in the person's zone where it names none; None beyond the calendar."""
        at = time_in(value, view.zone())
        return at if at is None or _on_the_calendar(at) else None

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind

    def still(self, view: View) -> Verdict:
        """Whether the field still holds the time that the timer was armed by; and where that was to come, that it is
        not over."""
        value, anchor_at = view[self.field], view.moment.anchor_at
        at = self.time(view, value)
        if at is None:
            return None
        held = anchor_at is None or anchor_at == at or (_floats(value) and abs(anchor_at - at) <= _ZONES_APART)
        return held and not (self.before and at < view.now)

    def to_tree(self) -> dict[str, object]:
        return {self.kind: {"field": self.field, "minus" if self.before else "plus": self.offset}}

    def words(self) -> Words:
        told = (
            Words("When it is {t} before {f}", "当距离{f}还有 {t}")
            if self.before
            else Words("When {t} have passed since {f}", "当{f}已过 {t}")
        )
        return told.fill_all(t=span(milliseconds(self.offset)), f=label_of(self.field))


_FIRST: Final = timezone(timedelta(hours=14))
_LAST: Final = timezone(timedelta(hours=-12))
_ZONES_APART: Final = timedelta(hours=26)


def _on_the_calendar(at: datetime) -> bool:
    """Whether there is such an instant in UTC, by which timers are kept."""
    try:
        at.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _floats(value: object) -> bool:
    """Whether it is another instant in each zone, so that somebody who travels has not another time for it."""
    return time_in(value, _FIRST) != time_in(value, _LAST)


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    """By the clock: a cron expression, in the zone of each person (None), of the workspace, or of a name."""

    kind: ClassVar[Literal["schedule"]] = "schedule"
    by_key: ClassVar[bool] = True
    cron: str
    zone: str | None = "workspace"

    @property
    def key(self) -> str:
        return self.kind

    def following(self, view: View, after: datetime) -> datetime | None:
        """The first time after that, in the zone that the view knows."""
        return cron_of(self.cron).following(after, view.zone(self.zone))

    def where_they_are(self, view: View, due: datetime) -> datetime:
        """When what is due then is due by the clocks of where the person is now, who may have travelled since it was
        set: then, if it is a time there too, else later."""
        return due if self.zone is not None else self.following(view, due - _TICK) or due

    def matches(self, moment: Moment) -> bool:
        return moment.kind == self.kind

    def still(self, _view: View) -> Verdict:
        return True

    def to_tree(self) -> dict[str, object]:
        return {self.kind: {"cron": self.cron, "zone": self.zone or "person"}}

    def words(self) -> Words:
        return Words("On the schedule {c}", "按计划 {c} 运行").fill_all(c=same(self.cron))
