"""The one door to rules and their versions, as on the wire. What lies outside the workspace does not exist."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true, tuple_
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import USUAL, listed, paged, read_cursor
from frontdesk.engage.activation.beginning import progress
from frontdesk.engage.models import RuleRow, RuleVersion
from frontdesk.engage.rules.counting import Counted, counts, told
from frontdesk.engage.rules.reading import summary
from frontdesk.engage.rules.states import PLACES
from frontdesk.engage.rules.versions import leading, version_of

_FEW = 500  # a database takes no list of any length
Places = Mapping[str, RuleVersion]


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """Which rules: those that have a version in a state (`archived`: that have no other), beyond a cursor."""

    state: str | None = None
    cursor: str | None = None
    limit: int = USUAL


def page(session: Session, workspace_id: str, asked: RuleFilter) -> dict[str, Any]:
    """`{data, next_cursor}`, newest first: each in its leading version, or in the one that has the state."""
    row = RuleRow
    query = select(row.id, row.created_at).where(row.workspace_id == workspace_id, _has_version(asked.state))
    if asked.cursor:
        _, last_id = read_cursor(asked.cursor)  # ids sort by time
        query = query.where(row.id < last_id)
    found = session.execute(query.order_by(row.id.desc()).limit(asked.limit + 1)).all()
    chosen, following = paged(found, asked.limit, lambda one: (one.created_at, one.id))
    which = RuleVersion.rule_id.in_([one.id for one in chosen])
    return listed(_dumped(session, workspace_id, which, asked.state), following)


def rules(session: Session, workspace_id: str, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Rule, as on the wire: every rule (or `only` these) in its leading version, newest first."""
    few = only is not None and len(only) <= _FEW
    which = RuleVersion.rule_id.in_(only or ()) if few else true()
    return [one for one in _dumped(session, workspace_id, which, None) if only is None or one["id"] in only]


def rule_id_of(session: Session, workspace_id: str, name: str) -> str:
    """The id of the rule of this id or key; NotFound outside the workspace."""
    query = select(RuleRow.id).where(RuleRow.workspace_id == workspace_id)
    found = session.scalar(query.where(RuleRow.id == name)) or session.scalar(query.where(RuleRow.key == name))
    if found is None:
        raise NotFound("There is no such rule.", field="rule")
    return found


def rule(session: Session, workspace_id: str, name: str) -> dict[str, Any]:
    """The rule of this id or key in its leading version, or NotFound outside the workspace."""
    which = RuleVersion.rule_id == rule_id_of(session, workspace_id, name)
    return _dumped(session, workspace_id, which, None)[0]


def versions(session: Session, workspace_id: str, name: str) -> list[dict[str, Any]]:
    """All versions of a rule, newest first, or NotFound outside the workspace."""
    of_rule = select(RuleVersion).where(RuleVersion.rule_id == rule_id_of(session, workspace_id, name))
    return _dump_versions(session, session.scalars(of_rule.order_by(RuleVersion.version.desc())).all())


def version(session: Session, workspace_id: str, name: str, number: int) -> dict[str, Any]:
    """One version, or NotFound outside the workspace."""
    rule_id = rule_id_of(session, workspace_id, name)
    return _dump_versions(session, [version_of(session, workspace_id, rule_id, number)])[0]


def _has_version(state: str | None) -> ColumnElement[bool]:
    if state is None:
        return true()
    of_rule = select(RuleVersion.rule_id).where(RuleVersion.rule_id == RuleRow.id)
    if state == "archived":
        return ~of_rule.where(RuleVersion.state != state).exists()
    return of_rule.where(RuleVersion.state == state).exists()


def _dumped(session: Session, workspace_id: str, which: ColumnElement[bool], state: str | None) -> list[dict[str, Any]]:
    """Newest first."""
    mine = and_(RuleVersion.workspace_id == workspace_id, which)
    shown = [(places, row) for places in _places(session, mine) if (row := _in_state(places, state))]
    if state in (None, "archived"):
        shown += [({}, row) for row in _gone(session, mine)]
    shown.sort(key=lambda one: one[1].rule_id, reverse=True)
    keys = dict(_keys(session, mine))
    counted = defaultdict(list)
    for one in counts(session, workspace_id, keys.keys()):
        counted[one.rule_id].append(one)
    return [_dump(keys[row.rule_id], row, places, counted[row.rule_id]) for places, row in shown]


def _in_state(places: Places, state: str | None) -> RuleVersion | None:
    if state is None:
        return leading(places)
    return next((row for row in places.values() if row.state == state), None)


def _keys(session: Session, mine: ColumnElement[bool]) -> Iterable[tuple[str, str]]:
    """Of the rules that these versions are of, id and key."""
    named = select(RuleRow.id, RuleRow.key).where(RuleRow.id.in_(select(RuleVersion.rule_id).where(mine)))
    return [(rule_id, key) for rule_id, key in session.execute(named)]


def _places(session: Session, mine: ColumnElement[bool]) -> Iterable[Places]:
    """Of each rule that has open versions, place → version."""
    of_rules: dict[str, dict[str, RuleVersion]] = defaultdict(dict)
    for row in session.scalars(select(RuleVersion).where(mine, RuleVersion.state != "archived")):
        of_rules[row.rule_id][PLACES[row.state]] = row
    return of_rules.values()


def _gone(session: Session, mine: ColumnElement[bool]) -> Iterable[RuleVersion]:
    """The newest version of each rule that has only archived ones."""
    still_open = func.sum(case((RuleVersion.state != "archived", 1), else_=0))
    newest = select(RuleVersion.rule_id, func.max(RuleVersion.version)).where(mine).group_by(RuleVersion.rule_id)
    which = tuple_(RuleVersion.rule_id, RuleVersion.version).in_(newest.having(still_open == 0))
    return session.scalars(select(RuleVersion).where(which))


def _dump(key: str, row: RuleVersion, places: Places, counted: Collection[Counted]) -> dict[str, Any]:
    return {
        "id": row.rule_id,
        "key": key,
        **summary(row),
        "state": row.state,
        "version": row.version,
        "versions": {place: places[place].version if place in places else None for place in set(PLACES.values())},
        "yaml": row.source,
        "origin": row.origin,
        "counts": told([one for one in counted if not one.shadow]),
        "updated_at": iso(row.state_at),
    }


def _dump_versions(session: Session, rows: Sequence[RuleVersion]) -> list[dict[str, Any]]:
    """Versions of one rule."""
    counted = counts(session, rows[0].workspace_id, {rows[0].rule_id})
    begun = progress(session, {rows[0].rule_id})
    return [_dump_version(row, counted) | {"activation": begun.get((row.rule_id, row.version))} for row in rows]


def _dump_version(row: RuleVersion, counted: Collection[Counted]) -> dict[str, Any]:
    mine = [one for one in counted if one.version == row.version]
    return {
        "rule": row.rule_id,
        "version": row.version,
        **summary(row),
        "state": row.state,
        "yaml": row.source,
        "origin": row.origin,
        "created_by": row.created_by,
        "counts": told([one for one in mine if not one.shadow]),
        "shadow_counts": told([one for one in mine if one.shadow]),
        "created_at": iso(row.created_at),
        "updated_at": iso(row.state_at),
    }


def standing(session: Session, workspace_id: str) -> list[tuple[str, RuleVersion]]:
    """Every rule that is live or paused, by key, with that version."""
    which = (RuleVersion.workspace_id == workspace_id, RuleVersion.state.in_(["live", "paused"]))
    named = select(RuleRow.key, RuleVersion).join(RuleVersion, RuleVersion.rule_id == RuleRow.id)
    return [(key, row) for key, row in session.execute(named.where(*which).order_by(RuleRow.key))]


@dataclass(frozen=True, slots=True)
class Fallen:
    """A rule of which no version is live or paused. `over`: it has only archived ones; `texts` is what those say."""

    over: bool
    texts: tuple[str, ...]


def fallen(session: Session, workspace_id: str, keys: Collection[str]) -> dict[str, Fallen]:
    """By key, of those of these rules that are here and do not stand."""
    named = select(RuleRow.key, RuleVersion.state, RuleVersion.source).join(
        RuleVersion, RuleVersion.rule_id == RuleRow.id
    )
    few = [RuleRow.key.in_(keys)] if len(keys) <= _FEW else []
    states: dict[str, set[str]] = defaultdict(set)
    said: dict[str, list[str]] = defaultdict(list)
    for key, state, source in session.execute(named.where(RuleRow.workspace_id == workspace_id, *few)):
        states[key].add(state)
        said[key] += [source] if state == "archived" else []
    down = {key: held for key, held in states.items() if key in keys and held.isdisjoint(("live", "paused"))}
    return {key: Fallen(held == {"archived"}, tuple(said[key])) for key, held in down.items()}


def texts(session: Session, workspace_id: str, key: str) -> list[str]:
    """All that a rule ever was written as, newest first."""
    named = select(RuleVersion.source).join(RuleRow, RuleVersion.rule_id == RuleRow.id)
    which = named.where(RuleRow.workspace_id == workspace_id, RuleRow.key == key)
    return list(session.scalars(which.order_by(RuleVersion.version.desc())))
