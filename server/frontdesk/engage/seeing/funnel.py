"""What became of a rule's moments: matched, held and why, acted, sent, seen, answered, converted; by variant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.deciding.words import reasons_in_words
from frontdesk.engage.models import DecisionRow, Delivery
from frontdesk.engage.seeing.asked import rule_tree
from frontdesk.engage.seeing.goals import MOMENT, WHO, Counting, Reached, counting, known_as, reached, verified_only
from frontdesk_rules import LiveRule

_STATES: Final = ("dismissed", "answered", "replied", "expired")


@dataclass(frozen=True, slots=True)
class Span:
    """What was decided from `since` up to `until`, both included."""

    since: datetime
    until: datetime

    @property
    def decided(self) -> ColumnElement[bool]:
        return DecisionRow.at.between(self.since, self.until)


@dataclass(slots=True)
class Counts:
    """Of one variant, or of all; None of the values where the goal has none."""

    outcomes: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    left_undone: Counter[str] = field(default_factory=Counter)
    people: int = 0
    deliveries: Counter[str] = field(default_factory=Counter)
    converted: set[str] = field(default_factory=set)
    value: float = 0.0

    def to_tree(self, variant: str | None, *, worth: bool) -> dict[str, Any]:
        acted, held = self.outcomes["acted"], self.outcomes["held"]
        return {
            "variant": variant,
            "matched": acted + held,
            "acted": acted,
            "people": self.people,
            "deferred": self.outcomes["deferred"],
            "held": dict(sorted(self.held.items())),
            "left_undone": dict(sorted(self.left_undone.items())),
            "deliveries": self.deliveries["all"],
            "sent": self.deliveries["sent"],
            "seen": self.deliveries["seen"],
            "clicked": self.deliveries["clicked"],
            **{state: self.deliveries[state] for state in _STATES},
            "converted": len(self.converted),
            "value": self.value if worth else None,
        }


def funnel(session: Session, workspace_id: str, rule: LiveRule, span: Span) -> dict[str, Any]:
    """As JSON. How a delivery ended is its last state: one that was dismissed and then replied to was replied."""
    goal = counting(session, workspace_id, rule)
    whole = Counts()
    variants: dict[str, Counts] = {one.name: Counts() for one in rule.rule.variants}
    shadow = _decided(session, rule.id, span, whole, variants)
    _delivered(session, rule.id, span, whole, variants)
    if goal:
        for one in _converted(session, rule.id, span, goal):
            for counts in (whole, variants.get(one.label or "")):
                if counts:
                    counts.converted.add(one.who)
                    counts.value += one.value
    worth = bool(goal and goal.goal.value)
    return {
        "rule": rule_tree(rule),
        "since": iso(span.since),
        "until": iso(span.until),
        "goal": goal and goal.goal.to_tree(),
        "verified": goal.verified if goal else verified_only(session, workspace_id),
        "all": whole.to_tree(None, worth=worth),
        "variants": [counts.to_tree(name, worth=worth) for name, counts in sorted(variants.items())],
        "shadow": shadow.to_tree(None, worth=False) if shadow.outcomes else None,
        "reasons": reasons_in_words(code for one in (whole, shadow) for code in (*one.held, *one.left_undone)),
    }


def _decided(session: Session, rule_id: str, span: Span, whole: Counts, variants: dict[str, Counts]) -> Counts:
    """Fills both in from the index alone; returns what the shadow concluded."""
    row, shadow = DecisionRow, Counts()
    keys = (row.shadow, row.variant, row.outcome, row.reason)
    query = select(*keys, func.count()).where(row.rule_id == rule_id, span.decided).group_by(*keys)
    for in_shadow, variant, outcome, reason, count in session.execute(query):
        told = [shadow] if in_shadow else [whole, *([variants.setdefault(variant, Counts())] if variant else [])]
        for counts in told:
            counts.outcomes[outcome] += count
            if outcome == "held":
                counts.held[reason or ""] += count
            elif outcome == "acted" and reason:
                counts.left_undone[reason] += count
    for in_shadow, count in _people(session, rule_id, span, row.shadow):
        (shadow if in_shadow else whole).people = count
    # who went by two ids may have been in two variants, so there may be fewer people in all
    for in_shadow, variant, count in _people(session, rule_id, span, row.shadow, row.variant) if variants else ():
        if variant and not in_shadow:
            variants[variant].people = count
    return shadow


def _people(session: Session, rule_id: str, span: Span, *keys: Any) -> Sequence[Any]:
    """To how many people, as known today, it did something; by these keys."""
    acted = and_(DecisionRow.rule_id == rule_id, span.decided, DecisionRow.outcome == "acted")
    counted = known_as(select(*keys, func.count(WHO.distinct())).select_from(DecisionRow).where(acted))
    return session.execute(counted.group_by(*keys)).all()


def _delivered(session: Session, rule_id: str, span: Span, whole: Counts, variants: Mapping[str, Counts]) -> None:
    row = Delivery
    handed = case((row.sent_at.is_not(None) | row.seen_at.is_not(None), 1))
    query = (
        select(
            DecisionRow.variant,
            row.state,
            func.count(),
            func.count(handed),
            func.count(row.seen_at),
            func.count(row.clicked_at),
        )
        .join(DecisionRow, DecisionRow.id == row.decision_id)
        .where(row.rule_id == rule_id, row.created_at.between(span.since, span.until))
        .group_by(DecisionRow.variant, row.state)
    )
    for variant, state, count, sent, seen, clicked in session.execute(query):
        for counts in (whole, variants.get(variant or "")):
            if counts:
                counts.deliveries.update({state: count} if state in _STATES else {})
                counts.deliveries.update({"all": count, "sent": sent, "seen": seen, "clicked": clicked})


def _converted(session: Session, rule_id: str, span: Span, goal: Counting) -> list[Reached]:
    """Each goal event once, for the decision that came last before it."""
    row = DecisionRow
    acted = and_(row.rule_id == rule_id, span.decided, row.outcome == "acted", row.shadow.is_(False))
    decided = known_as(
        select(
            WHO.label("who"),
            row.variant.label("label"),
            type_coerce(row.at, BigInteger).label("at"),
            MOMENT.label("moment"),
        )
        .select_from(row)
        .where(acted)
    ).cte("decided")
    last: dict[str, Reached] = {}
    for one in reached(session, decided, goal):
        before = last.get(one.event_id)
        if before is None or before.decided_at <= one.decided_at:
            last[one.event_id] = one
    return list(last.values())
