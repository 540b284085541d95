"""Who names a segment: rules in their triggers, conditions and actions, segments in their conditions."""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from frontdesk.engage.models import RuleRow, RuleVersion
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.segments.conditions import names_of
from frontdesk.people import segments as people
from frontdesk_rules import Finding, Rule, spelled
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Not
from frontdesk_rules.language.deeds import Segment as Put
from frontdesk_rules.language.edges import SegmentTrigger

_ASKED: Final = ("in_segment", "not_in_segment")


def unknown_segments(session: Session, workspace_id: str, rules: Iterable[Rule]) -> list[Finding]:
    """A finding for each segment that these rules name and that is not there, or takes nobody by hand."""
    named = [(rule, *place) for rule in rules for place in _named(rule)]
    if not named:
        return []
    by_hand = {row.key: row.tree is None for row in people.segments(session, workspace_id)}
    found = []
    for rule, path, key, puts in named:
        if key not in by_hand:
            found.append(Finding(path, f"there is no segment {key}", rule=rule.key))
        elif puts and not by_hand[key]:
            reason = f"people are in {key} by its condition; nobody is added or removed by hand"
            found.append(Finding(path, reason, rule=rule.key))
    return found


def rules_naming(session: Session, workspace_id: str, key: str) -> list[str]:
    """The keys of rules that are at work or paused and name this segment."""
    query = (
        select(RuleRow.key, RuleVersion.tree)
        .join(RuleVersion, RuleVersion.rule_id == RuleRow.id)
        .where(
            RuleRow.workspace_id == workspace_id,
            RuleVersion.state.in_(RUNNING),
            cast(RuleVersion.tree, Text).contains(f'"{key}"', autoescape=True),
        )
    )
    return sorted({rule for rule, tree in session.execute(query) if _names(tree, key)})


def _named(rule: Rule) -> Iterator[tuple[str, str, bool]]:
    """Path and key of each segment that a rule names, and whether it puts people into it or takes them out."""
    if isinstance(rule.trigger, SegmentTrigger):
        yield f"trigger.segment.{rule.trigger.change}", rule.trigger.segment, False
    yield from ((path, key, False) for path, key in _asked(rule.when, "when"))
    for path, action in rule.actions():
        if isinstance(action, Put):
            yield spelled((*path, "segment", action.change)), action.segment, True


def _asked(condition: Condition | None, path: str) -> Iterator[tuple[str, str]]:
    """Path and key of each segment that a condition asks for."""
    if isinstance(condition, Compare):
        spot = f"{path}.{condition.op}" if condition.op in _ASKED else path
        yield from ((spot, key) for key in sorted(names_of(condition)))
    elif isinstance(condition, Not):
        yield from _asked(condition.of, f"{path}.not")
    elif condition is not None:
        of = "of" if isinstance(condition, AtLeast) else condition.op
        for n, part in enumerate(condition.of):
            yield from _asked(part, f"{path}.{of}[{n}]")


def _names(tree: object, key: str) -> bool:
    """Whether a canonical tree names the segment anywhere."""
    if isinstance(tree, list):
        return any(_names(item, key) for item in tree)
    if not isinstance(tree, dict):
        return False
    put = tree.get("segment")
    asked = any(tree.get(op) == key for op in _ASKED) or (isinstance(put, dict) and key in put.values())
    return asked or any(_names(inner, key) for inner in tree.values())
