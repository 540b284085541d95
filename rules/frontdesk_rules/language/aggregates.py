"""Questions about what a person did before: `count`, `sum`, … over the events of one name in a window.

Asked of the history when a candidate asks and not before, once for each moment. "Not done in D days" is not known of
somebody whom we have known for less than D: such a count is a `Floor`, unless the author says `assume_complete`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.facts.history import History, PastEvent, Span
from frontdesk_rules.facts.known import MISSING, KnownFacts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.facts.zones import local_time
from frontdesk_rules.language.reducing import REDUCE, identity, numbers_among
from frontdesk_rules.language.windows import Window

if TYPE_CHECKING:
    from frontdesk_rules.language.conditions import Condition


@dataclass(frozen=True, slots=True)
class Floor:
    """A number of which only this is known: it is not less."""

    least: float


@dataclass(frozen=True, slots=True)
class Step:
    """The events of one name, of those only which fit `where`."""

    event: str
    where: Condition | None = None

    def fits(self, past: PastEvent) -> bool:
        if self.where is None:
            return True
        from frontdesk_rules.language.conditions import evaluate  # conditions hold aggregates, and these conditions

        moment = Moment(kind="event", at=past.at, name=self.event, properties=past.properties)
        return evaluate(self.where, View(moment, _NOTHING_ELSE)) is True

    def among(self, history: History, span: Span) -> Sequence[PastEvent] | None:
        found = history.events(self.event, span)
        if found is None or self.where is None:
            return found
        return [past for past in found if self.fits(past)]

    def to_tree(self) -> dict[str, object]:
        return {"event": self.event} | ({"where": self.where.to_tree()} if self.where else {})


_NOTHING_ELSE: Final = KnownFacts({})


@dataclass(frozen=True)
class Aggregate:
    """`then` and `gap` belong to a sequence: `step`, then `then`, not more than `gap` later."""

    kind: str
    step: Step
    window: Window = field(default_factory=Window)
    about: str | None = None  # the property
    assume_complete: bool = False
    then: Step | None = None
    gap: str | None = None

    def __hash__(self) -> int:
        return self._hash  # asked at every moment, and the tree below may be deep

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.step, self.window, self.about, self.assume_complete, self.then, self.gap))

    @cached_property
    def type(self) -> FieldType:
        if self.kind in ("first", "last"):
            return FieldType.ANY if self.about else FieldType.TIME
        return {"sequence": FieldType.FLAG, "time_since_first": FieldType.DURATION}.get(
            self.kind, FieldType.DURATION if self.kind == "time_since_last" else FieldType.NUMBER
        )

    @property
    def fields(self) -> set[str]:
        """The fields that must be known to ask."""
        since = self.window.since_field
        return {since} if since else set()

    @property
    def local(self) -> bool:
        return self.window.local or self.kind == "distinct_days"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (self.step,) if self.then is None else (self.step, self.then)

    def measured(self, view: View) -> object:
        """The value; MISSING where there is none or nobody knows, Floor where only a lower bound is known."""
        span = self.window.span(view)
        if span is None:
            return MISSING
        value = _MEASURES[self.kind](self, view, span)
        return value if value is MISSING or self._complete(view, span) else _INCOMPLETE[self.kind](value)

    def present(self, view: View) -> bool | None:
        """Whether there is a value, known or not; None where there may be one that nobody saw."""
        span = self.window.span(view)
        if span is None:
            return None
        if _MEASURES[self.kind](self, view, span) is not MISSING:
            return True
        asked = all(view.history.count(step.event, span) is not None for step in self.steps)
        return False if asked and self._complete(view, span) else None

    def _complete(self, view: View, span: Span) -> bool:
        if self.assume_complete or self.window.kind in ("ever", "since") or span.after is None:
            return True
        known_since = view.history.known_since
        return known_since is not None and known_since <= span.after

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {}
        if self.then:
            tree = {"first": self.step.to_tree(), "then": self.then.to_tree(), "within": self.gap}
        else:
            tree = self.step.to_tree()
        if self.about:
            tree["property"] = self.about
        if self.window != Window():
            tree |= self.window.to_tree()
        return {self.kind: tree | ({"assume_complete": True} if self.assume_complete else {})}


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether an aggregate has a value, asked once at a moment: `view[Presence(aggregate)]`."""

    of: Aggregate

    def measured(self, view: View) -> bool | None:
        return self.of.present(view)


def _count(asked: Aggregate, view: View, span: Span) -> Any:
    if asked.step.where is None:
        count = view.history.count(asked.step.event, span)
        return MISSING if count is None else count
    found = asked.step.among(view.history, span)
    return MISSING if found is None else len(found)


def _values(asked: Aggregate, view: View, span: Span) -> list[object] | None:
    """The property of each event that has it."""
    found = asked.step.among(view.history, span)
    if found is None:
        return None
    moments = (Moment(kind="event", at=past.at, properties=past.properties) for past in found)
    values = (moment.fact(f"event.{asked.about}") for moment in moments)
    return [value for value in values if value is not None and value is not MISSING]


def _of_numbers(asked: Aggregate, view: View, span: Span) -> Any:
    values = _values(asked, view, span)
    if values is None:
        return MISSING
    numbers = numbers_among(values)
    return REDUCE[asked.kind](numbers) if numbers or asked.kind == "sum" else MISSING


def _end(asked: Aggregate, view: View, span: Span) -> Any:
    """The first or last event: its property, its time, or how long ago it was."""
    found = asked.step.among(view.history, span)
    if not found:
        return MISSING
    past = found[0 if asked.kind.endswith("first") else -1]
    if asked.kind.startswith("time_since"):
        return int((view.now - past.at) / timedelta(milliseconds=1))
    if asked.about is None:
        return past.at
    value = Moment(kind="event", at=past.at, properties=past.properties).fact(f"event.{asked.about}")
    return MISSING if value is None else value


def _distinct(asked: Aggregate, view: View, span: Span) -> Any:
    values = _values(asked, view, span)
    return MISSING if values is None else len({identity(value) for value in values})


def _distinct_days(asked: Aggregate, view: View, span: Span) -> Any:
    found = asked.step.among(view.history, span)
    zone = view.zone(asked.window.zone)
    return MISSING if found is None else len({(local_time(past.at, zone) or past.at).date() for past in found})


def _sequence(asked: Aggregate, view: View, span: Span) -> Any:
    """Whether some event of the first step is followed by one of the second in time."""
    first = asked.step.among(view.history, span)
    second = asked.then.among(view.history, span) if asked.then else None
    if first is None or second is None:
        return MISSING
    gap, at = lasting(asked.gap or "0s"), 0
    for past in second:  # both in order: the nearest earlier one is the one that counts
        while at < len(first) and first[at].at < past.at:
            at += 1
        if at and past.at - first[at - 1].at <= gap:
            return True
    return False


_MEASURES: Final = {
    "count": _count, "sum": _of_numbers, "avg": _of_numbers, "min": _of_numbers, "max": _of_numbers,
    "first": _end, "last": _end, "time_since_first": _end, "time_since_last": _end,
    "distinct": _distinct, "distinct_days": _distinct_days, "sequence": _sequence,
}  # fmt: skip
AGGREGATES: Final = tuple(_MEASURES)
# Those that are about a property of the event, and those that may be.
ABOUT_PROPERTY: Final = frozenset({"sum", "avg", "min", "max", "distinct"})
MAYBE_PROPERTY: Final = frozenset({"first", "last"})


def _unknown(_value: object) -> object:
    return MISSING


def _as_is(value: object) -> object:
    """What was seen last was last, however little we know of what came before."""
    return value


def _if_true(value: object) -> object:
    return True if value is True else MISSING


_INCOMPLETE: Final[dict[str, Any]] = {
    **dict.fromkeys(AGGREGATES, _unknown),
    **dict.fromkeys(("count", "distinct", "distinct_days"), Floor),
    **dict.fromkeys(("last", "time_since_last"), _as_is),
    "sequence": _if_true,
}
