"""What stands on the right of an operator, read by the row of its literal."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.facts.moments import PERSON, WORKSPACE
from frontdesk_rules.facts.zones import zone_named
from frontdesk_rules.findings import Place, in_quotes
from frontdesk_rules.language.conditions import Value
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.operators import Shape

MOST_VALUES: Final = 1_000


def read_value(shape: Shape, literal: str, tree: object, place: Place) -> Value:
    """One value, or a tuple of them; None with findings."""
    values, row = _values(shape, tree, place, _PAIRS.get(literal, _PAIR)), LITERALS[literal]
    wrong = [n for n, value in enumerate(values) if not row.accepts(value)]
    for n in wrong:
        hint = in_quotes(values[n]) if row.accepts(str(values[n])) else ""
        (place.at(n) if isinstance(tree, list) else place).refuse(f"{row.needs} is needed here{hint}")
    if wrong or not values:
        return None
    kept = tuple(row.keep(value) for value in values)
    return kept[0] if shape is Shape.ONE else kept  # type: ignore[return-value]  # accepted by its row


_PAIR: Final = "two values are needed here, the lower and the upper"
_PAIRS: Final = {"clock": 'two times of day are needed here, such as ["09:00", "18:00"]'}


def _values(shape: Shape, tree: object, place: Place, pair: str) -> tuple[object, ...]:
    if shape is Shape.ONE:
        return (tree,)
    items = place.sequence(tree, pair if shape is Shape.PAIR else "a list of values is needed here")
    if shape is Shape.PAIR and items and len(items) != 2:  # noqa: PLR2004 - a pair
        place.refuse(pair)
        return ()
    if len(items) > MOST_VALUES:
        place.refuse(f"{MOST_VALUES} values at most")
        return ()
    return tuple(items)


def read_zone(tree: object, place: Place) -> str | None:
    """A zone's IANA name, or `workspace`; None for the person's."""
    if tree == PERSON:
        return None
    if isinstance(tree, str) and (tree == WORKSPACE or zone_named(tree)):
        return tree
    place.refuse("person, workspace or the name of a zone such as Asia/Shanghai is needed here")
    return None
