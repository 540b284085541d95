"""Pure decisions about a conversation: its state, who waits, what a visitor may see."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any
from urllib.parse import urlsplit


class Move(StrEnum):
    """What can happen to a conversation's state."""

    VISITOR_WROTE = "visitor_wrote"
    TEAMMATE_WROTE = "teammate_wrote"
    CLOSE = "close"
    REOPEN = "reopen"


OPEN, CLOSED = "open", "closed"

# total: every move is answered in every state, so a second click or a late reader does no harm
MOVES: dict[tuple[str, Move], str] = {
    (OPEN, Move.VISITOR_WROTE): OPEN,
    (OPEN, Move.TEAMMATE_WROTE): OPEN,
    (OPEN, Move.CLOSE): CLOSED,
    (OPEN, Move.REOPEN): OPEN,
    (CLOSED, Move.VISITOR_WROTE): OPEN,
    (CLOSED, Move.TEAMMATE_WROTE): CLOSED,
    (CLOSED, Move.CLOSE): CLOSED,
    (CLOSED, Move.REOPEN): OPEN,
}

CHANGES = {(OPEN, CLOSED): "closed", (CLOSED, OPEN): "reopened"}
"""What the change part says when the state moves."""

SHOWN_TO_VISITORS = frozenset({"message"})
"""Kinds of parts that a visitor may read. Anything not listed does not exist for them."""

_ANSWERED = {Move.TEAMMATE_WROTE, Move.CLOSE}


def waiting(since: datetime | None, move: Move, now: datetime) -> datetime | None:
    """Since when the visitor waits, after `move`: their first unanswered word counts, not their latest."""
    if move in _ANSWERED:
        return None
    return since or now if move is Move.VISITOR_WROTE else since


def first_reply_ms(known: int | None, since: datetime | None, now: datetime) -> int | None:
    """How long the first answered wait lasted; a conversation that we began ourselves has none yet."""
    if known is not None or since is None:
        return known
    return int((now - since) / timedelta(milliseconds=1))


REPLY_TIMES = ((timedelta(hours=1), "minutes"), (timedelta(hours=24), "hours"))


def reply_time(first_replies_ms: Sequence[int]) -> str | None:
    """What a visitor may expect: “minutes”, “hours” or “day”, from the median; None when we cannot know.

    >>> reply_time([60_000, 120_000, 90_000_000])
    'minutes'
    """
    if not first_replies_ms:
        return None
    typical = timedelta(milliseconds=median(first_replies_ms))
    return next((name for most, name in REPLY_TIMES if typical < most), "day")


DAY_MS = 86_400_000


def page_seen(url: str, title: str | None, dwell_ms: int) -> dict[str, Any] | None:
    """The page a message came from as we keep it; None unless it is a web address, for the console links to it.

    >>> page_seen("javascript:alert(1)", None, 0) is None
    True
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return {"url": url, "path": parts.path or "/", "title": title, "dwell_ms": min(max(dwell_ms, 0), DAY_MS)}
