"""Segments as they are saved: conditions refused with path and reason, nothing deleted that somebody names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.core.errors import Conflict, Invalid
from frontdesk.engage.rules.versions import bump, lock
from frontdesk.engage.segments import filling
from frontdesk.engage.segments.compiled import ends_in_itself
from frontdesk.engage.segments.conditions import kept_condition, names_of, read_condition
from frontdesk.engage.segments.naming import rules_naming
from frontdesk.people import segments as people
from frontdesk.people.models import Segment
from frontdesk.people.segments import NewSegment
from frontdesk_rules import Finding, RuleErrors
from frontdesk_rules.language.actions import NAME_PATTERN
from frontdesk_rules.language.conditions import Condition


class SegmentRefused(Invalid):
    """The condition cannot be kept; `findings` says where and why, and nothing was saved."""

    code = "segment_refused"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "; ".join(f"{one.path or 'condition'}: {one.reason}" for one in self.findings), field="condition"
        )


UNSAID: Final = object()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be another from now on; what is UNSAID stays."""

    name: Any = UNSAID
    condition: Any = UNSAID


def read(given: object) -> Condition:
    """The condition of a tree or of YAML text. Raises SegmentRefused with every finding."""
    try:
        return read_condition(given)
    except RuleErrors as error:
        raise SegmentRefused(error.findings) from error


def create(session: Session, workspace_id: str, key: str, change: Change, now: datetime) -> Segment:
    """A segment by hand, or, where a condition is given, by that."""
    if not re.fullmatch(NAME_PATTERN, key):
        raise Invalid("A name of small letters, digits, - and _ is needed here, such as vip.", field="key")
    lock(session, workspace_id)
    condition = None if change.condition in (UNSAID, None) else read(change.condition)
    if condition:
        _refuse(session, workspace_id, key, condition)
    name = {} if change.name is UNSAID else change.name
    tree = condition.to_tree() if condition else None
    row = people.create(session, workspace_id, NewSegment(key, name, tree), now)
    bump(session, workspace_id)
    return row


def change(session: Session, row: Segment, said: Change, now: datetime) -> None:
    """Call it otherwise, or ask otherwise. Who is in it by another condition neither enters nor leaves.

    Conflict where it is kept by hand and would be by condition, or the other way round: that is another segment.
    """
    lock(session, row.workspace_id)
    if said.name is not UNSAID:
        row.name = said.name
    if said.condition is not UNSAID:
        _ask_otherwise(session, row, said.condition)
    row.updated_at = now
    bump(session, row.workspace_id)


def delete(session: Session, row: Segment) -> None:
    """The segment and its members. Conflict where a rule at work names it, or another segment does."""
    lock(session, row.workspace_id)
    if rules := rules_naming(session, row.workspace_id, row.key):
        raise Conflict(f"These rules name it: {', '.join(rules)}. Archive them, or change them first.")
    others = _conditions(session, row.workspace_id).items()
    if namers := sorted(key for key, condition in others if row.key in names_of(condition)):
        raise Conflict(f"These segments name it: {', '.join(namers)}. Change them first.")
    filling.forget(session, row)
    people.remove(session, row)
    bump(session, row.workspace_id)


def _ask_otherwise(session: Session, row: Segment, given: object) -> None:
    if (given is None) is not (row.tree is None):
        kind = "by hand" if row.tree is None else "by condition"
        raise Conflict(f"This segment is kept {kind}, and stays so. Make another one.", field="condition")
    if given is None:
        return
    condition = read(given)
    _refuse(session, row.workspace_id, row.key, condition)
    if row.tree != condition.to_tree():
        filling.forget(session, row)
        row.tree = condition.to_tree()


def _refuse(session: Session, workspace_id: str, key: str, condition: Condition) -> None:
    """Names that are not there, and segments that would have to be asked before themselves."""
    known = _conditions(session, workspace_id) | {key: condition}
    strangers = sorted(names_of(condition) - known.keys())
    if strangers:
        raise SegmentRefused(Finding("", f"there is no segment {name}") for name in strangers)
    if ends_in_itself(key, known):
        raise SegmentRefused([Finding("", f"{key} would have to be asked before itself")])


def _conditions(session: Session, workspace_id: str) -> dict[str, Condition | None]:
    """Every segment by key; of one by hand, and of one that this release cannot read, None."""
    found: dict[str, Condition | None] = {}
    for row in people.segments(session, workspace_id):
        try:
            found[row.key] = kept_condition(row.tree) if row.tree is not None else None
        except RuleErrors:
            found[row.key] = None
    return found
