"""Which of what was refused becomes a dead letter, and what such a letter holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from frontdesk.collect.door.shared import written
from frontdesk.collect.refusals import Refusal, Rejected
from frontdesk.collect.requests import Request
from frontdesk.core.ids import new_id
from frontdesk.core.limits import RateLimits

# of a workspace's pages in a minute: anybody may send them thousands of bad items in a few bytes; all are counted
MOST_A_MINUTE: Final = 1_000
LETTER: Final = (
    "id", "workspace_id", "message_id", "step", "code", "field", "detail", "body", "verified", "site_id", "kind",
    "context", "sent_at", "received_at",
)  # fmt: skip


class Letterbox:
    """Takes all that backends sent and all that failed by a fault of ours, and so much a minute of what pages did."""

    def __init__(self) -> None:
        self._pages = RateLimits()

    def rows(self, refused: Sequence[tuple[Request, Sequence[Refusal]]], now: datetime) -> list[tuple[Any, ...]]:
        """Rows of `LETTER`, of refusals by their requests."""
        return [
            _row(request, refusal, context, now)
            for request, refusals in refused
            if refusals
            for context in (written(request.context),)
            for refusal in refusals
            if request.letters and self._takes(request, refusal, now)
        ]

    def _takes(self, request: Request, refusal: Refusal, now: datetime) -> bool:
        if request.sender.verified or refusal.code is Rejected.FAILED:
            return True
        return self._pages.wait(request.sender.workspace_id, MOST_A_MINUTE, now) is None


def _row(request: Request, refusal: Refusal, context: str | None, now: datetime) -> tuple[Any, ...]:
    sender = request.sender
    # of whoever has not agreed nothing is kept
    message_id, context = (refusal.message_id, context) if refusal.body else (None, None)
    return (
        new_id("ltr", now), sender.workspace_id, message_id, refusal.step, refusal.code.value, refusal.field,
        refusal.detail, refusal.text, sender.verified, sender.site_id, request.kind, context,
        request.sent_at, now,
    )  # fmt: skip
