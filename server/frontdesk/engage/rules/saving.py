"""Rules as they are kept: YAML in, immutable versions out. What a version says never changes; its state does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Team, Teammate, Workspace
from frontdesk.core.errors import Conflict, Invalid, NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce
from frontdesk.engage.doing.templates import LiquidTemplates
from frontdesk.engage.models import RuleRow, RuleVersion
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk.engage.signals import RulesChanged
from frontdesk_rules import Assign, Finding, Rule, RuleErrors, lines_of, parse_rules

# State → what may follow. A version that was archived stays so: save its text again to bring it back.
MOVES = {"live": {"paused", "archived"}, "paused": {"live", "archived"}, "archived": frozenset[str]()}


class RulesRefused(Invalid):
    """The text holds no rules that can go live; `findings` says where and why, and nothing was saved."""

    code = "rules_refused"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(map(str, self.findings)))


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that can go live, and the text that it was written in."""

    rule: Rule
    source: str


def drafts(text: str) -> list[Draft]:
    """The rules of a YAML text, one a document. Raises RulesRefused with every finding of every document."""
    try:
        rules = parse_rules(text, LiquidTemplates(), SUPPORTED)
    except RuleErrors as error:
        raise RulesRefused(error.findings) from error
    return [Draft(rule, source) for rule, source in zip(rules, sources(text), strict=True)]


def save(session: Session, workspace_id: str, text: str, now: datetime) -> list[str]:
    """Set the rules of a YAML text live; see `drafts` and `set_live`."""
    return set_live(session, workspace_id, drafts(text), now)


def set_live(session: Session, workspace_id: str, new: Sequence[Draft], now: datetime) -> list[str]:
    """Set rules live and archive what they replace; their ids, in order. An unchanged text makes no new version.

    Raises RulesRefused where one names a team or teammate that is not here; then none is saved.
    """
    if strangers := _strangers(session, workspace_id, [draft.rule for draft in new]):
        raise RulesRefused(strangers)
    saved = [_save(session, workspace_id, draft, now) for draft in new]
    if any(changed for _, changed in saved):
        _bump(session, workspace_id)
    return [rule_id for rule_id, _ in saved]


def set_state(session: Session, workspace_id: str, rule_id: str, state: str, now: datetime) -> None:
    """Pause, resume or archive a rule; Conflict where its newest version cannot go there."""
    version = _newest(session, workspace_id, rule_id)
    if version.state == state:
        return
    if state not in MOVES[version.state]:
        raise Conflict(f"A rule that is {version.state} cannot become {state}.", field="state")
    version.state, version.state_at = state, now
    session.flush()
    _bump(session, workspace_id)


def sources(text: str) -> list[str]:
    """The text of each document that is not empty, with its comments.

    >>> sources("rule: a\\n--- # two\\n# about b\\nrule: b\\n")
    ['rule: a\\n', '# about b\\nrule: b\\n']
    """
    lines = text.splitlines(keepends=True)
    starts = [where[()] - 1 for where in lines_of(text)]
    marks = [next(n for n in range(start, -1, -1) if lines[n].startswith("---")) for start in starts[1:]]
    first = next((n + 1 for n in range(starts[0]) if lines[n].startswith("---")), 0)
    parts = [lines[start:end] for start, end in pairwise([first, *(mark + 1 for mark in marks), len(lines) + 1])]
    return ["".join(line for line in part if not line.startswith("---")).strip("\n") + "\n" for part in parts]


def _strangers(session: Session, workspace_id: str, rules: Iterable[Rule]) -> list[Finding]:
    """Teams and teammates that are named and do not work here."""
    teams = set(session.scalars(select(Team.key).where(Team.workspace_id == workspace_id)))
    people = select(Teammate.id, Teammate.email).where(Teammate.workspace_id == workspace_id)
    teammates = {name for row in session.execute(people) for name in row}
    found = []
    for rule in rules:
        for n, action in enumerate(rule.do):
            if isinstance(action, Assign):
                asked = (("team", action.team, teams), ("fallback", action.fallback, teams))
                for key, name, known in (*asked, ("teammate", action.teammate, teammates)):
                    if name is not None and name not in known:
                        reason = f"nobody here is named {name}" if key == "teammate" else f"there is no team {name}"
                        found.append(Finding(f"do[{n}].assign.{key}", reason, rule=rule.key))
    return found


def _save(session: Session, workspace_id: str, draft: Draft, now: datetime) -> tuple[str, bool]:
    """The rule's id, and whether anything changed."""
    rule, source = draft.rule, draft.source
    row = session.execute(
        select(RuleRow).where(RuleRow.workspace_id == workspace_id, RuleRow.key == rule.key)
    ).scalar_one_or_none()
    if row is None:
        row = RuleRow(id=new_id("rul", now), workspace_id=workspace_id, key=rule.key, created_at=now)
        session.add(row)
        session.flush()
        newest = None
    else:
        newest = _newest(session, workspace_id, row.id)
        if newest.state == "live" and newest.source == source:
            return row.id, False
        newest.state, newest.state_at = "archived", now
    session.add(
        RuleVersion(
            rule_id=row.id,
            version=newest.version + 1 if newest else 1,
            workspace_id=workspace_id,
            state="live",
            tree=rule.to_tree(),
            source=source,
            created_at=now,
            state_at=now,
        )
    )
    session.flush()
    return row.id, True


def _newest(session: Session, workspace_id: str, rule_id: str) -> RuleVersion:
    """The version that was saved last; NotFound where the rule is not of this workspace."""
    latest = select(func.max(RuleVersion.version)).where(RuleVersion.rule_id == rule_id).scalar_subquery()
    row = session.execute(
        select(RuleVersion).where(
            RuleVersion.rule_id == rule_id, RuleVersion.workspace_id == workspace_id, RuleVersion.version == latest
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such rule.")
    return row


def _bump(session: Session, workspace_id: str) -> None:
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(rules_revision=Workspace.rules_revision + 1)
        .execution_options(synchronize_session=False)
    )
    announce(session, RulesChanged(workspace_id))
