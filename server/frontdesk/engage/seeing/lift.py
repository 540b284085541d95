"""What a rule brings about: those whom it reached against those held out, who were as likely to have been reached.

Intention to treat: everybody counts in the arm that they were put in, whether or not anything was shown to them, once,
by their first decision. Both arms are logged at the same stage, or they could not be compared.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.models import DecisionRow, RuleVersion
from frontdesk.engage.seeing.asked import rule_tree
from frontdesk.engage.seeing.funnel import Span
from frontdesk.engage.seeing.goals import MOMENT, WHO, Counting, counting, known_as, reached, verified_only
from frontdesk.engage.seeing.policy import (
    METHODS,
    MISMATCH,
    Arm,
    Estimate,
    Verdict,
    difference,
    ratio,
    sample_ratio,
    value_difference,
    verdict,
    wilson,
)
from frontdesk_rules import LiveRule, Words
from frontdesk_rules.words import same

TREATED, HELD_OUT = "treated", "held_out"
_SAID: Final = {
    Verdict.BETTER: Words("It helps: {d} points more reach the goal", "有效：达成目标的比例高 {d} 个百分点"),
    Verdict.WORSE: Words("It harms: {d} points fewer reach the goal", "有害：达成目标的比例低 {d} 个百分点"),
    Verdict.UNDECIDED: Words("No winner yet: the interval includes zero", "尚无定论：区间包含零"),
    Verdict.MISMATCH: Words(
        "The arms are not as large as they should be: something sorts people, so do not trust the difference",
        "两组人数与设定比例不符：分组受到了干扰，差异不可信",
    ),
    Verdict.NO_DATA: Words("One of the arms is empty", "其中一组没有人"),
}
_NO_GOAL: Final = Words("The rule has no goal, so there is nothing to compare", "规则未设目标，无从比较")


@dataclass(frozen=True, slots=True)
class Arms:
    treated: Arm
    held_out: Arm
    crossed: int


def lift(session: Session, workspace_id: str, rule: LiveRule, span: Span) -> dict[str, Any]:
    """As JSON. Only decisions of versions that hold out as many as this one does."""
    goal = counting(session, workspace_id, rule)
    arms = _arms(session, rule, span, goal)
    share = rule.rule.holdout / 100
    both = arms.treated.people > 0 and arms.held_out.people > 0
    said = verdict(arms.treated, arms.held_out, share) if share and goal else Verdict.NO_DATA
    found = difference(arms.treated, arms.held_out) if both and goal else None
    words = _SAID[said] if goal else _NO_GOAL
    points = same(f"{abs(found.value) * 100:.1f}" if found else "")
    worth = bool(goal and goal.goal.value)
    return {
        "rule": rule_tree(rule),
        "since": iso(span.since),
        "until": iso(span.until),
        "goal": goal and goal.goal.to_tree(),
        "verified": goal.verified if goal else verified_only(session, workspace_id),
        "holdout": share,
        "treated": _dump(arms.treated, worth=worth),
        "held_out": _dump(arms.held_out, worth=worth),
        "crossed": arms.crossed,
        "difference": _estimate(found),
        "ratio": _estimate(ratio(arms.treated, arms.held_out)) if found else None,
        "value_difference": _estimate(value_difference(arms.treated, arms.held_out)) if found and worth else None,
        "sample_ratio": _sample_ratio(arms, share) if both and share else None,
        "verdict": str(said),
        "text_en": words.fill_all(d=points).en,
        "text_zh": words.fill_all(d=points).zh,
        "methods": METHODS,
    }


def _arms(session: Session, rule: LiveRule, span: Span, goal: Counting | None) -> Arms:
    row = DecisionRow
    counted = and_(
        row.rule_id == rule.id,
        span.decided,
        row.arm.is_not(None),
        row.shadow.is_(False),
        row.rule_version.in_(_versions(session, rule)),
    )
    rank = func.row_number().over(partition_by=WHO, order_by=(row.at, row.id)).label("rank")
    each = known_as(
        select(
            WHO.label("who"),
            row.arm.label("label"),
            type_coerce(row.at, BigInteger).label("at"),
            MOMENT.label("moment"),
            rank,
        )
        .select_from(row)
        .where(counted)
    ).cte("each")
    first = select(each.c.who, each.c.label, each.c.at, each.c.moment).where(each.c.rank == 1).cte("first")
    found = session.execute(select(first.c.label, func.count()).group_by(first.c.label))
    people: dict[str, int] = {row[0]: row[1] for row in found}
    both = select(each.c.who).group_by(each.c.who).having(func.min(each.c.label) != func.max(each.c.label))
    crossed = session.scalar(select(func.count()).select_from(both.subquery())) or 0
    values: dict[str, dict[str, float]] = {TREATED: defaultdict(float), HELD_OUT: defaultdict(float)}
    for one in reached(session, first, goal) if goal else ():
        values[one.label or ""][one.who] += one.value
    return Arms(_arm(people.get(TREATED, 0), values[TREATED]), _arm(people.get(HELD_OUT, 0), values[HELD_OUT]), crossed)


def _versions(session: Session, rule: LiveRule) -> list[int]:
    """Those that hold out as many: the arms of others would not compare."""
    rows = session.execute(select(RuleVersion.version, RuleVersion.tree).where(RuleVersion.rule_id == rule.id))
    written = rule.rule.to_tree().get("holdout")
    return [version for version, tree in rows if tree.get("holdout") == written]


def _arm(people: int, values: dict[str, float]) -> Arm:
    return Arm(people, len(values), sum(values.values()), sum(value * value for value in values.values()))


def _dump(arm: Arm, *, worth: bool) -> dict[str, Any]:
    share = wilson(arm.converted, arm.people) if arm.people else None
    return {
        "people": arm.people,
        "converted": arm.converted,
        "rate": share and share.value,
        "interval": share and [share.low, share.high],
        "value": arm.value if worth else None,
        "value_per_person": arm.mean if worth and arm.people else None,
    }


def _estimate(found: Estimate | None) -> dict[str, float] | None:
    return {"value": found.value, "low": found.low, "high": found.high} if found else None


def _sample_ratio(arms: Arms, share: float) -> dict[str, Any]:
    of = arms.treated.people + arms.held_out.people
    p = sample_ratio(arms.held_out.people, of, share)
    return {"expected": share, "found": arms.held_out.people / of, "p": p, "passed": p >= MISMATCH}
