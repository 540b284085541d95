"""What saving rules would change, before anybody changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Final, Literal, get_args

from sqlalchemy.orm import Session

from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.saving import Draft, Wanted, intended, refuse_impossible, refuse_managed
from frontdesk.engage.rules.shelf import Shelf
from frontdesk.engage.rules.states import LEADING, PLACES
from frontdesk.engage.rules.versions import GIT, Edit, Places, leading
from frontdesk_rules import RuleErrors, fmt

Kind = Literal["new", "changed", "moved", "revived", "adopted", "released", "unchanged", "archived"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one rule. `version` and `before` are those that it replaces or leaves, `after` its state then.

    new: there was none. changed: another text. moved: a version says it already, and gets another state. revived: it
    was archived. adopted, released: the same text, but that git manages it from now on, or no more. archived: it came
    from git and stands in none of the files. What is archived and stays so is unchanged, whatever the file says. `diff`
    is of the canonical texts.
    """

    key: str
    kind: Kind
    after: str
    version: int | None = None
    before: str | None = None
    diff: str = ""

    @property
    def changes(self) -> bool:
        return self.kind != "unchanged"

    def to_tree(self) -> dict[str, Any]:
        return {
            "rule": self.key,
            "change": self.kind,
            "version": self.version,
            "before": self.before,
            "after": self.after,
            "diff": self.diff,
        }


def plan(session: Session, edit: Edit, new: Sequence[Draft], wanted: Wanted) -> list[Change]:
    """What `put` would do with these rules, in their order, and then what it would archive.

    Raises what `put` would raise.
    """
    keys = {draft.rule.key for draft in new}
    shelf = Shelf(session, edit, None if wanted.prune else keys)
    refuse_impossible(session, edit, shelf, new, wanted)
    changes = [_change(draft, shelf, edit, wanted) for draft in new]
    if wanted.prune:
        changes += [_archived(key, places) for key, places in shelf.from_git() if key not in keys]
    return changes


def _change(draft: Draft, shelf: Shelf, edit: Edit, wanted: Wanted) -> Change:
    key = draft.rule.key
    places = shelf.places(key)
    refuse_managed(edit, places, field=key)
    intent = intended(shelf, draft.rule, wanted)
    if intent.same and intent.state == "archived":
        return Change(key, "unchanged", "archived", intent.same.version, "archived")
    row = places.get(PLACES[intent.state]) or intent.same or leading(places)
    if row is None:
        return _first(draft, shelf.gone(key), intent.state)
    if not intent.moves:
        return Change(key, _kept(row.origin, edit.origin), intent.state, row.version, row.state)
    kind: Kind = "changed" if intent.same is None else "moved"
    return Change(
        key, kind, intent.state, row.version, row.state, _diff(_canonical(row.source), _canonical(draft.source))
    )


def _first(draft: Draft, gone: RuleVersion | None, state: str) -> Change:
    """Of a rule that has no version, or only archived ones."""
    key, text = draft.rule.key, _canonical(draft.source)
    if gone is None:
        return Change(key, "new", state, diff=_diff("", text))
    return Change(key, "revived", state, gone.version, gone.state, _diff(_canonical(gone.source), text))


def _kept(origin: str, following: str) -> Kind:
    if origin == following:
        return "unchanged"
    return "adopted" if following == GIT else "released"


def _archived(key: str, places: Places) -> Change:
    row = next(places[place] for place in LEADING if place in places)
    return Change(key, "archived", "archived", row.version, row.state)


def _canonical(source: str) -> str:
    try:
        return fmt(source)
    except RuleErrors:  # saved by a release that knew more
        return source


def _diff(before: str, after: str) -> str:
    """Unified, three lines of context, without file names."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(line for n, line in enumerate(lines) if n > 1)
