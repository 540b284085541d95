"""Rules as they are saved: YAML in, immutable versions out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from frontdesk.core.errors import Invalid
from frontdesk.engage.doing.templates import LiquidTemplates
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules import references, versions
from frontdesk.engage.rules.states import may_follow, nearer
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk.engage.rules.versions import GIT, Edit, ManagedByGit
from frontdesk_rules import Finding, Rule, RuleErrors, lines_of, parse_rules


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


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a draft ended: its rule and version, and whether anything runs otherwise than before."""

    rule_id: str
    version: int
    state: str
    changed: bool


def drafts(text: str) -> list[Draft]:
    """The rules of a YAML text, one a document. Raises RulesRefused with every finding of every document."""
    try:
        rules = parse_rules(text, LiquidTemplates(), SUPPORTED)
    except RuleErrors as error:
        raise RulesRefused(error.findings) from error
    return [Draft(rule, source) for rule, source in zip(rules, sources(text), strict=True)]


def save(session: Session, workspace_id: str, text: str, now: datetime) -> list[str]:
    """Set the rules of a YAML text live; their ids, in order. See `drafts` and `put`."""
    return set_live(session, workspace_id, drafts(text), now)


def set_live(session: Session, workspace_id: str, new: Sequence[Draft], now: datetime) -> list[str]:
    """Set rules live and archive what they replace; their ids, in order. See `put`."""
    return [one.rule_id for one in put(session, Edit(workspace_id, now), new)]


def put(session: Session, edit: Edit, new: Sequence[Draft], state: str = "live", *, keep: bool = False) -> list[Saved]:
    """Bring rules to `state` (draft, shadow, live), all or none.

    What a version says already makes no new one: it goes where it is wanted, unless it stands nearer. `keep`: a rule
    that is paused stays so. Raises RulesRefused where one names who or what is not here, ManagedByGit where the text
    of one is not to be changed by this edit.
    """
    refuse_unknown(session, edit.workspace_id, [draft.rule for draft in new])
    versions.lock(session, edit.workspace_id)
    return [_put(session, edit, draft, state, keep=keep) for draft in new]


def refuse_unknown(session: Session, workspace_id: str, rules: Iterable[Rule]) -> None:
    """Raise RulesRefused where a rule names a team, teammate or saved text that is not here."""
    if found := references.unknown(session, workspace_id, rules):
        raise RulesRefused(found)


def set_state(session: Session, workspace_id: str, rule_id: str, state: str, now: datetime) -> None:
    """Pause, resume or archive a rule: its leading version. IllegalMove where that cannot go there."""
    versions.lock(session, workspace_id)
    versions.move(session, Edit(workspace_id, now), versions.shown(session, workspace_id, rule_id), state)


def set_version(session: Session, edit: Edit, rule_id: str, number: int, state: str) -> None:
    """Bring one version to a state. Of a rule that git manages, only pausing and resuming; else ManagedByGit."""
    versions.lock(session, edit.workspace_id)
    version = versions.version_of(session, edit.workspace_id, rule_id, number)
    if {version.state, state} != {"live", "paused"}:
        _refuse_managed(edit, versions.leading(versions.standing(session, rule_id)), field="state")
    versions.move(session, edit, version, state)


def _put(session: Session, edit: Edit, draft: Draft, state: str, *, keep: bool) -> Saved:
    rule_id = versions.row_of(session, edit, draft.rule.key).id
    places = versions.standing(session, rule_id)
    _refuse_managed(edit, versions.leading(places), field=draft.rule.key)
    there = places.get("standing")
    if keep and there is not None and there.state == "paused" and state == "live":
        state = "paused"
    same = _same(places.values(), draft.rule)
    if same is None:
        same = versions.written(session, edit, rule_id, draft.rule, draft.source)
        versions.enter(session, edit, same, state)
        return Saved(rule_id, same.version, state, changed=True)
    same.source, same.origin = draft.source, edit.origin
    changed = same.state != state and may_follow(same.state, state) and not nearer(same.state, state)
    if changed:
        versions.move(session, edit, same, state)
    return Saved(rule_id, same.version, same.state, changed)


def _same(rows: Iterable[RuleVersion], rule: Rule) -> RuleVersion | None:
    """The version nearest to standing that says the same."""
    said = [row for row in rows if versions.says(row, rule)]
    return next((row for row in said if not any(nearer(other.state, row.state) for other in said)), None)


def _refuse_managed(edit: Edit, row: RuleVersion | None, field: str) -> None:
    if row is not None and row.origin == GIT and not edit.over_git:
        told = "Git manages this rule: change its file and apply it, or apply it with --unmanage to change it here."
        raise ManagedByGit(told, field=field)


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
