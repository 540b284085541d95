"""The rules of a workspace while they are being changed: taken out in a few queries, and put back at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.core.ids import new_id
from frontdesk.engage.models import RuleRow, RuleVersion
from frontdesk.engage.rules import consequences, versions
from frontdesk.engage.rules.consequences import Run, running
from frontdesk.engage.rules.states import PLACES, may_follow
from frontdesk.engage.rules.versions import GIT, Edit, IllegalMove, Places
from frontdesk_rules import Rule

_FEW = 500  # a database takes no list of any length


class Shelf:
    """What is kept of some rules. Who changes it calls `versions.lock` before; nothing counts before `close`."""

    def __init__(self, session: Session, edit: Edit, keys: Collection[str] | None = None) -> None:
        """The rules of these keys, as far as they are there; without keys, all."""
        self._session, self._edit = session, edit
        self._ids = _ids(session, edit.workspace_id, keys)
        few = set(self._ids.values()) if keys is not None and len(keys) <= _FEW else None
        self._places = _places(session, edit.workspace_id, few)
        self._newest: dict[str, int] | None = None
        self._before: dict[str, dict[int, Run]] = {}

    def places(self, key: str) -> Places:
        """Where the versions of a rule stand; nowhere, if it is not here."""
        return self._places[self._ids[key]] if key in self._ids else {}

    def gone(self, key: str) -> RuleVersion | None:
        """The newest version of a rule that is here and has only archived ones."""
        rule_id = self._ids.get(key)
        if rule_id is None or self._places[rule_id]:
            return None
        mine = select(RuleVersion).where(RuleVersion.rule_id == rule_id)
        return self._session.scalars(mine.order_by(RuleVersion.version.desc()).limit(1)).first()

    def from_git(self) -> Iterator[tuple[str, Places]]:
        """The rules that git manages, by key."""
        for key, rule_id in sorted(self._ids.items()):
            row = versions.leading(self._places[rule_id])
            if row is not None and row.origin == GIT:
                yield key, self._places[rule_id]

    def written(self, rule: Rule, source: str) -> RuleVersion:
        """A new version of the rule, which may be new itself; `enter` brings it to its state."""
        edit, rule_id = self._edit, self._rule_id(rule.key)
        newest = self._numbers()
        newest[rule_id] = newest.get(rule_id, 0) + 1
        row = RuleVersion(
            rule_id=rule_id,
            version=newest[rule_id],
            workspace_id=edit.workspace_id,
            state="archived",
            tree=rule.to_tree(),
            source=source,
            origin=edit.origin,
            created_by=edit.by,
            created_at=edit.now,
            state_at=edit.now,
        )
        self._session.add(row)
        return row

    def move(self, row: RuleVersion, state: str) -> None:
        """Bring a version to a state that may follow; IllegalMove where it may not. To its own state: nothing."""
        if row.state == state:
            return
        if not may_follow(row.state, state):
            raise IllegalMove(f"A version that is {row.state} cannot become {state}.", field="state")
        self.enter(row, state)

    def enter(self, row: RuleVersion, state: str) -> None:
        """Bring a version to a state, and archive who stood in its place. See `move`, which asks whether it may."""
        places = self._places[row.rule_id]
        self._before.setdefault(row.rule_id, running(places))
        if row.state in PLACES:
            places.pop(PLACES[row.state], None)
        there = places.pop(PLACES[state], None) if state in PLACES else None
        if there is not None:
            there.state, there.state_at = "archived", self._edit.now
        if state in PLACES:
            places[PLACES[state]] = row
        row.state, row.state_at = state, self._edit.now

    def close(self) -> None:
        """Put everything back. Where anything runs that did not, or does no more, every process hears of it."""
        self._session.flush()
        moved = {rule_id: (was, running(self._places[rule_id])) for rule_id, was in self._before.items()}
        moved = {rule_id: (was, now) for rule_id, (was, now) in moved.items() if was != now}
        for rule_id, (was, now) in moved.items():
            consequences.follow(self._session, self._edit, rule_id, was, now)
        if moved:
            versions.bump(self._session, self._edit.workspace_id)

    def _rule_id(self, key: str) -> str:
        if key not in self._ids:
            edit = self._edit
            self._ids[key] = new_id("rul", edit.now)
            self._session.add(RuleRow(id=self._ids[key], workspace_id=edit.workspace_id, key=key, created_at=edit.now))
            self._session.flush()  # the versions refer to it by id alone, and would go first
        return self._ids[key]

    def _numbers(self) -> dict[str, int]:
        """The newest version of each rule."""
        if self._newest is None:
            newest = select(RuleVersion.rule_id, func.max(RuleVersion.version))
            mine = newest.where(RuleVersion.workspace_id == self._edit.workspace_id).group_by(RuleVersion.rule_id)
            self._newest = dict(self._session.execute(mine).all())
        return self._newest


def _ids(session: Session, workspace_id: str, keys: Collection[str] | None) -> dict[str, str]:
    named = select(RuleRow.key, RuleRow.id).where(RuleRow.workspace_id == workspace_id)
    if keys is not None and len(keys) <= _FEW:
        named = named.where(RuleRow.key.in_(keys))
    return dict(session.execute(named).all())


def _places(session: Session, workspace_id: str, few: Collection[str] | None) -> dict[str, dict[str, RuleVersion]]:
    still_open = select(RuleVersion).where(RuleVersion.workspace_id == workspace_id, RuleVersion.state != "archived")
    if few is not None:
        still_open = still_open.where(RuleVersion.rule_id.in_(few))
    places: dict[str, dict[str, RuleVersion]] = defaultdict(dict)
    for row in session.scalars(still_open):
        places[row.rule_id][PLACES[row.state]] = row
    return places
