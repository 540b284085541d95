"""Rules as they are saved: YAML in, immutable versions out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.errors import NotFound
from frontdesk.engage.doing.templates import LiquidTemplates
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules import references
from frontdesk.engage.rules.installation import BARE, Installation
from frontdesk.engage.rules.refused import RulesRefused
from frontdesk.engage.rules.shelf import Shelf
from frontdesk.engage.rules.states import LEADING, PLACES, RUNNING, may_follow, nearer
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk.engage.rules.versions import GIT, Edit, ManagedByGit, Places, leading, lock, says, version_of
from frontdesk.engage.segments.naming import unknown_segments
from frontdesk_rules import Finding, Rule, RuleErrors, lines_of, parse_rules, parse_tree


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that can go live, and the text that it was written in."""

    rule: Rule
    source: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """To which state rules are to come. `keep`: one that is paused stays so. `bury`: one that is archived stays so.
    `prune`: what git manages and is not among them is archived."""

    state: str = "live"
    keep: bool = False
    bury: bool = False
    prune: bool = False


LIVE = Wanted()


@dataclass(frozen=True, slots=True)
class Intent:
    """What becomes of a draft: the version that says it already, if one does, and the state that its text will have.
    Where that is `archived`, nothing is saved, and `same` is the newest version, whatever it says."""

    same: RuleVersion | None
    state: str

    @property
    def moves(self) -> bool:
        return self.same is None or self.same.state != self.state


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a draft ended: its rule, version and state, and whether that is new."""

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


def set_live(
    session: Session, workspace_id: str, new: Sequence[Draft], now: datetime, at_home: Installation = BARE
) -> list[str]:
    """Set rules live and archive what they replace; their ids, in order. See `put`."""
    return [one.rule_id for one in put(session, Edit(workspace_id, now, at_home=at_home), new)]


def put(session: Session, edit: Edit, new: Sequence[Draft], wanted: Wanted = LIVE) -> list[Saved]:
    """Bring rules to a state (draft, shadow, live), all or none. What a version says already makes no new one.

    Raises RulesRefused where one names who or what is not here, ManagedByGit where this edit may not change one.
    """
    keys = {draft.rule.key for draft in new}
    lock(session, edit.workspace_id)
    shelf = Shelf(session, edit, None if wanted.prune else keys)
    refuse_impossible(session, edit, shelf, new, wanted)
    gone = [places for key, places in shelf.from_git() if key not in keys] if wanted.prune else []
    saved = [_put(shelf, edit, draft, wanted) for draft in new]
    for places in gone:
        for row in list(places.values()):
            shelf.enter(row, "archived")
    shelf.close()
    return saved


def set_version(session: Session, edit: Edit, rule_id: str, number: int, state: str) -> None:
    """Bring one version to a state. Of a rule that git manages, only pausing and resuming; else ManagedByGit. One that
    is to run and names who or what is not here any more is refused as `put` refuses it."""
    lock(session, edit.workspace_id)
    row = version_of(session, edit.workspace_id, rule_id, number)
    key = str(row.tree["rule"])
    shelf = Shelf(session, edit, [key])
    if {row.state, state} != {"live", "paused"}:
        refuse_managed(edit, shelf.places(key), field="state")
    if row.state == "draft" and state in RUNNING and (found := impossible(session, edit, _readable(row))):
        raise RulesRefused(found)
    shelf.move(row, state)
    shelf.close()


def _readable(row: RuleVersion) -> list[Rule]:
    """The rule of a version; nothing where a later release saved it, which knows why it can run."""
    try:
        return [parse_tree(row.tree)]
    except RuleErrors:
        return []


def set_state(session: Session, workspace_id: str, rule_id: str, state: str, now: datetime) -> None:
    """Pause, resume or archive a rule: the version that it is shown by, else its newest."""
    lock(session, workspace_id)
    mine = select(RuleVersion).where(RuleVersion.workspace_id == workspace_id, RuleVersion.rule_id == rule_id)
    rows = session.scalars(mine.order_by(RuleVersion.version)).all()
    if not rows:
        raise NotFound("There is no such rule.")
    row = leading({PLACES[row.state]: row for row in rows if row.state in PLACES}) or rows[-1]
    set_version(session, Edit(workspace_id, now), rule_id, row.version, state)


def refuse_impossible(session: Session, edit: Edit, shelf: Shelf, new: Sequence[Draft], wanted: Wanted) -> None:
    """Raise RulesRefused for what `impossible` finds. What cannot be done at home counts only for rules that change:
    one that stands here already must not keep others from being applied."""
    intents = [(draft.rule, intended(shelf, draft.rule, wanted)) for draft in new]
    asked = [rule for rule, intent in intents if intent.state != "archived"]
    moving = [rule for rule, intent in intents if intent.moves]
    if found := _strangers(session, edit, asked) + edit.at_home.refusals(moving):
        raise RulesRefused(found)


def impossible(session: Session, edit: Edit, rules: Iterable[Rule]) -> list[Finding]:
    """Where rules name a team, teammate, segment or saved text that is not here, or ask for what cannot be done at
    home."""
    asked = list(rules)
    return _strangers(session, edit, asked) + edit.at_home.refusals(asked)


def _strangers(session: Session, edit: Edit, asked: list[Rule]) -> list[Finding]:
    unknown = references.unknown(session, edit.workspace_id, asked)
    return unknown + unknown_segments(session, edit.workspace_id, asked)


def intended(shelf: Shelf, rule: Rule, wanted: Wanted) -> Intent:
    """What saving a rule means where its versions stand so.

    A version that says the same goes where it is wanted, unless it stands nearer: a draft of what is live is nothing.
    """
    gone = shelf.gone(rule.key) if wanted.bury else None
    return Intent(gone, "archived") if gone else _among(shelf.places(rule.key), rule, wanted)


def _among(places: Places, rule: Rule, wanted: Wanted) -> Intent:
    there = places.get("standing")
    paused = wanted.keep and wanted.state == "live" and there is not None and there.state == "paused"
    state = "paused" if paused else wanted.state
    same = next((places[place] for place in LEADING if place in places and says(places[place], rule)), None)
    if same is None or (may_follow(same.state, state) and not nearer(same.state, state)):
        return Intent(same, state)
    return Intent(same, same.state)


def _put(shelf: Shelf, edit: Edit, draft: Draft, wanted: Wanted) -> Saved:
    places = shelf.places(draft.rule.key)
    refuse_managed(edit, places, field=draft.rule.key)
    intent = intended(shelf, draft.rule, wanted)
    if intent.same and intent.state == "archived":
        return Saved(intent.same.rule_id, intent.same.version, intent.state, changed=False)
    row = intent.same or shelf.written(draft.rule, draft.source)
    if row is intent.same:
        row.source, row.origin = draft.source, edit.origin
    if intent.moves:
        shelf.enter(row, intent.state)
    return Saved(row.rule_id, row.version, row.state, intent.moves)


def refuse_managed(edit: Edit, places: Places, field: str) -> None:
    """Raise ManagedByGit where git manages the rule and the edit does not come from there."""
    row = leading(places)
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
