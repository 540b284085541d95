"""What was concluded, in words: of a stored decision, whose row says it in codes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from frontdesk.engage.models import DecisionRow
from frontdesk_rules import HELD_WORDS, Held, Words
from frontdesk_rules.telling.conclusions import Conclusion
from frontdesk_rules.words import same


def concluded_words(row: DecisionRow) -> Words:
    """`The condition does not hold`, `It acted, without the letter (There is no address …)`."""
    reason, until = held_of(row.reason), row.detail.get("until")
    if reason is None and row.reason:
        return same(row.reason)
    conclusion = Conclusion(
        outcome=row.outcome,
        reason=reason,
        left_out=[(one["action"], held) for one in row.detail.get("left_undone", ()) if (held := _held(one))],
        until=clock_words(datetime.fromisoformat(until)) if until else None,
        deferred=bool(row.detail.get("deferred")),
        past=True,
    )
    return conclusion.words


def clock_words(at: datetime) -> str:
    """To the minute.

    >>> clock_words(datetime.fromisoformat("2026-03-02T10:00:00.000Z"))
    '2026-03-02 10:00 UTC'
    """
    return at.strftime("%Y-%m-%d %H:%M UTC")


def held_of(code: str | None) -> Held | None:
    """None also for a reason that a later release knew."""
    return Held(code) if code in _CODES else None


def reasons_in_words(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Code → `{en, zh}`, of those that are known."""
    known = {str(code): held for code in sorted(set(codes)) if (held := held_of(code))}
    return {code: HELD_WORDS[held].to_tree() for code, held in known.items()}


def _held(left: Mapping[str, Any]) -> Held | None:
    return held_of(left.get("reason"))


_CODES = frozenset(map(str, Held))
