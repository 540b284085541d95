"""The rules in memory: compiled, immutable, one set for each workspace, swapped whole when its revision moves.

A version is parsed and compiled once: what a new set has in common with the one before it is taken over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.db import Database
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.gates import policy_of
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.signals import RulesChanged
from frontdesk_rules import CompiledRule, LiveRule, RuleErrors, RuleSet, parse_tree

log = structlog.get_logger(__name__)
Key = tuple[str, int]
_FEW = 500  # a database takes no list of any length
_MOST_FORMER = 200  # versions of before that are kept parsed: those by which something was put off


@dataclass(frozen=True, slots=True)
class _Loaded:
    """`revision` is None for what was read inside a transaction, which may be undone."""

    revision: int | None
    rules: RuleSet
    parsed: Mapping[Key, LiveRule]


_NOTHING: Final = _Loaded(None, RuleSet.compile(()), {})


class LiveRules:
    """`get` asks the database only for a workspace that it has not seen; `refresh` follows the revisions.

    Call `refresh` once a second, for rules that another process saved; `on_rules_changed` does it at once for ours.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._loaded: dict[str, _Loaded] = {}
        self._former: dict[Key, LiveRule] = {}

    def get(self, session: Session, workspace_id: str) -> RuleSet:
        """The compiled rules that are live in this workspace; in shadow or paused, they say so."""
        loaded = self._loaded.get(workspace_id)
        if loaded is None:
            loaded = self._load(session, workspace_id, None)
        return loaded.rules

    def as_of(self, session: Session, rules: RuleSet, rule: CompiledRule, version: int) -> CompiledRule:
        """A rule as one of its versions had it, which may not run any more, in the state that the rule is in.

        A version never changes, so what was decided by one is carried out by it.
        """
        if version == rule.live.version:
            return rule
        key = (rule.id, version)
        if key not in self._former:
            if len(self._former) >= _MOST_FORMER:
                self._former.clear()
            self._former |= _former(session, key)
        former = self._former.get(key)
        if former is None:
            return rule
        as_it_was = replace(former, active=rule.live.active, shadow=rule.live.shadow)
        return RuleSet.compile([as_it_was], rules.made.policy).rules[0]

    def refresh(self, session: Session) -> None:
        """Load what changed, in any workspace. One small query when nothing did."""
        for workspace_id, revision in session.execute(select(Workspace.id, Workspace.rules_revision)):
            known = self._loaded.get(workspace_id)
            if known is None or known.revision != revision:
                self._load(session, workspace_id, revision)

    def on_rules_changed(self, _signal: RulesChanged) -> None:
        self._db.read(self.refresh)

    def _load(self, session: Session, workspace_id: str, revision: int | None) -> _Loaded:
        before = self._loaded.get(workspace_id)
        if before is None or before.revision is None:
            before = _NOTHING
        parsed = _parsed(session, workspace_id, before.parsed)
        rules = before.rules.swapped(parsed.values(), policy_of(session, workspace_id))
        loaded = self._loaded[workspace_id] = _Loaded(revision, rules, parsed)
        return loaded


def _parsed(session: Session, workspace_id: str, known: Mapping[Key, LiveRule]) -> dict[Key, LiveRule]:
    """The running versions; only those that are not known yet are fetched whole."""
    states = select(RuleVersion.rule_id, RuleVersion.version, RuleVersion.state).where(
        RuleVersion.workspace_id == workspace_id, RuleVersion.state.in_(RUNNING)
    )
    running = {(rule_id, version): state for rule_id, version, state in session.execute(states)}
    read = {key: known[key] for key in running if key in known}
    if len(read) < len(running):
        read |= _read(session, workspace_id, running.keys() - read.keys())
    return {key: _in_state(rule, running[key]) for key, rule in read.items()}


def _in_state(rule: LiveRule, state: str) -> LiveRule:
    """The same one where it is in that state already: its set knows it again at a glance."""
    active, shadow = state != "paused", state == "shadow"
    if (rule.active, rule.shadow) == (active, shadow):
        return rule
    return replace(rule, active=active, shadow=shadow)


def _read(session: Session, workspace_id: str, wanted: set[Key]) -> dict[Key, LiveRule]:
    query = select(RuleVersion.rule_id, RuleVersion.version, RuleVersion.tree).where(
        RuleVersion.workspace_id == workspace_id, RuleVersion.state.in_(RUNNING)
    )
    if len(wanted) <= _FEW:
        query = query.where(RuleVersion.rule_id.in_({rule_id for rule_id, _ in wanted}))
    return _readable((row[:2], row[2]) for row in session.execute(query) if row[:2] in wanted)


def _former(session: Session, key: Key) -> dict[Key, LiveRule]:
    row = session.get(RuleVersion, key)
    return _readable([(key, row.tree)] if row else [])


def _readable(trees: Iterable[tuple[Key, Any]]) -> dict[Key, LiveRule]:
    rules = {}
    for (rule_id, version), tree in trees:
        try:
            rules[rule_id, version] = LiveRule(rule_id, version, parse_tree(tree))
        except RuleErrors:  # saved by a release that knew more: the others must stay live
            log.exception("rule_unreadable", rule=rule_id, version=version)
    return rules
