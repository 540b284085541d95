"""Caps and quiet hours that hold for every rule of a workspace."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.engage.rules import versions
from frontdesk.engage.rules.refused import GatesRefused
from frontdesk_rules import DEFAULT_POLICY, Policy, RuleErrors, parse_policy


def policy_of(session: Session, workspace_id: str) -> Policy:
    """What holds for every rule; the default where nobody chose anything."""
    tree = session.scalar(select(Workspace.gates).where(Workspace.id == workspace_id))
    return DEFAULT_POLICY if tree is None else parse_policy(tree)


def choose(session: Session, workspace_id: str, tree: dict[str, Any]) -> Policy:
    """Let other gates hold, `{caps, quiet}` as in a rule; those left out hold nothing. Raises GatesRefused.

    Who chooses the default ones goes with them, should a later release have others.
    """
    try:
        policy = parse_policy(tree)
    except RuleErrors as error:
        raise GatesRefused(error.findings, error.findings[0].path or None) from error
    kept = None if policy == DEFAULT_POLICY else policy.to_tree()
    versions.lock(session, workspace_id)
    chosen = update(Workspace).where(Workspace.id == workspace_id).values(gates=kept)
    session.execute(chosen.execution_options(synchronize_session=False))
    versions.bump(session, workspace_id)
    return policy
