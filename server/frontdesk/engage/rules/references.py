"""What a rule names that must be there: teams, teammates, saved texts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Team, Teammate
from frontdesk.engage.models import Template
from frontdesk_rules import Action, Finding, Rule, spelled

# What an action may name, and how it is told that nobody or nothing of that name is here.
_UNKNOWN: Final[Mapping[str, str]] = {
    "team": "there is no team {name}",
    "fallback": "there is no team {name}",
    "teammate": "nobody here is named {name}",
    "template": "there is no saved {kind} {name}",
}


def unknown(session: Session, workspace_id: str, rules: Iterable[Rule]) -> list[Finding]:
    """A finding for each name in these rules that nothing in the workspace has."""
    named = [(rule, path, action) for rule in rules for path, action in rule.actions()]
    if not any(_named(action) for _, _, action in named):
        return []
    known = _known(session, workspace_id)
    return [
        Finding(spelled((*path, *steps)), _UNKNOWN[key].format(name=name, kind=action.name), rule=rule.key)
        for rule, path, action in named
        for key, name, steps in _named(action)
        if name not in known[key, action.name if key == "template" else ""]
    ]


def _named(action: Action) -> list[tuple[str, str, tuple[str, ...]]]:
    """What it names, under which of the keys above, and where in its tree."""
    return list(_names(action))


def _names(action: Action) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    whole: Any = action.to_tree()[action.name]
    if isinstance(whole, str) and hasattr(action, "template"):
        yield "template", whole, (action.name,)
    elif isinstance(whole, dict):
        yield from ((key, whole[key], (action.name, key)) for key in _UNKNOWN if key in whole)


class _Known(dict[tuple[str, str], set[str]]):
    """Nothing is known of what has no row."""

    def __missing__(self, key: tuple[str, str]) -> set[str]:
        return set()


def _known(session: Session, workspace_id: str) -> _Known:
    known = _Known()
    teams = set(session.scalars(select(Team.key).where(Team.workspace_id == workspace_id)))
    people = select(Teammate.id, Teammate.email).where(Teammate.workspace_id == workspace_id)
    known["team", ""] = known["fallback", ""] = teams
    known["teammate", ""] = {name for row in session.execute(people) for name in row}
    saved = select(Template.kind, Template.key).where(Template.workspace_id == workspace_id)
    for kind, key in session.execute(saved):
        known["template", kind] = known["template", kind] | {key}
    return known
