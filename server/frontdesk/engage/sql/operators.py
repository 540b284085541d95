"""What each operator of the language says in SQL, a row each: true, false, or NULL for unknown.

Two lean ways. *Wide* is never less than the truth, *narrow* never more, false being less than unknown and that less
than true. So the opposite of a narrow answer is a wide one, and no negation loses anybody. Where SQL says exactly what
the operator does, the two are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, case, false, func, literal, not_, null, or_, true

from frontdesk.engage.sql import dialects as d
from frontdesk.engage.sql import numbers
from frontdesk.engage.sql.numbers import BY_SIGN, Compared, within_reach
from frontdesk.engage.sql.slots import Slot, Sql, Vague, falsity, truth
from frontdesk.engage.sql.times import Clock, asked_of_instant, asked_of_text
from frontdesk_rules.language.conditions import Compare

_MOST_VALUES: Final = 400  # SQLite takes no expression deeper than 1,000
_MOST_STARS: Final = 4


@dataclass(frozen=True, slots=True)
class Asking:
    """One comparison, the clock it is asked by, and which way the answer may err."""

    asked: Compare
    clock: Clock
    wide: bool

    @property
    def expected(self) -> Any:
        return self.asked.expected


Said = Callable[[Slot, Asking], Sql]


def said(slot: Slot | Vague, asking: Asking) -> Sql:
    """The comparison as SQL."""
    if isinstance(slot, Vague):
        return _vaguely(slot, asking)
    return SAID[asking.asked.op](slot, asking)


def _vaguely(slot: Vague, asking: Asking) -> Sql:
    op = asking.asked.op
    if op == "exists":
        return slot.may_be if asking.wide else false()
    if op == "missing":
        return true() if asking.wide else not_(slot.may_be)
    return truth(slot.may_be) if asking.wide else falsity(slot.may_be)


def _if(known: Sql | None, *, wide: bool) -> Sql:
    """Of a value that has the operator's type: perhaps."""
    if known is None:
        return null()
    return truth(known.is_not(None)) if wide else falsity(known.is_not(None))


def _exists(slot: Slot, _asking: Asking) -> Sql:
    return slot.known


def _missing(slot: Slot, _asking: Asking) -> Sql:
    return not_(slot.known)


def _same(slot: Slot, value: object, *, wide: bool) -> Sql | None:
    """Equality as in JSON: true is not 1. NULL where the value is of another type, None where it always is."""
    if isinstance(value, bool):
        return None if slot.flag is None else slot.flag.is_(true() if value else false())
    if isinstance(value, str):
        return None if slot.text is None else slot.text == value
    if isinstance(value, int | float) and slot.number is not None:
        return numbers.equal(slot.number, value, wide=wide)
    return None


def _one_of(slot: Slot, values: tuple[object, ...], *, wide: bool) -> Sql:
    if len(values) > _MOST_VALUES:
        return _many(slot, values, wide=wide)
    same = [one for value in values if (one := _same(slot, value, wide=wide)) is not None]
    return case((slot.known, func.coalesce(or_(false(), *same), false())))


def _many(slot: Slot, values: tuple[object, ...], *, wide: bool) -> Sql:
    """Of a long list only the texts are asked; of anything else, perhaps."""
    text = null() if slot.text is None else slot.text
    listed = func.coalesce(text.in_([value for value in values if isinstance(value, str)]), false())
    if wide:
        return truth(and_(slot.known, or_(listed, text.is_(None))))
    return falsity(and_(slot.known, not_(listed)))


def _eq(slot: Slot, asking: Asking) -> Sql:
    return _one_of(slot, (asking.expected,), wide=asking.wide)


def _in(slot: Slot, asking: Asking) -> Sql:
    return _one_of(slot, asking.expected, wide=asking.wide)


def _neq(slot: Slot, asking: Asking) -> Sql:
    return not_(_one_of(slot, (asking.expected,), wide=not asking.wide))


def _not_in(slot: Slot, asking: Asking) -> Sql:
    return not_(_one_of(slot, asking.expected, wide=not asking.wide))


def _number(ask: Compared) -> Said:
    def say(slot: Slot, asking: Asking) -> Sql:
        expected, number = asking.expected, slot.number
        if number is None:
            return null()
        if not within_reach(expected if isinstance(expected, tuple) else (expected,)):
            return _if(number.high, wide=asking.wide)
        return ask(number, expected, wide=asking.wide)

    return say


def _text(ask: Callable[[Sql, str], Sql]) -> Said:
    """An operator of text that SQL says exactly."""
    return lambda slot, asking: null() if slot.text is None else ask(slot.text, asking.expected)


def _starts_with(text: Sql, start: str) -> Sql:
    return func.substr(text, 1, len(start)) == start


def _ends_with(text: Sql, end: str) -> Sql:
    return func.substr(text, func.length(text) - len(end) + 1) == end


def _contains(text: Sql, inner: str) -> Sql:
    return d.Contains(text, literal(inner))


def _folded(ask: Callable[[Sql, str], Sql]) -> Said:
    """Without regard to case. Beyond ASCII the databases fold otherwise than Python: then, perhaps."""

    def say(slot: Slot, asking: Asking) -> Sql:
        text = slot.text
        if text is None:
            return null()
        return case(
            (d.Ascii(text), ask(d.Small(text), asking.expected.casefold())),
            else_=_if(text, wide=asking.wide),
        )

    return say


def _glob(slot: Slot, asking: Asking) -> Sql:
    pattern = asking.expected
    if slot.text is None or pattern.count("*") > _MOST_STARS:
        return _if(slot.text, wide=asking.wide)
    on_sqlite = "".join(f"[{char}]" if char in "[?" else char for char in pattern)
    on_postgresql = "".join(f"\\{char}" if char in "\\%_" else char for char in pattern).replace("*", "%")
    return d.Globs(slot.text, literal(on_sqlite), literal(on_postgresql))


def _some_text(slot: Slot, asking: Asking) -> Sql:
    """What only Python can say of a text."""
    return _if(slot.text, wide=asking.wide)


def _has(slot: Slot, asking: Asking) -> Sql:
    return null() if slot.has is None else slot.has(asking.expected)


def _has_several(join: Callable[..., Sql]) -> Said:
    def say(slot: Slot, asking: Asking) -> Sql:
        if slot.has is None or slot.size is None:
            return null()
        if len(asking.expected) > _MOST_VALUES:
            return _if(slot.size.high, wide=asking.wide)
        return join(*map(slot.has, asking.expected))

    return say


def _size(slot: Slot, asking: Asking) -> Sql:
    size, wide = slot.size, asking.wide
    if size is None:
        return null()
    return and_(*(BY_SIGN[op](size, limit, wide=wide) for op, limit in asking.expected.asks))


def _time(slot: Slot, asking: Asking) -> Sql:
    if slot.instant is not None:
        return asked_of_instant(slot.instant, asking.asked, asking.clock, wide=asking.wide)
    if slot.dated is None:
        return null()
    said = asked_of_text(slot.dated, asking.asked, asking.clock, wide=asking.wide)
    if slot.number is None:
        return said
    # seconds since 1970, perhaps
    return case((slot.number.high.is_not(None), true() if asking.wide else false()), else_=said)


SAID: Final[Mapping[str, Said]] = {
    "eq": _eq,
    "neq": _neq,
    "in": _in,
    "not_in": _not_in,
    "exists": _exists,
    "missing": _missing,
    "gt": _number(numbers.greater),
    "gte": _number(numbers.at_least),
    "lt": _number(numbers.less),
    "lte": _number(numbers.at_most),
    "between": _number(numbers.between),
    "contains": _text(_contains),
    "not_contains": _text(lambda text, inner: not_(_contains(text, inner))),
    "starts_with": _text(_starts_with),
    "ends_with": _text(_ends_with),
    "icontains": _folded(_contains),
    "ieq": _folded(lambda text, expected: text == expected),
    "glob": _glob,
    "regex": _some_text,
    "path_eq": _some_text,
    "path_prefix": _some_text,
    "path_glob": _some_text,
    "host_eq": _some_text,
    "query_eq": _some_text,
    "has": _has,
    "has_any": _has_several(or_),
    "has_all": _has_several(and_),
    "size": _size,
    "before": _time,
    "after": _time,
    "within_last": _time,
    "older_than": _time,
    "on_weekday": _time,
    "time_between": _time,
    "semver_eq": _some_text,
    "semver_gt": _some_text,
    "semver_gte": _some_text,
    "semver_lt": _some_text,
    "semver_lte": _some_text,
    "bucket": _some_text,
}
