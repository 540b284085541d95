"""What a condition asks of people once whatever only a moment knows is taken to fit. Pure."""

from typing import Final

from frontdesk_rules.facts.catalogue import Source, field_of
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not, leaves

_FLEETING: Final = frozenset({Source.MOMENT, Source.SESSION, Source.CONVERSATION})
_LASTING: Final = frozenset({"time.now", "time.zone", "person.id"})

Rest = Condition | bool
"""What is left to ask; where nothing is, how it comes out."""


def momentary(condition: Condition | None) -> list[str]:
    """The fields of it that only a moment has: a page, an event, a session, a conversation."""
    return sorted({str(leaf.field) for leaf in leaves(condition) if _is_momentary(leaf)})


def lasting(condition: Condition | None) -> Rest:
    """What is left of it for people whom the moment suits."""
    return True if condition is None else _rest(condition, fits=True)


def _is_momentary(leaf: Compare) -> bool:
    row = field_of(leaf.field) if isinstance(leaf.field, str) else None
    return row is not None and row.source in _FLEETING and row.name not in _LASTING


def _rest(condition: Condition, *, fits: bool) -> Rest:
    """`fits`: how a comparison comes out that only a moment settles; under a `not` the other way round."""
    if isinstance(condition, Compare):
        return fits if _is_momentary(condition) else condition
    if isinstance(condition, Not):
        return _opposite(_rest(condition.of, fits=not fits))
    if isinstance(condition, AtLeast):
        return _at_least(condition.count, [_rest(part, fits=fits) for part in condition.of])
    if condition.op == "none":
        return _opposite(_at_least(1, [_rest(part, fits=not fits) for part in condition.of]))
    needed = len(condition.of) if condition.op == "all" else 1
    return _at_least(needed, [_rest(part, fits=fits) for part in condition.of])


def _opposite(rest: Rest) -> Rest:
    return not rest if isinstance(rest, bool) else Not(rest)


def _at_least(count: int, rests: list[Rest]) -> Rest:
    left = tuple(rest for rest in rests if not isinstance(rest, bool))
    needed = count - sum(rest is True for rest in rests)
    if needed <= 0 or needed > len(left):
        return needed <= 0
    if needed == len(left):
        return left[0] if needed == 1 else Group("all", left)
    return Group("any", left) if needed == 1 else AtLeast(needed, left)
