"""Versions of rules as rows: what one says never changes, its state does, by the table in `states`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce
from frontdesk.engage.models import RuleRow, RuleVersion
from frontdesk.engage.rules.states import LEADING, PLACES, RUNNING, may_follow
from frontdesk.engage.signals import RulesChanged
from frontdesk_rules import Rule, RuleErrors, parse_tree

GIT, API = "git", "api"


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes rules, where and when. `origin` is `git` for `frontdesk rules apply`, else `api`.

    `over_git`: it may change what git manages.
    """

    workspace_id: str
    now: datetime
    by: str | None = None
    origin: str = API
    over_git: bool = False


class IllegalMove(Conflict):
    """A version in its state cannot become that."""

    code = "illegal_move"


class ManagedByGit(Conflict):
    """The rule's text comes from files: change it there, or release it first; pausing and resuming are free."""

    code = "managed_by_git"


def lock(session: Session, workspace_id: str) -> None:
    """Let one change of a workspace's rules follow another, on PostgreSQL too; those who only read go on."""
    held = select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True)
    if session.scalar(held) is None:
        raise NotFound("There is no such workspace.")


def bump(session: Session, workspace_id: str) -> None:
    """Let every process take the rules anew."""
    session.flush()
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(rules_revision=Workspace.rules_revision + 1)
        .execution_options(synchronize_session=False)
    )
    announce(session, RulesChanged(workspace_id))


def standing(session: Session, rule_id: str) -> dict[str, RuleVersion]:
    """Place → the version that is there."""
    open_ones = select(RuleVersion).where(RuleVersion.rule_id == rule_id, RuleVersion.state != "archived")
    return {PLACES[row.state]: row for row in session.scalars(open_ones)}


def leading(places: Mapping[str, RuleVersion]) -> RuleVersion | None:
    """The version that the rule is shown by, unless all are archived."""
    return next((places[place] for place in LEADING if place in places), None)


def row_of(session: Session, edit: Edit, key: str) -> RuleRow:
    """The rule of this key, made if there is none."""
    found = select(RuleRow).where(RuleRow.workspace_id == edit.workspace_id, RuleRow.key == key)
    row = session.scalars(found).one_or_none()
    if row is None:
        row = RuleRow(id=new_id("rul", edit.now), workspace_id=edit.workspace_id, key=key, created_at=edit.now)
        session.add(row)
        session.flush()
    return row


def shown(session: Session, workspace_id: str, rule_id: str) -> RuleVersion:
    """The version that the rule is shown by, archived or not; NotFound outside the workspace."""
    found = leading(standing(session, rule_id))
    if found is None:
        all_of = select(RuleVersion).where(RuleVersion.rule_id == rule_id)
        found = session.scalars(all_of.order_by(RuleVersion.version.desc()).limit(1)).one_or_none()
    if found is None or found.workspace_id != workspace_id:
        raise NotFound("There is no such rule.")
    return found


def version_of(session: Session, workspace_id: str, rule_id: str, number: int) -> RuleVersion:
    """One version, or NotFound outside the workspace."""
    row = session.get(RuleVersion, (rule_id, number))
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such version of a rule.")
    return row


def written(session: Session, edit: Edit, rule_id: str, rule: Rule, source: str) -> RuleVersion:
    """A new version, not stored yet: `enter` brings it to its state."""
    numbers = select(func.max(RuleVersion.version)).where(RuleVersion.rule_id == rule_id)
    return RuleVersion(
        rule_id=rule_id,
        version=(session.scalar(numbers) or 0) + 1,
        workspace_id=edit.workspace_id,
        state="archived",
        tree=rule.to_tree(),
        source=source,
        origin=edit.origin,
        created_by=edit.by,
        created_at=edit.now,
        state_at=edit.now,
    )


def enter(session: Session, edit: Edit, version: RuleVersion, state: str) -> None:
    """Bring a version to a state, and archive who stood in its place. See `move`, which asks whether it may."""
    before = standing(session, version.rule_id)
    was = _running(before)
    there = before.get(PLACES.get(state, ""))
    if there is not None and there is not version:
        there.state, there.state_at = "archived", edit.now
    version.state, version.state_at = state, edit.now
    session.add(version)
    session.flush()
    now = _running(standing(session, version.rule_id))
    if was != now:
        bump(session, edit.workspace_id)


def move(session: Session, edit: Edit, version: RuleVersion, state: str) -> None:
    """Bring a version to a state that may follow; IllegalMove where it may not. To its own state: nothing."""
    if version.state == state:
        return
    if not may_follow(version.state, state):
        raise IllegalMove(f"A version that is {version.state} cannot become {state}.", field="state")
    enter(session, edit, version, state)


def _running(places: Mapping[str, RuleVersion]) -> dict[int, str]:
    """The versions that are compiled, and their states."""
    return {row.version: row.state for row in places.values() if row.state in RUNNING}


def says(version: RuleVersion, rule: Rule) -> bool:
    """Whether the version says the same, however it is written."""
    return _canonical(version.tree) == rule.to_tree()


def _canonical(tree: Mapping[str, Any]) -> dict[str, object]:
    """As this release writes it: an older one may have left out less."""
    try:
        return parse_tree(tree).to_tree()
    except RuleErrors:  # saved by a release that knew more
        return dict(tree)
