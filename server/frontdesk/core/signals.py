"""Signals: what a context announces, in the past tense, after the commit.

A service calls `announce(session, ConversationClosed(...))`; the signal waits in `session.info` and is published
once the transaction is durable. A handler gets ids, is idempotent, and fails alone.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)
S = TypeVar("S")
Handler = Callable[[Any], None]


def announce(session: Session, signal: object) -> None:
    """Publish `signal` after this transaction's commit; never, if it is rolled back."""
    session.info.setdefault("signals", []).append(signal)


def announced(session: Session) -> list[object]:
    """The signals that wait for this session's commit, oldest first."""
    waiting: list[object] = session.info.setdefault("signals", [])
    return waiting


class Bus:
    """Signal type → handlers, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = defaultdict(list)

    def subscribe(self, kind: type[S], handler: Callable[[S], None]) -> None:
        self._handlers[kind].append(handler)

    def publish(self, signals: Sequence[object]) -> None:
        for signal in signals:
            for handler in self._handlers[type(signal)]:
                _call(handler, signal)


def _call(handler: Handler, signal: object) -> None:
    try:
        handler(signal)
    except Exception:  # one handler must not sink the others; what must not be lost was a row
        log.exception("handler_failed", signal=type(signal).__name__, handler=handler.__qualname__)
