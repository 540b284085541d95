"""Which rule is looked at, among which others: one that is kept, or one that somebody is still writing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.errors import Invalid, NotFound
from frontdesk.engage.deciding.decisions import rule_name
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.gates import policy_of
from frontdesk.engage.rules.queries import rule_id_of
from frontdesk.engage.rules.saving import drafts
from frontdesk_rules import LiveRule, Policy, Rule, RuleErrors, parse_tree

NEW = "rul_new"
"""The id of a rule that is not kept yet. Who is in its hold-out is decided by the id, so that will be others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`rule` as though it were live; `live` are those that are, its own live version among them, if that is another.
    `state`: that of the version; None where it is not kept."""

    rule: LiveRule
    live: tuple[LiveRule, ...]
    policy: Policy
    state: str | None = None


def rule_tree(live: LiveRule) -> dict[str, Any]:
    """Which rule it is, what it is called, and in which version, as JSON."""
    return {"id": live.id, "key": live.rule.key, "name": rule_name(live), "version": live.version}


# Which version is meant where none is named: the one that is being tried, or the one that is at work.
TRIED: Final = ("draft", "shadow", "live", "paused", "archived")
AT_WORK: Final = ("live", "paused", "shadow", "draft", "archived")


def kept(
    session: Session, workspace_id: str, name: str, version: int | None = None, order: tuple[str, ...] = AT_WORK
) -> Asked:
    """The rule of this id or key in that version, else in the first state of `order` that it has one in; NotFound
    outside the workspace, Invalid for a version that there is none of."""
    rule_id = rule_id_of(session, workspace_id, name)
    rows = [row for row in _versions(session, rule_id) if version in (None, row.version)]
    if not rows:
        raise Invalid("There is no such version of this rule.", field="version")
    row = min(rows, key=lambda row: (order.index(row.state), -row.version))
    try:
        rule = LiveRule(rule_id, row.version, parse_tree(row.tree))
    except RuleErrors as error:
        raise Invalid("This version was saved by a release that knew more.", field="rule") from error
    return replace(among(session, workspace_id, rule), state=row.state)


def _versions(session: Session, rule_id: str) -> Sequence[RuleVersion]:
    return session.scalars(select(RuleVersion).where(RuleVersion.rule_id == rule_id)).all()


def written(session: Session, workspace_id: str, text: str) -> Asked:
    """The one rule of a YAML text. Invalid where there are several; RulesRefused as `drafts` raises it."""
    found = drafts(text)
    if len(found) != 1:
        raise Invalid("Give one rule at a time.", field="yaml")
    return among(session, workspace_id, _new(session, workspace_id, found[0].rule))


def _new(session: Session, workspace_id: str, rule: Rule) -> LiveRule:
    """Under the id that its key has, so that it repeats and holds out as it will; its version is the next one."""
    try:
        rule_id = rule_id_of(session, workspace_id, rule.key)
    except NotFound:
        return LiveRule(NEW, 1, rule)
    return LiveRule(rule_id, max(row.version for row in _versions(session, rule_id)) + 1, rule)


def among(session: Session, workspace_id: str, rule: LiveRule) -> Asked:
    """This rule, and those that are live beside it."""
    rows = session.execute(
        select(RuleVersion.rule_id, RuleVersion.version, RuleVersion.tree)
        .where(RuleVersion.workspace_id == workspace_id, RuleVersion.state == "live")
        .order_by(RuleVersion.rule_id, RuleVersion.version)
    )
    live = []
    for rule_id, version, tree in rows:
        if (rule_id, version) == (rule.id, rule.version):
            continue
        try:
            live.append(LiveRule(rule_id, version, parse_tree(tree)))
        except RuleErrors:  # saved by a release that knew more: it is not live in this one either
            continue
    return Asked(replace(rule, active=True, shadow=False), tuple(live), policy_of(session, workspace_id))
