"""The live rules in memory: compiled, immutable, one set for each workspace, swapped whole when its revision moves."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.db import Database
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.signals import RulesChanged
from frontdesk_rules import LiveRule, RuleErrors, RuleSet, parse_tree

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Loaded:
    revision: int
    rules: RuleSet


class LiveRules:
    """`get` asks the database only for a workspace that it has not seen; `refresh` follows the revisions.

    Call `refresh` once a second, for rules that another process saved; `on_rules_changed` does it at once for ours.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._loaded: dict[str, _Loaded] = {}

    def get(self, session: Session, workspace_id: str) -> RuleSet:
        """The compiled rules that are live in this workspace."""
        loaded = self._loaded.get(workspace_id)
        if loaded is None:
            revision = session.scalar(select(Workspace.rules_revision).where(Workspace.id == workspace_id))
            loaded = self._load(session, workspace_id, revision or 0)
        return loaded.rules

    def refresh(self, session: Session) -> None:
        """Load what changed, in any workspace. One small query when nothing did."""
        for workspace_id, revision in session.execute(select(Workspace.id, Workspace.rules_revision)):
            known = self._loaded.get(workspace_id)
            # not only larger: a set that was loaded inside a transaction that was undone is ahead of the truth
            if known is None or known.revision != revision:
                self._load(session, workspace_id, revision)

    def on_rules_changed(self, _signal: RulesChanged) -> None:
        self._db.read(self.refresh)

    def _load(self, session: Session, workspace_id: str, revision: int) -> _Loaded:
        loaded = _Loaded(revision, RuleSet.compile(_live(session, workspace_id)))
        self._loaded[workspace_id] = loaded
        return loaded


def _live(session: Session, workspace_id: str) -> list[LiveRule]:
    rows = session.execute(
        select(RuleVersion.rule_id, RuleVersion.version, RuleVersion.tree).where(
            RuleVersion.workspace_id == workspace_id, RuleVersion.state == "live"
        )
    )
    rules = []
    for rule_id, version, tree in rows:
        try:
            rules.append(LiveRule(rule_id, version, parse_tree(tree)))
        except RuleErrors:  # saved by a release that knew more: the others must stay live
            log.exception("rule_unreadable", rule=rule_id, version=version)
    return rules
