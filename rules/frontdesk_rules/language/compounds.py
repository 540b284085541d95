"""Values of operators that are more than a word or a number."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Any, Final

_ASKS: Final = {"eq": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
_WHOLE: Final = 100
_SALT: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a size must be: every one of the comparisons holds."""

    asks: tuple[tuple[str, int], ...]

    def hold(self, size: int) -> bool:
        return all(_ASKS[op](size, limit) for op, limit in self.asks)

    def to_tree(self) -> object:
        return self.asks[0][1] if [op for op, _ in self.asks] == ["eq"] else dict(self.asks)

    def __str__(self) -> str:
        signs = {"eq": "", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}
        return ", ".join(f"{signs[op]}{limit}" for op, limit in self.asks)


def bounds_of(tree: object) -> Bounds | None:
    """`3` or `{gte: 2, lt: 5}`; None for anything else."""
    asks: dict[str, Any] = tree if isinstance(tree, dict) else {"eq": tree}
    fine = all(op in _ASKS and type(limit) is int and limit >= 0 for op, limit in asks.items())
    return Bounds(tuple(asks.items())) if asks and fine else None


@dataclass(frozen=True, slots=True)
class Share:
    """The people whose bucket under a salt lies from `low` to `high` percent, half open."""

    salt: str
    low: float
    high: float

    def to_tree(self) -> object:
        return {"salt": self.salt, "from": self.low, "to": self.high}

    def __str__(self) -> str:
        return f"{self.salt} {self.low:g}–{self.high:g} %"


def share_of(tree: object) -> Share | None:
    """`{salt: a, from: 0, to: 50}`; None for anything else."""
    if not isinstance(tree, dict) or not {"salt", "to"} <= set(tree) <= {"salt", "from", "to"}:
        return None
    salt, low, high = tree["salt"], tree.get("from", 0), tree["to"]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (low, high))
    if not numbers or not isinstance(salt, str) or not _SALT.fullmatch(salt) or not 0 <= low < high <= _WHOLE:
        return None
    return Share(salt, low, high)
