"""Segments and their members as on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.core.clock import from_ms, iso
from frontdesk.core.paging import listed, read_cursor, write_cursor
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.segments.compiled import load
from frontdesk.engage.segments.people_of import Place, maybe_in
from frontdesk.engage.segments.verdicts import Touch, verdicts
from frontdesk.engage.segments.watched import NOT_FILLED, Watched
from frontdesk.people import queries
from frontdesk.people import segments as people
from frontdesk.people.models import Segment
from frontdesk_rules import RuleSet

_BATCH: Final = 500
_MOST_ASKED: Final = 2_000
"""People of whom one page may ask, be it that nobody is found: the next page goes on behind them."""
_NO_RULES: Final = RuleSet.compile([])


def dump(session: Session, rows: Sequence[Segment]) -> list[dict[str, Any]]:
    """Each with its size, where that is known without asking everybody."""
    counted = people.sizes(session, [row.id for row in rows if _has_rows(row)])
    return [_dump(row, counted.get(row.id)) for row in rows]


def members(session: Session, row: Segment, asked: tuple[int, str | None], now: datetime) -> dict[str, Any]:
    """`{data, next_cursor}` of (limit, cursor): from rows who came last first, else asked one after the other.

    A page of those that are asked may hold less than the limit, and still have a next one.
    """
    limit, cursor = asked
    if _has_rows(row):
        found, following = people.members(session, row, limit, cursor)
        return listed([person.brief(now) for person in found], following)
    ids, last = _asked(session, row, (limit, read_cursor(cursor)[1] if cursor else ""), now)
    known = queries.persons(session, row.workspace_id, ids)
    return listed(
        [known[who].brief(now) for who in ids if who in known], write_cursor(from_ms(0), last) if last else None
    )


def _has_rows(row: Segment) -> bool:
    return row.tree is None or row.state not in NOT_FILLED


def _asked(session: Session, row: Segment, page: tuple[int, str], now: datetime) -> tuple[list[str], str | None]:
    """Who is in it, in the order of ids, and behind whom the next page begins."""
    limit, last = page
    known = load(session, row.workspace_id)
    segment = known.by_key.get(row.key)
    found: list[str] = []
    if segment is None:
        return found, None
    watched = Watched(_NO_RULES, (segment,), known)
    for _ in range(_MOST_ASKED // _BATCH):
        batch = maybe_in(session, known, segment, Place(row.workspace_id, last, _BATCH, now))
        whom = subjects(session, row.workspace_id, batch, now)
        touches = [Touch(whom[who], watched, watched.segments, now) for who in batch if who in whom]
        found += [one.touch.person_id for one in verdicts(session, touches, now) if one.inside]
        if len(found) > limit:
            return found[:limit], found[limit - 1]
        if len(batch) < _BATCH:
            return found, None
        last = batch[-1]
    return found, last


def _dump(row: Segment, size: int | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name or {"en": row.key, "zh": row.key},
        "by": "hand" if row.tree is None else "condition",
        "condition": row.tree,
        "yaml": _yaml(row.tree),
        "kept": _has_rows(row),
        "size": size if _has_rows(row) else None,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
    }


def _yaml(tree: dict[str, Any] | None) -> str | None:
    if tree is None:
        return None
    from frontdesk_rules.reading.yaml_text import yaml_of  # as the library does: only who writes YAML loads it

    return yaml_of(tree)
