"""Of the values that events have, one: their sum, the highest, or which of them are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from frontdesk_rules.language.literals import is_number

# Beyond what a fraction can say, nothing can be added up.
_LARGEST: Final = 10**300


def numbers_among(values: Iterable[object]) -> list[float]:
    return [value for value in values if is_number(value) and abs(value) <= _LARGEST]  # type: ignore[arg-type,misc]  # numbers


REDUCE: Final[dict[str, Callable[[list[float]], float]]] = {
    "sum": sum,
    "avg": lambda numbers: sum(numbers) / len(numbers),
    "min": min,
    "max": max,
}


def identity(value: object) -> object:
    """What is equal for values that are the same, as `eq` says it: true is not 1, but 1 is 1.0."""
    if isinstance(value, Mapping):
        return frozenset((key, identity(one)) for key, one in value.items())
    return tuple(map(identity, value)) if isinstance(value, list | tuple) else (isinstance(value, bool), value)
