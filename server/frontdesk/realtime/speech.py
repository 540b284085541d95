"""What a client may say over a socket: `{conversation}` and nothing else, not too often. Anything else is ignored."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import request

LONGEST_ID = 40
TYPING_GAP = timedelta(milliseconds=900)  # clients repeat it every second or slower


def socket_id() -> str:
    """Of the client that is being heard."""
    heard: Any = request  # flask-socketio tells it there
    return str(heard.sid)


def conversation_named(said: tuple[Any, ...]) -> str | None:
    """The conversation that a client named; None for null and for nonsense alike.

    >>> conversation_named(({"conversation": "cnv_1"},))
    'cnv_1'
    """
    first = said[0] if said else None
    named = first.get("conversation") if isinstance(first, dict) else None
    return named if isinstance(named, str) and len(named) <= LONGEST_ID and named.isascii() else None


@dataclass(slots=True)
class Pace:
    """Lets each socket through once in a while."""

    gap: timedelta
    _last: dict[str, datetime] = field(default_factory=dict)

    def allows(self, sid: str, now: datetime) -> bool:
        last = self._last.get(sid)
        if last is not None and now - last < self.gap:
            return False
        self._last[sid] = now
        return True

    def forget(self, sid: str) -> None:
        self._last.pop(sid, None)
