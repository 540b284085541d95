"""Versions of rules as rows: what one says never changes, its state does, by the table in `states`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.signals import announce
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.installation import BARE, Installation
from frontdesk.engage.rules.states import LEADING
from frontdesk.engage.signals import RulesChanged
from frontdesk_rules import Rule, RuleErrors, parse_tree

GIT, API = "git", "api"
Places = Mapping[str, RuleVersion]
"""Of one rule, place → the version that is there."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes rules, where and when. `origin` is `git` for `frontdesk rules apply`, else `api`.

    `over_git`: it may change what git manages. `at_home`: what can be done where the rules will run.
    """

    workspace_id: str
    now: datetime
    by: str | None = None
    origin: str = API
    over_git: bool = False
    at_home: Installation = BARE


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
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(rules_revision=Workspace.rules_revision + 1)
        .execution_options(synchronize_session=False)
    )
    announce(session, RulesChanged(workspace_id))


def revision(session: Session, workspace_id: str) -> int:
    """How often the rules that run have changed."""
    return session.scalar(select(Workspace.rules_revision).where(Workspace.id == workspace_id)) or 0


def leading(places: Places) -> RuleVersion | None:
    """The version that the rule is shown by, unless all are archived."""
    return next((places[place] for place in LEADING if place in places), None)


def version_of(session: Session, workspace_id: str, rule_id: str, number: int) -> RuleVersion:
    """One version, or NotFound outside the workspace."""
    row = session.get(RuleVersion, (rule_id, number))
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such version of a rule.")
    return row


def says(version: RuleVersion, rule: Rule) -> bool:
    """Whether the version says the same, however it is written."""
    tree = rule.to_tree()
    return version.tree == tree or _canonical(version.tree) == tree


def _canonical(tree: Mapping[str, Any]) -> dict[str, object]:
    """As this release writes it: an older one may have left out less."""
    try:
        return parse_tree(tree).to_tree()
    except RuleErrors:  # saved by a release that knew more
        return dict(tree)
