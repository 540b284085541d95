"""What waits to be shown, with what is to be asked of it: the rule that said it, the moment, and the person as now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.signals import announced
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.doing.deliveries import Given, Waiter
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import DecisionRow, RuleVersion
from frontdesk.engage.ports import Subject
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.signals import DeliveryQueued
from frontdesk.engage.timers import deferred
from frontdesk.engage.timers.deferred import Kept
from frontdesk_rules import CompiledRule, Moment, RuleSet

_workspace = attrgetter("workspace_id")


@dataclass(frozen=True, slots=True)
class Waited:
    """One delivery. `case` is the moment at which it was decided, where `known`; `fresh` what this very transaction has
    decided."""

    row: Given
    case: Case
    known: bool
    fresh: bool

    @property
    def rule(self) -> CompiledRule:
        """As the version that decided has it."""
        return self.case.candidates[0]

    @property
    def order(self) -> tuple[bool, tuple[int, str], str]:
        """What is on the screen keeps its place; then the most important."""
        return self.row.state == "queued" and not self.fresh, self.rule.rank, self.row.id


def waited(
    session: Session, live: LiveRules, rows: Sequence[Given], met: Mapping[str, Waiter], now: datetime
) -> list[Waited]:
    """What of these a running rule has said, in the order in which it is shown. In a few queries.

    `met` by visitor id are those for whom it waits.
    """
    fresh = decided_now(session)
    decided = _decided(session, {row.decision_id for row in rows if row.unseen and row.id not in fresh})
    found = []
    for workspace_id, group in groupby(sorted(rows, key=_workspace), _workspace):
        rules = live.get(session, workspace_id)
        of_rules = [row for row in group if row.rule_id in rules.by_id]
        people = _people(session, workspace_id, {row.visitor_id: met[row.visitor_id] for row in of_rules}, now)
        for row in of_rules:
            subject = people.get(row.visitor_id)
            if subject:
                version, kept = decided.get(row.decision_id, (None, None))
                rule = _rule(session, live, rules, row, version)
                found.append(Waited(row, _case(row, subject, rule, kept, now), kept is not None, row.id in fresh))
    return sorted(found, key=attrgetter("order"))


def _people(session: Session, workspace_id: str, met: Mapping[str, Waiter], now: datetime) -> dict[str, Subject]:
    """By visitor id; only who is not at hand is looked up."""
    known = {visitor_id: waiter.subject for visitor_id, waiter in met.items() if waiter.subject}
    return known | subjects(session, workspace_id, met.keys() - known.keys(), now)


def decided_now(session: Session) -> set[str]:
    """The deliveries that this very transaction has queued."""
    return {one.delivery_id for one in announced(session) if isinstance(one, DeliveryQueued)}


def of_no_rule(session: Session, live: LiveRules, rows: Sequence[Given]) -> Iterator[Given]:
    """What of these no rule says any more: it is archived. Another process may have saved a rule that we have not
    heard of yet, so the database has the last word."""
    unknown = [row for row in rows if row.rule_id not in live.get(session, row.workspace_id).by_id]
    if not unknown:
        return
    row = RuleVersion
    asked = {one.rule_id for one in unknown}
    at_work = set(session.scalars(select(row.rule_id).where(row.rule_id.in_(asked), row.state.in_(_STANDING))))
    yield from (one for one in unknown if one.rule_id not in at_work)


_STANDING = tuple(state for state in RUNNING if state != "shadow")  # a shadow says nothing


def _decided(session: Session, decision_ids: Collection[str]) -> Mapping[str, tuple[int, Kept | None]]:
    """Decision id → the version that decided, and what was at hand then."""
    keys = [(one,) for one in sorted(decision_ids)]
    found = bulk.find(session, _DECISION, ("id", "rule_version", "detail"), {("id",): keys})
    return {decision_id: (version, _kept(detail.get("kept"))) for decision_id, version, detail in found}


_DECISION = cast(Table, DecisionRow.__table__)


def _kept(payload: Mapping[str, object] | None) -> Kept | None:
    return deferred.kept(payload) if payload else None


def _rule(session: Session, live: LiveRules, rules: RuleSet, row: Given, version: int | None) -> CompiledRule:
    rule = rules.by_id[row.rule_id][0]
    return rule if version is None else live.as_of(session, rules, rule, version)


def _case(row: Given, subject: Subject, rule: CompiledRule, kept: Kept | None, now: datetime) -> Case:
    if kept is None:
        return Case(subject, Moment(kind="page", at=now), (rule,), page=None, conversation_id=row.conversation_id)
    return Case(
        replace(subject, session=kept.session),
        kept.as_moment(),
        candidates=(rule,),
        page=kept.page,
        conversation_id=row.conversation_id,
        delivery_id=kept.delivery_id,
    )
